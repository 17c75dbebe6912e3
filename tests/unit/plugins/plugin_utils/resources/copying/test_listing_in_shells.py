# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands that are run in containers, run here by every shell there is."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying import listing, placing
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.entries import Entry

SHELLS = [argv for argv in (["sh"], ["bash", "--posix"], ["busybox", "sh"]) if shutil.which(argv[0])]
OWNER = (os.getuid(), os.getgid())


@pytest.fixture(params=SHELLS, ids=" ".join)
def shell(request: pytest.FixtureRequest) -> list[str]:
    return list(request.param)


def run(shell: list[str], argv: list[str], code: int = 0) -> bytes:
    replaced = [*shell, *argv[1:]] if argv[0] == "/bin/sh" else argv
    done = subprocess.run(replaced, capture_output=True, timeout=30, check=False)
    assert done.returncode == code, done.stderr
    return done.stdout


def made(path: Path, text: str = "", mode: int = 0o644) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_what_is_at_paths(shell: list[str], tmp_path: Path) -> None:
    names = {
        name: made(tmp_path / name, name, 0o640) for name in ("plain", "two words", "-n", "new\nline", "$x`id`*", "ä")
    }
    (tmp_path / "dir").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to("../to nowhere")
    os.mkfifo(tmp_path / "pipe")
    sizes = {str(path): len(name.encode()) for name, path in names.items()}
    sizes |= {str(tmp_path / name): 0 for name in ("dir", "link", "pipe", "missing", "plain/below")}
    (argv,) = listing.commands_for(sizes)
    found = listing.read(run(shell, argv))
    for name, path in names.items():
        assert found.pop(str(path)) == Entry("file", 0o640, OWNER, len(name.encode()), sha(name))
    assert found.pop(str(tmp_path / "dir")) == Entry("dir", 0o700, OWNER)
    link = found.pop(str(tmp_path / "link"))
    assert (link.kind, link.target) == ("link", "../to nowhere")
    assert found.pop(str(tmp_path / "pipe")).kind == "other"
    assert found == {}


def test_a_file_of_another_size_is_not_read(shell: list[str], tmp_path: Path) -> None:
    path = made(tmp_path / "f", "four")
    (argv,) = listing.commands_for({str(path): 5})
    assert listing.read(run(shell, argv))[str(path)] == Entry("file", 0o644, OWNER, 4, None)


def test_all_that_is_in_a_directory(shell: list[str], tmp_path: Path) -> None:
    root = tmp_path / "the root"
    made(root / "a" / "f", "text")
    (root / "l").symlink_to("a")
    argv = listing.below(str(root))
    argv[argv.index("/bin/sh")] = shutil.which(shell[0]) or ""
    argv[argv.index("-c", 4) : argv.index("-c", 4)] = shell[1:]
    found = listing.read(run(shell, argv))
    assert {path[len(str(root)) :]: entry.kind for path, entry in found.items()} == {
        "": "dir", "/a": "dir", "/a/f": "file", "/l": "link",
    }  # fmt: skip
    assert found[f"{root}/a/f"].digest == sha("text")


def test_many_paths_are_several_commands(tmp_path: Path) -> None:
    sizes = {f"/{number:0200d}": 1 for number in range(1000)}
    commands = list(listing.commands_for(sizes))
    assert len(commands) == 4
    assert all(sum(len(word) + 1 for word in argv) < 100_000 for argv in commands)
    assert [word for argv in commands for word in argv[4::2]] == list(sizes)


def test_a_container_without_the_tools(shell: list[str], tmp_path: Path) -> None:
    (argv,) = listing.commands_for({"/etc": 0})
    done = subprocess.run(
        [shutil.which(shell[0]) or "", *shell[1:], *argv[1:]],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        check=False,
    )
    if shell[0] != "busybox":  # that one has them in itself
        assert (done.returncode, done.stdout) == (9, b"")


NO_LISTINGS = [b"/x\0f\0", b"/x\0f\x000 0 644 1\0abc\0more", b"Welcome!\n", b"/x\0?\x000 0 644 1\0\0"]
NO_LISTINGS += [b"/x\0f\x000 0 644 1\0" + extra + b"\0" for extra in (b"\x1b[2J", b"a" * 63, b"a" * 65, b"A" * 64)]
NO_LISTINGS += [
    b"/x\0d\0" + facts + b"\0\0" for facts in (b"0 0 9 1", b"0 0 -7 1", b"0 0 644 " + b"9" * 5000, b"0 0 7")
]
NO_LISTINGS += [b"/x\0l\x000 0 777 1\0" + b"l" * 5000 + b"\0"]


@pytest.mark.parametrize("printed", NO_LISTINGS)
def test_what_is_no_listing(printed: bytes) -> None:
    with pytest.raises(ValueError):
        listing.read(printed)


OUTSIDE = [
    "/d/../x", "/d/..", "/d/.", "/d/", "/d//x", "/d/./x", "/d/a/../../x", "/dx", "/", "", "x", "../x", "/x/d/y",
    "/d/" + "x/" * 3000 + "x",
]  # fmt: skip


@pytest.mark.parametrize("path", OUTSIDE)
def test_what_is_not_in_the_directory(path: str) -> None:
    rows = "".join(f"{name}\0d\x000 0 755 0\0\0" for name in ("/d", "/d/a..b/...", path))
    with pytest.raises(listing.Outside) as caught:
        listing.read_below("/d", rows.encode())
    assert caught.value.path == path
    inside = listing.read_below("/d", rows.encode()[: -len(f"{path}\0d\x000 0 755 0\0\0".encode())])
    assert set(inside) == {"", "a..b/..."}


def test_a_listing_that_would_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_ENTRIES", 3)
    rows = [f"/d/{number}\0d\x000 0 755 0\0\0".encode() for number in range(4)]
    assert len(listing.read(b"".join(rows[:3]))) == 3
    with pytest.raises(ValueError, match="too many"):
        listing.read(b"".join(rows))


def move(shell: list[str], *moves: tuple[Path, Path, int], code: int = 0) -> None:
    wanted = [placing.Move(str(source), str(destination), OWNER, mode) for source, destination, mode in moves]
    for argv, _count in placing.commands(wanted):
        run(shell, argv, code)


def test_written_files_get_their_names(shell: list[str], tmp_path: Path) -> None:
    new, old = made(tmp_path / ".a b.s", "new"), made(tmp_path / "a b", "old")
    tree = made(tmp_path / ".d.s" / "f", "x").parent
    move(shell, (new, old, 0o644), (tree, tmp_path / "d", 0o755))
    assert old.read_text() == "new" and (tmp_path / "d" / "f").read_text() == "x"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a b", "d"]


def test_a_link_to_a_directory_is_replaced_and_not_entered(shell: list[str], tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    move(shell, (made(tmp_path / ".s", "new"), tmp_path / "link", 0o644))
    assert (tmp_path / "link").is_file() and not (tmp_path / "link").is_symlink()
    assert list((tmp_path / "real").iterdir()) == []


def test_a_mount_point_is_filled(shell: list[str], tmp_path: Path) -> None:
    """Without mounting anything: the command that renames is one that can't."""
    tools = tmp_path / "bin"
    made(tools / "mv", "#!/bin/sh\necho busy >&2\nexit 1\n", 0o755)
    source, there = made(tmp_path / ".s", "new"), made(tmp_path / "f", "much older", 0o600)
    ((argv, _count),) = placing.commands([placing.Move(str(source), str(there), OWNER, 0o640)])
    if shell[0] == "busybox":  # its mv is in itself
        return
    subprocess.run([*shell, *argv[1:]], env={"PATH": f"{tools}:{os.environ['PATH']}"}, check=True)
    assert (there.read_text(), there.stat().st_mode & 0o777, source.exists()) == ("new", 0o640, False)


def test_a_rename_that_fails_is_told(shell: list[str], tmp_path: Path) -> None:
    move(shell, (made(tmp_path / ".s"), tmp_path / "no" / "where", 0o644), code=1)


def test_where_renaming_is_possible(shell: list[str], tmp_path: Path) -> None:
    (argv,) = placing.probes([str(tmp_path)])
    run(shell, argv)
    (argv,) = placing.probes([str(tmp_path), str(tmp_path / "missing")])
    run(shell, argv, 8)


def test_temporary_names_are_told_with_their_age(shell: list[str], tmp_path: Path) -> None:
    names = {".f.sshfleet-1 2", ".new\nline.sshfleet-3", ".link.sshfleet-4"}
    for name in (".f.sshfleet-1 2", ".new\nline.sshfleet-3", "f.sshfleet-5", ".sshfleet", ".g"):
        made(tmp_path / name)
    (tmp_path / ".link.sshfleet-4").symlink_to("nowhere")
    (argv,) = placing.probes([str(tmp_path)])
    found = dict(placing.temporary(run(shell, argv), {str(tmp_path)}))
    assert set(found) == {str(tmp_path / name) for name in names}
    assert all(-60 < age < 3600 for age in found.values())


def test_temporary_names_elsewhere_are_nobodys_business() -> None:
    printed = (
        b"5 /srv/.f.sshfleet-1\x005 /etc/.f.sshfleet-1\x00x /srv/.f.sshfleet-2\x005 /srv/a/../.f.sshfleet-3\x005 /srv"
    )
    assert list(placing.temporary(printed, {"/srv"})) == [("/srv/.f.sshfleet-1", 5.0)]


def test_leftovers_are_removed(tmp_path: Path) -> None:
    made(tmp_path / ".d.s" / "f")
    (argv,) = placing.removals([str(tmp_path / ".d.s"), str(tmp_path / "missing")])
    run(["sh"], argv)
    assert list(tmp_path.iterdir()) == []
