# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of a container's plan as community.docker's docker_container lists them in check mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...shared.image_names import full_name
from ...shared.plan import Step
from ...shared.raw import masked
from ...shared.states import STOPPED, current_state
from .seen import Pull, Seen

Action = dict[str, Any]
# The ID of a container that only a run would have made.
_UNKNOWN = ""


def engine_actions(seen: Seen) -> list[Action]:
    """One entry for each request that changes the container: {created, create_parameters, networks}, {started: ID} and
    so on. A step that docker_container does not have is told as this collection tells it.
    """
    steps = (step for step in seen.planned.steps if step.action != "pull")
    pulled = [_pulled(seen.pull)] if seen.pull else []
    return [*pulled, *(action for step in steps for action in _actions(step, seen))]


def _actions(step: Step, seen: Seen) -> list[Action]:
    if step.action not in _ACTIONS:
        return [{"action": step.action, "reason": step.reason, **step.shown}]
    return _ACTIONS[step.action](step, seen)


def _id(seen: Seen) -> str:
    return str((seen.before or {}).get("Id") or _UNKNOWN)


def _made(seen: Seen) -> str:
    """The ID of a container that is another one than before."""
    identity = str((seen.container or {}).get("Id") or _UNKNOWN)
    return identity if identity != _id(seen) else _UNKNOWN


def _pulled(pull: Pull) -> Action:
    known = {} if pull.brought is None else {"changed": pull.brought}
    return {"pulled_image": full_name(pull.image), **known}


def _create(step: Step, seen: Seen) -> list[Action]:
    body = masked(step.args["body"], seen.masker)
    networks = {name: masked(config, seen.masker) for name, config in step.args["connect"].items()}
    return [{"created": "Created container", "create_parameters": body, "networks": networks}]


def _recreate(step: Step, seen: Seen) -> list[Action]:
    stopped = _stop(step, seen) if step.args.get("was") != STOPPED else []
    started = [{"started": _made(seen)}] if step.args.get("start") else []
    return [*stopped, _removed(seen), *_create(step, seen), *started]


def _remove(step: Step, seen: Seen) -> list[Action]:
    running = seen.before is not None and current_state(seen.before) != STOPPED
    return [*(_stop(step, seen) if running else []), _removed(seen)]


def _removed(seen: Seen) -> Action:
    return {"removed": _id(seen), "volume_state": not seen.options.keep_volumes, "link": False, "force": False}


def _stop(_step: Step, seen: Seen) -> list[Action]:
    behaviour = seen.options.behaviour
    if behaviour.force_kill:
        return [{"killed": _id(seen), "signal": behaviour.kill_signal}]
    return [{"stopped": _id(seen), "timeout": _stop_timeout(seen)}]


def _stop_timeout(seen: Seen) -> Any:
    return seen.options.values.get("stop_timeout")


def _connect(step: Step, seen: Seen) -> list[Action]:
    name, config = step.args["network"], masked(step.args["config"], seen.masker)
    return [{"added_to_network": name, "network_parameters": {"name": name, **config}}]


_ACTIONS: dict[str, Callable[[Step, Seen], list[Action]]] = {
    "create": _create,
    "recreate": _recreate,
    "remove": _remove,
    "start": lambda _step, seen: [{"started": _made(seen) or _id(seen)}],
    "stop": _stop,
    "restart": lambda _step, seen: [{"restarted": _id(seen), "timeout": _stop_timeout(seen)}],
    "pause": lambda _step, _seen: [{"set_paused": True}],
    "unpause": lambda _step, _seen: [{"set_paused": False}],
    "update": lambda step, seen: [{"updated": _id(seen), "update_parameters": masked(step.args["body"], seen.masker)}],
    "connect_network": _connect,
    "disconnect_network": lambda step, _seen: [{"removed_from_network": step.args["network"]}],
}
