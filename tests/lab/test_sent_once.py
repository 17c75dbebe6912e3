# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A request that changes something is sent once, whatever becomes of its answer: every kind of them, on every engine.

A recorder stands between the client and the forwarded socket of the engine (tests/support/recorder.py).
"""

from __future__ import annotations

import contextlib
import io
import itertools
import tarfile
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from engine_cases import IMAGE
from recorder import Break, Recorder, recording
from resource_world import PREFIX, World, on_every_engine

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.protocol import REQUESTS
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.attempt import attempted

BODY = {"Image": IMAGE, "Cmd": ["sleep", "600"], "StopTimeout": 1, "HostConfig": {"NetworkMode": "none"}}
POD = """\
apiVersion: v1
kind: Pod
metadata: {{name: {name}}}
spec: {{containers: [{{name: one, image: "{image}", command: [sleep, "600"]}}]}}
"""
NUMBERS = itertools.count()


def fresh() -> str:
    return f"{PREFIX}once{next(NUMBERS)}"


def tar(name: str, text: str) -> list[bytes]:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text.encode()))
    return [written.getvalue()]


def container(world: World, state: str = "running") -> str:
    name = fresh()
    world.container(name.removeprefix(PREFIX), start=state != "created")
    if state == "paused":
        world.client.containers.pause(name)
    return name


def command(world: World) -> str:
    config = {"Cmd": ["true"], "AttachStdout": True}
    return world.client.execs.create(container(world), config)


def network(world: World) -> str:
    world.client.networks.create({"Name": (name := fresh()), "Driver": "bridge"})
    return name


def member(world: World) -> tuple[str, str]:
    name = network(world)
    world.container((of := fresh()).removeprefix(PREFIX), name)
    return name, of


def gone_network(world: World) -> tuple[dict[str, Any], Any]:
    name = network(world)
    description = world.client.networks.inspect_native(name) or {}
    world.client.networks.remove(name)
    return {"Name": name, "Driver": "bridge"}, description


def volume(world: World) -> str:
    world.client.volumes.create({"Name": (name := fresh())})
    return name


def image(world: World, registry: str = "localhost") -> str:
    world.client.images.tag(IMAGE, name := f"{registry}/{fresh()}:1")
    return name


def saved(world: World) -> list[bytes]:
    with world.client.images.save([IMAGE]) as pieces:
        return list(pieces)


def secret(world: World) -> str:
    world.client.secrets.create(name := fresh(), b"x")
    return name


def pod(world: World, state: str = "") -> str:
    world.client.pods.create({"name": (name := fresh())})
    if state:
        world.client.pods.start(name)
    if state == "paused":
        world.client.pods.pause(name)
    return name


# The arguments of each request, made on the engine before; it does what it is asked to, or tries.
CASES: dict[str, Callable[[World], tuple[Any, ...]]] = {
    "containers.create": lambda world: (fresh(), BODY),
    "containers.create_native": lambda world: ({"name": fresh(), "image": IMAGE, "command": ["sleep", "600"]},),
    "containers.start": lambda world: (container(world, "created"),),
    "containers.stop": lambda world: (container(world), 0),
    "containers.restart": lambda world: (container(world), 0),
    "containers.kill": lambda world: (container(world), "SIGKILL"),
    "containers.pause": lambda world: (container(world),),
    "containers.unpause": lambda world: (container(world, "paused"),),
    "containers.rename": lambda world: (container(world, "created"), fresh()),
    "containers.remove": lambda world: (container(world, "created"),),
    "containers.update": lambda world: (container(world), {"RestartPolicy": {"Name": "always"}}),
    "execs.create": lambda world: (container(world), {"Cmd": ["true"]}),
    "execs.attach": lambda world: (command(world), lambda stream, data: None),
    "execs.start_detached": lambda world: (command(world),),
    "archives.put": lambda world: (container(world, "created"), "/tmp", tar("f", "text")),
    "images.tag": lambda world: (image(world), f"localhost/{fresh()}:1"),
    "images.remove": lambda world: (image(world),),
    "images.pull": lambda world: (f"localhost:1/{fresh()}:1",),
    "images.push": lambda world: (image(world, "localhost:1"),),
    "images.build": lambda world: (
        {"t": f"localhost/{fresh()}:1"},
        tar("Dockerfile", f"FROM {IMAGE}\nLABEL {PREFIX}once=1\n"),
        lambda entry: None,
    ),
    "images.load": lambda world: (saved(world),),
    "images.prune_builds": lambda world: ({"filters": {"until": ["99999h"]}},),
    "networks.create": lambda world: ({"Name": fresh(), "Driver": "bridge"},),
    "networks.create_again": gone_network,
    "networks.remove": lambda world: (network(world),),
    "networks.connect": lambda world: (network(world), member(world)[1]),
    "networks.disconnect": member,
    "volumes.create": lambda world: ({"Name": fresh()},),
    "volumes.remove": lambda world: (volume(world),),
    "secrets.create": lambda world: (fresh(), b"x"),
    "secrets.remove": lambda world: (secret(world),),
    "pods.create": lambda world: ({"name": fresh()},),
    **{f"pods.{name}": lambda world: (pod(world, "running"),) for name in ("stop", "restart", "pause", "remove")},
    "pods.start": lambda world: (pod(world),),
    "pods.unpause": lambda world: (pod(world, "paused"),),
    "kube.play": lambda world: ("pod", POD.format(name=fresh(), image=IMAGE).encode(), {"start": "false"}),
}
OF_PODMAN = ("secrets.", "pods.", "kube.", "containers.create_native")
OF_DOCKER = ("images.prune_builds",)


def test_every_request_that_changes_something_has_a_case() -> None:
    changes = {f"{group}.{name}" for group, its in REQUESTS.items() for name, changing in its.items() if changing}
    assert set(CASES) == changes


@contextlib.contextmanager
def recorded(world: World) -> Iterator[tuple[Recorder, Callable[[], EngineClient]]]:
    """A recorder before the engine, and what makes a client that goes through it."""
    with tempfile.TemporaryDirectory(prefix="once") as folder:
        path = Path(folder) / "socket"
        engine: Any = world.client
        with recording(engine.wire.socket_path, path) as recorder:
            yield recorder, lambda: EngineClient(str(path), timeout=30, identity=world.client.identity)


def through(connect: Callable[[], EngineClient], work: Callable[[EngineClient], Any]) -> Any:
    """The work as a task does it: once more from the start where that can do nothing twice."""

    def session() -> Any:
        client = connect()
        transport = SimpleNamespace(opened=False, close=lambda: None)
        return SimpleNamespace(
            client=client, transport=transport, close=client.close, forget_engine=lambda: None, problem=None,
            answers=lambda: True,
        )  # fmt: skip

    return attempted(session, lambda session: work(session.client), lambda message: None)


@pytest.mark.fault("Every kind of change loses its answer")
@pytest.mark.fault("The connection is cut before a change has left whole")
@on_every_engine
def test_each_request_is_sent_once_whatever_becomes_of_it(world: World) -> None:
    """First the connection is cut in the middle of its head, then its answer is lost."""
    with recorded(world) as (recorder, connect):
        for case, prepare in CASES.items():
            if case.startswith(OF_DOCKER if world.podman else OF_PODMAN):
                continue
            given = prepare(world)
            ask = partial(_ask, case, given)
            for breaks in (Break.HEAD, Break.ANSWER):
                recorder.again(breaks, at=1)
                with pytest.raises(EngineError) as failed:
                    through(connect, ask)
                assert failed.value.kind == "answer_lost", (case, breaks, failed.value)
                assert "may have been done" in failed.value.message, (case, failed.value.message)
                assert len(recorder.changes) == 1 and recorder.broken == recorder.changes, (case, recorder.came)
    for tag in (tag for one in world.client.images.list() for tag in one.get("RepoTags") or ()):
        if f"/{PREFIX}once" in tag:
            world.client.images.remove(tag, prune=False)


def _run(run: Callable[[World, str], Any], world: World, value: str, client: EngineClient) -> Any:
    return run(world.with_client(client), value)


def _ask(case: str, given: tuple[Any, ...], client: EngineClient) -> Any:
    return attrgetter(case)(client)(*given)


@pytest.mark.fault("A kept connection is closed by the engine")
@on_every_engine
def test_a_connection_that_was_kept_and_is_closed_takes_no_request_along(world: World) -> None:
    with recorded(world) as (recorder, connect):
        recorder.again(Break.CLOSE)
        name, other = fresh(), fresh()

        def work(client: EngineClient) -> None:
            client.containers.create(name, BODY)
            client.containers.rename(name, other)
            client.containers.start(other)
            client.containers.stop(other, 0)
            client.containers.remove(other)

        through(connect, work)
        assert Counter(recorder.changes).most_common(1)[0][1] == 1 and len(recorder.changes) == 5, recorder.came
        assert world.client.containers.inspect(other) is None


NET = f"{PREFIX}net"
MOST = 40


def recreate(world: World, value: str) -> dict[str, Any]:
    options: dict[str, Any] = {"image": IMAGE, "command": ["sleep", "600"], "env": {"V": value}, "stop_timeout": 0}
    return world.run("container", name=f"{PREFIX}app", networks=[{"name": NET}], **options)


def remake(world: World, value: str) -> dict[str, Any]:
    return world.run("network", name=NET, labels={"v": value})


def project(world: World, value: str) -> dict[str, Any]:
    parts = [
        {"name": f"{PREFIX}{name}", "image": IMAGE, "command": ["sleep", "600"], "env": {"V": value}, "stop_timeout": 0,
         "networks": [{"name": NET}]}
        for name in ("db", "web")
    ]  # fmt: skip
    return world.run("containers", name="once", parallel=1, containers=parts, networks=[{"name": NET}])


def sent_again(changes: list[str], lost: str) -> bool:
    """Whether a request comes again, as long as nothing has undone it. What puts the old network back removes the new
    one, of the same name, and does all that was done to it for the old one.
    """
    later = changes[changes.index(lost) + 1 :]
    undone = (number for number, one in enumerate(later) if one.startswith("DELETE /networks/"))
    return lost in later[: next(undone, len(later))]


# Each with a step: of so many of its requests, one is tried. Networks also are in test_network_interrupted.py.
RUNS: dict[Callable[[World, str], dict[str, Any]], int] = {recreate: 1, remake: 3, project: 3}


@pytest.mark.fault("Every kind of change loses its answer")
@on_every_engine
def test_a_run_sends_nothing_again_whose_answer_was_lost(world: World) -> None:
    """Runs of several requests, of which each loses its answer in one of them; the next one converges."""
    world.run("network", name=NET, labels={"v": "begin"})
    with recorded(world) as (recorder, connect):
        for run, step in RUNS.items():
            run(world, "begin")
            for number in range(1, MOST, step):
                value = f"{run.__name__}{number}"
                recorder.again(Break.ANSWER, at=number)
                error = None
                try:
                    through(connect, partial(_run, run, world, value))
                except EngineError as problem:
                    error = problem
                if not recorder.broken:
                    break
                # Whether it fails or not: some requests are only about the journal.
                (lost,) = recorder.broken
                assert not sent_again(recorder.changes, lost), (value, recorder.changes)
                assert error is None or "un the task again" in str(error) or "is back" in error.message, error
                run(world, value)
            assert not run(world, value)["changed"], value
            assert 4 < number < MOST - step, number
