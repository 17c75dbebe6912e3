# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading volumes: which to ask for, and the result of what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..shared import selection
from ..shared.result_format import PLAIN, Telling, with_single
from .result import ENTRIES, users

Volume = Mapping[str, Any]

ARGUMENT_SPEC = selection.spec("volume")


def parse(params: Mapping[str, Any]) -> dict[str, Any]:
    """See ``selection.parse``."""
    return selection.parse("volume", params)


def present_and_missing(
    found: Mapping[str, Volume | None],
    listed: Sequence[Mapping[str, Any]],
    options: Mapping[str, Any],
    telling: Telling = PLAIN,
) -> dict[str, Any]:
    """The module's result, from {name: the engine's description, None where there is none} and all containers.

    :param telling: in which shape it is wanted.
    """
    told = telling.choose(ENTRIES)
    used = users(listed)
    labels = options["labels"]
    wanted = [
        one for one in found.values() if one is not None and selection.has_labels(one.get("Labels") or {}, labels)
    ]
    if options["name"] is None:
        wanted.sort(key=lambda volume: str(volume["Name"]))
    result = {
        "changed": False,
        "volumes": [told(one, used.get(one["Name"], [])) for one in wanted],
        "missing": [name for name, one in found.items() if one is None],
        "exists": bool(wanted),
    }
    return with_single("volume", result, options["name"], telling)
