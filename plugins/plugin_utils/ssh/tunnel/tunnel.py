# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tunnel: the transport by OpenSSH. There is one master per target; forwards, commands, memory and diagnosis go over
it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ...errors import SshError
from ..address.target import SshTarget
from ..command import host_command, probe, socket_diagnosis
from ..command.dial import Dialer
from ..command.probe import SocketState
from ..command.sudo import Become
from ..login import diagnosis
from ..login.process import Finished
from ..master import mux, state
from ..master.lock import TargetLock, lock_about
from ..master.runtime_dir import runtime_directory, salt
from . import open_tunnels, opening
from .master import Tools, TunnelSettings
from .open_tunnels import TunnelInfo, list_tunnels, sweep

__all__ = [
    "SocketState",
    "Tools",
    "Tunnel",
    "TunnelInfo",
    "TunnelSettings",
    "close_tunnel",
    "list_tunnels",
    "open_tunnel",
    "sweep",
]


def open_tunnel(
    target: SshTarget,
    settings: TunnelSettings | None = None,
    *,
    log: Callable[[str], None] = lambda message: None,
    runtime_dir: Path | None = None,
    tools: Tools | None = None,
) -> Tunnel:
    """Find the target's live master, or start one. Of many callers at once, one starts it.

    Where the master is alive this costs neither a process nor a lock, so every task can call it.

    :raises SshError: the host can't be reached or does not let us in (``unreachable``), or the controller lacks
        something (``ssh_client``, ``runtime_dir``).
    :raises InvalidOption: an ssh argument that can't be used.
    """
    settings = settings or TunnelSettings()
    tools = tools or Tools(log=log)
    paths = state.Paths(runtime_directory(runtime_dir), target.identity())
    open_tunnels.sweep_left_over(paths.directory)
    record, opened = opening.found_or_started(target, settings, paths, tools)
    return Tunnel(target, settings, paths, record, tools, opened)


def close_tunnel(tunnel: SshTarget | TunnelInfo, runtime_dir: Path | None = None) -> bool:
    """End a target's masters and remove their files; those of its jump hosts too, where no other tunnel needs them.

    :returns: whether a master of the target was running.
    :raises SshError: kind ``runtime_dir``.
    """
    if isinstance(tunnel, TunnelInfo) and runtime_dir is None:
        runtime_dir = Path(tunnel.control).parent
    identity = tunnel.identity() if isinstance(tunnel, SshTarget) else tunnel.identity
    record = state.load(state.Paths(runtime_directory(runtime_dir), identity))
    ended = open_tunnels.end_masters(tunnel, runtime_dir)
    if record is not None and record.status == state.READY and (via := record.target.get("via")):
        _close_unneeded(via, runtime_dir)
    return ended


def _close_unneeded(via: Sequence[str], runtime_dir: Path | None) -> None:
    """Close the jump hosts (identities, first hop first) that no live tunnel leads over."""
    others = {info.identity: info for info in list_tunnels(runtime_dir)}
    for hop in reversed(via):
        if hop in others and not any(hop in other.via for other in others.values() if other.alive):
            open_tunnels.end_masters(others.pop(hop), runtime_dir)


class Tunnel:
    """A live connection to one target; see ``Transport`` in ``ssh/transport.py``. ``control`` is the control socket,
    ``pid`` the master's process ID, ``started`` its start in seconds since the epoch. ``opened`` tells whether this
    call found no live master.
    """

    def __init__(
        self,
        target: SshTarget,
        settings: TunnelSettings,
        paths: state.Paths,
        record: state.Record,
        tools: Tools,
        opened: bool = False,
    ) -> None:
        self.target = target
        self.settings = settings
        self.opened = opened
        self._paths = paths
        self._record = record
        self._tools = tools

    @property
    def control(self) -> str:
        return self._record.control

    @property
    def connection_id(self) -> str:
        """A text that stays the same while this master lives; a later master for the same target has another."""
        return self._record.control

    @property
    def pid(self) -> int:
        return self._record.pid

    @property
    def started(self) -> float:
        return self._record.started

    @property
    def memory(self) -> dict[str, Any]:
        """Everything that callers have remembered with this master."""
        return dict(self._record.memory)

    def recall(self, key: str) -> Any:
        """What was remembered under the key, None when there is nothing."""
        return self._record.memory.get(key)

    def remember(self, key: str, value: Any) -> None:
        """Keep a JSON value for as long as this master lives."""
        self._update(lambda record: record.with_memory(key, value))

    def forward(self, remote_socket: str) -> str:
        """The path of a local socket that leads to the one on the target. The first call opens it.

        :raises SshError: the connection is gone and can't be had again, or the local socket can't be made.
        """
        known = self._record.forwards.get(remote_socket)
        if known is not None and os.path.exists(known):  # noqa: PTH110 - on the warm way of every task
            return known
        try:
            return self._open_forward(remote_socket)
        except mux.MuxRefused as problem:
            raise SshError(
                "ssh_client",
                f"The ssh master for {self.target.display} can't forward {remote_socket}: {problem}.",
                f"Is there room and permission to make sockets in {self._paths.directory}?",
            ) from problem
        except mux.MuxError:
            self._record = opening.start(self.target, self.settings, self._paths, self._tools, self._record)
        try:
            return self._open_forward(remote_socket)
        except mux.MuxError as problem:
            raise diagnosis.lost(self.target) from problem

    def _open_forward(self, remote_socket: str) -> str:
        with TargetLock(self._paths.lock, self._tools.now):
            current = self._current() or self._record
            known = current.forwards.get(remote_socket)
            if known is not None and os.path.exists(known):  # noqa: PTH110
                self._record = current
                return known
            local = self._unused(current)
            with mux.MuxClient(current.control) as client:
                client.forward(local, remote_socket)
            try:
                os.chmod(local, 0o600)  # noqa: PTH101 - of StreamLocalBindMask the last one wins, not the first
            except FileNotFoundError as problem:  # the master has ended, and took it along
                raise mux.MuxError(f"{local} is gone") from problem
            self._record = current.with_forward(remote_socket, local)
            if self._current() is not None:
                state.save(self._paths, self._record)
        return local

    @staticmethod
    def _unused(record: state.Record) -> str:
        """The path for a new forward, with a number above those of all others. A forward whose file was deleted is
        still held by the master, which would make none of that name again.
        """
        number = 1 + max(map(state.number_of_socket, record.forwards.values()), default=-1)
        while os.path.lexists(local := state.local_socket(record.control, number)):
            number += 1
        return local

    def _current(self) -> state.Record | None:
        """The record of this very master; None when another one has taken its place."""
        record = state.load(self._paths)
        return record if record is not None and record.control == self.control else None

    def _update(self, change: Callable[[state.Record], state.Record]) -> None:
        with TargetLock(self._paths.lock, self._tools.now):
            current = self._current()
            self._record = change(current or self._record)
            if current is not None:
                state.save(self._paths, self._record)

    def run(
        self,
        argv: list[str],
        stdin: str,
        timeout: float,
        *,
        become: Become | None = None,
        session_within: float = host_command.SESSION_WITHIN,
    ) -> Finished:
        """Run a command on the target to its end; see ``Transport.run``.

        :raises SshError: as ``Transport.run`` does.
        """
        return host_command.run(self._host(become, session_within), argv, stdin, timeout)

    def dial(self, argv: list[str], become: Become | None) -> Dialer:
        """A local socket; each connection to it runs this command on the target.

        :raises SshError: kind ``runtime_dir``: the socket can't be made.
        """
        return Dialer(self._host(become), argv)

    def _host(self, become: Become | None, session_within: float = host_command.SESSION_WITHIN) -> host_command.Host:
        return host_command.Host(self.target, self.control, become, self._tools.log, session_within=session_within)

    def lock(self, about: str) -> TargetLock:
        """This controller's lock about something that the words name."""
        return lock_about(self._paths.directory, about)

    def salt(self) -> str:
        """This user's salt on this controller."""
        return salt(self._paths.directory)

    def probe(self, remote_socket: str) -> SocketState:
        """Look at a socket on the target, over the same master.

        :raises SshError: the connection is gone.
        """
        seen = probe.probe(self.target, self.control, remote_socket)
        if seen.problem and self._is_lost(seen):
            raise diagnosis.lost(self.target)
        return seen

    def _is_lost(self, seen: SocketState) -> bool:
        """Whether the connection is gone. A master that runs no command in time has lost its peer, though it does not
        know yet.
        """
        if seen.problem == probe.NO_ANSWER:
            self.close()
            return True
        return mux.master_pid(self.control) is None

    def diagnose(self, remote_socket: str, *, retire: bool = True) -> SshError:
        """Why a request through the forward got no answer: the error to raise, with the command that mends it.

        :param retire: let the next task log in anew where the cause is fixed at login.
        """
        try:
            error = socket_diagnosis.explained(self.target, self.probe(remote_socket), self.forward)
        except SshError as problem:
            return problem
        if retire and error.kind in socket_diagnosis.FIXED_AT_LOGIN:
            self.retire()
        return error

    def retire(self) -> None:
        """Let the next task start another master; this one serves what runs over it and ends by its idle time."""
        with TargetLock(self._paths.lock, self._tools.now):
            if self._current() is not None:
                state.remove(self._paths.state)

    def leave(self) -> None:
        """Nothing: the master stays for the next task."""

    def close(self) -> bool:
        """End the master and remove all its files; whether there was something to end."""
        return close_tunnel(self.target, Path(self._paths.directory))
