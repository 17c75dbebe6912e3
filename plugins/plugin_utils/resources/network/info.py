# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading networks: which to ask for, and the result of what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container import values
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.actual import (
    Network,
    members,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.result import network_result
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.plans import named

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "name": {"type": "list", "elements": "str", "aliases": ["names", "network_name"]},
    "labels": {"type": "dict"},
}


def parse(params: Mapping[str, Any]) -> dict[str, Any]:
    """Check names and labels; returns {name: list or None, labels: {str: str}}.

    :raises InvalidOption: a name no network can have, or a label value that is no text.
    """
    names = params["name"]
    return {
        "name": None if names is None else [named("network", "name", name) for name in names],
        "labels": values.labels("labels", params["labels"] or {}),
    }


def present_and_missing(
    found: Mapping[str, Network | None], listed: Sequence[Mapping[str, Any]], options: Mapping[str, Any]
) -> dict[str, Any]:
    """The module's result, from {name or ID as given: network, None where there is none} and all containers."""
    wanted = [one for one in found.values() if one is not None and _has_labels(one, options["labels"])]
    if options["name"] is None:
        wanted.sort(key=lambda network: network.name)
    return {
        "changed": False,
        "networks": [network_result(one, members(listed, one)) for one in wanted],
        "missing": [name for name, one in found.items() if one is None],
        "exists": bool(wanted),
    }


def _has_labels(network: Network, labels: Mapping[str, str]) -> bool:
    actual = network.labels
    return all(key in actual and (not value or actual[key] == value) for key, value in labels.items())
