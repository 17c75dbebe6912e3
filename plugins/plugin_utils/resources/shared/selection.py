# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options by which info modules select what they read: names and labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import parsers
from .parsers import object_name


def spec(kind: str) -> dict[str, dict[str, Any]]:
    """The argument spec of the options; ``kind`` is what is read, such as network."""
    return {
        "name": {"type": "list", "elements": "str", "aliases": ["names", f"{kind}_name"]},
        "labels": {"type": "dict"},
    }


def parse(kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Check names and labels; returns {name: list or None, labels: {str: str}}.

    :raises InvalidOption: a name nothing of this kind can have, or a label value that is no text.
    """
    names = params["name"]
    return {
        "name": None if names is None else [object_name(kind, "name", name) for name in names],
        "labels": parsers.labels("labels", params["labels"] or {}),
    }


def has_labels(actual: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Whether all wanted labels are there, with their values where these are not empty."""
    return all(key in actual and (not value or actual[key] == value) for key, value in wanted.items())
