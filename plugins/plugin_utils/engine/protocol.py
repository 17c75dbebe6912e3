# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an engine is asked, as types: what works with an engine is typed against these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

# {username, password, serveraddress}
Auth = Mapping[str, str]
# Gets each entry of the engine's progress.
Progress = Callable[[dict[str, Any]], None]
# What an engine says of one thing, and of many.
Description = dict[str, Any]
Descriptions = list[dict[str, Any]]
