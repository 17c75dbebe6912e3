# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A container's plans as they print themselves: every kind of step, why it is done, and what it waits for."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.foreground import (
    with_the_end,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.leftover import (
    REPLACES_LABEL,
    as_leftover,
    new_mark,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.plan import Observed, plan
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.plan import Plan

Make = Callable[..., Options]

RUNNING = {"Status": "running", "Running": True, "Paused": False}
PAUSED = {"Status": "paused", "Running": True, "Paused": True}
ENDED = {"Status": "exited", "Running": False, "Paused": False, "ExitCode": 1}
# The title, the state that the container is in (None: there is none), the task.
TASKS: list[tuple[str, dict[str, Any] | None, dict[str, Any]]] = [
    ("as it is", RUNNING, {}),
    ("create", None, {"state": "present"}),
    ("create and start", None, {}),
    ("create, start and pause", None, {"state": "paused"}),
    ("create in a network besides that of its mode", None, {"networks": [{"name": "front"}], "network_mode": "back"}),
    ("run to its end", None, {"detach": False}),
    ("run to its end and remove", ENDED, {"detach": False, "cleanup": True}),
    ("start", ENDED, {}),
    ("stop what is paused", PAUSED, {"state": "stopped"}),
    ("restart", RUNNING, {"state": "restarted"}),
    ("restart is set", RUNNING, {"restart": True}),
    ("pause", RUNNING, {"state": "paused"}),
    ("unpause", PAUSED, {"state": "unpaused"}),
    ("update", RUNNING, {"memory": "64M"}),
    ("update and start", ENDED, {"memory": "64M", "cpus": 0.5}),
    ("join a network", RUNNING, {"networks": [{"name": "front"}, {"name": "back", "aliases": ["b"]}]}),
    ("recreate", RUNNING, {"command": "other", "env": {"A": "1"}}),
    ("recreate is set", RUNNING, {"recreate": True}),
    ("recreate and pause", ENDED, {"command": "other", "state": "paused"}),
    ("remove", RUNNING, {"state": "absent"}),
    ("nothing to remove", None, {"state": "absent"}),
]


def observed(recorded: Any, state: dict[str, Any] | None) -> Observed:
    if state is None:
        return Observed(None, recorded.image)
    container = copy.deepcopy(recorded.plain)
    container["State"].update(state)
    return Observed(container, recorded.image)


def test_plans(make: Make, recording: Any, golden: Any) -> None:
    recorded = recording("docker-26.1")
    plans = {}
    for title, state, params in TASKS:
        options = make(**{"name": "plain", "image": "localhost/app:1", **params})
        plans[title] = with_the_end(options, plan(options, observed(recorded, state), recorded.engine))
    golden("plans.txt", plans)


def interrupted(recorded: Any, new_state: dict[str, Any] | None) -> Observed:
    """An old container that was put aside, and the new one in a state (None: there is none)."""
    old = copy.deepcopy(recorded.plain)
    old["Name"] = f"/{new_mark('plain', old, 'running')}"
    old["State"].update(ENDED)
    new = copy.deepcopy(recorded.plain) | {"Id": "f" * 64} if new_state else None
    if new and new_state:
        new["State"].update(new_state)
        new["Config"]["Labels"] = {REPLACES_LABEL: old["Id"]}
    leftover = as_leftover(old)
    assert leftover is not None
    return Observed(new, recorded.image, leftovers=(leftover,))


def test_what_an_interrupted_recreation_has_left(make: Make, recording: Any, golden: Any) -> None:
    recorded = recording("docker-26.1")
    cases: list[tuple[str, dict[str, Any] | None, dict[str, Any]]] = [
        ("the new one runs", RUNNING, {}),
        ("the new one has failed", ENDED, {}),
        ("the new one has failed and another one is wanted", ENDED, {"command": "other"}),
        ("there is no new one yet", None, {}),
        ("there is no new one yet and it is given by its ID", None, {"name": recorded.plain["Id"]}),
        ("absent", RUNNING, {"state": "absent"}),
    ]
    plans: dict[str, Plan] = {}
    for title, state, params in cases:
        options = make(**{"name": "plain", "image": "localhost/app:1", **params})
        plans[title] = plan(options, interrupted(recorded, state), recorded.engine)
    golden("plans-interrupted.txt", plans)
