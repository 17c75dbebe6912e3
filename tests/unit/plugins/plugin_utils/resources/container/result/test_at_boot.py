# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a task says that its container will not come back at boot."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.result.at_boot import (
    script,
    sets_policy,
    warning,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.plan import (
    Difference,
    Plan,
    Resource,
)

PODMAN, DOCKER = Engine("podman", (5, 4, 2)), Engine("docker", (26, 1, 5))
SYSTEM, USER = "/run/podman/podman.sock", "/run/user/1000/podman/podman.sock"
ALWAYS, UNLESS = "always", "unless-stopped"


def done(*actions: str, **after: Any) -> Plan:
    this = Resource("container", "web")
    found = tuple(Difference(option, None, value) for option, value in after.items())
    return Plan(tuple(this.step(action, "") for action in actions), found)


ASKED = [
    (UNLESS, done("create", "start"), PODMAN, True),
    (ALWAYS, done("recreate"), PODMAN, True),
    (ALWAYS, done("update", restart_policy=ALWAYS), PODMAN, True),
    (ALWAYS, done("update", memory=1), PODMAN, False),
    (ALWAYS, done("start"), PODMAN, False),
    (ALWAYS, done(), PODMAN, False),
    ("on-failure", done("create"), PODMAN, False),
    (None, done("create"), PODMAN, False),
    (UNLESS, done("create"), DOCKER, False),
]


@pytest.mark.parametrize(("policy", "made", "engine", "asks"), ASKED)
def test_a_host_is_asked_only_after_a_policy_was_given(policy: Any, made: Any, engine: Engine, asks: bool) -> None:
    assert sets_policy({"restart_policy": policy}, made, engine) is asks


# policy, what the script printed, words of the warning (none where the container comes back or nobody knows)
SAID = [
    (ALWAYS, "podman end", ""),
    (ALWAYS, "both ours end", "podman-restart.service is not enabled there. Set the host up"),
    (UNLESS, "podman both end", ""),
    (UNLESS, "ours end", ""),
    (UNLESS, "podman end", "of Podman 5.4.2 starts those of always only. Set the host up"),
    (UNLESS, "both end", "podman-restart.service is not enabled there"),
    (UNLESS, "end", "of Podman 5.4.2 starts those of always only"),
    (UNLESS, "", ""),
    (ALWAYS, "podman", ""),
]


@pytest.mark.parametrize(("policy", "said", "words"), SAID)
def test_what_is_said_of_the_host(policy: str, said: str, words: str) -> None:
    told = warning(policy, SYSTEM, PODMAN, said)
    assert words in str(told) if words else told is None


def test_a_user_has_units_of_his_or_her_own_and_has_to_linger() -> None:
    assert "--user" not in script(SYSTEM) and "is-enabled" in script(SYSTEM)
    assert "systemctl --user is-enabled" in script(USER) and "[ $(id -u) = 1000 ]" in script(USER)
    told = str(warning(ALWAYS, USER, PODMAN, "end"))
    assert told.endswith("Run there: systemctl --user enable podman-restart.service and loginctl enable-linger.")
    assert "Use restart_policy=always, and run there: systemctl --user" in str(warning(UNLESS, USER, PODMAN, "end"))
