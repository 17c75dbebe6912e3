# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The region on a terminal, as a small terminal of our own shows it."""

from __future__ import annotations

import sys
import threading
import time

import pytest
from small_terminal import Terminal

from ansible_collections.sshfleet.containers.plugins.plugin_utils.fleet_output.work import region as region_module
from ansible_collections.sshfleet.containers.plugins.plugin_utils.fleet_output.work.region import Region


def terminal_of(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Called in a test and not before it, when pytest's own streams would take its place."""
    monkeypatch.setattr(region_module, "INTERVAL", 0.001)
    made = Terminal()
    monkeypatch.setattr(sys, "stdout", made)
    monkeypatch.setattr(sys, "stderr", made)
    return made


def wait_until(condition: object) -> None:
    """For something that another thread does; a minute at most."""
    end = time.monotonic() + 60
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.001)


def test_lines_go_above_it_and_nothing_of_it_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = terminal_of(monkeypatch)
    drawn = ["bar", "counts"]
    region = Region(lambda width: list(drawn), threading.RLock())
    region.start()
    region.start()  # which changes nothing
    wait_until(lambda: terminal.lines == ["bar", "counts", ""])
    print("one")
    print("two", file=sys.stderr)
    wait_until(lambda: terminal.lines == ["one", "two", "bar", "counts", ""])
    drawn.pop()
    wait_until(lambda: terminal.lines == ["one", "two", "bar", ""])
    region.stop()
    assert terminal.lines == ["one", "two", ""]
    assert terminal.wraps
    assert sys.stdout is sys.stderr is terminal
    region.stop()
    region.start()
    wait_until(lambda: terminal.lines == ["one", "two", "bar", ""])
    region.stop()


def test_a_line_that_is_not_complete_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = terminal_of(monkeypatch)
    count = iter(range(10**9))
    region = Region(lambda width: [f"{next(count)}"], threading.RLock())
    region.start()
    wait_until(lambda: next(count) > 2)
    sys.stdout.write("Password: ")
    before = next(count)
    time.sleep(0.05)
    assert terminal.lines == ["Password: "]
    assert next(count) == before + 1
    region.stop()


def test_it_writes_only_when_nobody_holds_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ansible forks while it holds it."""
    terminal = terminal_of(monkeypatch)
    lock = threading.RLock()
    region = Region(lambda width: ["bar"], lock)
    with lock:
        region.start()
        time.sleep(0.05)
        assert terminal.lines == [""]
    wait_until(lambda: terminal.lines == ["bar", ""])
    region.stop()


def test_a_terminal_that_is_gone_harms_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = terminal_of(monkeypatch)
    tried = []

    def gone(text: str) -> int:
        tried.append(text)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(terminal, "write", gone)
    region = Region(lambda width: ["bar"], threading.RLock())
    region.start()
    wait_until(lambda: len(tried) > 1)
    region.stop()
