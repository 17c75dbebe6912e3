# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading images: which to ask for, and the result of what came back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..shared import parsers
from ..shared.result_format import ENGINE, PLAIN, UNIFIED, Telling
from ..shared.secrets import Masker
from .result import image_result, names_of, prefixed
from .result_format import engine_image

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "name": {"type": "list", "elements": "str"},
    "mask_env": {"type": "bool", "default": True},
}


_ENTRIES = {UNIFIED: image_result, ENGINE: engine_image}


def parse(params: Mapping[str, Any]) -> dict[str, Any]:
    """Check the names; returns {name: list or None, mask_env}.

    :raises InvalidOption: a name that no image can have.
    """
    names = params["name"]
    checked = None if names is None else [parsers.image("name", name) for name in names]
    return {"name": checked, "mask_env": params["mask_env"]}


def present_and_missing(
    inspected: Mapping[str, Mapping[str, Any] | None], options: Mapping[str, Any], telling: Telling = PLAIN
) -> dict[str, Any]:
    """The module's result, from {name or ID: raw inspect, None where there is no such image}.

    :param telling: in which shape it is wanted.
    """
    there = [inspect for inspect in inspected.values() if inspect is not None]
    if options["name"] is None:
        there.sort(key=lambda inspect: (names_of(inspect) or ["~"], prefixed(str(inspect["Id"]))))
        missing = []  # an image removed between list and inspect is simply not there
    else:
        missing = [name for name, inspect in inspected.items() if inspect is None]
    told = telling.choose(_ENTRIES)
    found = [told(inspect, Masker(options["mask_env"])) for inspect in there]
    return {"changed": False, "images": found, "missing": missing, "exists": bool(found)}
