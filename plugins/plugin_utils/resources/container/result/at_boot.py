# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a host starts Podman's containers again when it boots. Podman has no daemon, so units do it, or none does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ...shared.plan import Plan

# Of the role server_setup, for Podman that starts the policy ``always`` only.
UNIT = "sshfleet-unless-stopped.service"
PODMANS_UNIT = "podman-restart.service"
_UNLESS_STOPPED = "unless-stopped"
_POLICIES = frozenset({"always", _UNLESS_STOPPED})
_MAKING = frozenset({"create", "recreate"})
_OF_A_USER = re.compile(r"/run/user/(\d+)/")
_END = "end"
# Prints ``podman``, ``both`` and ``ours``: Podman's unit is enabled, it starts both policies, ours is enabled. Whoever
# runs no systemd, or asks about another user, gets no word.
_SCRIPT = f"""
[ -d /run/systemd/system ] || exit 0
if systemctl @ is-enabled --quiet {PODMANS_UNIT}; then echo podman; fi
if systemctl @ cat {PODMANS_UNIT} | grep -Eq 'unless-stopped|should-start-on-boot'; then echo both; fi
if systemctl @ is-enabled --quiet {UNIT}; then echo ours; fi
echo {_END}
"""
_FOR_USER = f"""
[ $(id -u) = # ] || exit 0
[ -e /var/lib/systemd/linger/$(id -un) ] || {{ echo {_END}; exit; }}
export XDG_RUNTIME_DIR=/run/user/#
"""
_ROLE = "Set the host up with the playbook sshfleet.containers.setup_server"


def sets_policy(values: Mapping[str, Any], done: Plan, engine: Engine) -> bool:
    """Whether a task that did this gave a container a policy with which it is to come back at boot.

    :param values: the task's options by name.
    """
    if engine.starts_containers_at_boot or values.get("restart_policy") not in _POLICIES or not done.changed:
        return False
    made = any(step.action in _MAKING for step in done.steps)
    return made or any(difference.option == "restart_policy" for difference in done.found)


def script(socket: str) -> str:
    """What a shell on the host runs to tell what starts containers there; any user may ask."""
    user = _OF_A_USER.match(socket)
    if user is None:
        return _SCRIPT.replace("@", "")
    return _FOR_USER.replace("#", user[1]) + _SCRIPT.replace("@", "--user")


def warning(policy: str, socket: str, engine: Engine, said: str) -> str | None:
    """What is to be said to people; None where the container comes back, or nobody knows.

    :param said: what :func:`script` printed.
    """
    found = frozenset(said.split())
    unless_stopped = policy == _UNLESS_STOPPED
    starts_it = not unless_stopped or "both" in found
    if _END not in found or ("podman" in found and starts_it) or ("ours" in found and unless_stopped):
        return None
    user = _OF_A_USER.match(socket) is not None
    what = f"Containers of restart_policy={policy} will not be started when the host boots: {PODMANS_UNIT}"
    user_flag, linger = (" --user", " and loginctl enable-linger") if user else ("", "")
    enabling = f"systemctl{user_flag} enable {PODMANS_UNIT}{linger}"
    if starts_it:
        return f"{what} is not enabled there. {'Run' if user else f'{_ROLE}, or run'} there: {enabling}."
    instead = f"Use restart_policy=always, and run there: {enabling}" if user else f"{_ROLE}, or use always"
    return f"{what} of {engine.title} starts those of always only. {instead}."
