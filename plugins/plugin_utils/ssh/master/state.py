# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of a target's master, kept in one small file beside its control socket. All file names are made here.

Every master has a generation in its file names, so that a new one never meets the sockets of a dead or retired one.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, field, replace
from pathlib import Path
from typing import Any

from ...dataclass import dataclass
from .runtime_dir import GENERATION_LENGTH, unwritable

STARTING = "starting"
READY = "ready"


@dataclass(frozen=True)
class Paths:
    """The names of one target's files. ``directory`` is the runtime directory, ``identity`` the target's hash."""

    directory: str
    identity: str

    @property
    def lock(self) -> str:
        return f"{self.directory}/{self.identity}.lock"

    @property
    def state(self) -> str:
        return f"{self.directory}/{self.identity}.json"

    def new_control(self) -> str:
        """A control socket's path that no master, dead or alive, has used."""
        while os.path.lexists(path := f"{self.directory}/{self.identity}-{_generation()}.ctl"):
            pass
        return path

    def controls(self) -> list[str]:
        """The control sockets of all generations."""
        return sorted(str(path) for path in Path(self.directory).glob(f"{self.identity}-*.ctl"))

    def files(self) -> Iterator[str]:
        """Every file of the target but its lock."""
        for path in Path(self.directory).glob(f"{self.identity}[.-]*"):
            if str(path) != self.lock:
                yield str(path)


def _generation() -> str:
    return os.urandom(GENERATION_LENGTH // 2).hex()


def local_socket(control: str, number: int) -> str:
    """The path of a master's forward with this number."""
    return f"{control.removesuffix('.ctl')}.{number}.sock"


def number_of_socket(path: str) -> int:
    """The number of a forward, by its path."""
    return int(path.removesuffix(".sock").rpartition(".")[2])


def files_of_master(control: str) -> list[str]:
    """A master's control socket and forwards, those of them that exist."""
    path = Path(control)
    return [str(found) for found in path.parent.glob(f"{path.name.removesuffix('.ctl')}.*")]


@dataclass(frozen=True)
class Record:
    """What is known of one master. ``pid`` is ssh's while it starts, then the master's; ``started`` is in seconds since
    the epoch; ``forwards`` maps sockets on the target to local ones; ``memory`` holds what callers remember (JSON), and
    ends with the master.
    """

    control: str
    pid: int
    started: float
    status: str = READY
    idle: int = 0
    target: dict[str, Any] = field(default_factory=dict)
    forwards: dict[str, str] = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict)

    def with_forward(self, remote: str, local: str) -> Record:
        return replace(self, forwards={**self.forwards, remote: local})

    def with_memory(self, key: str, value: Any) -> Record:
        return replace(self, memory={**self.memory, key: value})


def load(paths: Paths) -> Record | None:
    """Read a target's record; None when there is none that can be read."""
    try:
        with open(paths.state, encoding="utf-8") as file:  # noqa: PTH123 - on the warm way of every task
            return Record(**json.load(file))
    except (OSError, ValueError, TypeError):
        return None


def save(paths: Paths, record: Record) -> None:
    """Write a target's record, 0600, in one step. Only the holder of the target's lock may.

    :raises SshError: kind ``runtime_dir``: there is no room, or no permission any more.
    """
    temporary = f"{paths.state}.new"
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(record), file)
        Path(temporary).replace(paths.state)
    except OSError as problem:
        remove(temporary)
        raise unwritable(paths.directory, problem) from problem


def remove(*files: str) -> None:
    """Unlink files; it does not matter if some are gone already."""
    for file in files:
        with contextlib.suppress(OSError):
            os.unlink(file)  # noqa: PTH108 - plain paths, many of them
