# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All tunnels of this user: listing them, ending one's masters, and removing what dead ones have left."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ... import run_mark
from ...dataclass import dataclass
from ..address.target import IDENTITY_LENGTH, SshTarget
from ..command import local_socket
from ..login import key_file, process
from ..master import mux, state
from ..master.lock import TargetLock
from ..master.runtime_dir import SALT, runtime_directory

STAMP = "swept"
SWEEP_EVERY = 60.0  # seconds
_BOUND = re.compile(r"(\.ctl)\.[A-Za-z0-9]{16}$")
_FILE = re.compile(rf"^([0-9a-f]{{{IDENTITY_LENGTH}}})(?:-([0-9a-f]+))?\.")


@dataclass(frozen=True)
class TunnelInfo:
    """One tunnel as its record tells. ``started`` is in seconds since the epoch, ``idle`` in seconds; ``via`` are the
    identities of the jump hosts on its way, first hop first.
    """

    identity: str
    name: str
    host: str
    port: int | None
    user: str | None
    pid: int
    started: float
    idle: int
    control: str
    forwards: dict[str, str] = field(default_factory=dict)
    alive: bool = True
    via: tuple[str, ...] = ()

    def facts(self) -> dict[str, Any]:
        """What users are shown: {host, port, user, pid, idle, control, started, sockets}. ``started`` is a time in UTC,
        ``sockets`` are the forwarded ones of the target.
        """
        shown = {key: getattr(self, key) for key in ("host", "port", "user", "pid", "idle", "control")}
        started = datetime.fromtimestamp(self.started, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {**shown, "started": started, "sockets": sorted(self.forwards)}


def list_tunnels(runtime_dir: Path | None = None) -> list[TunnelInfo]:
    """Every tunnel of this user that has a record, dead ones too.

    :raises SshError: kind ``runtime_dir``.
    """
    directory = runtime_directory(runtime_dir)
    listening = _listening()
    found = []
    for identity in _identities(directory):
        record = state.load(state.Paths(directory, identity))
        if record is None or record.status != state.READY:
            continue
        found.append(
            TunnelInfo(
                identity=identity,
                name=record.target.get("name", ""),
                host=record.target.get("host", ""),
                port=record.target.get("port"),
                user=record.target.get("user"),
                pid=record.pid,
                started=record.started,
                idle=record.idle,
                control=record.control,
                forwards=record.forwards,
                alive=_alive(record.control, listening),
                via=tuple(record.target.get("via", ())),
            )
        )
    return found


def end_masters(tunnel: SshTarget | TunnelInfo, runtime_dir: Path | None = None) -> bool:
    """End a target's masters, retired ones too, and remove their files and the target's lock.

    :returns: whether a master was running.
    :raises SshError: kind ``runtime_dir``.
    """
    identity = tunnel.identity() if isinstance(tunnel, SshTarget) else tunnel.identity
    if isinstance(tunnel, TunnelInfo) and runtime_dir is None:
        runtime_dir = Path(tunnel.control).parent
    paths = state.Paths(runtime_directory(runtime_dir), identity)
    with TargetLock(paths.lock) as lock:
        ended = [_end(control) for control in paths.controls()]
        state.remove(*paths.files(), *_keys(paths))
        lock.remove()
    _forget_stamp(paths.directory)
    return any(ended)


def _end(control: str) -> bool:
    try:
        with mux.MuxClient(control) as client:
            client.terminate()
    except mux.MuxError:
        return False
    return True


def _forget_stamp(directory: str) -> None:
    if os.listdir(directory) == [STAMP]:  # noqa: PTH208
        state.remove(f"{directory}/{STAMP}")


def sweep_now_and_then(directory: str, now: float) -> None:
    """Sweep unless somebody did within the last minute."""
    stamp = Path(directory, STAMP)
    try:
        recent = now - stamp.stat().st_mtime < SWEEP_EVERY
    except FileNotFoundError:
        recent = False
    if not recent:
        stamp.touch(mode=0o600)
        sweep(Path(directory))


def sweep(runtime_dir: Path | None = None) -> list[str]:
    """Remove the files of masters that have ended. A live master keeps all of its own, also when it is retired.

    :returns: the names of the removed files.
    :raises SshError: kind ``runtime_dir``.
    """
    directory = runtime_directory(runtime_dir)
    listening = _listening()
    removed: list[str] = []
    removed += sweep_left_over(directory)
    removed += _sweep_salts(directory)
    for identity in _identities(directory):
        removed += _sweep_target(state.Paths(directory, identity), listening)
    return removed


def sweep_left_over(directory: str) -> list[str]:
    """Remove what killed runs have left and the very next task must not find: key files, and sockets to dial from.

    :returns: the names of the removed files.
    """
    return [*sweep_keys(directory), *local_socket.sweep(directory)]


def _sweep_salts(directory: str) -> list[str]:
    """Remove the salts of runs that were killed while they wrote one."""
    names = (path.name for path in Path(directory).glob(f"{SALT}.*"))
    dead = [name for name in names if not run_mark.process_runs(name.removeprefix(f"{SALT}."))]
    state.remove(*(f"{directory}/{name}" for name in dead))
    return dead


def sweep_keys(directory: str) -> list[str]:
    """Remove the key files that killed runs have left. Whoever is starting a master holds its target's lock and keeps
    its file.

    :returns: the names of the removed files.
    """
    removed = []
    for file in key_file.left_over(directory):
        name = Path(file).name
        lock = TargetLock(state.Paths(directory, name[:IDENTITY_LENGTH]).lock)
        if lock.acquire(wait=False):
            state.remove(file)
            lock.release()
            removed.append(name)
    return removed


def _keys(paths: state.Paths) -> list[str]:
    files = key_file.left_over(paths.directory)
    return [file for file in files if Path(file).name.startswith(paths.identity)]


def _sweep_target(paths: state.Paths, listening: frozenset[str]) -> list[str]:
    lock = TargetLock(paths.lock)
    if not lock.acquire(wait=False):  # somebody is at work there
        return []
    try:
        dead = _dead_files(paths, listening)
        state.remove(*dead)
        if next(iter(paths.files()), None) is None:
            lock.remove()
            dead.append(paths.lock)
    finally:
        lock.release()
    return [Path(file).name for file in dead]


def _dead_files(paths: state.Paths, listening: frozenset[str]) -> list[str]:
    by_master: defaultdict[str, list[str]] = defaultdict(list)
    for file in paths.files():
        match = _FILE.match(Path(file).name)
        if match and match[2]:
            by_master[f"{paths.directory}/{match[1]}-{match[2]}.ctl"].append(file)
    dead = [file for control, files in by_master.items() if not _alive(control, listening) for file in files]
    record = state.load(paths)
    starting = record is not None and process.is_ssh_of(record.pid, record.control)
    if record is None or not (starting or _alive(record.control, listening)):
        dead += [file for file in (paths.state, f"{paths.state}.new") if os.path.lexists(file)]
    return dead


def _identities(directory: str) -> Iterable[str]:
    matches = (_FILE.match(name) for name in os.listdir(directory))  # noqa: PTH208
    return sorted({match[1] for match in matches if match})


def _alive(control: str, listening: frozenset[str]) -> bool:
    """Whether somebody listens on the control socket. The master is asked only if the kernel does not know, because
    asking restarts its idle time.
    """
    return control in listening or mux.listens(control)


def _listening() -> frozenset[str]:
    """The paths of this machine's listening Unix sockets; none where there is no /proc/net/unix.

    ssh binds a control socket under a name that has 17 characters more, and then renames it; the kernel keeps the first
    name.
    """
    try:
        lines = Path("/proc/net/unix").read_text(errors="surrogateescape").splitlines()
    except OSError:
        return frozenset()
    fields = (line.split(None, 7) for line in lines)
    return frozenset(_BOUND.sub(r"\1", found[7]) for found in fields if len(found) == 8 and found[3] == "00010000")
