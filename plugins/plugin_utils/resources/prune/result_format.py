# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of pruning, in both formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..shared.result_format import ENGINE, UNIFIED, picked
from .filters import KINDS

_NAMES = (*KINDS, *(f"{kind}_space_reclaimed" for kind in KINDS), "builder_cache_caches_deleted")


def engine(result: Mapping[str, Any]) -> dict[str, Any]:
    """As community.docker's docker_prune tells it; ``images`` has the engine's entries: [{Deleted: ID}]."""
    told = {key: value for key, value in picked(result, _NAMES).items() if key != "diff"}
    return {**told, "images": [{"Deleted": one} for one in told["images"]]} if "images" in told else told


FORMATS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {UNIFIED: dict, ENGINE: engine}
