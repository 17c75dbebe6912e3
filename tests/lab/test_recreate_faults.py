# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recreations that fail, or lose the engine or the connection, on every engine: nothing is lost, nothing is left.

That they are killed is in test_recreate_killed.py.
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
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from checkout import CHECKOUT
from engine_cases import ENGINES, IMAGE, NEWEST_HOST
from everywhere import everywhere
from lab_hosts import Lab, close_masters
from recreate_place import (
    NAME,
    TALK,
    TALKATIVE,
    Faulty,
    Place,
    actions,
    as_predicted,
    ends_with_log,
    fails,
    opened,
    ready,
    sh,
    unchanged,
)

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

__all__ = ["ready"]  # a fixture

NEW = {"command": ["sleep", "601"]}
BACK = f"The old container {NAME} is back and is running again."


SICK = {"test": ["CMD", "false"], "interval": "1s", "timeout": "1s", "retries": 1}
# One that is started over may run when it is looked at, and then nobody knows its code any more.
ONCE: dict[str, Any] = {"restart_policy": None}
NO_LOG = "(?s)exit code 4.*Its log cannot be read: .*log"
BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "create refused": ({"capabilities": ["NO_SUCH"]}, "(?i)cap"),
    "start fails": ({"command": ["/nope"]}, "/nope"),
    "ends at once": ({"command": sh(f"{TALK}; exit 3"), **ONCE, **TALKATIVE}, "ended at once"),
    "no log": ({"command": sh("exit 4"), "log_driver": "none", **ONCE}, NO_LOG),
    "removed at its end": ({"command": sh("exit 5"), "auto_remove": True, **ONCE}, "ended at once"),
    "port taken": ({"published_ports": ["22:80"]}, "address already in use"),
    "log never comes": ({**NEW, "wait_for": {"log": "ready", "timeout": 0.2}}, "a matching line in its log"),
    "not healthy": ({**NEW, "state": "healthy", "healthcheck": SICK, "healthy_wait_timeout": 0.2}, r"healthy \(it is"),
}  # fmt: skip
KINDS = {"port taken": "port_in_use", "create refused": "engine_error", "start fails": "engine_error"}
KINDS |= dict.fromkeys(("ends at once", "no log", "removed at its end"), "container_ended")
KINDS |= dict.fromkeys(("log never comes", "not healthy"), "not_in_time")


@pytest.mark.fault("The new container is wrong")
def test_whatever_is_wrong_with_the_new_one_the_old_one_serves(ready: Lab) -> None:
    def examine(host: str, engine: str) -> None:
        with opened(ready, host, engine) as place:
            place.run(keep_volumes=None)
            old = place.require_service()
            for case, (change, words) in BROKEN.items():
                error = fails(place, words, keep_volumes=None, **change)
                message = error.message
                assert error.kind == KINDS[case] and BACK in message, case
                inspect = place.require_service()
                assert inspect["Id"] == old["Id"], case
                if case == "create refused":
                    assert inspect["State"]["StartedAt"] == old["State"]["StartedAt"], "it was stopped for nothing"
                if case == "ends at once":
                    ends_with_log(message)
                unchanged(place)

    everywhere(examine)


@pytest.mark.fault("The image vanishes")
def test_an_image_that_vanishes_in_the_middle(ready: Lab) -> None:
    def examine(host: str, engine: str) -> None:
        with opened(ready, host, engine) as place:
            place.cli("tag", IMAGE, "localhost/rc-other:1")
            place.run()
            with place.client() as client:
                faulty = Faulty(client, 1, lambda: place.cli("rmi", "localhost/rc-other:1"))
                failed = fails(place, BACK, faulty, image="localhost/rc-other:1", pull="never")
            assert "image" in failed.message and failed.kind == "image_missing"
            place.require_service()
            unchanged(place)

    everywhere(examine)


def test_a_container_that_its_engine_removes_cannot_be_kept_and_that_is_said(ready: Lab) -> None:
    removed = {"auto_remove": True, "restart_policy": None}

    def examine(host: str, engine: str) -> None:
        with opened(ready, host, engine) as place:
            place.run(**removed)
            done = place.run(**removed, **NEW)
            assert "removed by the engine when it stops" in done["warnings"][0]
            assert place.inspect()["Config"]["Cmd"] == NEW["command"]
            unchanged(place, **removed, **NEW)
            fails(place, f"The old container {NAME} is gone", **removed, command=["/nope"])
            assert place.names() == []
            place.run(**removed)

    everywhere(examine)


@pytest.mark.fault("The connection of a recreation is cut")
def test_the_connection_is_cut_in_the_middle(ready: Lab) -> None:
    def examine(host: str, engine: str) -> None:
        with opened(ready, host, engine) as place:
            place.run()
            with place.client() as client:
                failed = fails(place, "", Faulty(client, "containers.stop", place.cut), **NEW)
            assert failed.kind == "no_answer" and f"{NAME}.sshfleet-old-" in failed.hint
            place.connect()
            as_predicted(place, **NEW)
            place.require_service(NEW["command"])

    everywhere(examine)


UNIT = {"podman": "podman.service", "docker": "docker.service"}


@pytest.mark.fault("The engine is killed and restarted in the middle of a change")
def test_the_engine_is_restarted_in_the_middle(ready: Lab) -> None:
    """The run puts the old one back itself if the engine is there again soon; in any case, the next one converges."""

    def examine(host: str, engine: str) -> None:
        kill = ("systemctl", "kill", "--kill-who=main", "-s", "KILL", UNIT[engine])
        again = f"sleep 0.3; systemctl reset-failed {UNIT[engine]}; systemctl restart {UNIT[engine]}"
        restart = threading.Thread(target=ready.ssh, args=(host, again))

        def killed() -> None:
            ready.ssh(host, *kill, check=False)  # Podman's service may have ended for want of work
            restart.start()

        with opened(ready, host, engine) as place:
            place.run()
            with place.client() as client:
                try:
                    place.run(Faulty(client, "containers.stop", killed), **NEW)
                except EngineError as error:
                    assert BACK in error.message or "un the task again" in str(error)
            restart.join()
            as_predicted(place, **NEW)
            place.require_service(NEW["command"])

    everywhere(examine)


USED: dict[str, tuple[str, str]] = {
    "network_mode": ("--network", f"container:{NAME}"), "ipc_mode": ("--ipc", f"container:{NAME}"),
    "pid_mode": ("--pid", f"container:{NAME}"), "volumes_from": ("--volumes-from", NAME),
}  # fmt: skip


def test_dependents_are_refused_by_name_before_anything_is_touched(ready: Lab) -> None:
    def examine(host: str, engine: str) -> None:
        # Docker's containers don't share their IPC namespace by default.
        used = {option: use for option, use in USED.items() if (engine, option) != ("docker", "ipc_mode")}
        with opened(ready, host, engine) as place:
            place.run(networks=None, published_ports=None)
            old = place.inspect()
            for option, use in used.items():
                place.cli("run", "-d", "--name", f"rc-user-{option}", *use, IMAGE, "sleep", "600")
            everyone = r".*".join(rf"rc-user-{option} \({option}\)" for option in sorted(used))
            refused = fails(place, everyone, networks=None, published_ports=None, **NEW)
            assert refused.kind == "dependents"
            if engine == "podman":
                fails(place, everyone, state="absent")
            now = place.inspect()
            assert (now["Id"], now["State"]["StartedAt"]) == (old["Id"], old["State"]["StartedAt"])
            with place.client() as client:
                for option in used:
                    client.containers.remove(f"rc-user-{option}", force=True, volumes=True)

    everywhere(examine)


def in_the_middle(place: Place, lab: Lab) -> subprocess.Popen[str]:
    """Ansible at work, in the middle of a recreation: the new container runs, the old one is still there."""
    given = {**place.base(), "engine": place.engine, **NEW, "wait_for": {"log": "never", "timeout": 50}}
    binary = Path(sys.executable).parent / "ansible"
    argv = [str(binary), "-i", lab.inventory, place.host, "-m", "remote_container", "-a", json.dumps(given)]
    ansible = subprocess.Popen(
        argv, cwd=CHECKOUT, env=lab.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 40
    while True:
        new = place.inspect()
        if new and new["Config"].get("Cmd") == NEW["command"] and new["State"]["Running"]:
            break
        assert time.monotonic() < deadline and ansible.poll() is None, ansible.communicate()[0]
        time.sleep(0.05)
    assert len(place.names()) == 2
    return ansible


def kill_all(ansible: subprocess.Popen[str], _lab: Lab) -> None:
    """Ansible and its workers, which have sessions of their own."""
    children = subprocess.run(["pgrep", "-P", str(ansible.pid)], capture_output=True, text=True, check=False).stdout
    for process in (ansible.pid, *(int(child) for child in children.split())):
        os.kill(process, signal.SIGKILL)
    ansible.communicate()


def cut_all(ansible: subprocess.Popen[str], lab: Lab) -> None:
    close_masters(lab.runtime)
    said = ansible.communicate(timeout=60)[0]
    assert "FAILED" in said or "UNREACHABLE" in said
    assert f"{NAME}.sshfleet-old-" in said and "run the task again" in said, said


FAULTS: dict[tuple[str, str], Callable[[subprocess.Popen[str], Lab], None]] = {
    ("bookworm1", "podman"): kill_all, ("bookworm1", "docker"): cut_all,
    ("trixie1", "podman"): cut_all, ("trixie1", "docker"): kill_all,
    (NEWEST_HOST, "podman"): kill_all, (NEWEST_HOST, "docker"): cut_all,
}  # fmt: skip


@pytest.mark.fault("Ansible is killed, or its connection cut, in a recreation")
def test_ansible_is_killed_or_its_connection_cut_in_the_middle(ready: Lab) -> None:
    def examine(host: str, engine: str) -> None:
        with opened(ready, host, engine) as place, tempfile.TemporaryDirectory(prefix="lab") as runtime:
            lab = Lab(ready.directory, Path(runtime))
            place.run()
            try:
                FAULTS[host, engine](in_the_middle(place, lab), lab)
                assert actions(as_predicted(place, **NEW)) == ["finish"]
                place.require_service(NEW["command"])
            finally:
                close_masters(lab.runtime)

    everywhere(examine, [engine for engine in FAULTS if engine in ENGINES])
