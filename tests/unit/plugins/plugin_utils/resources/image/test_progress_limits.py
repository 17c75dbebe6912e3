# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Progress of an engine that has no end of things to tell."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image import progress
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.progress import NO_MORE, Progress


def test_only_so_many_lines_are_told_and_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "MOST_TOLD", 3)
    told: list[str] = []
    seen = Progress(told.append)
    for number in range(100):
        seen({"id": "a", "status": f"Pulled {number}"})
    assert told == ["a: Pulled 0", "a: Pulled 1", "a: Pulled 2", NO_MORE] and len(seen._told) == 4


def test_what_is_long_is_told_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "MOST_OUTPUT", 1000)
    told: list[str] = []
    seen = Progress(told.append)
    seen({"status": "x" * 5000})
    seen({"stream": "begin" + "x" * 5000 + "end"})
    assert len(told[0]) < 600 and len(seen.output) < 1100 and seen.output.startswith("begin")
    assert seen.output.endswith("end") and "left out" in seen.output
