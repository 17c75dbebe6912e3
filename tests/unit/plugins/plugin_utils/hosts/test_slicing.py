# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Slices of a file's hosts: what is one, and that each host is in one of them."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.entry import HostEntry, HostsFile
from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.slicing import positions, sliced


def hosts(*names: str, default: str | None = None) -> HostsFile:
    return HostsFile(tuple(HostEntry(name, "192.0.2.1") for name in names), default)


def names(file: HostsFile) -> list[str]:
    return [entry.name for entry in file.hosts]


@pytest.mark.parametrize(("text", "found"), [("1/1", (1, 1)), ("2/4", (2, 4)), ("4/4", (4, 4)), ("10/200", (10, 200))])
def test_what_is_a_slice(text: str, found: tuple[int, int]) -> None:
    assert positions(text) == found


@pytest.mark.parametrize("text", ["", "1", "0/4", "5/4", "1/0", "-1/2", "1/2/3", "a/b", "1 / 2", "01/2", "1/2\n"])
def test_what_is_none(text: str) -> None:
    assert positions(text) is None


def test_each_nth_by_name_in_the_files_order() -> None:
    file = hosts("d", "a", "e", "b", "c", default="b")
    assert [names(sliced(file, which, 2)) for which in (1, 2)] == [["a", "e", "c"], ["d", "b"]]
    assert [sliced(file, which, 2).default_host for which in (1, 2)] == [None, "b"]
    assert names(sliced(file, 7, 9)) == []


@pytest.mark.parametrize("count", range(1, 8))
@pytest.mark.parametrize("number", [0, 1, 6, 7, 30])
def test_every_host_is_in_one_slice_and_slices_are_alike_in_size(number: int, count: int) -> None:
    every = [f"host{one * 7 % 31}" for one in range(number)]
    parts = [names(sliced(hosts(*every), which, count)) for which in range(1, count + 1)]
    assert sorted(name for part in parts for name in part) == sorted(every)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
