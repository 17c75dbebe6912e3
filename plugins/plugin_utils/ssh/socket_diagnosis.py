# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what the probe saw to an error that names host, user, socket, cause and the command that mends it."""

from __future__ import annotations

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.probe import SocketState
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.target import SshTarget

FORWARDING_OPTIONS = (
    "AllowStreamLocalForwarding no or DisableForwarding yes in sshd_config, or restrict or no-port-forwarding in "
    "authorized_keys"
)


def socket_error(target: SshTarget, state: SocketState, *, lets_through: bool) -> SshError:
    """The error for a socket that did not answer on a host that was reached.

    :param lets_through: whether a connection through the forward stays open.
    """
    if state.problem:
        return _unknown(target, state)
    if state.blocked_at or (state.is_socket and not state.accessible):
        return _denied(target, state)
    if not state.is_socket:
        return _missing(target, state)
    if state.listening is False or "failed" in (state.socket_active, state.service_active):
        return _down(target, state, "nothing listens on it")
    if not lets_through:
        return _prohibited(target, state)
    return _down(target, state, "it takes connections but did not answer")


def _where(target: SshTarget, state: SocketState) -> str:
    return f"The engine's socket {state.socket} on {target.display}"


def _remote(target: SshTarget, command: str) -> str:
    return f"{target.login} -- {command}"


def _systemctl(state: SocketState, words: str) -> str:
    return f"systemctl {'--user ' if state.user_unit else ''}{words}"


def _units(state: SocketState) -> str:
    described = [
        f"{state.unit}.{kind} is {active or 'unknown'}{f' ({enabled})' if enabled else ''}"
        for kind, active, enabled in (
            ("socket", state.socket_active, state.socket_enabled),
            ("service", state.service_active, state.service_enabled),
        )
        if active or enabled
    ]
    return f" ({', '.join(described)})" if state.unit and described else ""


def _missing(target: SshTarget, state: SocketState) -> SshError:
    what = "is not a socket" if state.exists else "does not exist"
    message = f"{_where(target, state)} {what}, seen as user {state.user}{_units(state)}."
    if state.installed:
        start = _systemctl(state, f"enable --now {state.unit}.socket")
        return SshError("socket_missing", message, f"Start it: {_remote(target, start)}")
    engine = state.unit or "the engine"
    hint = (
        f"Install {engine} with playbooks/setup-server.yml (ansible-playbook sshfleet.containers.setup_server), "
        "or say where the socket is with engine_socket."
    )
    return SshError("socket_missing", message, hint)


def _denied(target: SshTarget, state: SocketState) -> SshError:
    barrier = f"the directory {state.blocked_at} is closed to it" if state.blocked_at else f"it is {state.owner}"
    message = f"{_where(target, state)} is denied to the user {state.user}: {barrier}."
    group = state.owner.partition(" ")[0].partition(":")[2]
    if not state.blocked_at and group not in ("", "root", "UNKNOWN"):
        command = f"usermod -aG {group} {state.user}"
        return SshError(
            "socket_denied",
            message,
            f"As root on that host: {command} (who is in this group is as good as root there). Or log in as root.",
        )
    edit = _systemctl(state, f"edit {state.unit or 'NAME'}.socket")
    return SshError(
        "socket_denied",
        message,
        "Log in as a user who may open it (ansible_user=root), or, as root on that host, give the socket a group: "
        f"{edit} with SocketGroup= and SocketMode=0660.",
    )


def _down(target: SshTarget, state: SocketState, what: str) -> SshError:
    message = f"{_where(target, state)} exists and user {state.user} may open it, but {what}{_units(state)}."
    if not state.unit:
        return SshError("engine_down", message, "Start the engine on that host.")
    start = _systemctl(state, f"restart {state.unit}.socket")
    look = f"journalctl {'--user ' if state.user_unit else ''}-u {state.unit}"
    return SshError("engine_down", message, f"Restart it: {_remote(target, start)} (its log: {look})")


def _prohibited(target: SshTarget, state: SocketState) -> SshError:
    return SshError(
        "forwarding_prohibited",
        f"{_where(target, state)} is there, listened to and open to user {state.user}, but sshd lets no connection "
        "through to it: forwarding is prohibited.",
        f"Look for {FORWARDING_OPTIONS}; then: {_remote(target, 'systemctl reload ssh')}",
    )


def _unknown(target: SshTarget, state: SocketState) -> SshError:
    return SshError(
        "socket_unknown",
        f"{_where(target, state)} does not answer, and looking why was not possible: {state.problem}.",
        f"Look there: {_remote(target, f'ls -l {state.socket}')}. Reasons may be {FORWARDING_OPTIONS}.",
    )
