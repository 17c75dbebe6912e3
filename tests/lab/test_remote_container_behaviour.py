# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a task goes about things, on every engine of the lab: jobs that run to their end, killing, files of variables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from container_place import APP, NAME, Place, actions, ansible_at_places, cleared, on_every_place, places, predicted
from engine_cases import NEWEST_HOST

__all__ = ["places"]  # a fixture

pytestmark = pytest.mark.newest


def test_jobs_run_to_their_end(places: list[Place], tmp_path: Path) -> None:
    (tmp_path / "job.env").write_text("# for the job\nWORD=from-file\nOTHER=file\n")
    good = {
        "image": APP, "detach": False, "cleanup": True, "env_file": str(tmp_path / "job.env"), "env": {"OTHER": "task"},
        "command": ["sh", "-c", "echo $WORD; sleep 1; echo $OTHER >&2"], "log_driver": "json-file",
    }  # fmt: skip
    bad = {**good, "command": ["sh", "-c", "echo the last words; exit 7"]}
    gone = {**good, "auto_remove": True, "cleanup": False}
    steps = [{**good, "_check": True}, good, {**bad, "_fails": True}, {"state": "absent"}, gone]
    told, _said = ansible_at_places(cleared(places), tmp_path, lambda _place: steps)
    for here, (check, done, failed, removed, vanished) in zip(places, told, strict=True):
        predicted(check, done)
        assert actions(done) == ["create", "start", "await_end", "remove"]
        assert (done["status"], sorted(done["output"].split())) == (0, ["from-file", "task"])
        assert done["container"] is None
        assert failed["failed"] and failed["status"] == 7 and failed["output"].strip() == "the last words"
        assert failed["error"]["kind"] == "container_ended" and failed["container"]["exit_code"] == 7
        lost = "lost" in " ".join(vanished.get("warnings", []))  # where the engine was faster than we
        assert removed["changed"] and vanished["status"] == (None if lost else 0)
        assert NAME not in here.names()


@on_every_place
def test_containers_are_killed_and_paused_as_the_peer_does(place: Place) -> None:
    deaf = ["sh", "-c", "trap '' TERM; trap 'exit 5' INT; while true; do sleep 0.2; done"]
    base: dict[str, Any] = {"image": APP, "command": deaf, "stop_timeout": 100, "force_kill": True}
    steps = [
        {**base, "paused": True}, {**base, "paused": True}, {**base, "paused": False},
        {**base, "state": "stopped", "kill_signal": "INT"}, base, {**base, "recreate": True},
        {**base, "state": "absent", "removal_wait_timeout": 20},
    ]  # fmt: skip
    paused, again, resumed, killed, _started, recreated, removed = place.steps(steps)
    assert paused["container"]["paused"] and not again["changed"]
    assert actions(resumed) == ["unpause"]
    assert actions(killed) == ["stop"] and killed["container"]["exit_code"] == 5
    assert actions(recreated) == ["recreate"] and actions(removed) == ["remove"]


@on_every_place
def test_values_that_ask_for_what_there_is_anyway(place: Place) -> None:
    base: dict[str, Any] = {
        "image": APP, "stop_timeout": 0, "volumes": ["/anon:rw", "/srv:/srv:ro,Z"], "restart_retries": 0,
        "env": {"GID": 1000}, "log_driver": "json-file", "log_options": {"max-file": 5}, "pid_mode": "private",
        "uts": "private", "runtime": "runc", "volume_driver": "local", "network_mode": "default",
        "ipc_mode": "private", "userns_mode": "",
    }  # fmt: skip
    done, again, unlabelled = place.steps([base, base, {**base, "volumes": ["/srv:/srv:ro"]}])
    assert not again["changed"], again
    assert done["container"]["env"]["GID"] == "1000" and len(done["warnings"]) == len(again["warnings"]) == 2
    assert {mount["destination"]: mount["type"] for mount in done["container"]["mounts"]}["/anon"] == "volume"
    assert actions(unlabelled) == (["recreate"] if place.engine == "docker" else [])


@on_every_place
def test_networks_have_more_than_a_name(place: Place) -> None:
    address = "92:d0:c6:0a:29:33"
    newer_docker = place.engine == "docker" and place.host != "bookworm1"
    network: dict[str, Any] = {"name": "lab-front"}
    if place.engine == "docker":
        network |= {"driver_opts": {"lab.example": "1"}, "links": []}
    if place.engine == "podman" or newer_docker:
        network["mac_address"] = address
    base = {"image": APP, "stop_timeout": 0, "networks": [network]}
    both = {**base, "networks": [network, {"name": "lab-back"}], "networks_cli_compatible": False}
    first = [{**base, "networks": [{"name": "lab-front"}]}] if place.engine == "docker" else []  # has no driver_opts
    *_without, done, again, more, last = place.steps([*first, base, base, both, both])
    assert done["changed"] and not again["changed"], again
    if "mac_address" in network:
        assert done["container"]["networks"]["lab-front"]["mac_address"] == address
    assert {"lab-front", "lab-back"} < set(more["container"]["networks"]) and not last["changed"]


@on_every_place
def test_the_network_with_the_highest_priority_has_the_gateway(place: Place) -> None:
    def of(*priorities: int | None) -> dict[str, Any]:
        networks = zip(("lab-front", "lab-back"), priorities, strict=True)
        return {"image": APP, "stop_timeout": 0, "networks": [
            {"name": name, **({} if one is None else {"gw_priority": one})} for name, one in networks
        ]}  # fmt: skip

    if place.engine == "podman" or place.host != NEWEST_HOST:
        (failed,) = place.steps([{**of(None, 1), "_fails": True}])
        assert failed["error"]["option"] == "networks.gw_priority" and "does not support it" in failed["msg"]
        assert NAME not in place.names()
        return
    _made, check, done, again, kept = place.steps(
        [of(None, None), {**of(None, 10), "_check": True}, of(None, 10), of(None, 10), of(None, None)]
    )
    predicted(check, done)
    assert actions(done) == ["disconnect_network", "connect_network"]
    assert not again["changed"] and not kept["changed"]
    gateway = done["container"]["networks"]["lab-back"]["gateway"]
    routes = place.lab.ssh(place.host, place.engine, "exec", NAME, "/bin/busybox", "ip", "route")
    assert f"default via {gateway} " in routes
    (lowered,) = place.steps([of(5, 0)])
    assert lowered["changed"] and lowered["container"]["networks"]["lab-front"]["gateway"] != gateway
    assert f"default via {gateway} " not in place.lab.ssh(
        place.host, place.engine, "exec", NAME, "/bin/busybox", "ip", "route"
    )
