# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The demo: from a bare Debian machine to managed containers on three hosts. Prints every command before it runs it.

Run it as root. It can be run again at any time; ``make lab-down`` removes what it made.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import bootstrap
import lab
import lab_parts
from common import StepError, environment, headline, relative, run, say

APP = 'name=app image=localhost/busybox:latest command="httpd -f -p 80" published_ports=8080:80 state=started'

FAREWELL = """
Done in {seconds:.0f} s. What there is now: three LXC hosts on this machine, with Podman and Docker, and a web server in
a container on each host of the group web. The modules used nothing on the hosts but sshd and an engine's socket.

How to log in:      ssh -F {lab}/ssh_config bookworm1        (or bookworm2, trixie1)
What to try:        . .venv/bin/activate
                    ansible all -i {hosts} -m remote_engine_info
                    ansible web -i {hosts} -m remote_container -a 'name=app state=paused'
                    ansible web -i {hosts} -m remote_container -a 'name=app memory=64m' --check --diff
                    ansible db -i {hosts} -m remote_container -a 'name=job image=localhost/busybox:latest \\
                        command="sleep 600" engine=docker state=started'
                    ansible all -i {hosts} -m remote_tunnel
How to remove all:  make lab-down
"""


def show(*argv: str) -> None:
    """One command of the demo, as a person would type it with the virtual environment activated."""
    run(argv, env=environment({"ANSIBLE_LOCALHOST_WARNING": "0"}))


def manage(where: Path) -> None:
    """The commands of the README, on the lab."""
    inventory = ("-i", relative(where / "hosts.json"))
    headline("The inventory, read from hosts.json")
    show("ansible-inventory", *inventory, "--graph")
    headline("Which hosts answer, and with which engine")
    show("ansible-playbook", *inventory, "playbooks/ping.yml")
    headline("A container on every host of the group web")
    show("ansible", "web", *inventory, "-m", "remote_container", "-a", APP)
    headline("The same once more: nothing to do")
    show("ansible", "web", *inventory, "-m", "remote_container", "-a", APP, "-o")
    headline("All containers on all hosts")
    show("ansible", "all", *inventory, "-m", "remote_container_info")
    headline("The web servers answer on the hosts' own addresses (with the name of their container)")
    for name, entry in lab_parts.entries(where).items():
        if "web" in entry["groups"]:
            say(f"# {name}")
            patient = ("--fail", "--silent", "--show-error", "--retry", "5", "--retry-connrefused")
            show("curl", *patient, "--write-out", "\n", f"http://{entry['hostname']}:8080/etc/hostname")


def main() -> int:
    began = time.monotonic()
    where = lab.folder()
    try:
        lab.refuse_without_root()
        bootstrap.prepare("run")
        lab.up(where, bare=True)
        manage(where)
    except StepError as error:
        say(f"\nERROR: {error}\nWhat is there already stays: 'make demo' goes on from it, 'make lab-down' removes it.")
        return 1
    names = {"lab": relative(where), "hosts": relative(where / "hosts.json")}
    say(FAREWELL.format(seconds=time.monotonic() - began, **names))
    return 0


if __name__ == "__main__":
    sys.exit(main())
