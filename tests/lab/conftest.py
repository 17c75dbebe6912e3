# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lab: real LXC hosts over real sshd, made by ``make lab``. Without a lab these tests fail, they don't skip."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass
class Lab:
    """One lab directory (hosts.json, key, known_hosts, group_vars) and the ways to use it."""

    directory: Path
    runtime: Path  # XDG_RUNTIME_DIR of this test: its tunnels live there and end with it
    env: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        document = json.loads((self.directory / "hosts.json").read_text())
        self.hosts: dict[str, dict[str, Any]] = document["hosts"]

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
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ANSIBLE_", "SSHFLEET_")) and k != "SSH_AUTH_SOCK"}
        return {
            **kept,
            "ANSIBLE_CONFIG": str(CHECKOUT / "ansible.cfg"),
            "ANSIBLE_FORCE_COLOR": "0",
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_LOCALHOST_WARNING": "0",
            "XDG_RUNTIME_DIR": str(self.runtime),
            **self.env,
            **(extra or {}),
        }

    def run(
        self, tool: str, *args: str, env: Mapping[str, str] | None = None, timeout: int = 300, inventory: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run ansible, ansible-playbook, ansible-inventory … of this Python's environment against the lab."""
        binary = str(Path(sys.executable).parent / tool)
        argv = [binary, "-i", inventory or self.inventory, *args]
        return subprocess.run(
            argv, cwd=CHECKOUT, env=self.environment(env), capture_output=True, text=True, timeout=timeout, check=False
        )

    def module(
        self, host: str, module: str, args: Mapping[str, Any] | None = None, *options: str, **kwargs: Any
    ) -> dict[str, dict[str, Any]]:
        """One ad hoc task; returns {host: result}, the results as Ansible's JSON gives them plus ``_status``."""
        options_env = dict(kwargs.pop("env", {}))
        done = self.run(
            "ansible", host, "-m", module, "-a", json.dumps(dict(args or {})), "-o", *options, env=options_env, **kwargs
        )
        return parse_oneline(done.stdout, done.stderr)

    def playbook(
        self, plays: Sequence[Mapping[str, Any]] | Path, tmp_path: Path, *options: str, **kwargs: Any
    ) -> subprocess.CompletedProcess[str]:
        """Run plays given as data (written as JSON, which is YAML) or a playbook file."""
        path = plays if isinstance(plays, Path) else tmp_path / "playbook.yml"
        if not isinstance(plays, Path):
            path.write_text(json.dumps(list(plays)))
        return self.run("ansible-playbook", str(path), *options, **kwargs)

    def ssh(self, host: str, *argv: str, input: str | None = None, check: bool = True) -> str:
        """Run a command on a lab host over plain ssh (a new connection each time) and return its stdout."""
        entry = self.hosts[host]
        command = [
            "ssh", "-F", "none", "-i", self.key, "-o", "BatchMode=yes", "-o", f"UserKnownHostsFile={self.known_hosts}",
            "-o", "StrictHostKeyChecking=accept-new", "-o", "ControlPath=none",
            f"{entry.get('user', 'root')}@{entry['hostname']}", "--", *argv,
        ]  # fmt: skip
        return subprocess.run(command, input=input, capture_output=True, text=True, check=check, timeout=120).stdout


def parse_oneline(stdout: str, stderr: str) -> dict[str, dict[str, Any]]:
    """Read ``ansible -o`` output: ``host | STATUS => {json}`` or ``host | UNREACHABLE!: …``."""
    results: dict[str, dict[str, Any]] = {}
    for line in stdout.splitlines():
        host, separator, rest = line.partition(" | ")
        status, arrow, body = rest.partition(" => ")
        if separator and arrow:
            try:
                results[host] = {**json.loads(body), "_status": status.rstrip("!")}
            except json.JSONDecodeError:
                results[host] = {"msg": body, "_status": status.rstrip("!")}
        elif separator and ": " in rest:
            status, _colon, body = rest.partition(": ")
            results[host] = {"msg": body, "_status": status.rstrip("!").split("!")[0]}
    assert results, f"no result in the output of ansible:\n{stdout}\n{stderr}"
    return results


@pytest.fixture(scope="session")
def lab_directory() -> Path:
    directory = Path(os.environ.get("SSHFLEET_LAB", CHECKOUT / ".lab"))
    if not (directory / "hosts.json").is_file():
        pytest.exit(f"There is no lab in {directory}: run 'make lab' first (as root).", returncode=3)
    return directory


@pytest.fixture(scope="session")
def session_lab(lab_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One lab with one runtime directory for a whole session: tunnels stay warm between tests."""
    runtime = tmp_path_factory.mktemp("run")
    runtime.chmod(0o700)
    yield (lab := Lab(lab_directory, runtime))
    close_masters(lab.runtime)


@pytest.fixture
def lab(session_lab: Lab) -> Lab:
    return session_lab


@pytest.fixture
def cold_lab(lab_directory: Path, tmp_path: Path) -> Iterator[Lab]:
    """A lab whose runtime directory is new: no tunnel is open yet, and what a test opens ends with it."""
    runtime = tmp_path / "r"
    runtime.mkdir(mode=0o700)
    yield (lab := Lab(lab_directory, runtime))
    close_masters(lab.runtime)


def close_masters(runtime: Path) -> None:
    for control in runtime.rglob("*.ctl"):
        subprocess.run(["ssh", "-F", "none", "-S", str(control), "-O", "exit", "-", "--"], capture_output=True, check=False)
