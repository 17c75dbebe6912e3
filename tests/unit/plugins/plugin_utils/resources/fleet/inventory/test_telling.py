# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What people are told of hosts that could not be read."""

from __future__ import annotations

from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.inventory.naming import Found
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.inventory.telling import (
    nameless,
    unread,
    words,
)

HOSTS: list[dict[str, Any]] = [
    {"host": "h1", "engines": []},
    {"host": "h2", "engines": [], "error": {"kind": "unreachable", "message": "Refused.", "hint": "Start sshd."}},
]


def test_each_host_is_told_with_kind_message_and_hint() -> None:
    text = words(unread(HOSTS), 2)
    assert text.startswith("1 of 2 hosts could not be read completely")
    assert text.endswith("h2 (unreachable): Refused. Start sshd.") and "fleet_containers_unread" in text


def test_names_that_no_engine_gives_are_told_as_they_are() -> None:
    assert nameless([]) == ""
    assert "'a:b' of h1" in nameless([Found("h1", {"name": "podman"}, {"name": "a:b"}, False)])
