# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which tasks share a process, and how many hosts one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.strategy.sharing import (
    AT_MOST,
    Keywords,
    hosts_of_one,
    is_tried,
    may_share,
)

OURS = Keywords("sshfleet.containers.remote_container", 0, 0, False)
MODULES = {"remote_container": "container"}


def test_a_module_of_ours_may_share() -> None:
    assert may_share(OURS, MODULES)


@pytest.mark.parametrize(
    "other",
    [
        {"action": "ansible.builtin.copy"},
        {"action": "sshfleet.containers.moving"},
        {"action": "remote_container"},
        {"action": None},
        {"asynchronous": "{{ seconds }}"},
        {"timeout": 30},
        {"run_once": "{{ once }}"},
    ],
    ids=str,
)
def test_what_may_not(other: dict[str, object]) -> None:
    assert not may_share(replace(OURS, **other), MODULES)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("forks", "processors", "hosts", "expected"),
    [
        (1, 2, 1000, 1),
        (5, 2, 1000, 2),
        (50, 2, 1000, 13),
        (50, 2, 10, 5),
        (50, 16, 1000, 2),
        (1000, 2, 1000, AT_MOST),
        (50, 2, 1, 1),
    ],
)
def test_hosts_of_one(forks: int, processors: int, hosts: int, expected: int) -> None:
    assert hosts_of_one(forks, processors, hosts) == expected


@pytest.mark.parametrize("version", ["2.19.0", "2.19.14", "2.20.0rc1", "2.21.5"])
def test_versions_that_were_tried(version: str) -> None:
    assert is_tried(version)


@pytest.mark.parametrize("version", ["2.18.9", "2.22.0.dev0", "3.0.0", "2", "", "x.y.z"])
def test_versions_that_were_not(version: str) -> None:
    assert not is_tried(version)
