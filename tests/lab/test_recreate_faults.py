# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recreations that fail or are cut at any step, on every engine: nothing is lost, and the next run converges.

Where a moment can't be met from outside, the real client is wrapped: the process kills itself (or the engine, or the
ssh connection) right after, or in the middle of, the n-th request that changes something.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from checkout import CHECKOUT
from engine_cases import IMAGE, MAKE_IMAGE, Forward, open_forward
from lab_hosts import Lab, close_masters

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.container import run_container
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options import parse

ENGINES = [(host, engine) for host in ("bookworm1", "trixie1") for engine in ("podman", "docker")]
NAME = "rc-app"
READS = {"inspect_container", "inspect_image", "inspect_network", "list_containers", "logs_tail", "ping", "close"}
MOST_REQUESTS = 20
IN_THE_MIDDLE = 0.02  # seconds after a request was sent


def briefly(seconds: float) -> None:
    """A new container of these tests that can't run has ended after much less."""
    time.sleep(seconds / 3)


class Faulty:
    """An EngineClient that has something happen after, or in the middle of, the n-th changing request."""

    def __init__(self, client: EngineClient, number: int, happens: Callable[[], None], middle: bool = False) -> None:
        self._client = client
        self._left = number
        self._happens = happens
        self._middle = middle

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._client, name)
        if name in READS or not callable(value):
            return value

        def call(*args: Any, **kwargs: Any) -> Any:
            self._left -= 1
            if self._left == 0 and self._middle:
                threading.Timer(IN_THE_MIDDLE, self._happens).start()
            try:
                return value(*args, **kwargs)
            finally:
                if self._left == 0 and not self._middle:
                    self._happens()

        return call


@dataclass
class Place:
    """One engine of one host, reached through a plain ``ssh -N``."""

    lab: Lab
    host: str
    engine: str
    directory: Path
    port: int
    forward: Forward = field(init=False)

    def __post_init__(self) -> None:
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

    def run(self, client: Any = None, *, check_mode: bool = False, **change: Any) -> dict[str, Any]:
        given = {**self.base(), **change}
        options = parse({key: value for key, value in given.items() if value is not None})
        if client is not None:
            return run_container(client, options, check_mode=check_mode, sleep=briefly)
        with self.client() as own:
            return run_container(own, options, check_mode=check_mode, sleep=briefly)

    def base(self) -> dict[str, Any]:
        return {
            "name": NAME, "image": IMAGE, "command": ["sleep", "600"], "stop_timeout": 0, "keep_volumes": False,
            "restart_policy": "always", "published_ports": [f"{self.port}:80"], "networks": [{"name": "rc-net"}],
            "volumes": ["rc-volume:/v", "/anonymous"],
        }  # fmt: skip

    def killed(self, number: int, middle: bool, **change: Any) -> bool:
        """A run in a process of its own that is killed there; False when it had ended before."""
        if (child := os.fork()) == 0:
            try:
                with self.client() as client:
                    die = lambda: os.kill(os.getpid(), signal.SIGKILL)  # noqa: E731
                    self.run(Faulty(client, number, die, middle), **change)
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
            return [entry["Names"][0].lstrip("/") for entry in client.list_containers(filters={"name": ["^rc-"]})]

    def anonymous_volumes(self) -> set[str]:
        return {name for name in self.cli("volume", "ls", "-q").split() if len(name) == 64}

    def clear(self) -> None:
        self.run(state="absent")
        for name in self.names():
            self.cli("rm", "-f", name)

    def require_service(self, command: list[str] | None = None) -> dict[str, Any]:
        """There is one container, it runs, and it has all that it is to have."""
        assert self.names() == [NAME]
        with self.client() as client:
            inspect = client.inspect_container(NAME)
        assert inspect is not None and inspect["State"]["Running"]
        assert inspect["Config"]["Cmd"] == (command or self.base()["command"])
        no_update = (self.host[:8], self.engine) == ("bookworm", "podman")
        assert no_update or inspect["HostConfig"]["RestartPolicy"]["Name"] == "always"
        assert set(inspect["NetworkSettings"]["Networks"]) == {"rc-net"}
        assert inspect["NetworkSettings"]["Ports"]["80/tcp"][0]["HostPort"] == str(self.port)
        assert {m.get("Name") or m["Source"] for m in inspect["Mounts"]} >= {"rc-volume"}
        return inspect


def open_place(lab: Lab, host: str, engine: str) -> Iterator[Place]:
    lab.ssh(host, "sh", "-s", input=MAKE_IMAGE)
    with tempfile.TemporaryDirectory(prefix="rc-") as short:
        place = Place(lab, host, engine, Path(short), 18500 if engine == "podman" else 18510)
        place.cli("network", "create", "rc-net", check=False)
        place.clear()
        before = place.anonymous_volumes()
        yield place
        place.clear()
        left = place.anonymous_volumes() - before
        place.cli("network", "rm", "rc-net", check=False)
        place.cli("volume", "rm", "rc-volume", check=False)
        place.cut()
        assert not left, "anonymous volumes"


@pytest.fixture(params=ENGINES, ids="-".join)
def place(request: pytest.FixtureRequest, session_lab: Lab) -> Iterator[Place]:
    yield from open_place(session_lab, *request.param)


def actions(result: dict[str, Any]) -> list[str]:
    return [action["action"] for action in result["actions"]]


def as_predicted(place: Place, **change: Any) -> dict[str, Any]:
    """The plain next run; it does what check mode says, and is the last to change anything."""
    predicted = place.run(check_mode=True, **change)
    happened = place.run(**change)
    for key in ("changed", "actions", "diff"):
        assert predicted[key] == happened[key]
    again = place.run(**change)
    assert not again["changed"], again["actions"]
    return happened


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "create refused": ({"capabilities": ["NO_SUCH"]}, "(?i)cap"),
    "start fails": ({"command": ["/nope"]}, "/nope"),
    "ends at once": ({"command": ["sh", "-c", "echo last words; exit 3"]}, "the new one ended at once"),
    "port taken": ({"published_ports": ["22:80"]}, "address already in use"),
    "log never comes": ({"command": ["sleep", "601"], "wait_for": {"log": "ready", "timeout": 1.0}}, "matching line"),
}


def test_whatever_is_wrong_with_the_new_one_the_old_one_serves(place: Place) -> None:
    place.run()
    old = place.require_service()
    for case, (change, words) in BROKEN.items():
        with pytest.raises(EngineError, match=words) as failed:
            place.run(**change)
        assert f"The old container {NAME} is back and is running again." in failed.value.message, case
        inspect = place.require_service()
        assert inspect["Id"] == old["Id"], case
        if case == "create refused":
            assert inspect["State"]["StartedAt"] == old["State"]["StartedAt"], "it was stopped for nothing"
        assert not place.run()["changed"], case


def test_an_image_that_vanishes_in_the_middle(place: Place) -> None:
    place.cli("tag", IMAGE, "localhost/rc-other:1")
    place.run()
    vanish = lambda: place.cli("rmi", "localhost/rc-other:1")  # noqa: E731
    with place.client() as client, pytest.raises(EngineError, match="is back and is running again"):
        place.run(Faulty(client, 1, vanish), image="localhost/rc-other:1", pull="never")
    place.require_service()


@pytest.mark.parametrize("middle", [False, True], ids=["after", "in the middle of"])
def test_killed_at_any_request_the_next_run_converges(place: Place, middle: bool) -> None:
    new = {"command": ["sleep", "601"]}
    for number in range(1, MOST_REQUESTS):
        place.run()
        if not place.killed(number, middle, **new) and not middle:
            break
        as_predicted(place, **new)
        place.require_service(new["command"])
        if middle and number == 5:  # the start of the new one
            break
    assert number >= 5


def test_killed_at_any_request_of_a_rollback_the_old_one_comes_back(place: Place) -> None:
    state = "present" if place.engine == "podman" else "started"  # there, nothing but names tells that it has to run
    place.run()
    old = place.require_service()
    for number in range(1, MOST_REQUESTS):
        killed = place.killed(number, False, command=["/nope"], state=state)
        place.run(state=state)
        assert place.require_service()["Id"] == old["Id"]
        if not killed:
            break
    assert number >= 8


def test_absent_removes_what_a_killed_run_left(place: Place) -> None:
    for number in (1, 2, 4):
        place.run()
        assert place.killed(number, False, command=["sleep", "601"])
        predicted = place.run(check_mode=True, state="absent")
        assert predicted["changed"] and place.names()
        assert actions(place.run(state="absent")) == actions(predicted)
        assert place.names() == []


def test_the_connection_is_cut_in_the_middle(place: Place) -> None:
    new = {"command": ["sleep", "601"]}
    for number in (1, 3):
        place.run()
        with place.client() as client, pytest.raises(EngineError) as failed:
            place.run(Faulty(client, number, place.cut), **new)
        assert failed.value.kind == "no_answer" and f"{NAME}.sshfleet-old-" in failed.value.hint
        place.connect()
        as_predicted(place, **new)
        place.require_service(new["command"])


def identity(place: Place) -> tuple[str, str]:
    """It is the same container, and was not stopped."""
    with place.client() as client:
        inspect = client.inspect_container(NAME) or {}
    return inspect["Id"], inspect["State"]["StartedAt"]


DEPENDS = {"network_mode": "--network", "ipc_mode": "--ipc", "pid_mode": "--pid", "volumes_from": "--volumes-from"}


def test_dependents_are_refused_by_name_before_anything_is_touched(place: Place) -> None:
    place.run(networks=None, published_ports=None)
    old = identity(place)
    for option, flag in DEPENDS.items():
        value = NAME if option == "volumes_from" else f"container:{NAME}"
        ipc = place.engine == "docker" and option == "ipc_mode"  # Docker's containers don't share theirs by default
        if ipc:
            continue
        place.cli("run", "-d", "--name", f"rc-user-{option}", flag, value, IMAGE, "sleep", "600")
        with pytest.raises(EngineError, match=rf"rc-user-{option} \({option}\)") as refused:
            place.run(networks=None, published_ports=None, command=["sleep", "601"])
        assert refused.value.kind == "dependents", option
        if place.engine == "podman":
            with pytest.raises(EngineError, match=f"rc-user-{option}"):
                place.run(state="absent")
        with place.client() as client:
            client.remove(f"rc-user-{option}", force=True, volumes=True)
        assert identity(place) == old


def in_the_middle(place: Place, lab: Lab, **change: Any) -> subprocess.Popen[str]:
    """Ansible at work, in the middle of a recreation: the new container runs, the old one is still there."""
    given = {**place.base(), "engine": place.engine, **change, "wait_for": {"log": "never", "timeout": 50}}
    binary = Path(sys.executable).parent / "ansible"
    argv = [str(binary), "-i", lab.inventory, place.host, "-m", "remote_container", "-a", json.dumps(given)]
    ansible = subprocess.Popen(
        argv, cwd=CHECKOUT, env=lab.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 30
    with place.client() as client:
        while True:
            assert time.monotonic() < deadline and ansible.poll() is None, ansible.communicate()[0]
            new = client.inspect_container(NAME) or {"Config": {}, "State": {}}
            if new["Config"].get("Cmd") == change["command"] and new["State"]["Running"]:
                break
            time.sleep(0.05)
    assert len(place.names()) == 2
    return ansible


def kill_all(ansible: subprocess.Popen[str]) -> None:
    """Ansible and its workers, which have sessions of their own."""
    children = subprocess.run(["pgrep", "-P", str(ansible.pid)], capture_output=True, text=True, check=False).stdout
    for process in (ansible.pid, *(int(child) for child in children.split())):
        os.kill(process, signal.SIGKILL)
    ansible.communicate()


def test_ansible_is_killed_or_its_connection_cut_in_the_middle(place: Place, cold_lab: Lab) -> None:
    new = {"command": ["sleep", "601"]}
    for fault in (kill_all, lambda ansible: close_masters(cold_lab.runtime)):
        place.run()
        ansible = in_the_middle(place, cold_lab, **new)
        fault(ansible)
        if ansible.returncode is None:
            said = ansible.communicate(timeout=60)[0]
            assert "FAILED" in said or "UNREACHABLE" in said
            assert f"{NAME}.sshfleet-old-" in said and "run the task again" in said, said
        assert actions(as_predicted(place, **new)) == ["finish"]
        place.require_service(new["command"])


RESTART = {"podman": "podman.service", "docker": "docker.service"}


@pytest.mark.parametrize("engine", RESTART)
def test_the_engine_is_restarted_in_the_middle(session_lab: Lab, engine: str) -> None:
    """The run puts the old one back itself if the engine is there again soon; in any case, the next one converges."""
    for place in open_place(session_lab, "bookworm2", engine):
        new = {"command": ["sleep", "601"]}

        def restart(place: Place = place) -> None:
            place.lab.ssh(
                place.host, "systemctl", "kill", "--kill-who=main", "-s", "KILL", RESTART[engine], check=False
            )
            time.sleep(0.2)
            place.lab.ssh(place.host, "systemctl", "reset-failed", RESTART[engine], check=False)
            place.lab.ssh(place.host, "systemctl", "restart", RESTART[engine])

        for number in (2, 3):
            place.run()
            with place.client() as client:
                try:
                    place.run(Faulty(client, number, restart), **new)
                except EngineError as error:
                    assert "is back and is running again" in error.message or "run the task again" in error.hint
            as_predicted(place, **new)
            place.require_service(new["command"])
