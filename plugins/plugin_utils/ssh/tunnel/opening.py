# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds or starts a target's master under its lock: one worker starts it, and the others share what comes of that."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from typing import Any

from ...errors import SshError
from ..address import jumps
from ..address.target import SshTarget
from ..login import diagnosis, process
from ..master import mux, state
from ..master.lock import TargetLock
from . import open_tunnels, relay
from .master import Tools, TunnelSettings

# What takes long by its nature is shared with who comes just after it; anything else may have been mended by then.
LASTING = frozenset({"unreachable", "penalised"})


def is_live(record: state.Record, settings: TunnelSettings, tools: Tools) -> bool:
    """Whether a master runs, is young enough and answers."""
    if record.status != state.READY or tools.now() - record.started >= settings.max_age:
        return False
    return mux.master_pid(record.control) is not None


def found_or_started(
    target: SshTarget, settings: TunnelSettings, paths: state.Paths, tools: Tools, *, hop: bool = False
) -> tuple[state.Record, bool]:
    """(record, opened): the target's live master, and whether it had to be started. A live one costs no process and no
    lock.

    :raises SshError, InvalidOption: as :func:`start` does.
    """
    record = state.load(paths)
    if record is not None and is_live(record, settings, tools):
        return record, False
    return start(target, settings, paths, tools, record, hop=hop), True


def start(
    target: SshTarget,
    settings: TunnelSettings,
    paths: state.Paths,
    tools: Tools,
    useless: state.Record | None,
    *,
    hop: bool = False,
) -> state.Record:
    """Start a master unless somebody else just did.

    :param useless: the record that was found before waiting for the lock.
    :param hop: whether the target is a jump host, whose own way is known already.
    :raises SshError: as ``open_tunnel`` does.
    :raises InvalidOption: a jump host that can't be used.
    """
    with TargetLock(paths.lock, tools.now) as lock:
        record = state.load(paths)
        if record is not None and record != useless and is_live(record, settings, tools):
            return record
        if (failure := lock.shared_failure()) is not None:
            raise _shared(target, failure)
        _clear_dead(paths)
        if (record := _adopted(paths)) is not None:
            return record
        began = tools.now()
        control = paths.new_control()
        try:
            record = _started(target, settings, paths, tools, control, hop=hop)
        except _Failure as problem:
            state.remove(paths.state, *state.files_of_master(control))
            lock.record_failure(began, problem.shared, lasting=problem.error.kind in LASTING)
            raise problem.error from None
        state.save(paths, record)
        lock.clear()
    tools.log(f"ssh master for {target.display} started in {record.started - began:.2f} s (pid {record.pid})")
    open_tunnels.sweep_now_and_then(paths.directory, tools.now())
    return record


class _Failure(Exception):
    """``error`` is for the one who tried, ``shared`` (JSON) for those who wait."""

    def __init__(self, error: SshError, outcome: diagnosis.Outcome | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        told = [error.kind, error.message, error.hint]
        self.shared: dict[str, Any] = dataclasses.asdict(outcome) if outcome else {"error": told}


def _started(
    target: SshTarget, settings: TunnelSettings, paths: state.Paths, tools: Tools, control: str, *, hop: bool
) -> state.Record:
    """Start the master and return its record.

    :raises _Failure: there is no connection to the target, or to a jump host before it.
    """
    way = target if hop else relay.routed(target, tools)
    announce = _announce(way, settings, paths, control, tools.now())
    on_start = relay.with_room(announce) if hop else announce
    try:
        outcome = relay.start(
            way,
            control,
            settings,
            tools,
            on_start,
            lambda before: _hop_control(before, settings, paths, tools),
            is_hop=hop,
        )
    except SshError as problem:
        raise _Failure(problem) from problem
    pid = mux.master_pid(control) if outcome.returncode == 0 else None
    if pid is None:
        if way.via and relay.is_prohibited(outcome):
            _retire(state.Paths(paths.directory, way.via.identity()))
        raise _Failure(diagnosis.connection_error(way, outcome), None if way.via else outcome)
    return _record(way, settings, control, pid, tools.now())


def _shared(target: SshTarget, failure: dict[str, Any]) -> SshError:
    """The error for somebody who waited while another one tried: about his own target, or about a jump host on the way
    to it.
    """
    if "error" not in failure:
        return diagnosis.connection_error(target, diagnosis.Outcome(**failure))
    return SshError(*failure["error"])


def _hop_control(hop: SshTarget, settings: TunnelSettings, beside: state.Paths, tools: Tools) -> str:
    """The control socket of a jump host's own master, which is started where there is none."""
    paths = state.Paths(beside.directory, hop.identity())
    record, _opened = found_or_started(hop, settings, paths, tools, hop=True)
    return record.control


def _record(target: SshTarget, settings: TunnelSettings, control: str, pid: int, started: float) -> state.Record:
    described: dict[str, Any] = {"name": target.name, "host": target.host, "port": target.port, "user": target.user}
    if target.via:
        described["via"] = [hop.identity() for hop in jumps.way(target)]
    return state.Record(control, pid, started, idle=settings.idle, target=described)


def _announce(
    target: SshTarget, settings: TunnelSettings, paths: state.Paths, control: str, began: float
) -> Callable[[int], None]:
    """A function that writes a record of an ssh that has just been started. If we are killed then, the next run takes
    the master over, or ends it.
    """

    def note(pid: int) -> None:
        record = _record(target, settings, control, pid, began)
        state.save(paths, dataclasses.replace(record, status=state.STARTING))

    return note


def _adopted(paths: state.Paths) -> state.Record | None:
    """A master whose starter was killed before it could record that; one that has not finished starting is ended. None
    where there is none.
    """
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


def _retire(paths: state.Paths) -> None:
    """Let the next task log in anew: sshd's settings hold from the login on, so mending them would change nothing."""
    with TargetLock(paths.lock):
        state.remove(paths.state)


def _clear_dead(paths: state.Paths) -> None:
    """Unlink the sockets of dead masters. Retired ones, maybe still serving a request, keep theirs."""
    for control in paths.controls():
        if not mux.listens(control):
            state.remove(*state.files_of_master(control))
