# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts of a lab that boot again."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterable

from lab_hosts import Lab


def reboot(lab: Lab, hosts: Iterable[str], how: str = "systemctl reboot") -> None:
    """Reboot these hosts and wait until they are up."""
    boots = {host: lab.ssh(host, "systemctl show -p UserspaceTimestampMonotonic").strip() for host in hosts}
    for host in boots:
        # Not over the connection that it cuts: nobody would end that.
        lab.ssh(host, f"nohup sh -c 'sync; sleep 1; {how}' </dev/null >/dev/null 2>&1 &")
        lab.hang_up(host)
    for host in boots:
        wait_for_boot(lab, host, boots[host])


def wait_for_boot(lab: Lab, host: str, before: str) -> None:
    """Wait until a host has booted again, up to 3 minutes."""
    for _count in range(180):
        time.sleep(1)
        try:
            boot = lab.ssh(host, "systemctl show -p UserspaceTimestampMonotonic", shared=False)
            if boot.strip() != before:
                lab.ssh(host, "systemctl is-system-running --wait", check=False)
                return
        except subprocess.SubprocessError:
            continue
    raise AssertionError(f"{host} did not boot again")
