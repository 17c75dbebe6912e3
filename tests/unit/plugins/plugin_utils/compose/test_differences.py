# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of differences is complete: corners differ from docker compose where it says so, and nowhere else."""

from __future__ import annotations

from collections import Counter

from compose_corners import corners

from ansible_collections.sshfleet.containers.plugins.plugin_utils.compose.differences import DIFFERENCES

# Cases in which both refuse, or docker compose fails for another reason than ours.
FAILS = {"a key for ssh with its path", "a remote include"}


def test_each_corner_that_differs_is_in_the_table_once() -> None:
    differing = {one.name for one in corners() if isinstance(one.compose, dict)} | FAILS
    listed = Counter(name for one in DIFFERENCES for name in one.corners)
    assert set(listed) == differing
    assert [name for name, count in listed.items() if count > 1] == []


def test_what_the_table_calls_refused_is_refused() -> None:
    refused = {one.name for one in corners() if one.refused}
    for difference in DIFFERENCES:
        assert {name in refused for name in difference.corners} == {difference.refused}, difference.written
