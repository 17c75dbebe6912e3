# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The strategy fleet on real hosts: changes, check mode, diffs, a host that can't be reached, Ctrl-C.

``tests/unit/plugins/strategy`` compares all that needs no host.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import hung
import pytest
from lab_hosts import Lab
from recorded_runs import recording, tasks_of

pytestmark = pytest.mark.pairs("both")

FLEET = "sshfleet.containers.fleet"
IMAGE = "localhost/busybox:latest"
HOSTS = ["bookworm1", "bookworm2", "trixie1"]
# Nine hosts of Ansible's on three real ones, and one whose port is closed.
NAMES = [f"n{number}" for number in range(9)]
CHANGING = frozenset({"id", "created_at", "started_at", "finished_at", "hostname", "pid", "networks", "labels"})
NAME = "strategy-{{ inventory_hostname }}"


@pytest.fixture
def inventory(lab: Lab, tmp_path: Path) -> str:
    hosts: dict[str, dict[str, Any]] = {}
    for number, name in enumerate(NAMES):
        real = lab.hosts[HOSTS[number % len(HOSTS)]]
        hosts[name] = {"ansible_host": real["hostname"], "ansible_user": "root"}
    hosts["gone"] = {**hosts[NAMES[0]], "ansible_port": 2}
    common = {
        "ansible_ssh_private_key_file": lab.key,
        "ansible_ssh_common_args": f"-o UserKnownHostsFile={lab.known_hosts}",
        "sshfleet_engine": "docker",
    }
    path = tmp_path / "many.json"
    path.write_text(json.dumps({"all": {"hosts": hosts, "vars": common}}))
    return str(path)


def module(which: str, arguments: Mapping[str, Any], /, **keywords: Any) -> dict[str, Any]:
    return {f"sshfleet.containers.{which}": dict(arguments), **keywords}


def made(**more: Any) -> dict[str, Any]:
    return {"name": NAME, "image": IMAGE, "command": ["sleep", "600"], "stop_timeout": 0, **more}


PLAYS: Sequence[Mapping[str, Any]] = [
    {
        "hosts": "all",
        "gather_facts": False,
        "tasks": [
            module("remote_container", made(), name="would make", check_mode=True, diff=True),
            module("remote_container", made(), name="make"),
            module("remote_container", made(), name="unchanged", register="second"),
            module("remote_container", made(env={"A": "was {{ second.changed }}"}), name="remake", diff=True),
            module("remote_container_exec", {"name": NAME, "argv": ["sh", "-c", "echo $A"]}, name="ask"),
            module(
                "remote_container", {"name": NAME, "image": "localhost/nowhere:1"}, name="fails", ignore_errors=True
            ),
            module("remote_container", {"name": NAME, "state": "absent"}, name="remove"),
        ],
    }
]


def told(lab: Lab, inventory: str, tmp_path: Path, strategy: str) -> tuple[int, Any, set[int]]:
    """The exit code, all events without what every container has another of, and the processes that made changes."""
    file, trail = tmp_path / f"{strategy}.jsonl", tmp_path / f"{strategy}.audit"
    settings = {
        **recording(file),
        "ANSIBLE_STRATEGY": strategy,
        "ANSIBLE_FORKS": "20",
        "ANSIBLE_INVENTORY_ENABLED": "ansible.builtin.yaml",
        "SSHFLEET_AUDIT": str(trail),
    }
    done = lab.playbook(PLAYS, tmp_path, inventory=inventory, env=settings)
    assert file.is_file(), done.stdout + done.stderr
    changes = [json.loads(line) for line in trail.read_text().splitlines()]
    return done.returncode, shown(tasks_of(file)), {line["pid"] for line in changes}


def shown(value: Any) -> Any:
    """Events without what differs between two containers that are made alike."""
    if isinstance(value, dict):
        return {key: shown(one) for key, one in value.items() if key not in CHANGING}
    return [shown(one) for one in value] if isinstance(value, list | tuple) else value


def test_changes_are_those_of_linear_made_by_fewer_processes(lab: Lab, inventory: str, tmp_path: Path) -> None:
    code, expected, by_linear = told(lab, inventory, tmp_path, "linear")
    fleet_code, events, by_fleet = told(lab, inventory, tmp_path, FLEET)
    for (event, its), (expected_event, expected_its) in zip(events, expected, strict=True):
        assert event == expected_event
        assert its == expected_its, event
    assert fleet_code == code == 4  # one host is unreachable
    summary = next(event[1] for event, _its in events if event[0] == "v2_playbook_on_stats")
    assert {name: its["changed"] for name, its in summary.items()} == {**dict.fromkeys(NAMES, 5), "gone": 0}
    # make, remake, ask, pull and remove on each of the hosts, each in a process of its own under linear
    assert len(by_linear) == 5 * len(NAMES) > 2 * len(by_fleet)


@pytest.fixture
def busy(lab: Lab) -> Iterator[Lab]:
    """A container on each host, in which a command can run for long."""
    for host in HOSTS:
        lab.ssh(host, "docker", "run", "-d", "--name", "strategy-busy", "--stop-timeout", "0", IMAGE, "sleep", "600")
    yield lab
    for host in HOSTS:
        lab.ssh(host, "docker", "rm", "-f", "strategy-busy", check=False)


def test_an_interrupt_ends_all_hosts(busy: Lab, inventory: str, tmp_path: Path) -> None:
    command = {"name": "strategy-busy", "argv": ["sh", "-c", "touch /tmp/begun; sleep 500"], "engine": "docker"}
    play = {"hosts": ",".join(NAMES), "gather_facts": False, "tasks": [module("remote_container_exec", command)]}
    (tmp_path / "play.yml").write_text(json.dumps([play]))
    argv = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", inventory, str(tmp_path / "play.yml")]
    env = busy.environment(
        {"ANSIBLE_STRATEGY": FLEET, "ANSIBLE_FORKS": "20", "ANSIBLE_INVENTORY_ENABLED": "ansible.builtin.yaml"}
    )
    with subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        begun(busy, process)
        workers = list(hung.descendants(process.pid))
        process.send_signal(signal.SIGINT)
        output, _none = process.communicate(timeout=60)
    assert workers
    assert process.returncode == 99, output  # Ansible's own for Ctrl-C
    assert "User interrupted execution" in output
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists() and not is_master(pid)]


def begun(lab: Lab, process: subprocess.Popen[str]) -> None:
    """Wait until the command runs on every host."""
    for host in HOSTS:
        while lab.ssh(host, "docker", "exec", "strategy-busy", "ls", "/tmp") != "begun\n":
            assert process.poll() is None, process.stdout.read() if process.stdout else ""
            time.sleep(0.2)


def is_master(pid: int) -> bool:
    """Whether this is a connection that is kept for the next task, or gone."""
    try:
        return b".ctl" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it has just ended
        return True
