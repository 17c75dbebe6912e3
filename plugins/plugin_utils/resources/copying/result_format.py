# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a copy, in both formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..shared.result_format import ENGINE, UNIFIED, picked


def engine(result: Mapping[str, Any]) -> dict[str, Any]:
    """As community.docker's docker_container_copy_into tells it; of a copy out of a container also where it went."""
    return picked(result, ("container_path", "path"))


FORMATS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {UNIFIED: dict, ENGINE: engine}
