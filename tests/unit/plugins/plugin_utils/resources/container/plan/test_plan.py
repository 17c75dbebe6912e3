# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From differences and states to steps."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.plan import (
    Observed,
    needs_pull,
    plan,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.result import report
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.plan import Plan
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import Masker

Make = Callable[..., Options]

FOUND = {
    "created": {"Status": "created", "Running": False, "Paused": False},
    "running": {"Status": "running", "Running": True, "Paused": False},
    "paused": {"Status": "paused", "Running": True, "Paused": True},
    "exited": {"Status": "exited", "Running": False, "Paused": False},
    "restarting": {"Status": "restarting", "Running": True, "Paused": False, "Restarting": True},
}

# By wanted state: the steps from absent, created or exited, running or restarting, paused.
STATES = {
    "absent": ("", "remove", "remove", "remove"),
    "present": ("create", "", "", ""),
    "started": ("create start", "start", "", ""),
    "stopped": ("create", "", "stop", "unpause stop"),
    "restarted": ("create start", "start", "restart", "unpause restart"),
    "paused": ("create start pause", "start pause", "pause", ""),
    "unpaused": ("create start", "start", "", "unpause"),
}
COLUMN = {"absent": 0, "created": 1, "exited": 1, "running": 2, "restarting": 2, "paused": 3}


def steps(found: Plan) -> str:
    return " ".join(step.action for step in found.steps)


def in_state(recorded: Any, state: str) -> Observed:
    if state == "absent":
        return Observed(None, recorded.image)
    container = copy.deepcopy(recorded.plain)
    container["State"].update(FOUND[state])
    return Observed(container, recorded.image)


@pytest.mark.parametrize("wanted", STATES)
@pytest.mark.parametrize("found", COLUMN)
def test_from_every_state_to_every_state(make: Make, recorded: Any, found: str, wanted: str) -> None:
    options = make(name="plain", image="localhost/app:1", state=wanted)
    assert steps(plan(options, in_state(recorded, found), recorded.engine)) == STATES[wanted][COLUMN[found]]


@pytest.mark.parametrize("wanted", [state for state in STATES if state not in ("absent", "restarted")])
@pytest.mark.parametrize("found", COLUMN)
def test_the_diff_shows_a_change_exactly_when_there_is_one(make: Make, recorded: Any, found: str, wanted: str) -> None:
    planned = plan(
        make(name="plain", image="localhost/app:1", state=wanted), in_state(recorded, found), recorded.engine
    )
    diff = report.diff(planned, Masker())
    assert planned.changed == (diff["before"] != diff["after"])


# What a container that has to be recreated does afterwards.
RECREATED = [
    ("started", "running", True, ""), ("started", "exited", True, ""), ("started", "paused", True, ""),
    ("stopped", "running", False, ""), ("present", "running", True, ""), ("present", "paused", True, ""),
    ("present", "exited", False, ""), ("paused", "running", True, "pause"), ("restarted", "running", True, ""),
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "found", "started", "then"), RECREATED)
def test_recreated(make: Make, recorded: Any, wanted: str, found: str, started: bool, then: str) -> None:
    options = make(name="plain", image="localhost/app:1", command="other", state=wanted)
    planned = plan(options, in_state(recorded, found), recorded.engine)
    assert steps(planned) == f"recreate {then}".strip()
    assert planned.steps[0].args["start"] is started
    assert planned.steps[0].reason == "command differs"


def test_recreate_and_restart_on_wish(make: Make, recorded: Any) -> None:
    running = in_state(recorded, "running")
    recreated = plan(make(name="plain", recreate=True), running, recorded.engine)
    assert (steps(recreated), recreated.after) == ("recreate", {"recreated": True})
    assert steps(plan(make(name="plain", restart=True), running, recorded.engine)) == "restart"
    assert steps(plan(make(name="plain", restart=True, recreate=True), running, recorded.engine)) == "recreate"
    assert steps(plan(make(name="plain", restart=True, state="present"), running, recorded.engine)) == ""


def test_without_an_image_option_the_container_keeps_its_own(make: Make, recorded: Any) -> None:
    planned = plan(make(name="plain", command="other"), in_state(recorded, "running"), recorded.engine)
    assert planned.steps[0].args["body"]["Image"] == "localhost/app:1"


def test_creating_needs_an_image(make: Make, recorded: Any) -> None:
    with pytest.raises(InvalidOption) as refused:
        plan(make(), Observed(), recorded.engine)
    assert refused.value.option == "image"


# Changed in the living container, by engine: the body of the update.
POLICY = {"Name": "no", "MaximumRetryCount": 0}
LIVE = [
    ("docker-20.10", {"memory": "64M"}, {"Memory": 67108864, "MemorySwap": 134217728}),
    ("docker-26.1", {"cpus": 0.5}, {"NanoCpus": 500_000_000}),
    ("docker-26.1", {"restart_policy": "on-failure", "restart_retries": 2},
     {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 2}}),
    ("podman-5.4", {"memory": "64M"}, {"Memory": 67108864, "MemorySwap": 134217728, "RestartPolicy": POLICY}),
    ("podman-5.4", {"cpus": 0.5, "restart_policy": "always"},
     {"NanoCpus": 500_000_000, "RestartPolicy": {"Name": "always", "MaximumRetryCount": 0}}),
]  # fmt: skip


@pytest.mark.parametrize(("version", "change", "body"), LIVE)
def test_updated_live(
    make: Make, recording: Callable[[str], Any], version: str, change: dict[str, Any], body: dict[str, Any]
) -> None:
    recorded = recording(version)
    planned = plan(make(name="plain", **change), in_state(recorded, "running"), recorded.engine)
    assert steps(planned) == "update"
    assert planned.steps[0].args["body"] == body


STOPPED_LIVE = [("podman-5.4", "RestartPolicy"), ("docker-20.10", "RestartPolicy"), ("docker-26.1", "RestartPolicy")]


@pytest.mark.parametrize(("version", "field"), STOPPED_LIVE)
def test_the_restart_policy_of_a_stopped_container_is_updated(
    make: Make, recording: Callable[[str], Any], version: str, field: str
) -> None:
    recorded = recording(version)
    planned = plan(
        make(name="plain", restart_policy="always", state="present"), in_state(recorded, "exited"), recorded.engine
    )
    assert steps(planned) == "update" and set(planned.steps[0].args["body"]) == {field}


def test_docker_takes_no_cpus_where_a_quota_is_set(make: Make, recording: Callable[[str], Any]) -> None:
    for version, step in (("docker-26.1", "recreate"), ("podman-5.4", "update")):
        recorded = recording(version)
        observed = in_state(recorded, "running")
        observed.container["HostConfig"].update(CpuPeriod=100000, CpuQuota=50000)  # type: ignore[index]
        assert steps(plan(make(name="plain", cpus=0.75), observed, recorded.engine)) == step


NOT_LIVE = [
    ("podman-4.3", "running", {"memory": "64M"}),
    ("podman-4.3", "running", {"restart_policy": "always"}),
    ("podman-5.4", "exited", {"memory": "64M"}),
    ("docker-26.1", "running", {"memory": "64M", "command": "other"}),
]


@pytest.mark.parametrize(("version", "found", "change"), NOT_LIVE)
def test_not_live(
    make: Make, recording: Callable[[str], Any], version: str, found: str, change: dict[str, Any]
) -> None:
    recorded = recording(version)
    planned = plan(make(name="plain", **change), in_state(recorded, found), recorded.engine)
    assert steps(planned).startswith("recreate")


def test_a_limit_is_taken_away_by_recreating(make: Make, recorded: Any) -> None:
    for change in ({"memory": "0"}, {"cpus": 0}):
        assert steps(plan(make(**change), Observed(recorded.full), recorded.engine)) == "recreate"


def test_an_update_that_did_not_take_recreates(make: Make, recorded: Any) -> None:
    planned = plan(make(name="plain", memory="64M"), in_state(recorded, "running"), recorded.engine, live=False)
    assert steps(planned) == "recreate"
    assert plan(make(name="plain", memory="0"), in_state(recorded, "running"), recorded.engine, live=False) == Plan()


def test_networks_are_connected_live(make: Make, recorded: Any) -> None:
    networks = [{"name": "backend", "aliases": ["app", "new"]}, {"name": "front"}]
    planned = plan(make(networks=networks), Observed(recorded.full), recorded.engine)
    assert [(step.action, step.args["network"]) for step in planned.steps] == [
        ("disconnect_network", "backend"),
        ("connect_network", "backend"),
        ("connect_network", "front"),
    ]
    assert planned.steps[0].reason == "its settings differ"
    strict = make(networks=[], comparisons={"networks": "strict"})
    assert plan(strict, Observed(recorded.full), recorded.engine).steps[0].reason == "it is not among the networks"
    assert steps(plan(strict, Observed(recorded.full), recorded.engine)) == "disconnect_network"


def test_the_modes_network_is_wanted_too(make: Make, recorded: Any) -> None:
    options = make(networks=[], network_mode="backend", comparisons={"networks": "strict"})
    assert plan(options, Observed(recorded.full), recorded.engine) == Plan()


def test_an_address_of_an_interface_is_refused_where_it_can_not_be(make: Make, recorded: Any) -> None:
    options = make(name="plain", image="localhost/app:1", published_ports=["[fe80::1%eth0]:80:80"])
    if recorded.engine.binds_to_zones:
        assert plan(options, Observed(None, recorded.image), recorded.engine).changed
        return
    with pytest.raises(InvalidOption, match="published_ports"):
        plan(options, Observed(None, recorded.image), recorded.engine)


PULLS = [
    ({"pull": "always"}, True, True), ({"pull": "always"}, False, True), ({}, True, False), ({}, False, True),
    ({"pull": "never"}, False, False), ({"pull": "always", "state": "absent"}, False, False),
    ({"pull": "always", "image": "sha256:" + "0" * 64}, False, False), ({"image": None}, False, False),
]  # fmt: skip


@pytest.mark.parametrize(("params", "there", "pulls"), PULLS)
def test_needs_pull(make: Make, params: dict[str, Any], there: bool, pulls: bool) -> None:
    options = make(**{"image": "localhost/app:1", **params})
    assert needs_pull(options, Observed(None, {"Id": "x"} if there else None)) is pulls


def test_the_diff_masks_secrets_and_shows_that_they_differ(make: Make, recorded: Any) -> None:
    options = make(env={"DB_PASSWORD": "another", "A": "2", "NEW_TOKEN": "tok"})
    diff = report.diff(plan(options, Observed(recorded.full), recorded.engine), Masker())
    assert diff["before"] == {"env": {"A": "1", "DB_PASSWORD": "******** (old)"}}
    assert diff["after"] == {"env": {"A": "2", "DB_PASSWORD": "******** (new)", "NEW_TOKEN": "********"}}


def test_actions_name_networks(make: Make, recorded: Any) -> None:
    planned = plan(make(networks=[{"name": "front"}]), Observed(recorded.full), recorded.engine)
    (action,) = planned.actions()
    assert (action["action"], action["network"]) == ("connect_network", "front")
