# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of Ansible with the callback ``fleet``, on hosts that are all this machine."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from checkout import CHECKOUT

PROGRAMS = Path(sys.executable).parent
COLUMNS = 100


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Of this process, without what a machine or a CI has set of its own; an empty setting is none."""
    kept = {name: value for name, value in os.environ.items() if not re.match("ANSIBLE|SSHFLEET|CI$|NO_COLOR", name)}
    made = {
        "ANSIBLE_CONFIG": str(CHECKOUT / "ansible.cfg"),
        "ANSIBLE_STDOUT_CALLBACK": "sshfleet.containers.fleet",
        "ANSIBLE_LOAD_CALLBACK_PLUGINS": "1",
        "ANSIBLE_LOCALHOST_WARNING": "0",
        "TERM": "xterm-256color",
        **settings,
    }
    return kept | {name: value for name, value in made.items() if value}


def argv(folder: Path, playbook: str, hosts: str, *options: str) -> list[str]:
    """The command for a playbook, which is written into this folder; ``hosts`` as in an inventory of Ansible."""
    (folder / "site.yml").write_text(playbook)
    (folder / "hosts").write_text(hosts.replace(",", "\n") + "\n")
    program = str(PROGRAMS / "ansible-playbook")
    python = f"ansible_python_interpreter={sys.executable}"
    return [program, "-i", str(folder / "hosts"), "-c", "local", "-e", python, *options, str(folder / "site.yml")]


def play(folder: Path, tasks: str, hosts: str, *options: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A run of one play with these tasks."""
    return run(argv(folder, playbook_of(tasks), hosts, *options), folder, **settings)


def playbook_of(tasks: str, **keywords: Any) -> str:
    """A playbook of one play with these tasks."""
    lines = ["- name: Roll out", "  hosts: all", "  gather_facts: false"]
    lines += [f"  {name}: {value}" for name, value in keywords.items()]
    return "\n".join([*lines, "  tasks:", *(f"    {line}" for line in tasks.strip("\n").split("\n"))]) + "\n"


def run(
    command: list[str], folder: Path, *, typed: str | None = None, timeout: float = 300, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Any command, with pipes and not in a terminal.

    :param typed: what it reads; None for what this process would read.
    :param timeout: seconds that it may take.
    """
    return subprocess.run(
        command, cwd=folder, env=environment(settings), input=typed, capture_output=True, text=True, timeout=timeout,
        check=False,
    )  # fmt: skip


def in_terminal(
    command: list[str], folder: Path, typed: Callable[[str], str] = lambda seen: ""
) -> tuple[str, int, bool]:
    """A command in a terminal of its own: all that it wrote, its exit code, and whether the terminal is as it was.

    :param typed: gets all that was written so far, returns what is typed now.
    :raises TimeoutError: it runs for more than a minute; with what it wrote. It is killed then.
    """
    pid, terminal = pty.fork()
    if not pid:
        os.chdir(folder)
        os.execve(command[0], command, environment({}))  # noqa: S606
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
    before = termios.tcgetattr(terminal)
    seen, after, end = "", before, time.monotonic() + 60
    while time.monotonic() < end:
        try:
            after = termios.tcgetattr(terminal)
            data = os.read(terminal, 65536) if select.select([terminal], [], [], 1)[0] else b""
        except OSError:  # the other side has ended
            break
        seen += data.decode()
        if keys := typed(seen):
            os.write(terminal, keys.encode())
    else:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise TimeoutError(f"{command} still ran after a minute, and wrote {seen[-4000:]!r}")
    _pid, status = os.waitpid(pid, 0)
    os.close(terminal)
    return seen, os.waitstatus_to_exitcode(status), before == after
