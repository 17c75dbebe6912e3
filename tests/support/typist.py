# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A user of a lab host who has a password, and access to Docker's socket."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from lab_hosts import Lab


@dataclass(frozen=True)
class Typist:
    """``password`` is one that no other run has."""

    host: str
    name: str = "typist"
    password: str = field(default_factory=lambda: f"Secret-{os.urandom(6).hex()}")

    def keys(self, lab: Lab) -> str:
        """The user's authorized_keys, with the lab's key in it from now on."""
        path = f"/home/{self.name}/.ssh/authorized_keys"
        lab.ssh(self.host, "install", "-D", "-m", "644", "/root/.ssh/authorized_keys", path)
        return path


@contextmanager
def typist_on(lab: Lab, host: str) -> Iterator[Typist]:
    """Make the user, and take him away again."""
    user = Typist(host)
    script = f"useradd -m -s /bin/sh -G docker {user.name}; cat <<E | chpasswd\n{user.name}:{user.password}\nE\n"
    lab.ssh(host, "sh", "-s", input=script)
    try:
        yield user
    finally:
        lab.ssh(host, "sh", "-c", f"'pkill -KILL -u {user.name}; userdel -r -f {user.name}'", check=False)
