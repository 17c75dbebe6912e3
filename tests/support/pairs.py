# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""On which pairs of Python and ansible-core a test runs.

The first pair (the oldest that is supported) runs everything. The second (the newest) runs

- the lab tests in which Ansible itself takes part, which are marked ``pairs("both")``;
- the unit tests whose file leads to Ansible by its imports, or starts one of its programs; ``pairs`` overrules that.
"""

from __future__ import annotations

from typing import Any

import ansible_imports
import pytest
from checkout import CHECKOUT

FIRST = ("first",)
BOTH = ("first", "second")


def of(item: pytest.Item) -> tuple[str, ...]:
    """The pairs that run a test."""
    if (mark := item.get_closest_marker("pairs")) is None:
        unit = item.path.is_relative_to(CHECKOUT / "tests" / "unit")
        return BOTH if unit and ansible_imports.leads_to_ansible(item.path) else FIRST
    if mark.args not in (("first",), ("both",)):
        raise pytest.UsageError(f"{item.nodeid}: pairs takes 'first' or 'both', not {mark.args}")
    return FIRST if mark.args == FIRST else BOTH


def planned(item: pytest.Item) -> dict[str, Any]:
    return {"test": item.nodeid, "pairs": of(item), "own_hosts": item.get_closest_marker("own_hosts") is not None}
