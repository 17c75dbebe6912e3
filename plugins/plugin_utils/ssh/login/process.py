# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs ssh without a terminal and without prompts, and keeps what it writes on stderr."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from typing import Any

from ...dataclass import dataclass
from ..address.target import SshTarget
from .diagnosis import missing_client

STDERR_BYTES = 64 * 1024
SSHPASS = "sshpass"
END_TIME = 1.0  # seconds


@dataclass(frozen=True)
class Finished:
    """How a command ended: its exit code, None when it was stopped because its time was up, and what it wrote."""

    returncode: int | None
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Typed:
    """A secret (one line) that sshpass types, once; ``prompt`` is a part of the prompt that gets it."""

    secret: str = field(repr=False)
    prompt: str


def environment(target: SshTarget, environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of ssh: the target's agent or none, no program that asks for passwords, no foreign libraries."""
    kept = dict(os.environ if environ is None else environ)
    for name in ("LD_LIBRARY_PATH", "SSH_AUTH_SOCK", "SSH_ASKPASS"):
        kept.pop(name, None)
    kept["SSH_ASKPASS_REQUIRE"] = "never"
    if target.agent_socket:
        kept["SSH_AUTH_SOCK"] = target.agent_socket
    return kept


def run(
    target: SshTarget,
    argv: list[str],
    timeout: float,
    *,
    stdin: str = "",
    on_start: Callable[[int], None] = lambda pid: None,
    typed: Typed | None = None,
) -> Finished:
    """Run ssh in a process session of its own and wait for it; Ctrl-C ends it together with us.

    Output goes to files, because a master that stays in the background could keep a pipe open.

    :param timeout: seconds, after which it is killed.
    :param on_start: gets the process ID (sshpass's, where a password is typed).
    :param typed: the secret for a prompt. It needs sshpass, whose exit codes are then among the results.
    :raises SshError: kind ``ssh_client``, when the executable can't be started.
    """
    with (
        tempfile.TemporaryFile() as source,
        tempfile.TemporaryFile() as output,
        tempfile.TemporaryFile() as errors,
        _typing(typed) as (before, descriptors),
    ):
        source.write(stdin.encode())
        source.seek(0)
        files: dict[str, Any] = {"stdin": source, "stdout": output, "stderr": errors, "pass_fds": descriptors}
        try:
            process = subprocess.Popen([*before, *argv], env=environment(target), start_new_session=True, **files)
        except OSError as problem:
            raise missing_client(target, problem.strerror or str(problem)) from problem
        code = _wait(process, timeout, on_start)
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read(STDERR_BYTES).decode(errors="replace"))
        return Finished(code, *texts)


@contextlib.contextmanager
def _typing(typed: Typed | None) -> Iterator[tuple[list[str], tuple[int, ...]]]:
    """A context that gives the words to put before ssh's command line and the descriptors that they need; the secret
    goes through a pipe.
    """
    if typed is None:
        yield [], ()
        return
    source, sink = os.pipe()
    try:
        with os.fdopen(sink, "wb") as file:
            file.write(typed.secret.encode() + b"\n")
        # sshpass's terminal goes with the ssh in the foreground, and would take along the one that has just gone to the
        # background.
        yield [SSHPASS, f"-d{source}", "-P", typed.prompt, "nohup"], (source,)
    finally:
        os.close(source)


def _wait(process: subprocess.Popen[bytes], timeout: float, on_start: Callable[[int], None]) -> int | None:
    try:
        on_start(process.pid)
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process.poll() is None:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process. SIGTERM comes first, because sshpass then ends its ssh as well."""
    process.terminate()
    try:
        process.wait(END_TIME)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def is_ssh_of(pid: int, control: str) -> bool:
    """Whether that process is alive and has this control socket on its command line (known on Linux only)."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:  # noqa: PTH123
            return os.fsencode(control) in file.read()
    except OSError:
        return False
