# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turns what the probe saw into an error that names host, user, socket, cause and the command that mends it."""

from __future__ import annotations

import shlex
from collections.abc import Callable

from ...errors import SshError
from ..address.target import SshTarget
from .probe import NO_SESSION, SocketState, lets_through

FORWARDING_OPTIONS = (
    "AllowStreamLocalForwarding, AllowTcpForwarding, PermitOpen or DisableForwarding in sshd_config, or restrict, "
    "no-port-forwarding or permitopen in authorized_keys"
)
# sshd -T's name of the option -> its name, the values that let a connection through, the one to set. For a connection
# to a Unix socket sshd asks them all, the ones about TCP too.
FORWARDING = {
    "allowstreamlocalforwarding": ("AllowStreamLocalForwarding", ("yes", "all", "local"), "local"),
    "allowtcpforwarding": ("AllowTcpForwarding", ("yes", "all", "local"), "local"),
    "disableforwarding": ("DisableForwarding", ("no",), "no"),
    "permitopen": ("PermitOpen", ("any",), "any"),
}

# Kinds whose cause is fixed when the user logs in: the next task must log in anew, or mending would change nothing.
FIXED_AT_LOGIN = frozenset({"socket_denied", "forwarding_prohibited", "socket_unknown"})


def explained(target: SshTarget, seen: SocketState, forward: Callable[[str], str]) -> SshError:
    """The error for a socket that did not answer through a forward.

    :param forward: gives the path of a local socket that leads to one on the host.
    :raises SshError: the connection is gone.
    """
    passes = lets_through(forward(seen.socket))
    witness = seen.witness if seen.serves and not passes else ""
    elsewhere = lets_through(forward(witness)) if witness else None
    return socket_error(target, seen, lets_through=passes, lets_elsewhere=elsewhere)


def socket_error(
    target: SshTarget, state: SocketState, *, lets_through: bool, lets_elsewhere: bool | None = None
) -> SshError:
    """The error for a socket that did not answer on a host that was reached.

    :param lets_through: whether a connection through the forward stays open.
    :param lets_elsewhere: whether one to another socket on the host stays open; None where none was tried.
    """
    if state.problem:
        return _unknown(target, state, lets_through)
    if state.blocked_at or (state.is_socket and not state.accessible):
        return _denied(target, state)
    if not state.is_socket:
        return _no_socket(target, state) if state.exists else _missing(target, state)
    if state.listening is False or "failed" in (state.socket_active, state.service_active):
        return _down(target, state, "nothing listens on it" if state.listening is False else "its unit has failed")
    if lets_through:
        return _down(target, state, "it takes connections and does not answer")
    if lets_elsewhere:
        return _down(target, state, "it closes connections without an answer")
    return _prohibited(target, state)


def _where(target: SshTarget, state: SocketState) -> str:
    return f"The engine's socket {state.socket} on {target.display}"


def _run(target: SshTarget, state: SocketState, command: str) -> str:
    """How to run a command there: as this user where that is enough, else as root."""
    if state.user not in ("root", "") and not state.user_unit:
        return f"as root on {target.host}: {command}"
    return f"{target.login} -- {shlex.quote(command) if ' && ' in command else command}"


def _systemctl(state: SocketState, words: str) -> str:
    return f"systemctl {'--user ' if state.user_unit else ''}{words}"


def _start(state: SocketState, verb: str) -> str:
    """The command that starts the engine's socket. Masked units are unmasked first, because they can't be started."""
    unit = state.unit
    unmask = [
        _systemctl(state, f"unmask {'--runtime ' if enabled == 'masked-runtime' else ''}{unit}.{kind}")
        for kind, enabled in (("socket", state.socket_enabled), ("service", state.service_enabled))
        if enabled.startswith("masked")
    ]
    return " && ".join([*unmask, _systemctl(state, f"{verb} {unit}.socket")])


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
    message = f"{_where(target, state)} does not exist, seen as user {state.user}{_units(state)}."
    if state.installed:
        return SshError("socket_missing", message, f"Start it: {_run(target, state, _start(state, 'enable --now'))}")
    engine = state.unit or "the engine"
    hint = (
        f"Install {engine} with playbooks/setup-server.yml (ansible-playbook sshfleet.containers.setup_server), "
        "or say where the socket is with engine_socket."
    )
    return SshError("socket_missing", message, hint)


def _no_socket(target: SshTarget, state: SocketState) -> SshError:
    what = f"is {state.what}" if state.what else "is not a socket"
    message = f"{_where(target, state)} {what}, seen as user {state.user}{_units(state)}."
    if not state.installed:
        return SshError("no_socket", message, "Say where the engine's socket is with engine_socket, or remove this.")
    remove = f"rm{'dir' if state.what == 'a directory' else ''} {shlex.quote(state.socket)}"
    start = f"{remove} && {_start(state, 'restart')}"
    return SshError("no_socket", message, f"Put the socket back: {_run(target, state, start)}")


def _denied(target: SshTarget, state: SocketState) -> SshError:
    barrier = f"the directory {state.blocked_at} is closed to it" if state.blocked_at else f"it is {state.owner}"
    message = f"{_where(target, state)} is denied to the user {state.user}: {barrier}."
    owner, _space, mode = state.owner.partition(" ")
    group = owner.partition(":")[2]
    lets_group_in = not state.blocked_at or mode[-2:-1] in ("1", "3", "5", "7")
    if lets_group_in and group not in ("", "root", "UNKNOWN"):
        command = f"usermod -aG {group} {state.user}"
        return SshError(
            "socket_denied",
            message,
            f"As root on that host: {command} (who is in this group is as good as root there). Or become root "
            "(become: true) where this user may use sudo, or log in as root.",
        )
    edit = _systemctl(state, f"edit {state.unit or 'NAME'}.socket")
    return SshError(
        "socket_denied",
        message,
        "Become root (become: true) where this user may use sudo, log in as a user who may open it "
        "(ansible_user=root), or give a group access: role server_setup with server_setup_access_group, or as root on "
        f"that host {edit} with SocketGroup= and SocketMode=0660.",
    )


def _down(target: SshTarget, state: SocketState, what: str) -> SshError:
    message = f"{_where(target, state)} exists and user {state.user} may open it, but {what}{_units(state)}."
    if not state.unit:
        return SshError("engine_down", message, "Start the engine on that host.")
    look = f"journalctl {'--user ' if state.user_unit else ''}-u {state.unit}"
    hint = f"Restart it: {_run(target, state, _start(state, 'restart'))} (its log: {look})"
    return SshError("engine_down", message, hint)


def _prohibited(target: SshTarget, state: SocketState) -> SshError:
    found = [
        (name, value, remedy)
        for option, value in state.sshd
        for name, allowed, remedy in (FORWARDING[option],)
        if value not in allowed
    ]
    cause = f"by {' and '.join(f'{name} {value}' for name, value, _remedy in found)} in sshd_config" if found else ""
    reload = _run(target, state, "systemctl reload ssh")
    change = f"Set {' and '.join(f'{name} {remedy}' for name, _value, remedy in found)} for this user there"
    return SshError(
        "forwarding_prohibited",
        f"{_where(target, state)} is there, listened to and open to user {state.user}, but sshd lets no connection "
        f"through to it: forwarding is prohibited{f' {cause}' if cause else ''}.",
        f"{change if found else f'Look for {FORWARDING_OPTIONS}'}; then: {reload} (or do without: transport=dial)",
    )


def _unknown(target: SshTarget, state: SocketState, lets_through: bool) -> SshError:
    message = f"{_where(target, state)} does not answer, and looking why was not possible: {state.problem}."
    if lets_through:
        message += " A connection to it stays open, so sshd lets it through and it is the engine that does not answer."
    if state.problem == NO_SESSION:
        hint = f"As root on {target.host}, set MaxSessions 10 in sshd_config; then: systemctl reload ssh"
    else:
        hint = f"Look there: {_run(target, state, f'ls -l {shlex.quote(state.socket)}')}."
    return SshError(
        "socket_unknown",
        message,
        hint if lets_through else f"{hint.rstrip('.')}. Reasons may also be {FORWARDING_OPTIONS}.",
    )
