# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the audit trail: into a file that only its owner can write, or to the system's log."""

from __future__ import annotations

import fcntl
import os
import socket
import stat
import time
from collections.abc import Callable
from pathlib import Path

from .... import run_mark
from ....errors import AuditError, FleetError
from ....hosts.login_name import login_name
from .. import audit
from ..plan import Plan, Step

SYSLOG = "syslog"
SYSLOG_SOCKET = "/dev/log"
IDENTIFIER = "sshfleet"
_AUTHPRIV_NOTICE = 10 * 8 + 5
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH

Write = Callable[[str], None]


class AuditHook:
    """A hook of the runner's, for the steps of one task.

    :param write: takes one line.
    :param required: whether a step is refused where its intent can't be written down; else ``warn`` is told once.
    :param shown: takes secrets out of a text.
    :raises AuditError: from ``before``, with ``required``.
    """

    def __init__(
        self,
        about: audit.About,
        write: Write,
        *,
        required: bool,
        shown: Callable[[str], str],
        warn: Callable[[str], None],
    ) -> None:
        self._about = about
        self._write = write
        self._required = required
        self._shown = shown
        self._warn = warn
        self._warned = False
        self._begun: dict[str, tuple[str, float]] = {}

    def planned(self, plan: Plan) -> None:
        """A plan is no change yet."""

    def before(self, step: Step) -> None:
        identity = os.urandom(8).hex()
        self._begun[step.id] = identity, time.monotonic()
        try:
            self._tell(step, identity, event=audit.INTENT)
        except AuditError as error:
            if self._required:
                raise
            self._complain(error)

    def after(self, step: Step, error: BaseException | None) -> None:
        identity, began = self._begun.pop(step.id)
        result = audit.DONE if error is None else audit.FAILED if isinstance(error, Exception) else audit.INTERRUPTED
        kind = error.kind if isinstance(error, FleetError) else None
        seconds = round(time.monotonic() - began, 3)
        try:
            self._tell(step, identity, event=audit.OUTCOME, result=result, error=kind, seconds=seconds)
        except AuditError as problem:  # what was done is done
            self._complain(problem)

    def _tell(self, step: Step, identity: str, **more: object) -> None:
        self._write(audit.line(self._about, step, identity, time.time(), self._shown, **more))

    def _complain(self, error: AuditError) -> None:
        if not self._warned:
            self._warned = True
            self._warn(f"A change goes on that is not written down. {error}")


def writer(place: str) -> Write:
    """What writes lines to a place: the absolute path of a file, or ``syslog``.

    :raises AuditError: from the writer: the line can't be written, or others could change the file.
    """
    if place == SYSLOG:
        return _to_syslog
    return lambda line: _append(Path(place), line)


def _append(path: Path, line: str) -> None:
    """Append a line whole or not at all, whoever else appends at the same time."""
    try:
        _require_private_directory(path)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
        descriptor = os.open(path, flags, 0o600)
        try:
            _require_private(path, os.fstat(descriptor))
            fcntl.flock(descriptor, fcntl.LOCK_EX)  # nobody appends behind half a line that is taken back
            data, size = f"{line}\n".encode(), os.fstat(descriptor).st_size
            if os.write(descriptor, data) != len(data):
                os.ftruncate(descriptor, size)
                raise OSError(28, "there is no room for the line")
        finally:
            os.close(descriptor)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise AuditError(f"The audit trail {path} can't be written: {reason}.", _REMEDY) from problem


def _require_private_directory(path: Path) -> None:
    found = path.parent.stat()
    if found.st_mode & _OTHERS_WRITE and not found.st_mode & stat.S_ISVTX:
        raise AuditError(f"Others can write the directory of the audit trail {path}, and so replace it.", _PRIVATE)


def _require_private(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise AuditError(f"The audit trail {path} is no ordinary file.", _REMEDY)
    if found.st_mode & _OTHERS_WRITE:
        raise AuditError(f"Others can write the audit trail {path} (mode {stat.S_IMODE(found.st_mode):04o}).", _PRIVATE)
    if found.st_uid not in (0, os.geteuid()):
        raise AuditError(f"The audit trail {path} belongs to somebody else (user ID {found.st_uid}).", _PRIVATE)


def _to_syslog(line: str) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log:
        try:
            log.connect(SYSLOG_SOCKET)
            log.send(f"<{_AUTHPRIV_NOTICE}>{IDENTIFIER}[{os.getpid()}]: {line}".encode())
        except OSError as problem:
            raise AuditError(
                f"The system's log ({SYSLOG_SOCKET}) takes no line of the audit trail: {problem.strerror}.", _REMEDY
            ) from problem


def user() -> str:
    """Who runs Ansible, and for whom where that is somebody else."""
    name = login_name() or str(os.getuid())
    behind = os.environ.get("SUDO_USER", "")
    return f"{name} (sudo by {behind})" if behind and behind != name else name


def run() -> str:
    """The mark of this start of Ansible: its workers are children of one process."""
    parent = os.getppid()
    return f"{parent:x}-{run_mark.began(parent) or run_mark.UNKNOWN}"


_REMEDY = "Name a file in audit (SSHFLEET_AUDIT) that the user who runs Ansible can write, in a directory that exists."
_PRIVATE = (
    "Give the file mode 0600 and the directory mode 0700, both of the user who runs Ansible, or name another one."
)
