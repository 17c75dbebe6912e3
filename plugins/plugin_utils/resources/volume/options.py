# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of remote_volume: names, types and defaults of community.docker.docker_volume."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from ...dataclass import dataclass
from ..shared import parsers
from ..shared.parsers import driver_options, object_name

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "volume_name": {"type": "str", "required": True, "aliases": ["name"]},
    "state": {"type": "str", "choices": ["absent", "present"], "default": "present"},
    "driver": {"type": "str", "default": "local"},
    "driver_options": {"type": "dict", "default": {}},
    "labels": {"type": "dict"},
    "recreate": {"type": "str", "choices": ["always", "never", "options-changed"], "default": "never"},
}


@dataclass(frozen=True)
class Options:
    """The checked options of one task."""

    name: str
    state: str = "present"
    driver: str = "local"
    driver_options: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    written_labels: Mapping[str, str] = field(default_factory=dict)  # at creation, and never compared
    recreate: str = "never"


def parse(params: Mapping[str, Any]) -> Options:
    """Check the options of a task.

    :raises InvalidOption: for the first that can't be used.
    """
    return Options(
        name=object_name("volume", "volume_name", params["volume_name"]),
        state=params["state"],
        driver=parsers.text("driver", params["driver"] or "local"),
        driver_options=driver_options("driver_options", params["driver_options"]),
        labels=parsers.labels("labels", params["labels"] or {}),
        recreate=params["recreate"],
    )
