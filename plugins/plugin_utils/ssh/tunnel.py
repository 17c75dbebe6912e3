# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tunnel: one master per target, found or started; forwards, memory, probe and diagnosis over it."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh import (
    diagnosis,
    master,
    mux,
    probe,
    process,
    registry,
    socket_diagnosis,
    state,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.lock import TargetLock
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.master import Tools, TunnelSettings
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.probe import SocketState
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.registry import (
    TunnelInfo,
    close_tunnel,
    list_tunnels,
    sweep,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.runtime_dir import runtime_directory
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.target import SshTarget

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

# Kinds whose cause is fixed when the user logs in: the next task must log in anew, or mending would change nothing.
FIXED_AT_LOGIN = frozenset({"socket_denied", "forwarding_prohibited"})


def open_tunnel(
    target: SshTarget,
    settings: TunnelSettings | None = None,
    *,
    log: Callable[[str], None] = lambda message: None,
    runtime_dir: Path | None = None,
    tools: Tools | None = None,
) -> Tunnel:
    """Find the target's live master or start one; of many callers at once, one starts it.

    Cheap where the master is alive (no process, no lock), so that every task can ask.

    :raises SshError: the host can't be reached or does not let us in (``unreachable``), or the controller lacks
        something (``ssh_client``, ``runtime_dir``).
    :raises InvalidOption: an ssh argument that can't be used.
    """
    settings = settings or TunnelSettings()
    tools = tools or Tools(log=log)
    paths = state.Paths(runtime_directory(runtime_dir), target.identity())
    record = state.load(paths)
    live = record if record is not None and _is_live(record, settings, tools) else None
    return Tunnel(target, settings, paths, live or _start(target, settings, paths, tools, record), tools, live is None)


def _is_live(record: state.Record, settings: TunnelSettings, tools: Tools) -> bool:
    """Whether a master runs, is young enough and answers."""
    if record.status != state.READY or tools.now() - record.started >= settings.max_age:
        return False
    return mux.master_pid(record.control) is not None


def _start(
    target: SshTarget, settings: TunnelSettings, paths: state.Paths, tools: Tools, useless: state.Record | None
) -> state.Record:
    """Start a master unless somebody else just did; ``useless`` is the record found before waiting for the lock."""
    with TargetLock(paths.lock, tools.now) as lock:
        record = state.load(paths)
        if record is not None and record != useless and _is_live(record, settings, tools):
            return record
        if (failure := lock.shared_failure()) is not None:
            raise diagnosis.connection_error(target, diagnosis.Outcome(**failure))
        _clear_dead(paths)
        if (record := _adopted(paths)) is not None:
            return record
        began = tools.now()
        control = paths.new_control()
        outcome = master.start(target, control, settings, tools, _announce(target, settings, paths, control, began))
        pid = mux.master_pid(control) if outcome.returncode == 0 else None
        if pid is None:
            state.remove(paths.state, *state.files_of_master(control))
            lock.record_failure(began, dataclasses.asdict(outcome))
            raise diagnosis.connection_error(target, outcome)
        record = _record(target, settings, control, pid, tools.now())
        state.save(paths, record)
        lock.clear()
    tools.log(f"ssh master for {target.display} started in {outcome.seconds:.2f} s (pid {pid})")
    registry.sweep_now_and_then(paths.directory, tools.now())
    return record


def _record(target: SshTarget, settings: TunnelSettings, control: str, pid: int, started: float) -> state.Record:
    described = {"name": target.name, "host": target.host, "port": target.port, "user": target.user}
    return state.Record(control, pid, started, idle=settings.idle, target=described)


def _announce(
    target: SshTarget, settings: TunnelSettings, paths: state.Paths, control: str, began: float
) -> Callable[[int], None]:
    """Note a starting ssh down before it connects: should we be killed now, the next one takes it over or ends it."""

    def note(pid: int) -> None:
        record = _record(target, settings, control, pid, began)
        state.save(paths, dataclasses.replace(record, status=state.STARTING))

    return note


def _adopted(paths: state.Paths) -> state.Record | None:
    """A master that was started by somebody who was killed before he could say so; an unfinished one is ended."""
    record = state.load(paths)
    if record is None or record.status != state.STARTING:
        return None
    pid = mux.master_pid(record.control)
    if pid is None:
        if process.is_ssh_of(record.pid, record.control):
            os.kill(record.pid, 15)
        return None
    adopted = dataclasses.replace(record, status=state.READY, pid=pid)
    state.save(paths, adopted)
    return adopted


def _clear_dead(paths: state.Paths) -> None:
    """Unlink the sockets of dead masters. Retired ones, maybe still serving a request, keep theirs."""
    for control in paths.controls():
        if not mux.listens(control):
            state.remove(*state.files_of_master(control))


class Tunnel:
    """A live connection to one target. ``control`` is the control socket, ``pid`` and ``started`` the master's
    (seconds since the epoch), ``opened`` whether this call found no live master.
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
    def pid(self) -> int:
        return self._record.pid

    @property
    def started(self) -> float:
        return self._record.started

    @property
    def memory(self) -> dict[str, Any]:
        """All that callers remembered with this master."""
        return dict(self._record.memory)

    def recall(self, key: str) -> Any:
        """What was remembered under the key, None when there is nothing."""
        return self._record.memory.get(key)

    def remember(self, key: str, value: Any) -> None:
        """Keep a JSON value for as long as this master lives."""
        self._update(lambda record: record.with_memory(key, value))

    def forward(self, remote_socket: str) -> str:
        """The local socket that leads to the one on the target, opened with the first call.

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
            self._record = _start(self.target, self.settings, self._paths, self._tools, self._record)
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
            os.chmod(local, 0o600)  # noqa: PTH101 - of StreamLocalBindMask the last one wins, not the first
            self._record = current.with_forward(remote_socket, local)
            if self._current() is not None:
                state.save(self._paths, self._record)
        return local

    def _unused(self, record: state.Record) -> str:
        """A forward whose file was deleted is still held by the master, so it gets a new name."""
        taken = set(record.forwards.values())
        number = 0
        while (local := state.local_socket(record.control, number)) in taken or os.path.lexists(local):
            number += 1
        return local

    def _current(self) -> state.Record | None:
        """What is noted down of this very master; None when another has taken its place."""
        record = state.load(self._paths)
        return record if record is not None and record.control == self.control else None

    def _update(self, change: Callable[[state.Record], state.Record]) -> None:
        with TargetLock(self._paths.lock, self._tools.now):
            current = self._current()
            self._record = change(current or self._record)
            if current is not None:
                state.save(self._paths, self._record)

    def probe(self, remote_socket: str) -> SocketState:
        """Look at a socket on the target, over the same master.

        :raises SshError: the connection is gone.
        """
        seen = probe.probe(self.target, self.control, remote_socket)
        if seen.problem and self._is_lost(seen):
            raise diagnosis.lost(self.target)
        return seen

    def _is_lost(self, seen: SocketState) -> bool:
        """A master that runs no command in time has lost its peer, though it does not know yet."""
        if seen.problem == probe.NO_ANSWER:
            self.close()
            return True
        return mux.master_pid(self.control) is None

    def diagnose(self, remote_socket: str) -> SshError:
        """Why a request through the forward got no answer: the error to raise, with the command that mends it."""
        try:
            seen = self.probe(remote_socket)
            passes = probe.lets_through(self.forward(remote_socket))
        except SshError as problem:
            return problem
        error = socket_diagnosis.socket_error(self.target, seen, lets_through=passes)
        if error.kind in FIXED_AT_LOGIN:
            self._retire()
        return error

    def _retire(self) -> None:
        with TargetLock(self._paths.lock, self._tools.now):
            if self._current() is not None:
                state.remove(self._paths.state)

    def close(self) -> bool:
        """End the master and remove all its files; True when there was something to end."""
        return close_tunnel(self.target, Path(self._paths.directory))
