# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Commands and files in a container, with an engine that answers from a list; real engines are the lab's."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.protocol import Output
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.inside.place import Place
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.inside.work.container import Container

RUNNING = {"Status": "running", "Running": True}
NO_SHELL = 'OCI runtime exec failed: exec failed: exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown'


class Kept:
    """A session that is always there."""

    def __init__(self, client: FakeClient) -> None:
        self.client = client

    def work(self, work: Callable[[Any], Any]) -> Any:
        return work(self)


class Engine(FakeClient):
    """``says`` is what commands write, ``code`` how they end, ``found`` the container at each look."""

    def __init__(self, name: str = "docker", says: Iterable[tuple[int, bytes]] = (), code: int = 0) -> None:
        super().__init__(name)
        self.says, self.code = list(says), code
        self.found: list[dict[str, Any] | None] = [self.one("1")]
        self.fed = b""
        self.archive = b""

    @staticmethod
    def one(identity: str, **state: Any) -> dict[str, Any]:
        return {"Id": identity * 64, "Name": "/app", "State": {**RUNNING, **state}, "HostConfig": {}, "Config": {}}

    def containers_inspect(self, name: str) -> dict[str, Any] | None:
        return self.found.pop(0) if len(self.found) > 1 else self.found[0]

    def execs_create(self, container: str, config: Any) -> str:
        return "exec"

    def execs_attach(
        self,
        identity: str,
        output: Output,
        *,
        tty: bool = False,
        source: Iterator[bytes | None] | None = None,
        deadline: float | None = None,
        now: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self.fed = b"".join(chunk or b"" for chunk in source or ())
        for stream, data in self.says:
            output(stream, data)

    def execs_inspect(self, identity: str) -> dict[str, Any]:
        return {"Running": False, "ExitCode": self.code, "Pid": 0 if self.code in (126, 127) else 1}

    def archives_put(
        self, container: str, directory: str, chunks: Iterable[bytes], replaces_directories: bool = False
    ) -> None:
        self.archive = b"".join(chunks)

    def archives_get(self, container: str, path: str) -> AbstractContextManager[Iterator[bytes]]:
        return nullcontext(iter([self.archive]))


def ran(engine: Engine, source: Iterator[bytes | None] | None = None) -> tuple[int, bytes, bytes]:
    outputs: dict[int, bytes] = {1: b"", 2: b""}

    def take(stream: int, data: bytes) -> None:
        outputs[stream] += data

    code = container(engine).run(["/bin/sh", "-c", "x"], take, source)
    return code, outputs[1], outputs[2]


def container(engine: Engine, **place: Any) -> Container:
    return Container(Kept(engine), Place("app", **place), sleep=lambda _seconds: None)  # type: ignore[arg-type]


def test_a_command_is_three_requests_beside_the_look() -> None:
    engine = Engine(says=[(1, b"out"), (2, b"er"), (2, b"r")], code=3)
    assert ran(engine, iter([b"in"])) == (3, b"out", b"err")
    assert engine.requests() == ["containers.inspect", "execs.create", "execs.attach", "execs.inspect"]
    assert engine.fed == b"in" and engine.given("execs.create")["container"] == "1" * 64


@pytest.mark.parametrize("name", ["docker", "podman"])
def test_what_an_engine_adds_is_left_out(name: str) -> None:
    added = b"Error: read unixpacket @->/run/attach: read: connection reset by peer\n"
    engine = Engine(name, says=[(2, b"Error: mine\n"), (2, added[:20]), (2, added[20:])])
    assert ran(engine)[2] == (b"Error: mine\n" if name == "podman" else b"Error: mine\n" + added)


def test_a_container_that_was_made_anew_is_found_by_its_name() -> None:
    engine = Engine()
    engine.found = [Engine.one("1"), Engine.one("2")]
    engine.fail["execs.create"] = EngineError("No such container", 404)
    assert ran(engine)[0] == 0
    assert engine.given("execs.create")["container"] == "2" * 64


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"Paused": True}, "is paused"),
        ({"Restarting": True, "ExitCode": 1}, "is restarting"),
        ({"Running": False, "Status": "exited", "ExitCode": 9}, "exit code 9"),
    ],
)
def test_a_container_that_no_command_can_run_in_is_told_of(state: dict[str, Any], words: str) -> None:
    engine = Engine()
    engine.found = [Engine.one("1"), Engine.one("1", **state)]
    engine.fail["execs.create"] = EngineError("is not running", 409)
    with pytest.raises(EngineError, match=words) as caught:
        ran(engine)
    assert caught.value.kind == "container_stopped"


def test_a_refusal_of_a_container_that_runs_is_the_engine_s_own() -> None:
    engine = Engine()
    engine.fail["execs.create"] = EngineError("out of memory", 500)
    with pytest.raises(EngineError, match="out of memory"):
        ran(engine)


def test_a_container_without_a_shell() -> None:
    with pytest.raises(EngineError, match="has no /bin/sh") as caught:
        ran(Engine(says=[(1, NO_SHELL.encode())], code=127))
    assert caught.value.kind == "no_shell" and "remote_container_exec" in caught.value.hint


@pytest.mark.parametrize("looks", [1, 2, 4])
def test_a_container_that_is_killed_under_a_command(looks: int) -> None:
    """Its engine may tell of the command before it knows of the container."""
    engine = Engine(code=137)
    engine.found = [*(Engine.one("1") for _look in range(looks)), Engine.one("1", Running=False, Status="exited")]
    with pytest.raises(EngineError, match="while a command ran in it") as caught:
        ran(engine)
    assert caught.value.kind == "container_stopped"
    assert ran(Engine(code=137))[0] == 137, "only the command was killed"


@pytest.mark.parametrize(("user", "requests"), [(None, ["archives.put"]), ("web", ["execs.create", "execs.attach"])])
def test_files_go_through_archives_for_root_and_a_shell_for_others(
    tmp_path: Path, user: str | None, requests: list[str]
) -> None:
    local, engine = tmp_path / "a", Engine()
    local.write_bytes(b"content")
    local.chmod(0o640)
    container(engine, user=user).put(str(local), "/srv/b")
    assert [one for one in engine.requests() if "inspect" not in one] == requests
    if user:
        assert engine.fed == b"content" and engine.given("execs.create")["config"]["User"] == user
        return
    with tarfile.open(fileobj=io.BytesIO(engine.archive)) as archive:
        (member,) = archive.getmembers()
    assert (member.name, member.mode, member.size, member.uid) == ("b", 0o640, 7, 0)
    assert engine.given("archives.put")["directory"] == "/srv"
    container(engine).fetch("/srv/b", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == b"content"


def test_what_archives_refuse_the_shell_does(tmp_path: Path) -> None:
    local, engine = tmp_path / "a", Engine()
    local.write_bytes(b"content")
    engine.fail["archives.put"] = EngineError("read-only file system", 500)
    container(engine).put(str(local), "/srv/b")
    assert engine.fed == b"content"


def test_a_file_that_can_not_be_read_leaves_the_old_one_here(tmp_path: Path) -> None:
    local = tmp_path / "kept"
    local.write_text("old")
    engine = Engine(says=[(2, b"cat: /x: No such file")], code=1)
    with pytest.raises(EngineError, match=r"/x.*No such file"):
        container(engine, user="web").fetch("/x", str(local))
    assert local.read_text() == "old" and [*tmp_path.iterdir()] == [local]
