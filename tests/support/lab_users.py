# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ordinary users on lab hosts, with the lab's key and what sudoers allows them; removed afterwards."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager

from lab_hosts import Lab

MAKE = """
set -e
id "$1" >/dev/null 2>&1 || useradd -m -s /bin/bash "$1"
install -d -m 700 -o "$1" /home/$1/.ssh
install -m 600 -o "$1" /root/.ssh/authorized_keys /home/$1/.ssh/authorized_keys
[ -z "$2" ] || printf '%s:%s\\n' "$1" "$2" | chpasswd
[ -z "$3" ] || printf '%s\\n' "$3" > /etc/sudoers.d/$1
"""
REMOVE = """
pkill -KILL -u "$1"
for try in 1 2 3 4 5 6 7 8 9; do userdel -r "$1" 2>/dev/null && break; sleep 0.2; done
rm -f /etc/sudoers.d/$1
"""


@contextmanager
def lab_user(lab: Lab, host: str, name: str, sudoers: str = "", password: str = "") -> Iterator[str]:
    """A user with the lab's key; ``sudoers`` is the text of a file of its own in /etc/sudoers.d."""
    script(lab, host, MAKE, name, password, sudoers)
    try:
        yield name
    finally:
        script(lab, host, REMOVE, name, check=False)


def script(lab: Lab, host: str, text: str, *args: str, check: bool = True) -> str:
    """Run a shell script as root on a lab host and return its output. Its arguments are in no command line: one may be
    a password.
    """
    return lab.ssh(host, "sh", "-s", input=f"set -- {shlex.join(args)}\n{text}", check=check)
