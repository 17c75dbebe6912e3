# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of the controller that runs leave which are killed: the next run removes them, and nobody else's."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from stuck import Stop, stuck

from ansible_collections.sshfleet.containers.plugins.plugin_utils import run_mark
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.work import local_tree
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.work.local_tree import LocalTree
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.work.archive import Writing

NAME = "a name that is longer than what a temporary name keeps of it, äöü"


def pieces(stop: Stop | None) -> Iterator[bytes]:
    yield b"half"
    if stop:
        stop()
    yield b"whole"


def copied(path: Path, stop: Stop | None = None) -> None:
    LocalTree(path.parent).write(path.name, 0o644, pieces(stop))


def copied_alone(path: Path, stop: Stop | None = None) -> None:
    LocalTree(path).write("", 0o644, pieces(stop))


def saved(path: Path, stop: Stop | None = None) -> None:
    Writing("archive_path", str(path)).write(pieces(stop))


@pytest.mark.parametrize("written", [copied, copied_alone, saved])
def test_what_a_killed_run_has_left(tmp_path: Path, written: Callable[..., None]) -> None:
    path = tmp_path / NAME
    with stuck(lambda stop: written(path, stop)), stuck(lambda stop: written(path, stop)) as kill:
        assert len(list(tmp_path.iterdir())) == 2
        kill()
        assert len(list(tmp_path.iterdir())) == 2 and not path.exists()
        written(path)
        mine, theirs = sorted(tmp_path.iterdir(), reverse=True)
        assert mine == path and mine.read_text() == "halfwhole"
        assert theirs.exists() and theirs.name.startswith(".a name"), "a living run still writes it"
    written(path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_process_that_has_the_number_of_a_dead_one() -> None:
    mine = run_mark.beside("f")
    assert not run_mark.is_left_over(mine, 1e9)
    began = str(run_mark.began(os.getpid()))
    other = "0123abcd" if began != "0123abcd" else "0123abce"
    assert run_mark.is_left_over(mine.replace(began, other), 0.0)
    short = run_mark.process()
    assert run_mark.process_runs(short)
    assert not run_mark.process_runs(short.replace(f"-{began[:4]}", "-0001" if began[:4] != "0001" else "-0002"))


@pytest.mark.parametrize(("age", "left"), [(None, False), (60.0, False), (-5.0, False), (25 * 3600.0, True)])
def test_what_another_controller_writes_is_left_to_it_for_a_day(age: float | None, left: bool) -> None:
    theirs = run_mark.beside("f").replace(run_mark._machine(), "01234567")
    assert run_mark.is_left_over(theirs, age) is left


OTHERS = [
    ".f.sshfleet",
    ".f.sshfleet-12",
    "f.sshfleet-00000000-1-00000000-0000",
    ".f.swp",
    ".sshfleet-notes",
    ".f.1a2b3c4d",
]


def test_what_only_looks_alike_is_nobodys_business(tmp_path: Path) -> None:
    for name in OTHERS:
        (tmp_path / name).touch()
        assert not run_mark.may_be_one(name)
    local_tree.sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(OTHERS)
