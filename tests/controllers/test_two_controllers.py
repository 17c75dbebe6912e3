# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two machines as controllers of the lab: what the guide shows, run there, and both at work on one host.

``make controllers`` runs it, and not CI, where it would take a lane for one to two minutes. With runtime directories
as controllers, tests/lab has it all (test_fleet_report.py, test_two_runs.py, tunnel/test_tunnel_life.py), but for
ansible-runner.
"""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path
from typing import Any

import guides
import pytest
from lab_hosts import Lab

from .conftest import FOLDER, GUIDE, Controller, all_end

Controllers = dict[str, Controller]
HOST = "trixie1"  # on which both are at work
NAMES = [f"ctl-{number}" for number in range(2)]
NET = "ctl-net"


@pytest.fixture(scope="module")
def shown() -> dict[str, list[tuple[str, str]]]:
    """The guide's lines of commands, by the program that is run first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for machine, command in guides.commands(GUIDE):
        words = [word for word in command.split() if "=" not in word]
        found.setdefault(" ".join(words[:2]), []).append((machine, command))
    return found


def snapshot(controller: Controller, path: str) -> dict[str, Any]:
    taken: dict[str, Any] = json.loads(controller.run(f"cat {path}"))
    return taken


def hosts(taken: dict[str, Any]) -> list[str]:
    return [one["host"] for one in taken["hosts"]]


def test_each_reads_its_half_and_both_make_one_page(
    controllers: Controllers, shown: dict[str, list[tuple[str, str]]], session_lab: Lab, tmp_path: Path
) -> None:
    lines = shown["ansible-runner run"]
    printed = all_end([controllers[machine].start(command) for machine, command in lines])
    (example,) = [text for text in guides.blocks(GUIDE, "text") if "PLAY RECAP" in text]
    told = [line.rstrip() for line in printed[1].splitlines() if line.strip()]
    assert [line.rstrip() for line in example.splitlines() if line.strip()] == told[-5:], printed[1]
    (tmp_path / "slices").mkdir()
    for which, (machine, _command) in enumerate(lines, 1):
        text = controllers[machine].run(f"cat fleet/artifacts/morning/slice-{which}-of-2.json")
        (tmp_path / "slices" / f"{which}.json").write_text(text)
        masters = controllers[machine].run("ls home/.ansible/sshfleet").split()
        assert len([name for name in masters if name.endswith(".ctl")]) == 2, masters
    first, second = (json.loads((tmp_path / "slices" / f"{which}.json").read_text()) for which in (1, 2))
    assert (hosts(first), hosts(second)) == (["bookworm1", "forky1"], ["bookworm2", "trixie1"])
    (tmp_path / "merge.yml").write_text(guides.files(GUIDE)["merge.yml"])
    merged = Lab(session_lab.directory, tmp_path).playbook(tmp_path / "merge.yml", tmp_path)
    assert merged.returncode == 0, merged.stdout + merged.stderr
    fleet = json.loads((tmp_path / "fleet.json").read_text())
    assert hosts(fleet) == ["bookworm1", "bookworm2", "forky1", "trixie1"] and fleet["complete"]
    assert [len(one["engines"]) for one in fleet["hosts"]] == [2, 2, 2, 2]
    assert all(name in (tmp_path / "fleet.html").read_text() for name in hosts(fleet))


def test_plain_playbooks_take_slices_too(controllers: Controllers, shown: dict[str, list[tuple[str, str]]]) -> None:
    inside = f"cd {FOLDER}/fleet/project && export ANSIBLE_INVENTORY_ENABLED=sshfleet.containers.hosts_json"
    agent = f'ssh-agent sh -c \'ssh-add -q {FOLDER}/fleet/env/ssh_key && exec "$0" "$@"\''
    lines = shown["ansible-playbook -i"]
    started = []
    for machine, command in lines:
        slice_, _space, words = command.partition(" ")
        words = words.replace("hosts.json", "../inventory/hosts.json")
        started.append(controllers[machine].start(f"{inside} {slice_} && {agent} {words}"))
    all_end(started)
    parts = [
        snapshot(controllers[machine], f"fleet/project/slice-{which}-of-2.json")
        for which, (machine, _command) in enumerate(lines, 1)
    ]
    assert [hosts(one) for one in parts] == [["bookworm1", "forky1"], ["bookworm2", "trixie1"]]


def test_a_job_goes_as_a_stream(controllers: Controllers, shown: dict[str, list[tuple[str, str]]]) -> None:
    """As receptor carries it; the machine that sends it is the first controller here."""
    ((machine, command),) = shown["ansible-runner transmit"]
    assert machine == "control"
    transmit, worker, process = (part.strip() for part in command.split("|"))
    ssh, where, *words = shlex.split(worker)
    assert ssh == "ssh"
    control = controllers["controller1"]
    pipe = subprocess.PIPE
    with (
        subprocess.Popen(control.argv(transmit), stdout=pipe) as sends,
        subprocess.Popen(controllers[where].argv(shlex.join(words)), stdin=sends.stdout, stdout=pipe) as works,
        subprocess.Popen(control.argv(process), stdin=works.stdout, stdout=pipe, text=True) as receives,
    ):
        told = receives.communicate(timeout=300)[0]
    assert [one.returncode for one in (sends, works, receives)] == [0, 0, 0], told
    taken = snapshot(control, "results/artifacts/noon/slice-2-of-2.json")
    assert hosts(taken) == ["bookworm2", "trixie1"] and taken["complete"]


def plays(value: str) -> list[dict[str, Any]]:
    """A network with containers in it on both engines of a host, as one of the controllers wants them."""
    module = "sshfleet.containers.remote_"
    container = {
        "name": "{{ item }}", "image": "localhost/busybox:latest", "command": "sleep 3000", "env": {"VALUE": value},
        "networks": [{"name": NET}], "stop_timeout": 0,
    }  # fmt: skip
    return [
        {
            "hosts": HOST, "gather_facts": False,
            "tasks": [
                {f"{module}network": {"name": NET, "labels": {"value": value}, "engine": engine}},
                {f"{module}container": {**container, "engine": engine}, "loop": NAMES},
            ],
        }
        for engine in ("podman", "docker")
    ]  # fmt: skip


def test_both_change_one_host_and_neither_closes_the_others_connection(
    controllers: Controllers, session_lab: Lab
) -> None:
    for name, one in controllers.items():
        one.run(f"mkdir -p keyed/project && printf %s {shlex.quote(json.dumps(plays(name)))} > keyed/project/same.yml")
    try:
        all_end([one.start("ansible-runner run keyed -p same.yml") for one in controllers.values()])
        for engine in ("podman", "docker"):
            form = "{{range .Config.Env}}{{println .}}{{end}}{{.State.Running}}"
            found = session_lab.ssh(HOST, f"{engine} inspect --format '{form}' {' '.join(NAMES)}")
            assert found.count("true") == found.count("VALUE=controller") == len(NAMES), found
            assert "sshfleet-" not in session_lab.ssh(HOST, engine, "volume", "ls", "-q"), "marks that were left"
    finally:
        session_lab.ssh(
            HOST, "sh", "-s", input=f"for e in podman docker; do $e rm -f {' '.join(NAMES)}; $e network rm {NET}; done"
        )
    first, second = controllers.values()
    before = tunnel(second)
    assert before["open"] and not tunnel(first, "absent")["open"]
    assert tunnel(second) | {"expires_at": None} == before | {"expires_at": None}


def tunnel(controller: Controller, state: str = "status") -> dict[str, Any]:
    """What remote_tunnel tells of the connection to the host."""
    task = f"-m sshfleet.containers.remote_tunnel -a state={state} --hosts {HOST} --json"
    for line in controller.run(f"ansible-runner run keyed {task}").splitlines():
        event = json.loads(line) if line.startswith("{") else {}  # the agent has its say, too
        if event.get("event") == "runner_on_ok":
            told: dict[str, Any] = event["event_data"]["res"]["tunnel"]
            return told
    raise AssertionError("no result")
