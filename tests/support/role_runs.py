# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of the role server_setup on hosts of a lab, what they say, and what is on such a host."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from checkout import CHECKOUT
from lab_hosts import Lab

PLAYBOOK = CHECKOUT / "playbooks" / "setup-server.yml"


# Each task is one command over ssh instead of four.
ROLE_SETTINGS = {"ANSIBLE_PIPELINING": "1"}


def play(lab: Lab, *options: str, playbook: str = str(PLAYBOOK)) -> subprocess.CompletedProcess[str]:
    return lab.run("ansible-playbook", playbook, *options, env=ROLE_SETTINGS)


def set_up(lab: Lab, *options: str) -> str:
    done = play(lab, *options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def counts(stdout: str, host: str) -> dict[str, int]:
    """The host's line of the recap."""
    line = re.search(rf"^{host} +: (.*)$", stdout, re.M)
    assert line, stdout
    return {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", line[1])}


def told(stdout: str, host: str) -> dict[str, str]:
    """What was said of a host, by task: the results that name it."""
    found: dict[str, str] = {}
    for part in re.split(r"^(?=TASK \[|PLAY |RUNNING )", stdout, flags=re.M):
        if (task := re.match(r"TASK \[(?:\S+ : )?(.*)\] \*+$", part, re.M)) is None:
            continue
        results = re.split(r"^(?=\w+: \[|\[)", part, flags=re.M)
        its = "".join(one for one in results if re.match(rf"(?!skipping)\w+: \[{re.escape(host)}\]", one))
        if its:
            found[task[1]] = found.get(task[1], "") + its
    return found


def installed(lab: Lab, host: str) -> set[str]:
    """The packages that are installed on a host."""
    output = lab.ssh(host, "dpkg-query", "-W", "-f", "'${Package} ${db:Status-Status}\\n'")
    return {name for name, status in (line.split() for line in output.splitlines()) if status == "installed"}


@contextmanager
def changed_host(lab: Lab, host: str, change: str, undo: str) -> Iterator[None]:
    """A host on which a shell command was run, and is undone after the test."""
    lab.ssh(host, change)
    try:
        yield
    finally:
        lab.ssh(host, undo)
