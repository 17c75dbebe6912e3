# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task wants, in the shape in which it is compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ..options import capabilities, modes, namespaces, networks
from ..options.parsing import Options
from ..options.row import Option
from ..options.table import BY_NAME


def desired(
    options: Options, image: Mapping[str, Any] | None, engine: Engine, containers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The given options with the image's defaults merged in; options that are not given, or of which the engine does
    nothing beside the others, are not there.

    :param image: the image's inspect, None when it is not known.
    :param containers: the IDs of containers by name, for ``network_mode=container:NAME``.
    """
    image_config = _inherited((image or {}).get("Config") or {}, options.values)
    void = modes.void(options.values, engine)
    merged = {
        name: _merge(BY_NAME[name], value, image_config) for name, value in options.values.items() if name not in void
    }
    if options.comparisons["image"] == "ignore":
        merged = {**_of_the_image(options, image_config), **merged}
    if options.values.get("command") == [] and options.values.get("entrypoint"):
        merged["command"] = []  # with an entrypoint of the task's own, the image's command is not used
    merged = namespaces.with_ids(merged, containers or {})
    mode = merged.get("network_mode")
    if mode and ":" not in mode and "networks" in merged:  # the network of the mode is wanted as well
        merged["networks"] = {networks.mode_network(mode, engine): {}, **merged["networks"]}
    return capabilities.resolve(merged, engine)


def _inherited(image_config: Mapping[str, Any], values: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an image gives its containers, without the variables that this one is not to have."""
    unset = set(values.get("unsetenv") or ())
    if not unset and not values.get("unsetenv_all"):
        return image_config
    kept = [] if values.get("unsetenv_all") else image_config.get("Env") or []
    return {**image_config, "Env": [one for one in kept if one.partition("=")[0] not in unset]}


def _of_the_image(options: Options, image_config: Mapping[str, Any]) -> dict[str, Any]:
    """What a container has of its image in any case, if it is of this one: where only the image itself may be another
    one, it is wanted as if the task had named it, as in community.docker.
    """
    found = {
        row.name: row.inherit(image_config)
        for row in BY_NAME.values()
        if row.inherit and row.name not in options.values and options.comparisons[row.name] == "allow_more_present"
    }
    return {name: value for name, value in found.items() if value}


def inherits(options: Options) -> bool:
    """Whether the image's defaults are needed to tell what the task wants."""
    return any(BY_NAME[name].inherit and options.comparisons[name] != "ignore" for name in options.values)


def _merge(option: Option, value: Any, image_config: Mapping[str, Any]) -> Any:
    if option.inherit is None:
        return value
    if option.kind == "dict":
        return {**option.inherit(image_config), **value}
    if option.kind == "set":
        return sorted({*option.inherit(image_config), *value})
    return value or option.inherit(image_config)
