# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading networks: which to ask for, and the result of what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..shared import selection
from .actual import Network, members
from .result import network_result

ARGUMENT_SPEC = selection.spec("network")


def parse(params: Mapping[str, Any]) -> dict[str, Any]:
    """See ``selection.parse``."""
    return selection.parse("network", params)


def present_and_missing(
    found: Mapping[str, Network | None], listed: Sequence[Mapping[str, Any]], options: Mapping[str, Any]
) -> dict[str, Any]:
    """The module's result, from {name or ID as given: network, None where there is none} and all containers."""
    labels = options["labels"]
    wanted = [one for one in found.values() if one is not None and selection.has_labels(one.labels, labels)]
    if options["name"] is None:
        wanted.sort(key=lambda network: network.name)
    return {
        "changed": False,
        "networks": [network_result(one, members(listed, one)) for one in wanted],
        "missing": [name for name, one in found.items() if one is None],
        "exists": bool(wanted),
    }
