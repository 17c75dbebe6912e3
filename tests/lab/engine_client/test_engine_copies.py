# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Copies into and out of containers of real engines, running and stopped; what is sent is counted."""

from __future__ import annotations

import os
import resource
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
from counting import Counter, counting
from engine_cases import MIB, Case, Make
from on_every_engine import on_every_engine
from stuck import Stop, stuck

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.options import ARGUMENT_SPEC, parse
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.work.container_files import (
    ContainerFiles,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.work.into import CopyInto, sources
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.work.local_files import Source
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.work.out import CopyOut

DEFAULTS = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}
LARGE = int(os.environ.get("SSHFLEET_COPY_MB", "48")) * MIB  # 1024 by hand
LITTLE = 40_000  # bytes of requests and answers without any content


@dataclass
class Place:
    """A container, and copies of it whose bytes are counted."""

    case: Case
    client: EngineClient
    counter: Counter
    name: str

    def _files(self) -> ContainerFiles:
        return ContainerFiles(self.client, self.client.containers.inspect(self.name) or {})

    def into(self, check: bool = False, **given: Any) -> dict[str, Any]:
        copy = parse({**DEFAULTS, "container": self.name, **given})
        return CopyInto(self._files(), copy, sources(copy, 0.0), 10_000).run(check)

    def out(self, path: Path, check: bool = False, **given: Any) -> dict[str, Any]:
        given = {"container": self.name, "direction": "out_of", "path": str(path), **given}
        return CopyOut(self._files(), parse({**DEFAULTS, **given}), path, 10_000).run(check)

    def sh(self, script: str) -> str:
        code, printed, complaint = self._files().run(["sh", "-c", script])
        assert code == 0, complaint
        return printed.decode().strip()

    def stop(self) -> None:
        self.client.containers.stop(self.name, 0)


@contextmanager
def placed(case: Case, make: Make) -> Iterator[Place]:
    name = make("sh", "-c", "mkdir -p /srv /tmp; sleep 600", StopTimeout=0)
    with (
        tempfile.TemporaryDirectory(prefix="sshfleet-") as short,
        counting(case.client.wire.socket_path, path := Path(short) / "s") as counter,
        EngineClient(str(path), identity=case.client.identity) as client,
    ):
        found = Place(case, client, counter, name)
        found.sh("while [ ! -d /tmp ] || [ ! -d /srv ]; do sleep 0.05; done")
        yield found


def site_in(tmp_path: Path) -> Path:
    root = tmp_path / "site"
    (root / "deep" / "empty").mkdir(parents=True)
    (root / "index").write_text("hello")
    (root / "two words\n'$x").write_text("odd")
    (root / "deep" / "large").write_bytes(os.urandom(300_000))
    (root / "link").symlink_to("index")
    return root


def foretold(run: Callable[..., dict[str, Any]], **given: Any) -> dict[str, Any]:
    """Check mode says what the run then does; a second run does nothing and moves no content."""
    said, done = run(check=True, **given), run(**given)
    for key in ("changed", "actions", "diff"):
        assert said.get(key) == done.get(key), key
    again = run(**given)
    assert again["changed"] is False, again["actions"]
    same = again["diff"]
    assert same == [] or (same.get("before"), same.keys()) == (same.get("after"), same.keys() - {"prepared"})
    return done


@on_every_engine
def test_a_content_and_its_owner(case: Case, make: Make) -> None:
    with placed(case, make) as place:
        done = foretold(place.into, content="red\n", container_path="/srv/conf", mode="0640")
        assert done["atomic"] is True and done["diff"]["after"] == "red\n"
        assert place.sh("cat /srv/conf; stat -c '%u %g %a' /srv/conf") == "red\n0 0 640"
        mine = {"content": "blue\n", "container_path": "/srv/conf", "mode": "4755", "owner_id": 12, "group_id": 34}
        changed = foretold(place.into, **mine)
        assert changed["actions"] == [{"action": "copy", "path": "conf", "reason": "content, mode"}]
        assert (changed["diff"]["before"], changed["diff"]["after"]) == ("red\n", "blue\n")
        assert place.sh("cat /srv/conf; stat -c '%u %g %a' /srv/conf") == "blue\n12 34 4755"
        owner = foretold(place.into, **{**mine, "owner_id": 13})
        assert owner["actions"][0]["reason"] == "owner"
        assert place.sh("ls -A /srv") == "conf"


@pytest.mark.parametrize("running", [True, False])
@on_every_engine
def test_a_directory(case: Case, make: Make, tmp_path: Path, running: bool) -> None:
    site = site_in(tmp_path)
    with placed(case, make) as place:
        if not running:
            place.stop()
        done = foretold(place.into, path=str(site), container_path="/srv/site", local_follow=False)
        assert done["atomic"] is running
        here = tmp_path / "copy"
        foretold(lambda **given: place.out(here, **given), container_path="/srv/site")
        for path in ("index", "two words\n'$x", "deep/large"):
            assert (here / path).read_bytes() == (site / path).read_bytes(), path
            assert (here / path).stat().st_mode == (site / path).stat().st_mode
        assert (here / "deep" / "empty").is_dir() and str((here / "link").readlink()) == "index"
        (site / "index").write_text("HELLO")
        again = foretold(place.into, path=str(site), container_path="/srv/site", local_follow=False)
        assert [action["path"] for action in again["actions"]] == ["site/index"] and again["transferred"] == 5


@on_every_engine
def test_a_second_run_moves_no_content(case: Case, make: Make, tmp_path: Path) -> None:
    with placed(case, make) as place:
        large = tmp_path / "large"
        large.write_bytes(os.urandom(MIB))
        place.into(path=str(large), container_path="/srv/large")
        with place.counter.counted() as moved:
            assert place.into(path=str(large), container_path="/srv/large")["changed"] is False
        assert sum(moved) < LITTLE
        place.out(tmp_path / "back", container_path="/srv/large")
        with place.counter.counted() as moved:
            assert place.out(tmp_path / "back", container_path="/srv/large")["changed"] is False
        assert sum(moved) < LITTLE
        with place.counter.counted() as moved:
            done = place.into(path=str(large), container_path="/srv/large", mode="0600", owner_id=7, group_id=0)
        assert (done["actions"][0]["reason"], done["transferred"]) == ("mode, owner", 0) and sum(moved) < LITTLE
        assert place.sh("stat -c '%u %g %a' /srv/large") == "7 0 600"
        large.write_bytes(b"x" + large.read_bytes()[1:])  # of the same size
        with place.counter.counted() as moved:
            assert place.into(path=str(large), container_path="/srv/large", check=True)["changed"] is True
        assert sum(moved) < LITTLE


@on_every_engine
def test_a_large_file_takes_no_memory(case: Case, make: Make, tmp_path: Path) -> None:
    with placed(case, make) as place:
        large = tmp_path / "large"
        with large.open("wb") as file:
            file.truncate(LARGE)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert place.into(path=str(large), container_path="/srv/large")["transferred"] == LARGE
        assert place.sh("stat -c %s /srv/large") == str(LARGE)
        assert place.out(tmp_path / "back", container_path="/srv/large")["transferred"] == LARGE
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
        print(f"{case.host} {case.engine}: {LARGE // MIB} MiB each way, {grown / MIB:.1f} MiB of memory")
        assert grown < 16 * MIB
        assert (tmp_path / "back").stat().st_size == LARGE


@on_every_engine
def test_nobody_sees_half_a_file(case: Case, make: Make, tmp_path: Path) -> None:
    """A reader in the container notes every size that it sees; there are two, or none at all at first."""
    with placed(case, make) as place:
        watch = "while [ ! -e /tmp/end ]; do stat -c %s /srv/f; done >> /tmp/seen 2>/dev/null; touch /tmp/over"
        identity = place.client.execs.create(place.name, {"Cmd": ["sh", "-c", watch]})
        place.client.execs.start_detached(identity)
        file = tmp_path / "f"
        for size in (3 * MIB, 2 * MIB, 3 * MIB, 2 * MIB):
            file.write_bytes(b"\1" * size)
            assert place.into(path=str(file), container_path="/srv/f")["atomic"] is True
        seen = place.sh("touch /tmp/end; while [ ! -e /tmp/over ]; do sleep 0.1; done; sort -u /tmp/seen").split()
        assert seen and set(seen) <= {str(2 * MIB), str(3 * MIB)}
        assert place.sh("ls -A /srv") == "f"


@on_every_engine
def test_links_lead_nowhere_out_of_the_container(case: Case, make: Make) -> None:
    with placed(case, make) as place:
        mark = f"sshfleet-{uuid.uuid4().hex[:8]}"
        up = "../" * 12
        place.sh(f"mkdir /tmp/{mark}; ln -s {up}tmp/{mark} /srv/up; ln -s /tmp/{mark} /srv/straight")
        for running in (True, False):
            if not running:
                place.stop()
            for link in ("up", "straight"):
                place.into(content="x", mode="0644", container_path=f"/srv/{link}/{link}-{running}")
                place.into(content="y", mode="0644", container_path=f"/srv/{link}/{link}-{running}")
        place.case.ssh("test", "!", "-e", f"/tmp/{mark}")
        place.client.containers.start(place.name)
        assert place.sh(f"cd /tmp/{mark} && cat $(ls)") == "yyyy"


@on_every_engine
def test_links_at_the_end(case: Case, make: Make, tmp_path: Path) -> None:
    with placed(case, make) as place:
        place.sh("echo old > /srv/real; ln -s real /srv/link; mkdir /srv/dir; ln -s dir /srv/dirlink")
        done = foretold(place.into, content="new\n", mode="0644", container_path="/srv/link", follow=True)
        assert done["container_path"] == "/srv/real" and place.sh("cat /srv/real; readlink /srv/link") == "new\nreal"
        with pytest.raises(InvalidOption, match="follow"):
            place.out(tmp_path / "x", container_path="/srv/link")
        assert place.out(tmp_path / "x", container_path="/srv/link", follow=True)["changed"]
        assert (tmp_path / "x").read_text() == "new\n"
        for link in ("link", "dirlink"):
            foretold(place.into, content="mine\n", mode="0644", container_path=f"/srv/{link}")
            assert place.sh(f"[ -L /srv/{link} ] || cat /srv/{link}; ls /srv/dir") == "mine"


@on_every_engine
def test_an_empty_directory_gives_way(case: Case, make: Make, tmp_path: Path) -> None:
    """To a file, and in a running container to a link."""
    (tmp_path / "link").symlink_to("/srv/x")
    with placed(case, make) as place:
        place.sh("mkdir -p /srv/x /srv/link /srv/full/x /srv/stopped /srv/kept")
        mine = {"content": "new\n", "mode": "0640", "owner_id": 0, "group_id": 0}
        linked = {"path": str(tmp_path / "link"), "local_follow": False, "owner_id": 0, "group_id": 0}
        assert foretold(place.into, container_path="/srv/x", **mine)["diff"] == {
            "before_header": "/srv/x", "before": "(directory)",
            "after_header": "dynamically generated", "after": "new\n", "prepared": ANY,
        }  # fmt: skip
        foretold(place.into, container_path="/srv/link", **linked)
        place.stop()
        foretold(place.into, container_path="/srv/stopped", **mine)
        for path, refused, words in (
            ("full", mine, "not empty"), ("full", {**mine, "force": True}, "not empty"), ("kept", linked, "Start it"),
        ):  # fmt: skip
            with pytest.raises(InvalidOption, match=words):
                place.into(container_path=f"/srv/{path}", **refused)
        place.client.containers.start(place.name)
        assert place.sh("cd /srv; cat x link stopped; ls -A . full kept") == (
            "new\nnew\nnew\n.:\nfull\nkept\nlink\nstopped\nx\n\nfull:\nx\n\nkept:"
        )


@on_every_engine
def test_whose_the_files_are(case: Case, make: Make) -> None:
    with placed(case, make) as place:
        place.sh("mkdir -p /etc; echo 'web:x:33:34::/:/bin/sh' > /etc/passwd; echo 'www:x:77:' > /etc/group")
        for user, owner in (("33", "33 34"), ("web:www", "33 77"), ("1000:2000", "1000 2000")):
            name = make("sh", "-c", "sleep 600", start=False, User="")
            other = Place(case, place.client, place.counter, name)
            other.into(content=place.sh("cat /etc/passwd"), mode="0644", container_path="/passwd")
            inspect = {**(place.client.containers.inspect(place.name) or {}), "Config": {"User": user}}
            assert " ".join(map(str, ContainerFiles(place.client, inspect).owner())) == owner


@on_every_engine
def test_a_mount_point_is_filled(case: Case, make: Make) -> None:
    with placed(case, make) as place:
        path = f"/run/sshfleet-{uuid.uuid4().hex[:8]}"
        case.ssh("sh", "-c", f"'echo old > {path}'")
        try:
            name = make("sleep", "600", HostConfig={"Binds": [f"{path}:/conf"]})
            foretold(
                Place(case, place.client, place.counter, name).into, content="new", mode="0600", container_path="/conf"
            )
            assert case.ssh("cat", path) == "new" and case.ssh("stat", "-c", "%a", path).strip() == "600"
        finally:
            case.ssh("rm", "-f", path)


@on_every_engine
def test_a_container_without_a_shell(case: Case, make: Make, tmp_path: Path) -> None:
    """Nothing can be asked of it, and nothing renamed: files are fetched to be compared, and written straight."""
    site = site_in(tmp_path)
    with placed(case, make) as place:
        place.sh("rm /bin/sh /bin/mv")
        done = foretold(place.into, path=str(site), container_path="/srv/site", local_follow=False)
        assert done["atomic"] is False
        mine = {"content": "x" * 100_000, "mode": "0640", "container_path": "/srv/f"}
        assert foretold(place.into, **mine)["atomic"] is False
        foretold(lambda **given: place.out(tmp_path / "copy", **given), container_path="/srv/site")
        assert (tmp_path / "copy" / "deep" / "large").read_bytes() == (site / "deep" / "large").read_bytes()


@on_every_engine
def test_a_tmpfs(case: Case, make: Make) -> None:
    """Podman reaches it. Docker would write beneath it, and that is refused."""
    name = make("sleep", "600", HostConfig={"Tmpfs": {"/scratch": ""}})
    inspect = case.client.containers.inspect(name) or {}
    files = ContainerFiles(case.client, inspect)
    if case.engine == "docker":
        for path in ("/scratch/f", "/dev/shm/f"):
            with pytest.raises(InvalidOption, match="on no disk"):
                files.require_reachable(path)
        return
    files.require_reachable("/scratch/f")
    copy = parse({**DEFAULTS, "container": name, "content": "x", "container_path": "/scratch/f", "mode": 420})
    assert CopyInto(files, copy, sources(copy, 0.0), None).run(False)["atomic"] is True
    assert files.run(["cat", "/scratch/f"])[:2] == (0, b"x")
    assert CopyInto(files, copy, sources(copy, 0.0), None).run(False)["changed"] is False


@on_every_engine
def test_what_is_refused(case: Case, make: Make, tmp_path: Path) -> None:
    site = site_in(tmp_path)
    with placed(case, make) as place:
        place.sh("echo file > /srv/site; mkdir /srv/dir; mkfifo /srv/pipe; ln -s /etc/passwd /srv/dir/out")
        cases: list[tuple[str, Callable[[], Any]]] = [
            ("can't take its place", lambda: place.into(path=str(site), container_path="/srv/site")),
            ("can't take its place", lambda: place.into(content="x", mode="0644", container_path="/srv/dir")),
            ("can't take its place", lambda: place.into(path=str(site), container_path="/srv/pipe")),
            ("no directory /no", lambda: place.into(content="x", mode="0644", container_path="/no/file")),
            ("no such thing", lambda: place.out(tmp_path / "x", container_path="/srv/nothing")),
            ("pipe", lambda: place.out(tmp_path / "x", container_path="/srv/pipe")),
            ("leads out of what is copied", lambda: place.out(tmp_path / "x", container_path="/srv/dir")),
        ]
        for words, action in cases:
            with pytest.raises(InvalidOption, match=words):
                action()
        assert not (tmp_path / "x").exists()
        assert place.sh("ls -A /srv") == "dir\npipe\nsite"


@pytest.mark.fault("A copy is killed")
@on_every_engine
def test_what_a_killed_copy_has_left_is_removed_by_the_next(case: Case, make: Make, tmp_path: Path) -> None:
    """Not what a living one has written and is about to rename; nor what is only called alike, by whomever.

    The host is looked at, because some engines let nobody into a container while they write there.
    """
    file = tmp_path / "f"
    file.write_bytes(b"x" * MIB)
    with placed(case, make) as place:
        place.sh("touch /srv/.mine.sshfleet-notes /srv/.f.sshfleet-12345678")
        there = f"/proc/{place.client.containers.inspect(place.name)['State']['Pid']}/root/srv"

        def copy(stop: Stop, writes: bool) -> None:
            """With a connection of its own, as every run has."""
            with EngineClient(case.client.wire.socket_path, identity=case.client.identity) as client:
                files = ContainerFiles(client, client.containers.inspect(place.name) or {})
                wanted = parse({**DEFAULTS, "container": place.name, "path": str(file), "container_path": "/srv/f"})
                (entry,) = (one.entry for one in sources(wanted, 0.0).values())

                def half() -> Iterator[bytes]:
                    yield b"x" * (MIB // 2)
                    if writes:
                        ours = f"{there}/.f.sshfleet-*-{os.getpid():x}-*"
                        case.ssh("sh", "-c", f"'while ! [ -s {ours} ]; do sleep 0.1; done'")
                        stop()
                    yield b"x" * (MIB // 2)

                files.rename = lambda moves, size: stop()  # type: ignore[method-assign]
                CopyInto(files, wanted, {"": Source(entry, 0.0, half)}, None).run(False)

        def left() -> set[str]:
            return {name for name in case.ssh("ls", "-A", there).split() if name.count("-") == 4}

        with stuck(lambda stop: copy(stop, False)), stuck(lambda stop: copy(stop, True)) as kill:
            assert len(both := left()) == 2
            kill()
            assert left() == both
            place.into(content="y", mode="0644", container_path="/srv/conf")
            assert len(living := left()) == 1 and living < both
        assert place.into(path=str(file), container_path="/srv/f")["atomic"] is True
        assert place.sh("ls -A /srv") == ".f.sshfleet-12345678\n.mine.sshfleet-notes\nconf\nf"


@pytest.mark.fault("A copy's connection breaks off")
@on_every_engine
def test_a_connection_that_breaks_off_leaves_the_old_file(case: Case, make: Make) -> None:
    with placed(case, make) as place:
        place.into(content="old", mode="0644", container_path="/srv/f")
        given = {"container": place.name, "content": "x" * MIB, "container_path": "/srv/f", "mode": 420}
        copy = parse({**DEFAULTS, **given})
        found = sources(copy, 0.0)

        def breaks() -> Iterator[bytes]:
            yield b"x" * (MIB // 2)
            raise EngineError("cut", kind="no_answer")

        broken = {"": type(found[""])(found[""].entry, 0.0, breaks)}
        with pytest.raises(EngineError, match="cut"):
            CopyInto(place._files(), copy, broken, None).run(False)
        assert place.sh("cat /srv/f; ls -A /srv") == "oldf"
