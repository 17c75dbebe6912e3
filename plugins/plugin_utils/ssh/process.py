# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Running ssh: without a terminal, without a prompt, stderr kept."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.diagnosis import missing_client
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.target import SshTarget

STDERR_BYTES = 64 * 1024


@dataclass(frozen=True)
class Finished:
    """``returncode`` is None when the process was stopped because its time was up."""

    returncode: int | None
    stdout: str
    stderr: str


def environment(target: SshTarget, environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """ssh's environment: the target's agent or none, nobody asked for anything, no foreign libraries."""
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
) -> Finished:
    """Run ssh in a session of its own and wait for it; ended together with us on Ctrl-C.

    Output goes to files, because a master that stays in the background could keep a pipe open.

    :param timeout: seconds, then it is killed.
    :param on_start: told the process id.
    :raises SshError: kind ``ssh_client``, when the executable can't be started.
    """
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        source.write(stdin.encode())
        source.seek(0)
        try:
            process = subprocess.Popen(
                argv, stdin=source, stdout=output, stderr=errors, env=environment(target), start_new_session=True
            )
        except OSError as problem:
            raise missing_client(target, problem.strerror or str(problem)) from problem
        code = _wait(process, timeout, on_start)
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read(STDERR_BYTES).decode(errors="replace"))
        return Finished(code, *texts)


def _wait(process: subprocess.Popen[bytes], timeout: float, on_start: Callable[[int], None]) -> int | None:
    try:
        on_start(process.pid)
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def is_ssh_of(pid: int, control: str) -> bool:
    """Whether that process is alive and has this control socket on its command line (known on Linux only)."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:  # noqa: PTH123
            return os.fsencode(control) in file.read()
    except OSError:
        return False
