# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a container is, in the shape in which it is compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ..options import applied, secrets
from ..options.table import BY_NAME


def actual(inspect: Mapping[str, Any], engine: Engine, names: Iterable[str] = tuple(BY_NAME)) -> dict[str, Any]:
    """The options of a container, read from its inspect; by default all that are known.

    Of what this engine does not report, there is what was asked for at creation, or that it cannot be known.
    """
    kept = applied.read(inspect)
    rows = [BY_NAME[name] for name in names]
    return {
        row.name: applied.kept_of(row, kept) if applied.is_applied(row, engine) else row.read(inspect, engine)
        for row in rows
    }


def engine_own(inspect: Mapping[str, Any], engine: Engine, names: Iterable[str] = tuple(BY_NAME)) -> dict[str, Any]:
    """{option: the elements of :func:`actual` that engine or image put there unasked, and that are no drift}."""
    rows = (BY_NAME[name] for name in names)
    own = {row.name: row.engine_own(inspect, engine) for row in rows if row.engine_own is not None}
    for name, others in _OTHERS.items():
        if name in own and not others.isdisjoint(names):
            own[name] = BY_NAME[name].read(inspect, engine)
    if "env" in own:
        shown = (name for names in secrets.variables(inspect) for name in names)
        own["env"] = {**own["env"], **dict.fromkeys(shown, "")}
    return own


# What one option mounts is reported as another's too: then that one cannot tell what is too much.
_OTHERS = {"volumes": frozenset({"mounts", "volumes_from"}), "tmpfs": frozenset({"mounts"})}
