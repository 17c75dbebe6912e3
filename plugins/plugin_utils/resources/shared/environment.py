# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Environment variables as engines write them."""

from __future__ import annotations


def split_env(env: list[str] | None) -> dict[str, str]:
    """The engines' ``["KEY=value"]`` as a dict."""
    return {key: value for key, _equals, value in (entry.partition("=") for entry in env or [])}
