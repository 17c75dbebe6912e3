# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dials an engine, through commands on its host: as which user, by which command, and why it does not answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from ..errors import SshError
from ..ssh.command import dial_command, probe, socket_diagnosis, sudo
from ..ssh.command.probe import SocketState
from ..ssh.command.sudo import Become
from ..ssh.transport import Dialed, Transport


class Dialing:
    """The ways to the sockets of one host through commands there. Nothing happens before the first call.

    :param become: whom the task becomes; None for the login user.
    """

    def __init__(self, transport: Transport, become: Become | None, log: Callable[[str], None]) -> None:
        self._transport = transport
        self._wanted = become
        self._log = log

    @cached_property
    def _become(self) -> Become | None:
        if self._wanted:
            sudo.require_sudo(self._wanted)
        return self._wanted

    def dialed(self, argv: list[str]) -> Dialed:
        """A local socket that leads to the engine through this command.

        :raises InvalidOption: become is by another method than sudo.
        :raises SshError: kind ``runtime_dir``: the socket can't be made.
        """
        user = f"{self._wanted.user}, through sudo" if self._wanted else "the login user"
        self._log(f"dialing as {user}: {argv[0]} {argv[-1]}")
        return self._transport.dial(argv, self._become)

    def choose(self, socket: str) -> list[str]:
        """Look at the socket and at what is installed there.

        :returns: a command that connects its stdin and stdout to the socket.
        :raises SshError: the socket is missing, denied or dead, or nothing there can connect to it.
        :raises InvalidOption: become is by another method than sudo.
        """
        seen, tools = self._look(socket)
        if seen.problem or not seen.is_socket or not seen.accessible or seen.listening is False:
            raise self._error(seen)
        argv = dial_command.dial_argv(socket, tools)
        if argv is None:
            raise dial_command.nothing_to_dial_with(self._transport.target, socket)
        return argv

    def diagnose(self, socket: str) -> SshError:
        """The error to raise for a request that got no answer."""
        try:
            seen, _tools = self._look(socket)
        except SshError as problem:
            return problem
        return self._error(seen)

    def _look(self, socket: str) -> tuple[SocketState, list[str]]:
        argv = dial_command.probe_argv(socket)
        done = self._transport.run(argv, dial_command.SCRIPT, probe.TIMEOUT, become=self._become)
        return probe.read(socket, done), dial_command.tools_seen(done.stdout)

    def _error(self, seen: SocketState) -> SshError:
        error = socket_diagnosis.socket_error(self._transport.target, seen, lets_through=True)
        if error.kind in socket_diagnosis.FIXED_AT_LOGIN:
            self._transport.retire()
        return error
