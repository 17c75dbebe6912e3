# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One lab, as the tests use it: Ansible runs against its hosts, and plain ssh to them."""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import hung
from checkout import CHECKOUT

SUPPORT = Path(__file__).resolve().parent
CHEAP_EXCHANGE = "KexAlgorithms=curve25519-sha256"


@dataclass
class Lab:
    """One lab directory (hosts.json, key, known_hosts, group_vars) and the ways to use it."""

    directory: Path
    runtime: Path  # XDG_RUNTIME_DIR of this test: its tunnels live there and end with it
    env: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        document = json.loads((self.directory / "hosts.json").read_text())
        self.hosts: dict[str, dict[str, Any]] = document["hosts"]
        masters()  # before anything forks: the children share them

    @property
    def inventory(self) -> str:
        return str(self.directory / "hosts.json")

    @property
    def key(self) -> str:
        return str(self.directory / "id_ed25519")

    @property
    def known_hosts(self) -> str:
        return str(self.directory / "known_hosts")

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment of an Ansible run from the checkout, free of the caller's own Ansible settings."""
        kept = {
            k: v for k, v in os.environ.items() if not k.startswith(("ANSIBLE_", "SSHFLEET_")) and k != "SSH_AUTH_SOCK"
        }
        return {
            **kept,
            "ANSIBLE_CONFIG": str(CHECKOUT / "ansible.cfg"),
            "ANSIBLE_ACTION_PLUGINS": f"{SUPPORT / 'action_plugins'}:{CHECKOUT / 'plugins/action'}",
            "ANSIBLE_FORCE_COLOR": "0",
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_LOCALHOST_WARNING": "0",
            "XDG_RUNTIME_DIR": str(self.runtime),
            **self.env,
            **(extra or {}),
        }

    def run(
        self,
        tool: str,
        *args: str,
        env: Mapping[str, str] | None = None,
        timeout: int = 900,
        inventory: str | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run ansible, ansible-playbook, ansible-inventory … of this Python's environment against the lab."""
        binary = str(Path(sys.executable).parent / tool)
        argv = [binary, "-i", inventory or self.inventory, *args]
        return hung.run(argv, CHECKOUT, self.environment(env), timeout)

    def module(
        self, host: str, module: str, args: Mapping[str, Any] | None = None, *options: str, **kwargs: Any
    ) -> dict[str, dict[str, Any]]:
        """One ad hoc task; returns {host: result}, the results as Ansible's JSON gives them plus ``_status``."""
        given = ["-a", json.dumps(dict(args))] if args else []
        done = self.run("ansible", host, "-m", module, *given, *options, **kwargs)
        return parse_results(done.stdout, done.stderr)

    def playbook(
        self, plays: Sequence[Mapping[str, Any]] | Path, tmp_path: Path, *options: str, **kwargs: Any
    ) -> subprocess.CompletedProcess[str]:
        """Run plays given as data (written as JSON, which is YAML) or a playbook file."""
        path = plays if isinstance(plays, Path) else tmp_path / "playbook.yml"
        if not isinstance(plays, Path):
            path.write_text(json.dumps(list(plays)))
        return self.run("ansible-playbook", str(path), *options, **kwargs)

    def ssh(self, host: str, *argv: str, input: str | None = None, check: bool = True, shared: bool = True) -> str:
        """Run a command on a lab host over plain ssh and return its stdout.

        :param shared: over one connection for all such commands; or else one of its own, as while a host goes down.
        """
        command = self.ssh_argv(host, *argv)
        if shared:
            command[1:1] = ["-o", "ControlMaster=auto", "-o", f"ControlPath={masters()}/%C", "-o", "ControlPersist=20"]
        return subprocess.run(command, input=input, capture_output=True, text=True, check=check, timeout=300).stdout

    def hang_up(self, host: str) -> None:
        """End the connection that :meth:`ssh` shares, before the host or its network goes."""
        argv = ["-S", f"{masters()}/%C", "-O", "exit"]
        command = self.ssh_argv(host)
        subprocess.run([*command[:1], *argv, *command[1:-1]], capture_output=True, check=False)

    def ssh_argv(self, host: str, *argv: str) -> list[str]:
        """The command line of a connection of its own.

        The key exchange is the cheapest of those that all have: the default one takes 60 ms of a core.
        """
        entry = self.hosts[host]
        return [
            "ssh", "-F", "none", "-i", self.key, "-o", "BatchMode=yes", "-o", f"UserKnownHostsFile={self.known_hosts}",
            "-o", "StrictHostKeyChecking=accept-new", "-o", "ControlPath=none", "-o", CHEAP_EXCHANGE,
            f"{entry.get('user', 'root')}@{entry['hostname']}", "--", *argv,
        ]  # fmt: skip


@cache
def masters() -> Path:
    """The folder of the sockets of shared connections, which end with this process."""
    folder = Path(tempfile.mkdtemp(prefix="lab-ssh-", dir="/tmp"))
    owner = os.getpid()

    def end() -> None:
        if os.getpid() == owner:  # and not in a child that it has forked
            for socket in folder.iterdir():
                subprocess.run(["ssh", "-F", "none", "-S", socket, "-O", "exit", "x"], capture_output=True, check=False)
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)
    return folder


def parse_results(stdout: str, stderr: str) -> dict[str, dict[str, Any]]:
    """Read what ``ansible`` prints, ``host | STATUS => {json}`` for each: {host: {**result, "_status": STATUS}}."""
    decoder = json.JSONDecoder()
    results = {
        found[1]: {**decoder.raw_decode(stdout, found.end())[0], "_status": found[2]}
        for found in re.finditer(r"^(\S+) \| (\w+)!? => (?=\{)", stdout, re.MULTILINE)
    }
    assert results, f"no result in the output of ansible:\n{stdout}\n{stderr}"
    return results


def close_masters(runtime: Path) -> None:
    for control in runtime.rglob("*.ctl"):
        subprocess.run(
            ["ssh", "-F", "none", "-S", str(control), "-O", "exit", "--", "x"], capture_output=True, check=False
        )
