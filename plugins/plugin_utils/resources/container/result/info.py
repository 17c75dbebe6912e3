# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading containers: which to ask for, and the result of what came back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ....errors import InvalidOption
from ...shared.parsers import NAME_PATTERN
from ...shared.result_format import ENGINE, PLAIN, UNIFIED, Telling, with_single
from ...shared.secrets import Masker
from ...shared.selection import has_labels
from .formats import engine_container
from .result import container_result, learn

Inspect = Mapping[str, Any]

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "name": {"type": "list", "elements": "str", "aliases": ["names"]},
    "labels": {"type": "dict"},
    "mask_env": {"type": "bool", "default": True},
    "stats": {"type": "bool", "default": False},
    "top": {"type": "bool", "default": False},
    "changes": {"type": "bool", "default": False},
}
LOOKS = ("stats", "top", "changes")


def parse(params: Mapping[str, Any]) -> dict[str, Any]:
    """Check names and labels; returns {name: list or None, labels: {str: str}, mask_env, looks: which of
    LOOKS are wanted}.

    :raises InvalidOption: a name no container can have, or a label value that is no text.
    """
    for name in params["name"] or ():
        if not NAME_PATTERN.fullmatch(name):
            raise InvalidOption("name", name, "no container can have this name.", "Use letters, digits, '_', '.', '-'.")
    labels = {}
    for key, value in (params["labels"] or {}).items():
        if isinstance(value, (dict, list)):
            raise InvalidOption(f"labels.{key}", value, "a label's value is a text.", "Give one text for each label.")
        labels[str(key)] = "" if value is None else str(value)
    looks = tuple(look for look in LOOKS if params[look])
    return {"name": params["name"], "labels": labels, "mask_env": params["mask_env"], "looks": looks}


def list_filters(options: Mapping[str, Any]) -> dict[str, list[str]]:
    """The engine's list filters for the labels: {'label': ['key=value', 'key', …]}."""
    labels = [f"{key}={value}" if value else key for key, value in options["labels"].items()]
    return {"label": labels} if labels else {}


def wanted(inspected: Mapping[str, Inspect | None], options: Mapping[str, Any]) -> list[Inspect]:
    """Those that are there and carry the labels."""
    return [
        one
        for one in inspected.values()
        if one is not None and has_labels((one.get("Config") or {}).get("Labels") or {}, options["labels"])
    ]


def present_and_missing(
    inspected: Mapping[str, Inspect | None],
    options: Mapping[str, Any],
    engine: Engine,
    more: Mapping[str, Mapping[str, Any]],
    telling: Telling = PLAIN,
) -> dict[str, Any]:
    """The module's result, from {name or id: raw inspect, None where there is no such container}.

    :param more: what is added to a container's entry, by its ID.
    :param telling: in which shape it is wanted.
    """
    told = telling.choose(_ENTRIES)
    found = wanted(inspected, options)
    if options["name"] is None:
        found.sort(key=lambda inspect: str(inspect.get("Name") or ""))
        missing = []  # a container removed between list and inspect is simply not there
    else:
        missing = [name for name, inspect in inspected.items() if inspect is None]
    entries = [{**told(inspect, engine, options["mask_env"]), **more.get(inspect["Id"], {})} for inspect in found]
    result = {"changed": False, "containers": entries, "missing": missing, "exists": bool(found)}
    return with_single("container", result, options["name"], telling)


def _unified(inspect: Inspect, engine: Engine, mask_env: bool) -> dict[str, Any]:
    return container_result(inspect, engine, mask_env=mask_env)


def _raw(inspect: Inspect, engine: Engine, mask_env: bool) -> dict[str, Any]:
    masker = Masker(mask_env)
    learn(masker, inspect)
    return engine_container(inspect, engine, masker)


_ENTRIES: dict[str, Callable[[Inspect, Engine, bool], dict[str, Any]]] = {UNIFIED: _unified, ENGINE: _raw}
