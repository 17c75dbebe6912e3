# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The live region's lines as rich makes them."""

from __future__ import annotations

import io
import re

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.fleet_output.progress import Progress
from ansible_collections.sshfleet.containers.plugins.plugin_utils.fleet_output.work import picture

PROGRESS = Progress("Copy [red]the\x1b file", 10, 4, 1, {"web2": 103.0}, began=100.0)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_lines() -> None:
    task, progress, counts, slowest = picture.drawn(PROGRESS, 110.0, 100, colours=False)
    assert re.sub("\x1b.*?m", "", task) == r"Copy [red]the\x1b file"
    assert re.sub("\x1b.*?m", "", progress) == "━" * 24  # of 60; the rest shows in colours only
    assert counts == "4 done · 1 running · 1 failed · 0:10 · about 0:15 left"
    assert slowest.endswith("slowest: web2 (0:07)\x1b[0m") or slowest == "slowest: web2 (0:07)"


@pytest.mark.parametrize("width", [10, 20, 40, 80])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = picture.drawn(PROGRESS, 110.0, width, colours=True)
    assert len(lines) == 4
    for line in lines:
        assert len(re.sub("\x1b.*?m", "", line)) <= width


def test_colours_only_where_they_are_wanted() -> None:
    assert "\x1b[31m" in "".join(picture.drawn(PROGRESS, 110.0, 80, colours=True))
    assert "\x1b[31m" not in "".join(picture.drawn(PROGRESS, 110.0, 80, colours=False))


def test_where_it_is_drawn() -> None:
    assert picture.can_draw(Terminal(), {"TERM": "xterm"})
    assert not picture.can_draw(io.StringIO(), {"TERM": "xterm"})
    assert not picture.can_draw(Terminal(), {"TERM": "dumb"})
    assert not picture.can_draw(Terminal(), {})
    assert not picture.can_draw(Terminal(), {"TERM": "xterm", "CI": "true"})


def test_not_without_rich(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert not picture.can_draw(Terminal(), {"TERM": "xterm"})
