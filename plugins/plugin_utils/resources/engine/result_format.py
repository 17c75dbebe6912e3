# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an engine says of itself, in its own format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..shared.raw import masked
from ..shared.secrets import Masker


def engine_format(info: Mapping[str, Any], usage: Mapping[str, Any] | None) -> dict[str, Any]:
    """As community.docker's docker_host_info tells it.

    :param usage: ``GET /system/df``, where it was asked for.
    """
    told = {"changed": False, "can_talk_to_docker": True, "host_info": masked(info, Masker())}
    return told if usage is None else {**told, "disk_usage": {"LayersSize": usage.get("LayersSize") or 0}}
