# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``make bench``: the same tasks in ten containers of one host, through our connection plugin and through the peer's
over ``ssh://``, beside the same tasks on the host itself over ssh. All connections are warm.
"""

from __future__ import annotations

import argparse
import json
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
sys.path.insert(1, str(CHECKOUT / "scripts"))
sys.path.insert(1, str(HERE.parent / "support"))

from connections import connections  # noqa: E402
from endpoints import entry, on_host  # noqa: E402
from measure import LAB, CommandError, Cost, ansible_environment, measure, median, verdict  # noqa: E402
from python_image import MAKE_PYTHON_IMAGE, PYTHON_IMAGE  # noqa: E402

NAME = "benchconn"
CONTAINERS = 10
TASKS, PEER_TASKS = 20, 2
TIMES_FASTER, AS_SSH = 5, 1.3


@dataclass(frozen=True)
class Contender:
    """Who runs the tasks: the variables of all its hosts, and how often it is measured (a median is taken)."""

    name: str
    repeats: int
    variables: Mapping[str, Any] = field(default_factory=dict)
    tasks: int = 0
    strategy: str = "linear"


def contenders(engine: str, address: str, tasks: int) -> dict[str, Contender]:
    """By a short name. The peers do fewer tasks, for which their time is multiplied: they take minutes."""
    docker_host = f"ssh://root@{address}"
    peers = {"ansible_host": "{{ container }}", "ansible_pipelining": True}
    ours = {
        "ansible_connection": "sshfleet.containers.container", "sshfleet_container": "{{ container }}",
        "sshfleet_container_host": "the-host", "sshfleet_engine": engine,
    }  # fmt: skip
    found = {
        "ssh": Contender(
            "the same on the host, over ssh", 2, {"ansible_host": address, "ansible_pipelining": True}, tasks
        ),
        "ours": Contender(f"sshfleet.containers.container, {engine}", 2, ours, tasks),
        "fleet": Contender(f"the same, {engine}, strategy fleet", 2, ours, tasks, "sshfleet.containers.fleet"),
    }
    if engine == "docker" and has_paramiko():
        api = {"ansible_connection": "community.docker.docker_api", "ansible_docker_docker_host": docker_host}
        found["docker_api"] = Contender("community.docker.docker_api, ssh://", 1, peers | api, PEER_TASKS)
    if engine == "docker" and shutil.which("docker"):
        cli = {"ansible_connection": "community.docker.docker", "ansible_docker_extra_args": f"-H={docker_host}"}
        found["docker"] = Contender("community.docker.docker, ssh://", 1, peers | cli, PEER_TASKS)
    return found


def has_paramiko() -> bool:
    """Whether the peer's environment has what its API client needs for ``ssh://``."""
    python = CHECKOUT / ".venv-peers" / "bin" / "python"
    return subprocess.run([python, "-c", "import paramiko"], capture_output=True, check=False).returncode == 0


class Bench:
    """The inventories and the playbooks of one call.

    :param ansible: an ``ansible-playbook`` that has the peers' collections.
    """

    def __init__(self, lab: Path, host: str, ansible: Path, directory: Path) -> None:
        self.known = entry(lab, host)
        self.ansible = ansible
        self.directory = directory
        self._ssh = {
            "ansible_user": "root", "ansible_ssh_private_key_file": self.known["identity_file"],
            "ansible_ssh_common_args": f"-F none -o UserKnownHostsFile={lab.resolve() / 'known_hosts'}",
        }  # fmt: skip
        self._put_ssh_before(lab)

    def _put_ssh_before(self, lab: Path) -> None:
        """The peers' ssh takes key and host keys from the user's own files: so one that names them, and such files."""
        key, known_hosts = self.known["identity_file"], lab.resolve() / "known_hosts"
        words = ["-F", "none", "-i", key, "-o", "BatchMode=yes", "-o", f"UserKnownHostsFile={known_hosts}"]
        folder = self.directory / "bin"
        folder.mkdir()
        (folder / "ssh").write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} {shlex.join(words)} "$@"\n')
        (folder / "ssh").chmod(0o755)
        home = self.directory / "home" / ".ssh"
        home.mkdir(parents=True)
        (home / "config").write_text(f"Host *\n  IdentityFile {key}\n")
        shutil.copy(known_hosts, home / "known_hosts")

    def environment(self, who: Contender, kept: Path) -> dict[str, str]:
        environment = ansible_environment(
            ANSIBLE_FORKS=str(CONTAINERS), ANSIBLE_SSH_CONTROL_PATH_DIR=str(kept / "cp"), XDG_RUNTIME_DIR=str(kept),
            ANSIBLE_INVENTORY_ENABLED="yaml", ANSIBLE_STRATEGY=who.strategy,
        )  # fmt: skip
        if "docker" in str(who.variables.get("ansible_connection")):
            environment["HOME"] = str(self.directory / "home")
            environment["PATH"] = f"{self.directory / 'bin'}:{environment['PATH']}"
        return environment

    def inventory(self, who: Contender) -> Path:
        hosts = {f"bench{number}": {"container": f"{NAME}-{number}"} for number in range(CONTAINERS)}
        of_ssh = self._ssh if "sshfleet" not in str(who.variables.get("ansible_connection")) else {}
        if "docker" in str(who.variables.get("ansible_connection")):
            of_ssh = {}
        document = {
            "all": {
                "hosts": {"the-host": {"ansible_host": self.known["hostname"], **self._ssh}},
                "children": {"bench": {"hosts": hosts, "vars": {**of_ssh, **who.variables}}},
                "vars": {"ansible_python_interpreter": "/usr/bin/python3"},
            }
        }
        path = self.directory / "inventory.yml"
        path.write_text(json.dumps(document))
        return path

    def run(self, who: Contender, tasks: int, kept: Path) -> Cost:
        play = [{"hosts": "bench", "gather_facts": False, "tasks": [{"ansible.builtin.command": "id"}] * tasks}]
        file = self.directory / "play.yml"
        file.write_text(json.dumps(play))
        argv = [str(self.ansible), "-i", str(self.inventory(who)), str(file)]
        return measure(argv, self.environment(who, kept), self.directory)

    def seconds(self, who: Contender, tasks: int) -> float:
        """Wall time of so many tasks in all containers, warm; that of fewer is made more by as much as one takes."""
        with connections() as kept:
            one = self.run(who, 1, kept)
            cost = median([self.run(who, who.tasks, kept) for _repeat in range(who.repeats)])
        return cost.wall + (tasks - who.tasks) * (cost.wall - one.wall) / (who.tasks - 1)


def compare(bench: Bench, engine: str, tasks: int) -> None:
    print(f"\n{tasks} tasks in {CONTAINERS} containers of one host, {engine}", flush=True)
    walls: dict[str, float] = {}
    for short, who in contenders(engine, bench.known["hostname"], tasks).items():
        try:
            walls[short] = bench.seconds(who, tasks)
        except CommandError as error:
            print(f"  {who.name:46} fails: {str(error)[-300:]}", flush=True)
            continue
        counted = "" if who.tasks == tasks else f"  (reckoned from {who.tasks} tasks)"
        print(f"  {who.name:46} {walls[short]:7.2f} s wall{counted}", flush=True)
    verdict("wall time against the same tasks over ssh", walls["ours"] / walls["ssh"], AS_SSH)
    verdict("the same under the strategy fleet", walls["fleet"] / walls["ssh"], AS_SSH)
    for peer in ("docker_api", "docker"):
        if peer in walls:
            ratio = walls[peer] / walls["ours"]
            verdict(f"times faster than community.docker.{peer} over ssh://", ratio, TIMES_FASTER, at_least=True)


@contextmanager
def containers(lab: Path, host: str, engine: str) -> Iterator[None]:
    names = [f"{NAME}-{number}" for number in range(CONTAINERS)]
    on_host(lab, host, ["sh", "-s"], text=MAKE_PYTHON_IMAGE)
    on_host(lab, host, [engine, "rm", "-f", *names], check=False)
    try:
        for name in names:
            on_host(
                lab, host, [engine, "run", "-d", "--stop-timeout", "0", "--name", name, PYTHON_IMAGE, "sleep", "9999"]
            )
        yield
    finally:
        on_host(lab, host, [engine, "rm", "-f", *names], check=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lab", type=Path, default=LAB)
    parser.add_argument("--host", default="trixie1")
    parser.add_argument("--engines", nargs="+", default=["docker", "podman"])
    parser.add_argument("--ansible", type=Path, default=CHECKOUT / ".venv-peers" / "bin" / "ansible-playbook")
    parser.add_argument("--tasks", type=int, default=TASKS)
    given = parser.parse_args()
    for engine in given.engines:
        with tempfile.TemporaryDirectory(prefix="sshfleet-bench-") as name, containers(given.lab, given.host, engine):
            compare(Bench(given.lab, given.host, given.ansible.absolute(), Path(name)), engine, given.tasks)


if __name__ == "__main__":
    main()
