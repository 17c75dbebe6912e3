# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is no snapshot is refused, by the place in it that is wrong; whatever else is in one is let through."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from fleet_snapshots import EVERYWHERE, container, failed, host, snapshot

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.report.shape import checked

FIRST = "hosts[0].engines[0].containers[0]"
PORTS = {"80/tcp": [{"host_ip": EVERYWHERE, "host_port": "8080"}]}


def good() -> dict[str, Any]:
    app = container("app", ports=copy.deepcopy(PORTS), labels={"a": "b"})
    return snapshot(host("web1", [app]), failed("web2"))


def at(value: Any, path: str, new: Any) -> Any:
    """The snapshot with another value at a place such as hosts[0].host."""
    *way, last = path.replace("[", ".").replace("]", "").split(".")
    inner = value
    for key in way:
        inner = inner[int(key) if isinstance(inner, list) else key]
    inner[int(last) if isinstance(inner, list) else last] = new
    return value


def test_a_snapshot_is_given_back() -> None:
    given = good()
    assert checked(given, "snapshot") is given
    assert given == good()


def test_what_was_not_read_may_be_missing() -> None:
    taken = snapshot(host("web1"))
    del taken["hosts"][0]["engines"][0]["containers"], taken["hosts"][0]["engines"][0]["disk"]
    checked(taken | {"totals": {}, "more": object()}, "snapshot")


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("hosts", None, "hosts must be a list, and is null"),
        ("hosts[1]", "web2", "hosts[1] must be a mapping with texts as keys, and is 'web2'"),
        ("hosts[0]", {}, "hosts[0] must be a mapping with the key 'host', and is a mapping with the keys (none)"),
        ("hosts[0].host", 5, "hosts[0].host must be a text, and is 5"),
        ("hosts[0].groups", "web", "hosts[0].groups must be a list, and is 'web'"),
        ("hosts[0].groups[0]", None, "hosts[0].groups[0] must be a text, and is null"),
        ("hosts[0].reached", "yes", "hosts[0].reached must be true or false, and is 'yes'"),
        ("hosts[0].complete", 1, "hosts[0].complete must be true or false, and is 1"),
        ("hosts[1].error.message", ["x"], "hosts[1].error.message must be a text, and is a list of 1"),
        ("hosts[0].engines[0].engine", {"version": "5"}, "hosts[0].engines[0].engine must be a mapping with the key"),
        ("hosts[0].engines[0].disk.images.size", True, "disk.images.size must be a number, and is True"),
        ("hosts[0].engines[0].disk.images.size", float("nan"), "disk.images.size must be a number, and is nan"),
        (f"{FIRST}.name", None, f"{FIRST}.name must be a text, and is null"),
        (f"{FIRST}.status", {}, f"{FIRST}.status must be a text"),
        (f"{FIRST}.command", 5, f"{FIRST}.command must be a text or a list, and is 5"),
        (f"{FIRST}.health", 1, f"{FIRST}.health must be a text, and is 1"),
        (f"{FIRST}.ports", [], f"{FIRST}.ports must be a mapping"),
        (f"{FIRST}.ports.80/tcp[0].host_port", [], f"{FIRST}.ports.80/tcp[0].host_port must be a text or a number"),
        (f"{FIRST}.labels", {5: "b"}, f"{FIRST}.labels must be a mapping with texts as keys"),
        (f"{FIRST}.labels.a", 5, f"{FIRST}.labels.a must be a text, and is 5"),
        ("totals", [], "totals must be a mapping"),
        ("totals.containers.all", "3", "totals.containers.all must be a number"),
        ("totals.images[0].versions[0].hosts", 1, "totals.images[0].versions[0].hosts must be a list"),
        ("totals.ports[0].container", None, "totals.ports[0].container must be a text"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(path: str, value: Any, told: str) -> None:
    with pytest.raises(InvalidOption) as caught:
        checked(at(good(), path, value), "before")
    assert caught.value.message.startswith("Option 'before' is no snapshot of a fleet: ")
    assert told in caught.value.message
    assert caught.value.told(lambda text: text) == caught.value.message
    assert "remote_fleet_info" in caught.value.hint


@pytest.mark.parametrize("value", [None, [], "text", 5, {}, {"hosts": []}, {1: 2}])
def test_anything_else_is_refused(value: Any) -> None:
    with pytest.raises(InvalidOption, match="is no snapshot of a fleet: it must be "):
        checked(value, "snapshot")


@pytest.mark.parametrize(
    "value",
    [
        "x" * 100_000,
        {"key" * 1000: 1},
        dict.fromkeys(map(str, range(10_000))),
        {"hosts": "x" * 100_000},
        {"hosts": [], "totals": {"hosts": {"x" * 100_000: None}}},
    ],
)
def test_a_large_value_is_not_repeated(value: Any) -> None:
    with pytest.raises(InvalidOption) as caught:
        checked(value, "snapshot")
    assert len(caught.value.message) < 1000


def test_the_command_of_an_inspected_container_is_a_list() -> None:
    checked(at(good(), f"{FIRST}.command", ["sleep", "600"]), "snapshot")


def test_json_of_a_snapshot_is_one() -> None:
    given = json.loads(json.dumps(good()))
    assert checked(copy.deepcopy(given), "snapshot") == given
