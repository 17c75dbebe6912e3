# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""On which pair of Python and ansible-core a test runs, by its mark (``pairs.py`` beside the other support)."""

from __future__ import annotations

import json
from pathlib import Path

import pairs
import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pair", choices=["first", "second"], default="first", help="run what is for this pair only")
    parser.addoption("--plan", type=Path, help="write which test runs on which pair to this file, as JSON")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if plan := config.getoption("plan"):
        plan.write_text(json.dumps([pairs.planned(item) for item in items], indent=1))
    kept = [item for item in items if config.getoption("pair") in pairs.of(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept
