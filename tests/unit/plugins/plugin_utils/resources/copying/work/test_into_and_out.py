# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Copies into and out of a container whose root is a folder here, of an engine that has nothing else.

That is a stopped container: nothing can be run in it. Running ones are tested on real engines.
"""

from __future__ import annotations

import contextlib
import io
import os
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils import run_mark
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.protocol import PathStat
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying import listing
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.entries import Entry
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.options import ARGUMENT_SPEC, parse
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.work.container_files import (
    ContainerFiles,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.work.into import CopyInto, sources
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.work.out import CopyOut

DEFAULTS = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}
OWNER = (os.getuid(), os.getgid())
MINE = {"owner_id": OWNER[0], "group_id": OWNER[1]}


class Folder(FakeClient):
    """An engine with one stopped container; ``sent`` and ``fetched`` count bytes of archives."""

    def __init__(self, root: Path) -> None:
        super().__init__("docker")
        self.root = root
        self.sent = self.fetched = 0
        self.infos: list[tarfile.TarInfo] = []  # instead of what is there

    def at(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def archives_stat(self, container: str, path: str) -> Any:
        there = self.at(path)
        if not os.path.lexists(there):
            return None
        facts = there.lstat()
        kind = "link" if there.is_symlink() else "dir" if there.is_dir() else "file" if there.is_file() else "other"
        target = str(there.readlink()) if kind == "link" else ""
        return PathStat(kind, facts.st_size, facts.st_mode & 0o7777, target)

    @contextmanager
    def archives_get(self, container: str, path: str) -> Iterator[Iterator[bytes]]:
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as tar:
            if self.infos:
                for info in self.infos:
                    tar.addfile(info, io.BytesIO(b"x" * info.size))
            else:
                tar.add(self.at(path), arcname=Path(path).name)
        self.fetched += len(buffer.getvalue())
        yield iter([buffer.getvalue()])

    def archives_put(
        self, container: str, directory: str, chunks: Iterable[bytes], replaces_directories: bool = False
    ) -> None:
        data = b"".join(chunks)
        self.sent += len(data)
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            for info in tar if replaces_directories else ():
                if not info.isdir() and (there := self.at(f"{directory}/{info.name}")).is_dir():
                    there.rmdir()
            tar.extractall(self.at(directory), filter="fully_trusted")  # noqa: S202 - ours


@pytest.fixture
def engine(tmp_path: Path) -> Folder:
    (tmp_path / "root" / "srv").mkdir(parents=True)
    return Folder(tmp_path / "root")


def files(engine: Folder, user: str = "") -> ContainerFiles:
    mounts = [
        {"Type": "tmpfs", "Destination": "/run"},
        {"Type": "volume", "Destination": "/vol"},
        {"Type": "bind", "Destination": "/run/data"},
    ]
    inspect = {
        "Id": "1" * 64, "State": {"Running": False}, "Config": {"User": user}, "Mounts": mounts,
        "HostConfig": {"Tmpfs": {"/scratch": "size=1m"}},
    }  # fmt: skip
    return ContainerFiles(engine, inspect)


def into(engine: Folder, check: bool = False, diff: int | None = 1000, **given: Any) -> dict[str, Any]:
    owner = {} if "user" in given else MINE
    found = files(engine, given.pop("user", ""))
    copy = parse({**DEFAULTS, "container": "app", "container_path": "/srv/x", "mode_parse": "modern", **owner, **given})
    return CopyInto(found, copy, sources(copy, 0.0), diff).run(check)


def out_of(engine: Folder, check: bool = False, diff: int | None = 1000, **given: Any) -> dict[str, Any]:
    options = {"container": "app", "container_path": "/srv/x", "direction": "out_of", "mode_parse": "modern"}
    copy = parse({**DEFAULTS, **options, **given})
    return CopyOut(files(engine), copy, Path(str(copy.path)), diff).run(check)


def tree(path: Path) -> dict[str, Any]:
    """What is in a folder, as data."""
    found: dict[str, Any] = {}
    for there in sorted(path.rglob("*")):
        name = str(there.relative_to(path))
        if there.is_symlink():
            found[name] = f"-> {there.readlink()}"
        else:
            found[name] = there.read_text() if there.is_file() else oct(there.stat().st_mode & 0o7777)
    return found


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A directory of the controller."""
    root = tmp_path / "site"
    (root / "deep" / "empty").mkdir(parents=True)
    (root / "index").write_text("hello")
    (root / "deep" / "x").write_text("x" * 70000)
    (root / "link").symlink_to("index")
    return root


def twice(run: Any, **given: Any) -> dict[str, Any]:
    """Check mode foretells the run, and a second run does nothing."""
    said, done = run(check=True, **given), run(**given)
    for key in ("changed", "actions", "diff"):
        assert said.get(key) == done.get(key), key
    again = run(**given)
    assert (again["changed"], again["actions"], again["transferred"]) == (False, [], 0)
    return dict(done)


def test_a_content(engine: Folder) -> None:
    done = twice(lambda **given: into(engine, **given), content="red\n", mode="0640")
    there = engine.at("/srv/x")
    assert (there.read_text(), oct(there.stat().st_mode)[-3:]) == ("red\n", "640")
    assert done["actions"] == [{"action": "copy", "path": "x", "reason": "missing"}]
    assert (done["transferred"], done["atomic"], done["diff"]["after"]) == (4, False, "red\n")
    changed = twice(lambda **given: into(engine, **given), content="blue\n", mode="0644")
    assert changed["diff"]["before"] == "red\n" and changed["actions"][0]["reason"] == "content, mode"


def test_check_mode_writes_nothing(engine: Folder, site: Path) -> None:
    into(engine, check=True, path=str(site))
    assert engine.sent == 0 and not engine.at("/srv/x").exists()


def test_a_second_run_sends_nothing(engine: Folder, site: Path) -> None:
    into(engine, path=str(site))
    sent = engine.sent
    into(engine, path=str(site))
    assert engine.sent == sent


def test_a_directory(engine: Folder, site: Path) -> None:
    done = twice(lambda **given: into(engine, **given), path=str(site), mode="0600", directory_mode="0711")
    assert tree(engine.at("/srv")) == {
        "x": "0o711", "x/deep": "0o711", "x/deep/empty": "0o711", "x/deep/x": "x" * 70000, "x/index": "hello",
        "x/link": "hello",
    }  # fmt: skip
    assert [action["path"] for action in done["actions"]][:2] == ["x", "x/deep"]
    (site / "index").write_text("HELLO")
    (engine.at("/srv/x") / "more").write_text("theirs")
    again = twice(lambda **given: into(engine, **given), path=str(site), mode="0600", directory_mode="0711")
    assert [action["path"] for action in again["actions"]] == ["x/index", "x/link"]
    assert tree(engine.at("/srv/x"))["more"] == "theirs"


def test_links_as_links(engine: Folder, site: Path) -> None:
    twice(lambda **given: into(engine, **given), path=str(site), local_follow=False)
    assert tree(engine.at("/srv/x"))["link"] == "-> index"


def test_follow(engine: Folder) -> None:
    engine.at("/srv/real").write_text("old")
    engine.at("/srv/x").symlink_to("real")
    done = into(engine, content="new", mode="0644", follow=True)
    assert done["container_path"] == "/srv/real" and engine.at("/srv/real").read_text() == "new"
    engine.at("/srv/y").symlink_to("y")
    with pytest.raises(InvalidOption, match="circle"):
        into(engine, content="new", mode="0644", follow=True, container_path="/srv/y")


FORCE: list[tuple[bool, str, bool]] = [(True, "same", True), (False, "other", False), (False, "", True)]


@pytest.mark.parametrize(("force", "there", "changed"), FORCE)
def test_force(engine: Folder, force: bool, there: str, changed: bool) -> None:
    if there:
        engine.at("/srv/x").write_text(there)
    assert into(engine, content="same", mode="0644", force=force)["changed"] is changed


def test_whose_the_files_are_without_the_tasks_word(engine: Folder) -> None:
    engine.at("/etc").mkdir()
    engine.at("/etc/passwd").write_text(f"me:x:{OWNER[0]}:{OWNER[1]}::/:\n")
    assert into(engine, content="x", mode="0644", user="me")["changed"]
    with pytest.raises(InvalidOption) as refused:
        into(engine, content="x", mode="0644", user="nobody-here")
    assert refused.value.option == "owner_id"


def test_an_engine_whose_archives_do_not_tell_owners(engine: Folder) -> None:
    """Nobody's word is taken for theirs: only what is known to differ is copied."""
    usual, engine.engine = engine.engine, Engine("podman", (5, 4, 2))
    given: dict[str, Any] = {"content": "x", "mode": "0644"}
    assert into(engine, **given)["changed"]
    assert not into(engine, **given, owner_id=OWNER[0] + 1, group_id=OWNER[1])["changed"]
    engine.engine = usual
    assert into(engine, check=True, **given, owner_id=OWNER[0] + 1, group_id=OWNER[1])["changed"]


ON_NO_DISK = ["/run", "/run/x", "/run/database", "/scratch/a/b", "/dev/shm/x", "/proc/1", "/sys"]


@pytest.mark.parametrize("path", ON_NO_DISK)
def test_where_an_engine_cannot_reach(engine: Folder, path: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        files(engine).require_reachable(path)
    assert refused.value.option == "container_path" and "volume" in refused.value.hint
    engine.engine = Engine("podman", (5, 4, 2))
    files(engine).require_reachable(path)


@pytest.mark.parametrize("path", ["/", "/runs", "/vol/x", "/srv/run", "/run/data", "/run/data/x"])
def test_where_it_can(engine: Folder, path: str) -> None:
    files(engine).require_reachable(path)


def test_an_empty_directory_gives_way_to_a_file(engine: Folder) -> None:
    (engine.root / "srv" / "x").mkdir()
    done = twice(lambda **given: into(engine, **given), content="new", mode=0o644)
    assert (done["diff"]["before"], done["diff"]["after_header"]) == ("(directory)", "dynamically generated")
    assert (engine.root / "srv" / "x").read_text() == "new"


def test_the_diff_of_what_stays(engine: Folder, site: Path) -> None:
    """One thing stays as it is, whatever was wanted; of a directory, which may have much in it, nothing is shown."""
    new = {"content": "new", "mode": 0o644}
    for given in (new, {**new, "content": "other", "force": False}):
        into(engine, **new)
        stays = into(engine, **given)
        assert not stays["changed"] and (stays["diff"]["before"], stays["diff"]["after"]) == ("new", "new")
        assert "diff" not in into(engine, diff=None, **given)
    assert stays["diff"]["after_header"] == stays["diff"]["before_header"] == "/srv/x"
    out_of(engine, path=str(site / "copy"))
    same = out_of(engine, path=str(site / "copy"))["diff"]
    assert (same["before"], same["after"], same["after_header"]) == ("new", "new", "/srv/x")
    for _time in range(2):
        done = into(engine, path=str(site), container_path="/srv/site", local_follow=False)
    assert not done["changed"] and done["diff"] == []


def refused_into(engine: Folder, site: Path) -> list[tuple[str, dict[str, Any]]]:
    (site / "loop").mkdir()
    (site / "loop" / "up").symlink_to("..")
    os.mkfifo(site / "deep" / "pipe")
    (engine.root / "srv" / "kept").write_text("")
    (engine.root / "vol").mkdir()
    return [
        ("container_path", {"content": "x", "mode": 0, "container_path": "/no/where"}),
        ("container_path", {"content": "x", "mode": 0, "container_path": "/srv"}),
        ("container_path", {"content": "x", "mode": 0, "container_path": "/vol"}),
        ("container_path", {"content": "x", "mode": 0, "container_path": "/"}),
        ("path", {"path": str(site)}),
        ("path", {"path": str(site / "loop")}),
        ("path", {"path": str(site / "deep")}),
        ("path", {"path": str(site / "nothing")}),
    ]


def test_what_is_refused(engine: Folder, site: Path) -> None:
    for option, given in refused_into(engine, site):
        with pytest.raises(InvalidOption) as refused:
            into(engine, **given)
        assert refused.value.option == option, given
    (site / "deep" / "pipe").unlink()
    with pytest.raises(InvalidOption, match="leads back"):
        into(engine, path=str(site / "loop"))
    engine.at("/srv/x").write_text("a file")
    (site / "loop" / "up").unlink()
    with pytest.raises(InvalidOption, match="can't take its place"):
        into(engine, path=str(site))
    assert engine.sent == 0


def test_a_file_out(engine: Folder, tmp_path: Path) -> None:
    engine.at("/srv/x").write_text("theirs")
    engine.at("/srv/x").chmod(0o4755)
    here = tmp_path / "new" / "copy"
    done = twice(lambda **given: out_of(engine, **given), path=str(here))
    assert (here.read_text(), oct(here.stat().st_mode & 0o7777)) == ("theirs", "0o755")
    assert (done["transferred"], done["diff"]["after"]) == (6, "theirs")
    engine.at("/srv/x").write_text("THEIRS")
    again = twice(lambda **given: out_of(engine, **given), path=str(here), mode="0600")
    assert again["actions"] == [{"action": "copy", "path": "x", "reason": "content, mode"}]
    assert [path.name for path in here.parent.iterdir()] == ["copy"]


def test_a_directory_out(engine: Folder, site: Path, tmp_path: Path) -> None:
    into(engine, path=str(site), local_follow=False)
    os.link(engine.at("/srv/x/index"), engine.at("/srv/x/same"))
    here = tmp_path / "copy"
    twice(lambda **given: out_of(engine, **given), path=str(here))
    assert tree(here) == tree(engine.at("/srv/x"))
    (here / "mine").write_text("stays")
    (here / "deep" / "x").write_text("changed")
    done = twice(lambda **given: out_of(engine, **given), path=str(here))
    assert [action["path"] for action in done["actions"]] == ["x/deep/x"]
    assert (here / "mine").exists() and (here / "deep" / "x").read_text() == "x" * 70000


def test_check_mode_out_writes_nothing(engine: Folder, site: Path, tmp_path: Path) -> None:
    into(engine, path=str(site))
    assert out_of(engine, check=True, path=str(tmp_path / "copy"))["changed"]
    assert not (tmp_path / "copy").exists()


def test_what_is_refused_out(engine: Folder, tmp_path: Path) -> None:
    (engine.at("/srv/x")).mkdir()
    cases: list[tuple[str, str, Any]] = [
        ("container_path", "no such thing", {"container_path": "/srv/nothing"}),
        ("container_path", "whole container", {"container_path": "/"}),
        ("path", "can't take its place", {"path": str(tmp_path / "file")}),
    ]
    (tmp_path / "file").write_text("mine")
    for option, words, given in cases:
        with pytest.raises(InvalidOption, match=words) as refused:
            out_of(engine, **{"path": str(tmp_path / "copy"), **given})
        assert refused.value.option == option
    for name, target in (("out", "../../etc/passwd"), ("absolute", "/etc/passwd")):
        (engine.at("/srv/x") / name).symlink_to(target)
        with pytest.raises(InvalidOption, match="leads out of what is copied"):
            out_of(engine, path=str(tmp_path / "copy"))
        (engine.at("/srv/x") / name).unlink()
    (engine.at("/srv/x") / "l").symlink_to("nothing")
    with pytest.raises(InvalidOption, match="follow"):
        out_of(engine, path=str(tmp_path / "copy"), container_path="/srv/x/l")
    os.mkfifo(engine.at("/srv/x") / "pipe")
    with pytest.raises(InvalidOption, match="neither file"):
        out_of(engine, path=str(tmp_path / "copy"))
    assert not (tmp_path / "copy").exists()


def info(name: str, kind: bytes = tarfile.REGTYPE, linkname: str = "", size: int = 0) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.size = kind, linkname, size
    return made


EVIL = [
    [info("x", tarfile.DIRTYPE), info("x/../../evil", size=3)],
    [info("x", tarfile.DIRTYPE), info("/evil", size=3)],
    [info("x", tarfile.DIRTYPE), info("x/h", tarfile.LNKTYPE, "../../evil")],
]


@pytest.mark.parametrize("infos", EVIL)
def test_an_archive_that_leads_elsewhere(engine: Folder, tmp_path: Path, infos: list[tarfile.TarInfo]) -> None:
    engine.at("/srv/x").mkdir()
    engine.infos = infos
    with pytest.raises(EngineError, match="can't be used"):
        out_of(engine, path=str(tmp_path / "copy"))
    assert not (tmp_path / "evil").exists() and not (tmp_path / "copy").exists()


CLAIMS = [
    {"": Entry("link", 0o777, target="/etc")},
    {"": Entry("link", 0o777, target="."), "f": Entry("file", 0o644)},
    {"": Entry("file", 0o644, size=3)},
    {"f": Entry("file", 0o644)},
]


@pytest.mark.parametrize("claim", CLAIMS)
def test_what_a_container_calls_the_thing_itself(
    engine: Folder, tmp_path: Path, claim: dict[str, Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine has said what it is; the container's own words must not make a link of it."""
    (engine.at("/srv/x")).mkdir()
    engine.at("/srv/x/f").write_text("x")
    monkeypatch.setattr(ContainerFiles, "told_below", lambda files, root: claim)
    with pytest.raises(EngineError) as caught:
        out_of(engine, path=str(tmp_path / "copy"))
    assert caught.value.kind == "container_answer"
    engine.at("/srv/large").write_bytes(b"x" * 100_000)
    (tmp_path / "large").write_bytes(b"y" * 100_000)
    monkeypatch.setattr(
        ContainerFiles, "told", lambda files, about, sizes: {about: Entry("link", 0o777, target="/etc/passwd")}
    )
    with pytest.raises(EngineError) as caught:
        out_of(engine, path=str(tmp_path / "large"), container_path="/srv/large")
    assert caught.value.kind == "container_answer"
    assert (tmp_path / "large").read_bytes() == b"y" * 100_000 and not (tmp_path / "copy").exists()


def test_links_lead_out_over_a_link_that_was_here_before(engine: Folder, tmp_path: Path) -> None:
    (engine.at("/srv/x")).mkdir()
    (engine.at("/srv/x/leak")).symlink_to("mine/victim")
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "mine").symlink_to(tmp_path)
    with pytest.raises(InvalidOption, match="leads out of what is copied"):
        out_of(engine, path=str(tmp_path / "copy"))
    (tmp_path / "copy" / "mine").unlink()
    out_of(engine, path=str(tmp_path / "copy"))
    assert str((tmp_path / "copy" / "leak").readlink()) == "mine/victim"


def test_half_written_files_are_not_copied_out(engine: Folder, tmp_path: Path) -> None:
    half = engine.at("/srv/x") / run_mark.beside("d")
    half.mkdir(parents=True)
    (half / "f").write_text("half")
    (engine.at("/srv/x") / ".sshfleet-notes").write_text("mine")
    twice(lambda **given: out_of(engine, **given), path=str(tmp_path / "copy"))
    assert tree(tmp_path / "copy") == {".sshfleet-notes": "mine"}


def test_a_file_is_written_where_a_link_was_put_meanwhile(
    engine: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody changes a directory for a link after all has been looked at: nothing is written through it."""
    (engine.at("/srv/x/sub")).mkdir(parents=True)
    (engine.at("/srv/x/sub/f")).write_text("theirs")
    (tmp_path / "victim").mkdir()
    (tmp_path / "copy" / "sub").mkdir(parents=True)
    get_archive, calls = engine.archives_get, []

    def later(container: str, path: str) -> Any:
        calls.append(path)
        if len(calls) > 1:
            (tmp_path / "copy" / "sub").rmdir()
            (tmp_path / "copy" / "sub").symlink_to(tmp_path / "victim")
        return get_archive(container, path)

    monkeypatch.setattr(engine, "archives_get", later)
    with pytest.raises(InvalidOption, match="a link on the way"):
        out_of(engine, path=str(tmp_path / "copy"), diff=None)
    assert list((tmp_path / "victim").iterdir()) == []


def test_a_hard_link_to_what_is_a_link_here(engine: Folder, tmp_path: Path) -> None:
    """Its content is not what the controller's own link leads to."""
    (engine.at("/srv/x")).mkdir()
    (engine.at("/srv/x/a")).write_text("theirs")
    os.link(engine.at("/srv/x/a"), engine.at("/srv/x/b"))
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "copy").mkdir()
    for name in ("a", "b"):  # whichever comes first in the archive
        (tmp_path / "copy" / name).symlink_to(tmp_path / "secret")
        with contextlib.suppress(InvalidOption):
            out_of(engine, path=str(tmp_path / "copy"), force=False)
        assert "secret" not in [there.read_text() for there in (tmp_path / "copy").iterdir() if not there.is_symlink()]
        (tmp_path / "copy" / name).unlink()
        for there in (tmp_path / "copy").iterdir():
            there.unlink()


def test_an_archive_that_lacks_a_file(engine: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was removed meanwhile; or the container sees it on a tmpfs, which Docker's archives do not hold."""
    engine.at("/srv/x").mkdir()
    engine.at("/srv/x/f").write_text("theirs")
    get_archive, calls = engine.archives_get, []

    def later(container: str, path: str) -> Any:
        calls.append(path)
        engine.infos = [info("x", tarfile.DIRTYPE)] if len(calls) > 1 else []
        return get_archive(container, path)

    monkeypatch.setattr(engine, "archives_get", later)
    with pytest.raises(EngineError, match="sent no /srv/x/f"):
        out_of(engine, path=str(tmp_path / "copy"), diff=None)


def test_an_archive_that_has_ever_more_files(engine: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """First it looks as it should; then it would not end."""
    engine.at("/srv/x").mkdir()
    engine.at("/srv/x/f").write_text("theirs")
    monkeypatch.setattr(listing, "MOST_ENTRIES", 5)
    get_archive, calls = engine.archives_get, []

    def later(container: str, path: str) -> Any:
        calls.append(path)
        more = [info(f"x/{number}", tarfile.DIRTYPE) for number in range(20)]
        engine.infos = [info("x", tarfile.DIRTYPE), *more] if len(calls) > 1 else []
        return get_archive(container, path)

    monkeypatch.setattr(engine, "archives_get", later)
    with pytest.raises(EngineError, match="has more than 5 files there"):
        out_of(engine, path=str(tmp_path / "copy"), diff=None)


@pytest.mark.parametrize("force", [None, False])
def test_nothing_is_written_through_a_link(engine: Folder, tmp_path: Path, force: bool | None) -> None:
    """The link is somebody else's; the archive has a directory of its name."""
    (engine.at("/srv/x/sub")).mkdir(parents=True)
    (engine.at("/srv/x/sub/f")).write_text("theirs")
    (tmp_path / "copy").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "copy" / "sub").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InvalidOption):
        out_of(engine, path=str(tmp_path / "copy"), force=force)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_link_at_the_end_here(engine: Folder, tmp_path: Path) -> None:
    engine.at("/srv/x").write_text("theirs")
    (tmp_path / "real").write_text("mine")
    (tmp_path / "link").symlink_to("real")
    out_of(engine, path=str(tmp_path / "link"))
    assert (tmp_path / "real").read_text() == "theirs" and (tmp_path / "link").is_symlink()
    out_of(engine, path=str(tmp_path / "link"), local_follow=False)
    assert not (tmp_path / "link").is_symlink()
