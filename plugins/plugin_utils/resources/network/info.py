# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading networks: which to ask for, and the result of what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..shared import selection
from ..shared.result_format import PLAIN, Telling, with_single
from .actual import Network

ARGUMENT_SPEC = selection.spec("network")


def parse(params: Mapping[str, Any]) -> dict[str, Any]:
    """See ``selection.parse``."""
    return selection.parse("network", params)


def selected(found: Mapping[str, Network | None], options: Mapping[str, Any]) -> list[Network]:
    """Those that are there and carry the labels."""
    wanted = [one for one in found.values() if one is not None and selection.has_labels(one.labels, options["labels"])]
    return wanted if options["name"] is not None else sorted(wanted, key=lambda network: network.name)


def present_and_missing(
    found: Mapping[str, Network | None],
    entries: Sequence[Mapping[str, Any]],
    options: Mapping[str, Any],
    telling: Telling = PLAIN,
) -> dict[str, Any]:
    """The module's result, from {name or ID as given: network, None where there is none} and what is told of those
    selected.
    """
    result = {
        "changed": False,
        "networks": list(entries),
        "missing": [name for name, one in found.items() if one is None],
        "exists": bool(entries),
    }
    return with_single("network", result, options["name"], telling)
