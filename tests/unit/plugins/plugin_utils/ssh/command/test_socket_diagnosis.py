# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what the probe saw to a class; each with host, user, socket, cause and the command that mends it."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command.probe import NO_SESSION, SocketState
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command.socket_diagnosis import socket_error

TARGET = SshTarget("10.0.0.1", user="u", name="web1")
PODMAN = "/run/podman/podman.sock"
ROOTLESS = "/run/user/7/podman/podman.sock"


def seen(path: str = PODMAN, **fields: object) -> SocketState:
    return SocketState(path, **{"user": "u", "unit": "podman", **fields})  # type: ignore[arg-type]


THERE = {"exists": True, "is_socket": True, "accessible": True, "listening": True, "owner": "root:docker 660"}

# state, does the forward let through -> kind, part of the message, part of the hint
CASES = {
    "not installed": (seen(), False, "socket_missing", "does not exist", "playbooks/setup-server.yml"),
    "not enabled": (
        seen(socket_enabled="disabled", socket_active="inactive"), False, "socket_missing",
        "podman.socket is inactive (disabled)", "as root on 10.0.0.1: systemctl enable --now podman.socket",
    ),
    "not enabled, and root looks": (
        seen(user="root", socket_enabled="disabled"), False, "socket_missing", "does not exist",
        "ssh u@10.0.0.1 -- systemctl enable --now podman.socket",
    ),
    "masked": (
        seen(user="root", socket_enabled="masked"), False, "socket_missing", "podman.socket is unknown (masked)",
        "ssh u@10.0.0.1 -- 'systemctl unmask podman.socket && systemctl enable --now podman.socket'",
    ),
    "its service is masked": (
        seen(**{**THERE, "listening": False}, service_enabled="masked-runtime", service_active="failed"), False,
        "engine_down", "(masked-runtime)",
        "systemctl unmask --runtime podman.service && systemctl restart podman.socket",
    ),
    "a user's unit": (
        seen(ROOTLESS, user_unit=True, socket_enabled="disabled"), False, "socket_missing", "does not exist",
        "systemctl --user enable --now podman.socket",
    ),
    "something": (seen(exists=True, accessible=True), False, "no_socket", "is not a socket", "engine_socket"),
    "a directory": (
        seen(exists=True, what="a directory", socket_enabled="enabled"), False, "no_socket", "is a directory, seen",
        "rmdir /run/podman/podman.sock && systemctl restart podman.socket",
    ),
    "a link to nowhere": (
        seen(exists=True, what="a link to /x, where nothing is", socket_enabled="enabled"), False, "no_socket",
        "is a link to /x", "rm /run/podman/podman.sock && systemctl restart podman.socket",
    ),
    "denied by its group": (
        seen(**{**THERE, "accessible": False}), False, "socket_denied", "it is root:docker 660",
        "usermod -aG docker u",
    ),
    "denied to all but root": (
        seen(**{**THERE, "accessible": False, "owner": "root:root 600"}), False, "socket_denied", "root:root 600",
        "systemctl edit podman.socket",
    ),
    "a closed directory": (
        seen(blocked_at="/run/podman"), False, "socket_denied", "the directory /run/podman is closed",
        "ansible_user=root",
    ),
    "a directory closed to a group too": (
        seen(blocked_at="/run/podman", owner="root:engines 700"), False, "socket_denied", "/run/podman is closed",
        "ansible_user=root",
    ),
    "a directory open to a group": (
        seen(blocked_at="/run/podman", owner="root:engines 750"), False, "socket_denied", "/run/podman is closed",
        "usermod -aG engines",
    ),
    "nobody listens": (
        seen(**{**THERE, "listening": False}), False, "engine_down", "nothing listens",
        "systemctl restart podman.socket",
    ),
    "its service failed": (
        seen(**THERE, service_active="failed"), False, "engine_down", "podman.service is failed",
        "journalctl -u podman",
    ),
    "an engine we don't know": (
        seen(**{**THERE, "listening": False, "unit": ""}), False, "engine_down", "nothing listens", "Start the engine",
    ),
    "prohibited": (seen(**THERE), False, "forwarding_prohibited", "sshd lets no", "AllowStreamLocalForwarding"),
    "prohibited, and the target does not tell who listens": (
        seen(**{**THERE, "listening": None}), False, "forwarding_prohibited", "sshd lets no", "no-port-forwarding",
    ),
    "prohibited by an option that sshd tells": (
        seen(**THERE, sshd=(("allowtcpforwarding", "no"), ("permitopen", "none"), ("disableforwarding", "no"))), False,
        "forwarding_prohibited", "by AllowTcpForwarding no and PermitOpen none in sshd_config",
        "Set AllowTcpForwarding local and PermitOpen any",
    ),
    "stuck": (seen(**THERE), True, "engine_down", "does not answer", "systemctl restart podman.socket"),
    "no look": (seen(problem="no shell"), False, "socket_unknown", "no shell", "ls -l /run/podman/podman.sock"),
    "no look, and the forward works": (
        seen(problem="no shell"), True, "socket_unknown", "it is the engine that does not answer", "ls -l",
    ),
    "no session to look": (seen(problem=NO_SESSION), True, "socket_unknown", "(MaxSessions)", "set MaxSessions 10"),
}  # fmt: skip


@pytest.mark.parametrize(("state", "through", "kind", "message", "hint"), CASES.values(), ids=CASES)
def test_classes(state: SocketState, through: bool, kind: str, message: str, hint: str) -> None:
    error = socket_error(TARGET, state, lets_through=through)
    assert error.kind == kind
    assert not error.unreachable
    assert message in error.message
    assert hint in error.hint
    for part in ("web1 (u@10.0.0.1)", state.socket):
        assert part in error.message
    if not state.problem:
        assert f"user {state.user}" in error.message


def test_who_closes_connections_is_found_out_by_another_socket() -> None:
    """sshd that prohibits forwarding closes them all; an engine's socket is one of many."""
    state = seen(**THERE, witness="/run/dbus/system_bus_socket")
    assert socket_error(TARGET, state, lets_through=False, lets_elsewhere=False).kind == "forwarding_prohibited"
    closing = socket_error(TARGET, state, lets_through=False, lets_elsewhere=True)
    assert closing.kind == "engine_down"
    assert "it closes connections without an answer" in closing.message
