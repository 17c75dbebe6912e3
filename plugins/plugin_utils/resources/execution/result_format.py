# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a command, in both formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..shared.result_format import ENGINE, UNIFIED, picked

_NAMES = ("stdout", "stdout_lines", "stderr", "stderr_lines", "rc", "exec_id")


def engine(result: Mapping[str, Any]) -> dict[str, Any]:
    """As community.docker's docker_container_exec tells it; ``msg`` is for what did not run."""
    told = picked(result, _NAMES)
    return told if told.get("skipped") else {key: value for key, value in told.items() if key != "msg"}


FORMATS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {UNIFIED: dict, ENGINE: engine}
