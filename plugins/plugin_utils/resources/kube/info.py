# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kubernetes YAML of what a host has: the options, and what of Podman's text is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from ...compose.problems import Problems
from ...compose.reading.documents import documents
from ...dataclass import dataclass
from ...errors import EngineError
from ..shared.labels import OWN_PREFIX
from ..shared.parsers import object_name
from ..shared.secrets import MASK, looks_secret
from .reading import plain_data

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "name": {"type": "list", "elements": "str", "required": True, "aliases": ["names"]},
    "service": {"type": "bool", "default": False},
}


@dataclass(frozen=True)
class Wanted:
    """The checked options."""

    names: tuple[str, ...]
    service: bool


def parse(params: Mapping[str, Any]) -> Wanted:
    """Check the options of a task.

    :raises InvalidOption: a name that nothing can have.
    """
    names = dict.fromkeys(object_name("pod, container or volume", "name", one) for one in params["name"])
    return Wanted(tuple(names), params["service"])


def result(text: str) -> dict[str, Any]:
    """The module's result: the YAML without secrets and without labels of this collection.

    :raises EngineError: it is no YAML.
    """
    problems = Problems()
    found = [plain_data(one.content) for one in documents(text, "the engine's YAML", problems)]
    if problems.found:
        raise EngineError(f"What the engine made cannot be read: {problems.found[0]}", kind="bad_answer")
    masked: list[str] = []
    objects = [_shown(one, masked) for one in found if isinstance(one, dict)]
    return {
        "changed": False,
        "kube": yaml.safe_dump_all(objects, sort_keys=False, explicit_start=True, width=10_000) if objects else "",
        "objects": objects,
        "masked": sorted(set(masked)),
    }


def _shown(value: Any, masked: list[str]) -> Any:
    if isinstance(value, list):
        return [_shown(item, masked) for item in value]
    if not isinstance(value, dict):
        return value
    name, given = value.get("name"), value.get("value")
    if isinstance(name, str) and isinstance(given, str) and given and looks_secret(name):
        masked.append(name)
        value = {**value, "value": MASK}
    return {
        key: _shown(item, masked)
        for key, item in value.items()
        if not (isinstance(key, str) and key.startswith(OWN_PREFIX))
    }
