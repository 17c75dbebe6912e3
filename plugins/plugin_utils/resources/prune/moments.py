# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engines' times as numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..container.result.result import timestamp


def seconds(text: Any) -> float | None:
    """Seconds since 1970 of an engine's timestamp; None where it is none."""
    moment = timestamp(text)
    return datetime.fromisoformat(moment).timestamp() if moment else None
