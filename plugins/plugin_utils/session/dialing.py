# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dialing a target's engine: as whom, with which command, and why it does not answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from ..errors import SshError
from ..ssh.command import dial_command, probe, socket_diagnosis, sudo
from ..ssh.command import host_command as remote
from ..ssh.command.dial import Dialer
from ..ssh.command.probe import SocketState
from ..ssh.command.sudo import Become
from ..ssh.tunnel.tunnel import FIXED_AT_LOGIN, Tunnel


class Dialing:
    """The ways to one target's sockets through commands there; nothing happens before the first call."""

    def __init__(self, tunnel: Tunnel, become: Become | None, log: Callable[[str], None]) -> None:
        self._tunnel = tunnel
        self._become = become
        self._log = log

    @cached_property
    def _host(self) -> remote.Host:
        if self._become:
            sudo.require_sudo(self._become)
        return remote.Host(self._tunnel.target, self._tunnel.control, self._become, self._log)

    def dialer(self, words: list[str]) -> Dialer:
        """A local socket that leads to the engine through this command.

        :raises InvalidOption: become can't do it.
        """
        user = f"{self._become.user}, through sudo" if self._become else "the login user"
        self._log(f"dialing as {user}: {words[0]} {words[-1]}")
        return Dialer(self._host, words)

    def choose(self, socket: str) -> list[str]:
        """Look at the socket and for a command that connects to it.

        :raises SshError: the socket is missing, denied or dead, or nothing there can connect to it.
        :raises InvalidOption: become can't do it.
        """
        seen, tools = self._look(socket)
        if seen.problem or not seen.is_socket or not seen.accessible or seen.listening is False:
            raise self._error(seen)
        words = dial_command.dial_words(socket, tools)
        if words is None:
            raise dial_command.nothing_to_dial_with(self._tunnel.target, socket)
        return words

    def diagnose(self, socket: str) -> SshError:
        """Why a request got no answer: the error to raise."""
        try:
            seen, _tools = self._look(socket)
        except SshError as problem:
            return problem
        return self._error(seen)

    def _look(self, socket: str) -> tuple[SocketState, list[str]]:
        done = remote.run(self._host, dial_command.probe_words(socket), dial_command.SCRIPT, probe.TIMEOUT)
        return probe.read(socket, done), dial_command.tools_seen(done.stdout)

    def _error(self, seen: SocketState) -> SshError:
        error = socket_diagnosis.socket_error(self._tunnel.target, seen, lets_through=True)
        if error.kind in FIXED_AT_LOGIN:
            self._tunnel.retire()
        return error
