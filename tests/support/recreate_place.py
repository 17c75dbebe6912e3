# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One engine of one lab host, for tests of recreations that fail or are cut.

Where a moment can't be met from outside, the real client is wrapped: something happens (the process kills itself, the
connection is cut) right after, or in the middle of, the n-th request that changes something.
"""

from __future__ import annotations

import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from engine_cases import ENGINES, IMAGE, MAKE_IMAGE, SOCKETS, Forward, open_forward
from lab_hosts import Lab

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.protocol import REQUESTS, Client
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import parse
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.run import run_container

NAME = "rc-app"
NETWORK = "rc-net"
# Of the options that every container here has, those that a test may not need.
BARE: dict[str, Any] = dict.fromkeys(("restart_policy", "published_ports", "networks", "volumes"))
PORT = {"podman": 18500, "docker": 18510}
Happening = Callable[[], object]
IN_THE_MIDDLE = 0.02  # seconds after a request was sent


def briefly(seconds: float) -> None:
    """No engine is only restarting."""
    time.sleep(min(seconds, 0.3))


class Faulty:
    """An EngineClient that has something happen after, or in the middle of, a changing request.

    :param at: its number, or its name: ``containers.stop``.
    """

    def __init__(
        self, client: EngineClient, at: int | str, happens: Callable[[], object], middle: bool = False
    ) -> None:
        self._client = client
        self._at = at
        self._count = 0
        self._happens = happens
        self._middle = middle

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._client, name)
        return _FaultyGroup(self, name, value) if name in REQUESTS else value

    def counted(self, name: str, request: Callable[..., Any]) -> Callable[..., Any]:
        """A request that changes something, with what happens at it."""

        def call(*args: Any, **kwargs: Any) -> Any:
            self._count += 1
            now = self._at in (name, self._count)
            if now and self._middle:
                threading.Timer(IN_THE_MIDDLE, self._happens).start()
            try:
                return request(*args, **kwargs)
            finally:
                if now and not self._middle:
                    self._happens()

        return call


class _FaultyGroup:
    def __init__(self, faulty: Faulty, name: str, requests: Any) -> None:
        self._faulty = faulty
        self._name = name
        self._requests = requests

    def __getattr__(self, name: str) -> Any:
        request = getattr(self._requests, name)
        changes = REQUESTS[self._name][name]
        return self._faulty.counted(f"{self._name}.{name}", request) if changes else request


@dataclass
class Place:
    """One engine of one host, reached through a plain ``ssh -N``."""

    lab: Lab
    host: str
    engine: str
    directory: Path
    forward: Forward = field(init=False)
    volumes_before: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.port = PORT[self.engine]
        self.connect()

    def connect(self) -> None:
        for path in self.directory.iterdir():
            path.unlink()
        self.forward = open_forward(self.lab, self.host, self.directory)

    def cut(self) -> None:
        self.forward.process.kill()
        self.forward.process.wait()

    def client(self) -> EngineClient:
        return EngineClient(self.forward.socket(self.engine), timeout=30)

    def run(self, client: Client | None = None, *, check_mode: bool = False, **change: Any) -> dict[str, Any]:
        given = {**self.base(), **change}
        options = parse({key: value for key, value in given.items() if value is not None})
        how: dict[str, Any] = {"check_mode": check_mode, "sleep": briefly, "listeners": self.listeners}
        if client is not None:
            return run_container(client, options, **how)
        with self.client() as own:
            return run_container(own, options, **how)

    def base(self) -> dict[str, Any]:
        return {
            "name": NAME, "image": IMAGE, "command": ["sleep", "600"], "stop_timeout": 0, "keep_volumes": False,
            "restart_policy": "always", "published_ports": [f"{self.port}:80"], "networks": [{"name": NETWORK}],
            "volumes": ["rc-volume:/v", "/anonymous"],
        }  # fmt: skip

    def listeners(self, inspect: Mapping[str, Any]) -> tuple[str, str]:
        """As ``action.listeners``, over a plain ssh."""
        net = f"/proc/{inspect['State']['Pid']}/net"
        read = f"cat {net}/tcp {net}/tcp6; echo =; cat /proc/net/tcp /proc/net/tcp6"
        inside, _between, outside = self.lab.ssh(self.host, "sh", "-s", input=read, check=False).partition("\n=\n")
        return inside, outside

    def killed(self, at: int | str, middle: bool = False, **change: Any) -> bool:
        """A run in a process of its own that is killed there; False when it had ended before."""
        if (child := os.fork()) == 0:
            try:
                with self.client() as client:
                    self.run(Faulty(client, at, lambda: os.kill(os.getpid(), signal.SIGKILL), middle), **change)
            except EngineError:
                pass
            finally:
                os._exit(0)
        _pid, status = os.waitpid(child, 0)
        return os.WIFSIGNALED(status)

    def cli(self, *argv: str, check: bool = True) -> str:
        return self.lab.ssh(self.host, self.engine, *argv, check=check)

    def names(self) -> list[str]:
        with self.client() as client:
            return [entry["Names"][0].lstrip("/") for entry in client.containers.list(filters={"name": ["^rc-"]})]

    def inspect(self, name: str = NAME) -> dict[str, Any]:
        with self.client() as client:
            return client.containers.inspect(name) or {}

    def anonymous_volumes(self) -> set[str]:
        with self.client() as client:
            volumes = client.wire.api.volumes()["Volumes"] or []
        return {one["Name"] for one in volumes if len(one["Name"]) == 64}

    def clear(self) -> None:
        with self.client() as client:
            for name in self.names():
                client.containers.remove(name, force=True, volumes=True)

    def require_service(self, command: list[str] | None = None) -> dict[str, Any]:
        """There is one container, it runs, and it has all that it is to have; nothing else is left."""
        assert self.names() == [NAME]
        inspect = self.inspect()
        assert inspect["State"]["Running"]
        assert inspect["Config"]["Cmd"] == (command or self.base()["command"])
        no_update = (self.host[:8], self.engine) == ("bookworm", "podman")
        assert no_update or inspect["HostConfig"]["RestartPolicy"]["Name"] == "always"
        assert set(inspect["NetworkSettings"]["Networks"]) == {NETWORK}
        assert inspect["NetworkSettings"]["Ports"]["80/tcp"][0]["HostPort"] == str(self.port)
        mounted = {mount.get("Name") or mount["Source"] for mount in inspect["Mounts"]}
        anonymous = self.anonymous_volumes() - self.volumes_before
        assert mounted == {"rc-volume", *anonymous} and len(anonymous) == 1
        return inspect


@pytest.fixture(scope="module")
def ready(session_lab: Lab) -> Iterator[Lab]:
    """A lab whose engines have the image and the network of these tests."""
    hosts = {host for host, _engine in ENGINES}
    for host in hosts:
        networks = "".join(f"{engine} network create {NETWORK}\n" for engine in SOCKETS)  # there may be one already
        session_lab.ssh(host, "sh", "-s", input=f"({MAKE_IMAGE})\n{networks}true\n")
    yield session_lab
    for host in hosts:
        rest = "".join(f"{engine} network rm {NETWORK}; {engine} volume rm rc-volume\n" for engine in SOCKETS)
        session_lab.ssh(host, "sh", "-s", input=f"{rest}true\n")


@contextmanager
def opened(lab: Lab, host: str, engine: str, clear: bool = True) -> Iterator[Place]:
    """A place for one test, without a container if it is cleared; in the end, there must be nothing left but the test's
    container.
    """
    with tempfile.TemporaryDirectory(prefix="rc-") as short:  # a Unix socket's path is short
        place = Place(lab, host, engine, Path(short))
        try:
            if clear:
                place.clear()
            place.volumes_before = place.anonymous_volumes()
            yield place
            assert set(place.names()) <= {NAME}
            place.run(state="absent")
            assert place.anonymous_volumes() == place.volumes_before
        finally:
            place.clear()
            place.cut()


def actions(result: dict[str, Any]) -> list[str]:
    return [action["action"] for action in result["actions"]]


def as_predicted(place: Place, **change: Any) -> dict[str, Any]:
    """The plain next run; it does what check mode says, and is the last to change anything."""
    predicted = place.run(check_mode=True, **change)
    happened = place.run(**change)
    for key in ("changed", "actions", "diff"):
        assert predicted[key] == happened[key]
    unchanged(place, **change)
    return happened


def unchanged(place: Place, **change: Any) -> None:
    again = place.run(check_mode=True, **change)
    assert not again["changed"], again["actions"]


def sh(script: str) -> list[str]:
    return ["sh", "-c", script]


SECRET = "hunter2-and-more"
TALK = "for i in $(seq 1 25); do echo line $i: $DB_PASSWORD.; done"
TALKATIVE = {"env": {"DB_PASSWORD": SECRET}}


def ends_with_log(text: str) -> None:
    """The last 20 of the 25 lines that TALK says, masked, and nothing behind them."""
    assert SECRET not in text
    said = text.splitlines()[-21:]
    assert said == ["The end of its log:", *(f"    line {number}: ********." for number in range(6, 26))], text


def fails(place: Place, words: str, client: Client | None = None, **change: Any) -> EngineError:
    """A run that has to fail with these words (a pattern)."""
    with pytest.raises(EngineError, match=words) as failed:
        place.run(client, **change)
    return failed.value
