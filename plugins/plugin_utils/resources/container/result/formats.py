# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a container's task, in both formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ...shared.plan import Difference, Plan
from ...shared.raw import masked
from ...shared.result_format import ENGINE, UNIFIED, Telling, before_and_after
from ...shared.secrets import Masker
from ..options import networks
from . import report
from .dockers_words import in_dockers_words
from .engine_actions import engine_actions
from .result import container_result
from .seen import Seen

# The peer's words in place of an output that the engine has removed together with its container.
NO_OUTPUT = "Cannot retrieve result as auto_remove is enabled"


def unified(seen: Seen, _telling: Telling) -> dict[str, Any]:
    """The collection's own: one shape for both engines."""
    return {
        "changed": seen.planned.changed,
        "actions": seen.planned.actions(),
        "container": seen.container and container_result(seen.container, seen.engine, masker=seen.masker),
        "diff": report.diff(seen.planned, seen.masker),
        "warnings": list(seen.warnings),
        **seen.outcome,
        **seen.failure,
    }


def engine(seen: Seen, telling: Telling) -> dict[str, Any]:
    """As community.docker's docker_container tells it: ``container`` is the engine's inspect, and is left out where
    there is none; ``actions`` are told in check mode, and ``diff`` in diff mode, whether anything changed or not.
    """
    container = engine_container(seen.container, seen.engine, seen.masker, _given(seen)) if seen.container else {}
    told: dict[str, Any] = {"changed": seen.planned.changed, "warnings": list(seen.warnings)}
    if seen.outcome:
        told["status"] = seen.outcome["status"]
        container["Output"] = NO_OUTPUT if seen.options.values.get("auto_remove") else seen.outcome["output"]
    if container and seen.options.state != "absent":
        told["container"] = container
    if telling.lists:
        told["actions"] = engine_actions(seen)
    if telling.diff or telling.debug:
        told["diff"] = engine_diff(seen.planned, seen.masker)
    if seen.failure:
        told |= {**seen.failure, "msg": seen.outcome.get("output") or seen.failure["msg"]}
    return told


def engine_container(
    inspect: Mapping[str, Any], engine: Engine, masker: Masker, given: Mapping[str, Mapping[str, str]] | None = None
) -> dict[str, Any]:
    """A container as the engine tells it, in Docker's words and without secrets; ``given`` as ``in_dockers_words`` has
    it.
    """
    return masked(in_dockers_words(inspect, engine, given), masker)


def _given(seen: Seen) -> dict[str, dict[str, str]]:
    """The addresses that this task has given the container, or that it asks for and the container has."""
    there = ((seen.container or {}).get("NetworkSettings") or {}).get("Networks") or {}
    made = any(step.action in ("create", "recreate") for step in seen.planned.steps)
    connected = {step.args["network"] for step in seen.planned.steps if step.action == "connect_network"}
    wanted = networks.called_here(seen.options.values, seen.engine).get("networks") or {}
    given = {name: networks.endpoint_config(endpoint).get("IPAMConfig") for name, endpoint in wanted.items()}
    return {
        name: config
        for name, config in given.items()
        if config and name in there and (made or name in connected or _has(there[name] or {}, config))
    }


def _has(endpoint: Mapping[str, Any], config: Mapping[str, str]) -> bool:
    told = {"IPv4Address": endpoint.get("IPAddress"), "IPv6Address": endpoint.get("GlobalIPv6Address")}
    return all(told[key] == address for key, address in config.items())


FORMATS: dict[str, Callable[[Seen, Telling], dict[str, Any]]] = {UNIFIED: unified, ENGINE: engine}


def engine_diff(planned: Plan, masker: Masker) -> dict[str, Any]:
    """{before, after} by option, of ``networks`` by network; what differs is told once more as ``differences``, a list
    of {option: {parameter, container}}.
    """
    shown = report.diff(planned, masker)
    entries: dict[str, tuple[Any, Any]] = {}
    for one in planned.found:
        entries |= _entries(one, shown["before"][one.option], shown["after"][one.option])
    rest = dict.fromkeys(key for key in (*planned.before, *planned.after) if key != "recreated")
    others = {key: (planned.before.get(key), planned.after.get(key)) for key in rest}
    diff: dict[str, Any] = before_and_after({**others, **entries})
    if entries:
        told = [{name: {"parameter": after, "container": before}} for name, (before, after) in entries.items()]
        diff["differences"] = told
    if "image" in entries:
        diff["image_different"] = True
    return diff


def _entries(found: Difference, before: Any, after: Any) -> dict[str, tuple[Any, Any]]:
    """{name: (before, after)} of what one option differs in."""
    if found.option == "networks":
        return {f"network.{name}": (before.get(name), after.get(name)) for name in dict.fromkeys((*before, *after))}
    if found.option == "image":
        names = {"image": "id", "image_name": "name"}
        return {name: (before[key], after[key]) for name, key in names.items() if before[key] != after[key]}
    return {found.option: (before, after)}
