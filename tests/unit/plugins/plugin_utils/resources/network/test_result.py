# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a network's task as the engine tells it, beside that of community.docker's docker_network."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.actual import Member, network
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.info import present_and_missing
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.options import ARGUMENT_SPEC, parse
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.plan import Observed, plan
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.result import (
    Seen,
    engine,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.raw import without_driver_secrets
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.result_format import ENGINE, Telling

DOCKER = Engine("docker", (26, 1, 5))
INSPECT: dict[str, Any] = {
    "Name": "shop", "Id": "5" * 64, "Created": "2026-11-21T12:00:00Z", "Driver": "bridge", "Scope": "local",
    "EnableIPv6": False, "Internal": False, "Attachable": False, "Ingress": False, "ConfigOnly": False,
    "IPAM": {"Driver": "default", "Options": None, "Config": [{"Subnet": "10.9.0.0/24"}]},
    "Labels": {"a": "1"}, "Options": {"encryption_key": "x"}, "Containers": {},
}  # fmt: skip
MASKED = {**INSPECT, "Options": {"encryption_key": "********"}}
RAW, CHECK, DIFF = Telling(ENGINE), Telling(ENGINE, check=True), Telling(ENGINE, diff=True)
WEB = Member("7" * 64, "web", True, {})


def told(inspect: dict[str, Any] | None, telling: Telling, members: tuple[Member, ...] = (), **given: Any) -> Any:
    """What is told of a task that was only planned."""
    defaults = {name: rule.get("default") for name, rule in ARGUMENT_SPEC.items()}
    options = parse({**defaults, "name": "shop", **given})
    before = network(inspect, DOCKER) if inspect else None
    named = {"web": (WEB.id, "web")} if given.get("connected") else {}
    planned = plan(options, Observed(before, members, named), DOCKER)
    return engine(Seen(options, planned, before, before, members, inspect), telling)


def test_the_network_is_the_inspect_without_secrets() -> None:
    assert told(INSPECT, RAW) == {"changed": False, "network": MASKED, "warnings": []}
    assert without_driver_secrets(INSPECT) == MASKED


def test_none_where_it_is_to_come_and_left_out_where_it_is_to_go() -> None:
    assert told(None, CHECK) == {
        "changed": True, "network": None, "warnings": [], "actions": ["Created network shop with driver bridge"],
        "diff": {"differences": []},
    }  # fmt: skip
    assert told(INSPECT, CHECK, (WEB,), state="absent") == {
        "changed": True, "warnings": [], "diff": {},
        "actions": ["Disconnected container web", "Removed network shop"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({}, []),
        ({"internal": True}, ["internal"]),
        ({"labels": {"a": "2"}}, ["labels.a"]),
        ({"driver_options": {"mtu": "9000"}}, ["driver_options.mtu"]),
        (
            {"ipam_config": [{"subnet": "10.9.0.0/24"}, {"subnet": "10.8.0.0/24", "gateway": "10.8.0.1"}]},
            ["ipam_config[1].subnet", "ipam_config[1].gateway"],
        ),
    ],
)
def test_a_diff_names_what_differs(given: dict[str, Any], names: list[str]) -> None:
    diff = told(INSPECT, DIFF, **given)["diff"]
    assert diff["differences"] == names and list(diff["before"]) == list(diff["after"]) == ["exists", *names]
    assert told(INSPECT, RAW, **given).get("diff") is None


def test_a_container_that_joins_is_an_action_and_no_difference() -> None:
    assert told(INSPECT, CHECK, connected=["web"])["actions"] == ["Connected container web"]
    diff = told(INSPECT, DIFF, connected=["web"])["diff"]
    assert diff["differences"] == []
    assert (diff["before"]["connected.web"], diff["after"]["connected.web"]) == (False, True)


def test_reading_one_network_gives_it_by_itself() -> None:
    found, one = {"shop": network(INSPECT, DOCKER)}, {"name": ["shop"], "labels": {}}
    told_of = present_and_missing(found, [MASKED], one, RAW)
    assert told_of["network"] == MASKED and told_of["networks"] == [MASKED] and told_of["exists"]
    gone = present_and_missing({"shop": None}, [], one, RAW)
    assert gone["network"] is None and gone["missing"] == ["shop"] and not gone["exists"]
