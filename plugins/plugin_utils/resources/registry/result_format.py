# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a login, in both formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..shared.image_names import HUB
from ..shared.result_format import ENGINE, UNIFIED, picked
from .credentials import HUB_ADDRESS


def engine(result: Mapping[str, Any]) -> dict[str, Any]:
    """As community.docker's docker_login tells it: ``login_result`` is empty after a logout."""
    login = dict(result.get("login_result") or {})
    if login.get("serveraddress") == HUB:
        login["serveraddress"] = HUB_ADDRESS
    told = {key: value for key, value in picked(result, ()).items() if key != "diff"}
    return {**told, "login_result": login}


FORMATS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {UNIFIED: dict, ENGINE: engine}
