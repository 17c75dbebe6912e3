# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of remote_kube: names of containers.podman.podman_play as aliases where they mean the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption
from ..shared import parsers
from .reading import CONFIG_MAP, WORKLOADS, Object, objects

ABSENT, PRESENT, STARTED, STOPPED = STATES = ("absent", "present", "started", "stopped")
MODES = ("bridge", "host", "none", "private")

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "path": {"type": "path", "aliases": ["kube_file"]},
    "content": {"type": "raw", "aliases": ["kube_file_content"]},
    "state": {"type": "str", "choices": list(STATES), "default": STARTED},
    "configmaps": {"type": "list", "elements": "raw", "aliases": ["configmap"]},
    "annotations": {"type": "dict", "aliases": ["annotation"]},
    "networks": {"type": "list", "elements": "str", "aliases": ["network"]},
    "log_driver": {"type": "str"},
    "log_options": {"type": "dict"},
    "recreate": {"type": "bool", "default": False, "aliases": ["replace"]},
    "force": {"type": "bool", "default": False},
    "remove_volumes": {"type": "bool", "default": False},
}
SPEC_RULES: dict[str, Any] = {
    "mutually_exclusive": [("path", "content")],
    "required_one_of": [("path", "content")],
}


@dataclass(frozen=True)
class Options:
    """The checked options of one task. ``given`` are those of playing that the task has, but for annotations."""

    objects: tuple[Object, ...]
    state: str = STARTED
    annotations: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)
    recreate: bool = False
    force: bool = False
    remove_volumes: bool = False

    @property
    def networks(self) -> list[str]:
        """The names of the networks that have to be there."""
        return [name for name in self.given.get("networks", ()) if name not in MODES]


def parse(params: Mapping[str, Any], text: tuple[str, str], config_maps: list[tuple[str, str]]) -> Options:
    """Check the options of a task.

    :param text: what the YAML is called for people, and the YAML; so are those of ``config_maps``.
    :raises InvalidOptions: for what can't be used; of YAML, for all that is wrong with it.
    """
    found = [*objects([text]), *objects(config_maps, only=CONFIG_MAP)]
    _require_config_maps_once(found)
    if params["state"] != ABSENT and not any(one.kind in WORKLOADS or one.kind != CONFIG_MAP for one in found):
        option = "path" if params["path"] is not None else "content"
        words = "there is nothing to play in it" + (" but ConfigMaps, which live in pods only." if found else ".")
        raise InvalidOption(option, text[0], words, f"Add one of {', '.join(WORKLOADS)}.")
    if params["remove_volumes"] and params["state"] != ABSENT:
        raise InvalidOption("remove_volumes", True, "volumes are removed with state: absent only.", "Leave it out.")
    given = {name: parse(name, params[name]) for name, parse in _PARSERS.items() if params[name] is not None}
    return Options(
        objects=tuple(found),
        state=params["state"],
        annotations=parsers.labels("annotations", params["annotations"] or {}),
        given=given,
        recreate=params["recreate"],
        force=params["force"],
        remove_volumes=params["remove_volumes"],
    )


def _require_config_maps_once(found: list[Object]) -> None:
    seen: dict[str, Object] = {}
    for one in found:
        if one.kind == CONFIG_MAP and seen.setdefault(one.name, one) is not one:
            words = f"the ConfigMap {one.name} is in the YAML, too ({seen[one.name].place()})."
            raise InvalidOption("configmaps", one.source.file, words, "Take one of them out.")


def _networks(option: str, value: list[str]) -> list[str]:
    found = sorted(parsers.object_name("network", option, one) for one in value)
    if len(found) > 1 and set(found) & set(MODES):
        words = f"{', '.join(MODES)} stand by themselves."
        raise InvalidOption(option, ", ".join(found), words, "Name networks, or one of these.")
    return found


_PARSERS: dict[str, Callable[[str, Any], Any]] = {
    "networks": _networks,
    "log_driver": parsers.text,
    "log_options": parsers.driver_options,
}
