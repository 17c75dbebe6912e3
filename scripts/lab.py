# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lab: LXC hosts with Podman and Docker on this machine, described by the files of one folder.

python3 scripts/lab.py up       makes it in .lab, or in the folder that SSHFLEET_LAB names (as root)
python3 scripts/lab.py image    imports the test image localhost/busybox:latest into its engines again
python3 scripts/lab.py down     removes it
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import bootstrap
import golden
from common import CHECKOUT, VENV, StepError, answer, environment, exit_code, headline, is_root, relative, say
from lab_parts import entries, hosts, image, setup


def folder() -> Path:
    return Path(os.environ.get("SSHFLEET_LAB") or CHECKOUT / ".lab").absolute()


def refuse_without_root() -> None:
    if not is_root():
        raise StepError("The lab makes LXC containers, a bridge and NAT: run this as root.")


def prepare() -> None:
    """All that a lab needs from this machine."""
    refuse_without_root()
    bootstrap.packages(bootstrap.LAB_PACKAGES)
    if not (VENV / "bin" / "ansible-playbook").is_file():
        bootstrap.prepare("run")


def up(lab: Path, bare: bool = False) -> None:
    """Make a lab whose hosts start with their engines set up; or (``bare``) from nothing but sshd and Python, and
    without the one of Debian testing, which only tests need.
    """
    prepare()
    templates = {} if bare else golden.templates()
    headline(f"Making the LXC hosts of {relative(lab)} (role lxc_host)")
    hosts(lab, templates=templates, newest=not bare)
    if not golden.set_up(entries(lab).values()):
        setup(lab)
    image(lab)
    say(f"\nThe lab is up: {relative(lab)}/hosts.json. Log in with: ssh -F {relative(lab)}/ssh_config bookworm1")


def down(lab: Path) -> None:
    refuse_without_root()
    if not (VENV / "bin" / "ansible-playbook").is_file():
        bootstrap.prepare("run")
    headline(f"Removing the lab {relative(lab)}")
    if entries(lab):  # tunnels to hosts that are gone would linger until they time out
        answer(
            ["ansible", "all", "-i", lab / "hosts.json", "-m", "remote_tunnel", "-a", "state=absent"], env=environment()
        )
    hosts(lab, state="absent")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["up", "image", "down"])
    command = parser.parse_args().command
    return exit_code(lambda: {"up": up, "image": image, "down": down}[command](folder()))


if __name__ == "__main__":
    sys.exit(main())
