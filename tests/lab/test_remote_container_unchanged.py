# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an engine writes down in another way than it was asked for is still the same; what can't stay is refused."""

from __future__ import annotations

from typing import Any

import pytest
from container_place import APP, NAME, Place, actions, at_places, places, predicted

__all__ = ["places"]  # a fixture
MAC = "92:d0:c6:0a:29:33"
BASE: dict[str, Any] = {"image": APP, "stop_timeout": 0}
EMPTY = (
    "hostname", "ipc_mode", "kernel_memory", "log_driver", "mac_address", "memory", "memory_reservation", "memory_swap",
    "network_mode", "pid_mode", "runtime", "shm_size", "user", "userns_mode", "uts", "working_dir",
)  # fmt: skip


def test_the_same_in_other_words(places: list[Place]) -> None:
    at_places(_in_other_words, places)


def _in_other_words(place: Place) -> None:
    place.clear()
    first, again = place.steps([{**BASE, **dict.fromkeys(EMPTY, "")}] * 2)
    assert first["changed"] and not again["changed"], again
    default = place.client.engine.default_network
    check = place.run(check=True, **BASE, networks=[{"name": "bridge"}, {"name": "lab-front"}])
    done, again = place.steps([{**BASE, "networks": [{"name": "bridge"}, {"name": "lab-front"}]}] * 2)
    predicted(check, done)
    assert actions(done) == ["connect_network"] and not again["changed"], (done, again)
    assert set(done["container"]["networks"]) == {default, "lab-front"}
    if place.engine == "podman":  # an image that was imported has a digest there; test_registry.py has Docker's
        (digest, *_more) = (place.client.images.inspect(APP) or {})["RepoDigests"]
        pinned = f"{APP}@{digest.partition('@')[2]}"
        done, again = place.steps([{**BASE, "image": pinned, "recreate": True}, {**BASE, "image": pinned}])
        assert actions(done) == ["recreate"] and not again["changed"], again
        assert not done["warnings"], done["warnings"]


def test_a_mac_address_in_a_second_network(places: list[Place]) -> None:
    at_places(_second_mac, [place for place in places if (place.engine, place.host) != ("docker", "bookworm1")])


def _second_mac(place: Place) -> None:
    place.clear()
    given = {**BASE, "networks": [{"name": "lab-front"}, {"name": "lab-back", "mac_address": MAC}]}
    place.run(**{**given, "networks": given["networks"][:1]})
    check = place.run(check=True, **given)
    done, again, anew, last = place.steps([given, given, {**given, "recreate": True}, given])
    predicted(check, done)
    assert actions(done) == (["connect_network"] if place.engine == "podman" else ["recreate"])
    assert actions(anew) == ["recreate"]
    for one in (done, anew):
        assert one["container"]["networks"]["lab-back"]["mac_address"] == MAC
        assert not one["warnings"], one["warnings"]
    assert not again["changed"] and not last["changed"], (again, last)


def test_what_is_void_beside_another_option_is_told_once(places: list[Place]) -> None:
    at_places(_void, places)


def _void(place: Place) -> None:
    place.clear()
    port = f"{place.port + 7}:80"
    given = {**BASE, "network_mode": "host", "published_ports": [port]}
    done, again = place.steps([given, given])
    assert [("ublished" in text) for text in done["warnings"]] == [True] and not again["warnings"]
    assert not again["changed"], again
    device = {**BASE, "privileged": True, "devices": ["/dev/null"]}
    done, again = place.steps([device, device])
    assert done["changed"] and not again["changed"], again


def test_a_play_from_scratch_in_check_mode(places: list[Place]) -> None:
    at_places(_from_scratch, places)


def _from_scratch(place: Place) -> None:
    place.clear()
    other = "lab-app-of-the-play"
    cases: list[tuple[str, dict[str, Any]]] = [
        *((option, {option: f"container:{other}"}) for option in ("network_mode", "pid_mode", "ipc_mode")),
        ("volumes_from", {"volumes_from": [other]}),
        ("networks", {"networks": [{"name": other}]}),
        ("network_mode", {"network_mode": other}),
        ("image", {"image": f"localhost/{other}:1", "pull": "never"}),
        ("image", {"image": None, "state": "restarted"}),
        *([("links", {"links": [f"{other}:db"]})] if place.engine == "docker" else []),
    ]
    for option, params in cases:
        told = place.run(check=True, **{**BASE, **params})
        assert not told.get("failed"), told
        assert [text.endswith("on the host; a run needs it.") for text in told["warnings"]] == [True], told
        failed = place.run(**{**BASE, **params})
        assert failed["failed"] and failed["error"]["option"] == option, failed
    assert NAME not in place.names()


@pytest.mark.provokes("in_pod")
def test_a_container_in_a_pod_stays_in_it(places: list[Place]) -> None:
    at_places(_in_a_pod, [place for place in places if place.engine == "podman"])


def _in_a_pod(place: Place) -> None:
    place.clear()
    pod = "lab-app-pod"
    place.cli("pod", "rm", "--force", pod, check=False)
    place.cli("pod", "create", "--infra=false", "--name", pod)
    try:
        place.cli("run", "--detach", "--pod", pod, "--name", NAME, "--stop-timeout", "0", APP)
        before = place.client.containers.inspect(NAME)
        for check in (True, False):
            failed = place.run(check=check, **BASE, command="sleep 77")
            assert failed["error"]["kind"] == "in_pod" and f"in the pod {pod}" in failed["msg"], failed
        assert (place.client.containers.inspect(NAME) or {})["Id"] == (before or {})["Id"]
        assert pod in place.cli("pod", "ps", "--format", "{{.Name}}")
        stopped, removed = place.steps([{**BASE, "state": "stopped"}, {"state": "absent"}])
        assert (actions(stopped), actions(removed)) == (["stop"], ["remove"])
    finally:
        place.cli("pod", "rm", "--force", pod, check=False)
