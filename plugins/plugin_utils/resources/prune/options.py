# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of remote_prune: names, types and defaults of community.docker.docker_prune, and one of our own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption
from ..shared import parsers
from .filters import KINDS, Filters
from .filters import parse as parse_filters

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    **{kind: {"type": "bool", "default": False} for kind in KINDS},
    **{f"{kind}_filters": {"type": "dict"} for kind in KINDS},
    "builder_cache_all": {"type": "bool", "default": False},
    "builder_cache_keep_storage": {"type": "str"},
    "only_ours": {"type": "bool"},
}
# What carries no mark of who made it.
UNMARKED = ("images", "builder_cache")


@dataclass(frozen=True)
class Options:
    """The checked options of one task: {kind: filters} of what is to be pruned. ``only_ours`` is None where the task
    says nothing; ``keep_storage`` is in bytes.
    """

    kinds: Mapping[str, Filters]
    cache_all: bool = False
    keep_storage: int | None = None
    only_ours: bool | None = None

    def ours(self, kind: str) -> bool:
        """Whether only what this collection has created is meant."""
        return self.only_ours is not False and kind not in UNMARKED


def parse(params: Mapping[str, Any]) -> Options:
    """Check the options of a task.

    :raises InvalidOption: for the first that can't be used.
    """
    kinds = {kind: parse_filters(f"{kind}_filters", kind, params[f"{kind}_filters"]) for kind in KINDS if params[kind]}
    for kind in UNMARKED:
        if params["only_ours"] and kind in kinds:
            raise InvalidOption(
                "only_ours", True, f"{kind} carry no mark of who made them.",
                f"Prune {kind} in a task of their own, without only_ours.",
            )  # fmt: skip
    keep = params["builder_cache_keep_storage"]
    return Options(
        kinds, params["builder_cache_all"],
        None if keep is None else parsers.size("builder_cache_keep_storage", keep), params["only_ours"],
    )  # fmt: skip
