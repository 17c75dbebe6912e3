# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What failures of a container tell, on every engine: the engine's words and the last 20 lines of the log, masked.

Those of recreations are in test_recreate_faults.py.
"""

from __future__ import annotations

from typing import Any

from engine_cases import IMAGE
from everywhere import everywhere
from lab_hosts import Lab
from recreate_place import BARE, NETWORK, SECRET, TALK, TALKATIVE, Place, ends_with_log, fails, opened, ready, sh

__all__ = ["ready"]  # a fixture

ENDS = {**BARE, **TALKATIVE, "command": sh(TALK)}
STAYS = {**BARE, **TALKATIVE, "command": sh(f"{TALK}; sleep 600")}
NO_LOG = "Its log cannot be read: "


def start_fails(place: Place) -> None:
    """Somebody else has taken the port since it ran."""
    ports: dict[str, Any] = {"published_ports": [f"{place.port}:80"]}
    place.run(**ENDS | ports, wait_for={"state": "exited"})
    with place.client() as client:
        taken = {"80/tcp": [{"HostPort": str(place.port)}]}
        body = {"Image": IMAGE, "Cmd": ["sleep", "600"], "ExposedPorts": {"80/tcp": {}}}
        client.containers.create("rc-other", {**body, "HostConfig": {"PortBindings": taken}})
        client.containers.start("rc-other")
        failed = fails(place, f"could not start \\(image {IMAGE}\\): .*already", **ENDS | ports)
        client.containers.remove("rc-other", force=True)
    assert failed.kind == "port_in_use"
    ends_with_log(failed.message)


def restart_fails(place: Place) -> None:
    """A directory of the host that it needs is gone."""
    directory = f"/run/rc-{place.engine}"
    place.lab.ssh(place.host, "mkdir", "-p", directory)
    mounted = {"mounts": [{"type": "bind", "source": directory, "target": "/here"}]}
    place.run(**STAYS | mounted)
    place.lab.ssh(place.host, "rmdir", directory)
    failed = fails(place, rf"could not restart .*{directory}", **STAYS | mounted, restart=True)
    ends_with_log(failed.message)


def wait_fails(place: Place) -> None:
    failed = fails(place, "a matching line", **STAYS, wait_for={"log": "never", "timeout": 0.2})
    ends_with_log(failed.message)


def wait_fails_without_a_log(place: Place) -> None:
    wait_for = {"port": 80, "timeout": 0.2}
    failed = fails(place, "port 80 on the container", **STAYS, log_driver="none", wait_for=wait_for)
    assert NO_LOG in failed.message and failed.message.endswith(".") and failed.kind == "not_in_time"


def job_fails(place: Place) -> None:
    failing = {**ENDS, "command": sh(f"{TALK}; exit 6")}
    result = place.run(**failing, detach=False, log_driver="json-file")
    assert result["failed"] and result["status"] == 6 and "ended with exit code 6." in result["msg"]
    assert result["output"].splitlines() == [f"line {number}: ********." for number in range(1, 26)]
    assert result["msg"].splitlines()[1:] == [
        "The end of its output:",
        *(f"    {line}" for line in result["output"].splitlines()[5:]),
    ]
    again = place.run(**failing, detach=False, log_driver="none")
    assert again["failed"] and (again["status"], again["output"]) == (6, "")
    assert "ended with exit code 6." in again["msg"]


def connect_fails(place: Place) -> None:
    first = place.run(**STAYS)
    foreign = {"networks": [{"name": NETWORK, "ipv4_address": "192.0.2.7"}]}
    failed = fails(place, f"could not be connected to the network {NETWORK}: .*192.0.2.7|subnet", **STAYS | foreign)
    assert SECRET not in failed.message
    assert place.inspect()["Id"].startswith(first["container"]["id"]) and place.inspect()["State"]["Running"]


def create_fails(place: Place) -> None:
    failed = fails(place, f"could not be created from {IMAGE}: .*(?i:cap)", **STAYS, capabilities=["NO_SUCH"])
    assert "log" not in failed.message and place.names() == []


def update_fails(place: Place) -> None:
    """What can't be changed live is tried with a new container, which can't have it either."""
    first = place.run(**STAYS)
    failed = fails(place, "(?s)could not be recreated: .*(?i:cpu).* is back and is running", **STAYS, cpuset_cpus="999")
    assert SECRET not in failed.message
    assert place.inspect()["Id"].startswith(first["container"]["id"]) and place.inspect()["State"]["Running"]


CASES = (
    start_fails, restart_fails, wait_fails, wait_fails_without_a_log, job_fails, connect_fails, create_fails,
    update_fails,
)  # fmt: skip


def test_what_failures_tell(ready: Lab) -> None:
    def examine(host: str, engine: str) -> None:
        with opened(ready, host, engine) as place:
            for case in CASES:
                place.clear()
                case(place)

    everywhere(examine)
