# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection as people get it: built into a tarball, installed from it, and used from outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from checkout import CHECKOUT

# The one line that the README asks for where the checkout's ansible.cfg is not.
CONFIG = """
[inventory]
enable_plugins = sshfleet.containers.hosts_json, host_list, script, auto, yaml, ini, toml
"""


@dataclass
class Installed:
    """A collections folder with the collection in it, and a folder to work in that is not the checkout."""

    tarball: Path
    collections: Path
    work: Path

    def run(self, tool: str, *args: str, env: Mapping[str, str] | None = None) -> str:
        """The output of one of Ansible's tools, run there; it has to succeed."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ANSIBLE_", "SSHFLEET_"))}
        environment = {
            **kept,
            **(env or {}),
            "ANSIBLE_CONFIG": str(self.work / "ansible.cfg"),
            "ANSIBLE_NOCOLOR": "1",
            "HOME": str(self.work),
        }
        argv = [str(Path(sys.executable).parent / tool), *args]
        done = subprocess.run(
            argv, cwd=self.work, env=environment, capture_output=True, text=True, check=False, timeout=900
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def build_and_install(folder: Path) -> Installed:
    """Build what git knows or would know, as a release is built, and install the tarball."""
    staged, work = folder / "staged", folder / "work"
    listing = ["git", "-C", str(CHECKOUT), "ls-files", "-co", "--exclude-standard", "-z"]
    names = subprocess.run(listing, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in (name for name in names if name and (CHECKOUT / name).is_file()):
        (staged / name).parent.mkdir(parents=True, exist_ok=True)
        (staged / name).write_bytes((CHECKOUT / name).read_bytes())
    work.mkdir()
    collections = folder / "collections"
    (work / "ansible.cfg").write_text(f"[defaults]\ncollections_path = {collections}\n{CONFIG}")
    made = Installed(Path(), collections, work)
    made.run("ansible-galaxy", "collection", "build", str(staged), "--output-path", str(folder))
    made.tarball = next(folder.glob("sshfleet-containers-*.tar.gz"))
    made.run("ansible-galaxy", "collection", "install", str(made.tarball), "-p", str(collections), "--offline")
    return made
