# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The record beside the control socket, and the names of all files."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.master import state

RECORD = state.Record("/r/x.ctl", 7, 1.5, idle=600, target={"host": "h"})


@pytest.fixture
def paths(short: Path) -> state.Paths:
    return state.Paths(str(short), "0123456789abcdef")


def test_round_trip(paths: state.Paths) -> None:
    record = RECORD.with_forward("/a", "/b").with_memory("k", {"v": [1, None]})
    state.save(paths, record)
    assert state.load(paths) == record
    assert list(paths.files()) == [paths.state]


def test_mode(paths: state.Paths) -> None:
    before = os.umask(0)
    try:
        state.save(paths, RECORD)
    finally:
        os.umask(before)
    assert stat.S_IMODE(Path(paths.state).stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"control": "/c"}', '{"unknown": 1}', "\x00", "7"])
def test_what_cannot_be_read_is_no_record(paths: state.Paths, text: str) -> None:
    Path(paths.state).write_text(text)
    assert state.load(paths) is None


def test_no_record(paths: state.Paths) -> None:
    assert state.load(paths) is None


def test_generations_never_meet(paths: state.Paths) -> None:
    controls = {paths.new_control() for _count in range(100)}
    assert len(controls) == 100


def test_files_of_a_master(paths: state.Paths, short: Path) -> None:
    control = paths.new_control()
    mine = {control, state.local_socket(control, 0), state.local_socket(control, 1), f"{control}.AbCdEfGhIjKlMnOp"}
    others = {paths.lock, paths.state, paths.new_control(), f"{short}/fedcba9876543210-000000.ctl"}
    for file in mine | others:
        Path(file).touch()
    assert set(state.files_of_master(control)) == mine
    assert set(paths.files()) == (mine | others) - {paths.lock, f"{short}/fedcba9876543210-000000.ctl"}


def test_remove_takes_what_is_gone(short: Path) -> None:
    (short / "a").touch()
    state.remove(str(short / "gone"), str(short / "a"))
    assert list(short.iterdir()) == []
