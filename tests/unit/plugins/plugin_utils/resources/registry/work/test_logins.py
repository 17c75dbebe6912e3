# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logins live in the memory of the connection to a host, and are given for their registry only."""

from __future__ import annotations

from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.registry.credentials import Credentials
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.registry.work import logins


class Session:
    def __init__(self) -> None:
        self.memory: dict[str, Any] = {}

    def recall(self, key: str) -> Any:
        return self.memory.get(key)

    def remember(self, key: str, value: Any) -> None:
        self.memory[key] = value


def test_keeping_and_forgetting() -> None:
    session: Any = Session()
    one, hub = Credentials("r.example.com", "me", "a"), Credentials("docker.io", "me", "b")
    assert logins.known(session, "r.example.com") is None
    logins.keep(session, one)
    logins.keep(session, hub)
    assert logins.known(session, "r.example.com") == one
    found = logins.given(session)
    assert found("r.example.com") == one.auth() and found("docker.io") == found("index.docker.io") == hub.auth()
    assert found("r.example.com:5000") is found("not a registry") is None
    logins.forget(session, "r.example.com")
    assert found("r.example.com") is None and found("docker.io") == hub.auth()
