# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of the role server_setup on hosts of a lab, and what they say."""

from __future__ import annotations

import re
import subprocess

from checkout import CHECKOUT
from lab_hosts import Lab

PLAYBOOK = CHECKOUT / "playbooks" / "setup-server.yml"


def play(lab: Lab, *options: str, playbook: str = str(PLAYBOOK)) -> subprocess.CompletedProcess[str]:
    return lab.run("ansible-playbook", playbook, *options)


def set_up(lab: Lab, *options: str) -> str:
    done = play(lab, *options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def counts(stdout: str, host: str) -> dict[str, int]:
    """The host's line of the recap."""
    line = re.search(rf"^{host} +: (.*)$", stdout, re.M)
    assert line, stdout
    return {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", line[1])}
