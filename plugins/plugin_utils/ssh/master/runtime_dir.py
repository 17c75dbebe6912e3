# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The directory of control sockets, locks and forwards: the user's own, of mode 0700, with a path short enough for
sockets.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from ... import run_mark
from ...errors import SshError

NAME = "sshfleet"
SALT = "salt"
TEMPORARY = "/tmp"  # noqa: S108 - what is in it is checked, and its path is short
# sun_path has 104 bytes on macOS, 108 on Linux; ssh appends 17 characters to a ControlPath while it starts.
CONTROL_PATH_BYTES = 86
GENERATION_LENGTH = 6
# <16 hex>-<6 hex>.ctl, with the slash before it
LONGEST_CONTROL_NAME = 1 + 16 + 1 + GENERATION_LENGTH + len(".ctl")


def runtime_directory(explicit: Path | None = None, environ: Mapping[str, str] | None = None) -> str:
    """Find or make the directory and check it.

    The explicit one, else ``$XDG_RUNTIME_DIR/sshfleet`` where that is the user's own, 0700 and short enough, else
    ``~/.ansible/sshfleet``, else, where the home directory can't be written (as in a container),
    ``/tmp/sshfleet-UID``.

    :raises SshError: kind ``runtime_dir``: it belongs to somebody else, is open to others, or its path is too long.
    """
    path = str(explicit) if explicit is not None else _default(os.environ if environ is None else environ)
    if not _fits(path):
        raise SshError(
            "runtime_dir",
            f"The directory for tunnels, {path}, has too long a path: a control socket in it would exceed "
            f"{CONTROL_PATH_BYTES} bytes.",
            "Set XDG_RUNTIME_DIR to a short path of a directory of yours with mode 0700.",
        )
    _make(path)
    _check(path)
    return path


def salt(directory: str) -> str:
    """This user's secret for hashes that others can see. The first call makes it, and it lasts as long as the
    directory.

    :raises SshError: kind ``runtime_dir``: it can't be written.
    """
    path = f"{directory}/{SALT}"
    with contextlib.suppress(FileNotFoundError):
        return Path(path).read_text(encoding="ascii")
    try:
        return _new_salt(path)
    except OSError as problem:
        raise unwritable(directory, problem) from problem


def _new_salt(path: str) -> str:
    mine = f"{path}.{run_mark.process()}"
    descriptor = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(os.urandom(16).hex())
    try:
        with contextlib.suppress(FileExistsError):  # somebody else was first, and theirs holds
            os.link(mine, path)
    finally:
        os.unlink(mine)  # noqa: PTH108
    return Path(path).read_text(encoding="ascii")


def _default(environ: Mapping[str, str]) -> str:
    given = environ.get("XDG_RUNTIME_DIR", "")
    candidate = f"{given}/{NAME}"
    if given.startswith("/") and _fits(candidate) and _private(given):
        return candidate
    try:
        at_home = f"{Path.home()}/.ansible/{NAME}"
    except RuntimeError:  # a user without a name, and no HOME
        return without_home()
    return at_home if _can_be(at_home) else without_home()


def without_home() -> str:
    """The directory of a user whose home can't be written. Whoever else makes it first is noticed by its owner."""
    return f"{TEMPORARY}/{NAME}-{os.geteuid()}"


def _can_be(path: str) -> bool:
    """Whether the directory is there, or can be made."""
    there = path
    while not os.path.lexists(there):
        there = os.path.dirname(there)  # noqa: PTH120 - on the warm way
    return there == path or os.access(there, os.W_OK | os.X_OK)


def _fits(path: str) -> bool:
    return len(os.fsencode(path)) + LONGEST_CONTROL_NAME <= CONTROL_PATH_BYTES


def _private(path: str) -> bool:
    try:
        found = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077


def _make(path: str) -> None:
    try:
        os.mkdir(path, 0o700)  # noqa: PTH102 - on the warm way; pathlib costs more than the system call
    except FileExistsError:
        return
    except FileNotFoundError:
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).mkdir(mode=0o700, exist_ok=True)
        except OSError as problem:
            raise _not_made(path, problem) from problem
    except OSError as problem:
        raise _not_made(path, problem) from problem


def _not_made(path: str, problem: OSError) -> SshError:
    return SshError(
        "runtime_dir",
        f"The directory for tunnels, {path}, can't be made: {problem.strerror}.",
        "Set XDG_RUNTIME_DIR to a directory of yours with mode 0700, or make the home directory writable.",
    )


def unwritable(path: str, problem: OSError) -> SshError:
    """The error for a file in the directory that could not be written."""
    return SshError(
        "runtime_dir",
        f"The directory for tunnels, {path}, can't be written to: {problem.strerror}.",
        f"Look whether there is room and permission (df -h {path}), or set XDG_RUNTIME_DIR to a directory of yours.",
    )


def _check(path: str) -> None:
    found = os.lstat(path)
    if not stat.S_ISDIR(found.st_mode):
        problem, remedy = "is not a directory", f"Remove {path}."
    elif found.st_uid != os.geteuid():
        problem, remedy = f"belongs to uid {found.st_uid}, not to you", f"Remove {path}, or set XDG_RUNTIME_DIR."
    elif found.st_mode & 0o077:
        problem = f"is open to others (mode {stat.S_IMODE(found.st_mode):04o})"
        remedy = f"Look who wrote there, then run: chmod 700 {path}"
    else:
        return
    raise SshError("runtime_dir", f"The directory for tunnels, {path}, {problem}; it is not used.", remedy)
