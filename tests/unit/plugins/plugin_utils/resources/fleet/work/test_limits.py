# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the controller's limits allow. The limits are made up: a test's own would end the test."""

from __future__ import annotations

import os
import resource
from dataclasses import replace

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.options import Filter, Wanted
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.work import limits

WANTED = Wanted(frozenset({"reach"}), Filter(), False, False, 50, True, None, False)
NONE = resource.RLIM_INFINITY


@pytest.fixture
def raised(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """What the limit of open files was raised to."""
    found: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda _which, pair: found.append(pair))
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    monkeypatch.setattr(limits, "_processes_of", lambda user: 20 if user == 4242 else 0)
    return found


def limited(monkeypatch: pytest.MonkeyPatch, files: tuple[int, int], processes: int) -> None:
    both = {resource.RLIMIT_NOFILE: files, resource.RLIMIT_NPROC: (processes, processes)}
    monkeypatch.setattr(resource, "getrlimit", both.__getitem__)


def test_what_fits_is_let_through(monkeypatch: pytest.MonkeyPatch, raised: list[tuple[int, int]]) -> None:
    for files, processes in (((1024, 4096), 2000), ((NONE, NONE), NONE)):
        limited(monkeypatch, files, processes)
        limits.require_room(WANTED, 1000)
    assert raised == []


def test_the_soft_limit_of_files_is_raised(monkeypatch: pytest.MonkeyPatch, raised: list[tuple[int, int]]) -> None:
    limited(monkeypatch, (256, 4096), NONE)
    limits.require_room(WANTED, 1000)
    assert raised == [(500, 4096)]


def test_too_few_files_are_told_with_what_would_fit(
    monkeypatch: pytest.MonkeyPatch, raised: list[tuple[int, int]]
) -> None:
    limited(monkeypatch, (256, 260), NONE)
    with pytest.raises(InvalidOption, match=r"500 open files.*260 \(ulimit -Hn\)\. Lower at_once to 20") as refused:
        limits.require_room(WANTED, 1000)
    assert refused.value.option == "at_once"
    limits.require_room(WANTED, 15)  # few hosts take few files, whatever at_once says
    limits.require_room(replace(WANTED, at_once=20), 1000)


def test_too_few_processes_are_told(monkeypatch: pytest.MonkeyPatch, raised: list[tuple[int, int]]) -> None:
    limited(monkeypatch, (4096, 4096), 1000)
    with pytest.raises(InvalidOption, match=r"1150 processes.*beside the 20.*1000 \(ulimit -u\).*keep to false"):
        limits.require_room(WANTED, 1000)
    limits.require_room(replace(WANTED, keep=False), 1000)
    limited(monkeypatch, (4096, 4096), 100)
    with pytest.raises(InvalidOption, match=r"150 processes.*Lower at_once"):
        limits.require_room(replace(WANTED, keep=False), 1000)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    limits.require_room(WANTED, 1000)


def test_processes_are_counted() -> None:
    assert limits._processes_of(os.geteuid()) >= 1
    assert limits._processes_of(2**31 - 7) == 0
