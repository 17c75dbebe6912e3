# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of each part of a project, in a word and in a message."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.project.result import (
    Done,
    actions,
    message,
    outcome,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.plan import (
    Resource,
    Step,
)

WEB = Resource("container", "web")


def steps(*names: str, of: Resource = WEB) -> tuple[Step, ...]:
    return tuple(of.step(name, "so") for name in names)


OUTCOMES: list[tuple[dict[str, Any], str]] = [
    ({}, "unchanged"),
    ({"done": steps("await")}, "unchanged"),
    ({"done": steps("create", "start")}, "created"),
    ({"done": steps("recreate", "drop_old")}, "recreated"),
    ({"done": steps("remove", "create", "start")}, "recreated"),
    ({"done": steps("stop", "remove")}, "removed"),
    ({"done": steps("update", "start")}, "updated"),
    ({"done": steps("connect_network")}, "updated"),
    ({"done": steps("restart")}, "restarted"),
    ({"done": steps("start")}, "started"),
    ({"done": steps("unpause")}, "started"),
    ({"done": steps("stop")}, "stopped"),
    ({"done": steps("pause")}, "paused"),
    ({"done": steps("start", of=Resource("network", "web"))}, "unchanged"),
    ({"done": steps("create"), "failed": {"container web"}}, "failed"),
    ({"skipped": steps("create", "start")}, "skipped"),
    ({"done": steps("create"), "skipped": steps("start")}, "skipped"),
    ({"done": steps("recreate"), "skipped": steps("drop_old")}, "recreated"),
    ({"done": steps("recreate"), "rolled_back": steps("restore")}, "rolled back"),
    ({"done": steps("recreate"), "failed": {"container web"}, "rolled_back": steps("restore")}, "rolled back"),
]


@pytest.mark.parametrize(("done", "word"), OUTCOMES, ids=str)
def test_the_outcome_of_a_part(done: dict[str, Any], word: str) -> None:
    assert outcome("container web", Done(**done)) == word


def test_waiting_changes_nothing() -> None:
    assert not Done(steps("await")).changed and Done(steps("await", "start")).changed


def test_actions_in_their_order() -> None:
    connect = Resource("network", "net").step("connect", "it is wanted", {"secret": "x"}, {"container": "web"})
    assert actions([*steps("start"), connect]) == [
        {"resource": "container web", "action": "start", "reason": "so"},
        {"resource": "network net", "action": "connect", "reason": "it is wanted", "container": "web"},
    ]


def test_a_message_tells_all() -> None:
    done = Done(
        done=steps("create", of=Resource("container", "job")),
        failed={"container db"},
        skipped=(*steps("create", "start"), *steps("drop_old", of=Resource("container", "job"))),
        rolled_back=steps("remove", of=Resource("container", "job")),
    )
    assert message("shop", done, {"container db": "It ended."}).splitlines() == [
        "The project shop: 1 part failed.",
        "container db: It ended.",
        "Not done, because it waits for what failed: container web.",
        "Rolled back: container job.",
    ]
    both = message("shop", Done(), {"container db": "a", "network net": "b"})
    assert both == "The project shop: 2 parts failed.\ncontainer db: a\nnetwork net: b"
