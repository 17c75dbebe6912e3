# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans as text, against those in a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.plan import Plan


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, Mapping[str, Plan]], None]:
    """Compares plans, each under its title, with the file of this name beside the test: a blank line between two."""

    def compare(name: str, plans: Mapping[str, Plan]) -> None:
        text = "\n\n".join(f"{title}\n{planned}" for title, planned in plans.items()) + "\n"
        assert text == Path(request.path).with_name(name).read_text()

    return compare
