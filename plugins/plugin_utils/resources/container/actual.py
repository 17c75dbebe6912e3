# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a container is, in the shape in which it is compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.engines import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.table import BY_NAME


def actual(inspect: Mapping[str, Any], engine: Engine, names: Iterable[str] = tuple(BY_NAME)) -> dict[str, Any]:
    """The options of a container, read from its inspect; by default all that are known."""
    return {name: BY_NAME[name].read(inspect, engine) for name in names}


def engine_own(inspect: Mapping[str, Any], engine: Engine, names: Iterable[str] = tuple(BY_NAME)) -> dict[str, Any]:
    """By option, the elements of :func:`actual` that engine or image put there unasked, and that are no drift."""
    rows = (BY_NAME[name] for name in names)
    return {row.name: row.engine_own(inspect, engine) for row in rows if row.engine_own is not None}
