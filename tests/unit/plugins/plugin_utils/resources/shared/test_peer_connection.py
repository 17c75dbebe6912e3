# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of community.docker's ways to an engine: nothing, a setting of ours, a warning, or an error."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.peer_connection import (
    ROWS,
    SPEC,
    settled,
)

NOTHING: dict[str, Any] = {
    "debug": False, "tls": False, "use_ssh_client": False, "api_version": "auto", "docker_host": "", "ca_path": "",
    "timeout": None,
}  # fmt: skip
IDLE: dict[str, Any] = {
    "debug": True, "tls": True, "use_ssh_client": True, "api_version": "1.41", "validate_certs": False,
}  # fmt: skip


def test_what_asks_for_nothing_is_as_if_it_were_not_given() -> None:
    assert settled(NOTHING, SPEC) == (NOTHING, [])


def test_what_has_no_effect_is_told_in_one_warning() -> None:
    params, (warning,) = settled({**IDLE, "name": "x"}, SPEC)
    assert params == {**IDLE, "name": "x"}
    assert all(name in warning for name in IDLE) and "1.41" not in warning
    assert warning.count("The engine is reached through SSH") == 1


def test_debug_has_an_effect_where_it_lists_actions() -> None:
    assert settled({"debug": True}, SPEC, listed=True) == ({"debug": True}, [])
    assert settled({"debug": True}, SPEC)[1]


SOCKETS = [
    ("unix:///run/podman/podman.sock", "/run/podman/podman.sock"),
    ("unix://var/run/docker.sock", "/var/run/docker.sock"),
]


@pytest.mark.parametrize(("host", "socket"), SOCKETS)
def test_a_socket_of_the_host_is_the_engines(host: str, socket: str) -> None:
    params, (warning,) = settled({"docker_host": host, "engine_socket": None}, SPEC)
    assert params["engine_socket"] == socket and f"engine_socket={socket}" in warning
    assert settled({"docker_host": host, "engine_socket": socket}, SPEC)[0]["engine_socket"] == socket


def test_the_peers_timeout_is_the_engines() -> None:
    params, (warning,) = settled({"timeout": 90}, SPEC)
    assert params["engine_timeout"] == 90 and "ends no container" in warning


def test_an_option_of_the_modules_own_is_left_alone() -> None:
    assert settled({"timeout": 0}, {"timeout": {"type": "int"}}) == ({"timeout": 0}, [])


REFUSED: list[dict[str, Any]] = [
    {"docker_host": "tcp://user:secret@host"},
    {"docker_host": "ssh://secret@host"},
    *({name: "/secret"} for name, row in ROWS.items() if row.refused),
    {"docker_host": "unix:///run/a.sock", "engine_socket": "/run/b.sock"},
    {"timeout": 0},
    {"timeout": 30, "engine_timeout": 60},
]


@pytest.mark.parametrize("given", REFUSED)
def test_another_way_to_an_engine_is_refused_and_not_shown(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidOption) as refused:
        settled(given, SPEC)
    assert refused.value.option == next(iter(given)) and refused.value.hint
    assert "secret" not in str(refused.value)
