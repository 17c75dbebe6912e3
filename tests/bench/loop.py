# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fifty unchanged containers in a loop on one host: the module that makes them finds nothing to do the second time."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connections import connections
from endpoints import on_host
from measure import Cost, measure, median, verdict

if TYPE_CHECKING:
    from run import Bench

CONTAINERS = 50
TIMES_FASTER = 8
IMAGE = "localhost/busybox:latest"
SAME_FOR_ALL = {"name": "bench-{{ item }}", "image": IMAGE, "command": "sleep 9999", "state": "started"}


@dataclass(frozen=True)
class Manager:
    """Who manages the containers: its module and options, and how often it is measured (a median is taken).

    ``maker`` creates the containers where that would take this one too long.
    """

    name: str
    engine: str
    module: str
    options: Mapping[str, Any]
    repeats: int
    task: Mapping[str, Any] = field(default_factory=dict)
    maker: Manager | None = None


NOTHING = Manager("Ansible doing nothing", "", "nothing", {}, 5)
OURS = tuple(
    Manager(
        f"remote_container, {engine.title()}", engine, "sshfleet.containers.remote_container",
        {**SAME_FOR_ALL, "engine": engine}, 5,
    )
    for engine in ("docker", "podman")
)  # fmt: skip
PEERS = (
    Manager("community.docker", "docker", "community.docker.docker_container", SAME_FOR_ALL, 1),
    Manager("containers.podman", "podman", "containers.podman.podman_container", SAME_FOR_ALL, 1),
)


def over_docker_host(bench: Bench) -> Manager:
    """The peer on the controller, for hosts without Python. Its ssh takes key and host keys from the user's own files,
    of which there are none here: so another one stands before it that names them.
    """
    argv = [*bench.made.ssh_argv("x")[:-2], *("-o", "ControlPath=none")]
    folder = bench.directory / "bin"
    folder.mkdir(exist_ok=True)
    (folder / "ssh").write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} {shlex.join(argv[1:])} "$@"\n')
    (folder / "ssh").chmod(0o755)
    here = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    path = {"PATH": str(folder) + ":{{ lookup('env', 'PATH') }}"}
    return Manager(
        "community.docker, docker_host", "docker", "community.docker.docker_container",
        {**SAME_FOR_ALL, "docker_host": "ssh://root@{{ ansible_host }}", "use_ssh_client": True}, 1,
        {"delegate_to": "localhost", "vars": here, "environment": path}, PEERS[0],
    )  # fmt: skip


def playbook(manager: Manager, *, creating: bool) -> list[dict[str, Any]]:
    """The play; unless it is to create the containers, it fails where anything was changed."""
    looped = {manager.module: dict(manager.options), "loop": list(range(CONTAINERS)), "register": "looped"}
    unchanged = {"ansible.builtin.assert": {"that": ["looped is not changed"]}}
    tasks = [{**looped, **manager.task}, *([] if creating else [unchanged])]
    return [{"hosts": "bench", "gather_facts": False, "tasks": tasks}]


def compare_loops(bench: Bench, lab: Path, host: str, *, with_peers: bool) -> None:
    """Measure everybody on their own containers, those of one engine one after the other, and print the ratios."""
    print(f"\n{CONTAINERS} unchanged containers in a loop on one host, connections warm", flush=True)
    floor = _measured(bench, NOTHING)
    _show(NOTHING.name, floor, floor)
    walls: dict[str, float] = {}
    managers = (*OURS, *((*PEERS, over_docker_host(bench)) if with_peers else ()))
    for manager in sorted(managers, key=lambda one: one.engine):
        with _containers(lab, host, manager.engine):
            cost = _measured(bench, manager)
        walls[manager.name] = cost.wall
        _show(manager.name, cost, floor)
    for ours, peer in zip(OURS, PEERS if with_peers else (), strict=False):
        ratio = walls[peer.name] / walls[ours.name]
        verdict(f"times faster than {peer.name}, {CONTAINERS} in a loop", ratio, TIMES_FASTER, at_least=True)


def _measured(bench: Bench, manager: Manager) -> Cost:
    with connections() as kept:
        _play(bench, manager.maker or manager, kept, creating=True)
        return median([_play(bench, manager, kept, creating=False) for _repeat in range(manager.repeats)])


def _play(bench: Bench, manager: Manager, connections: Path, *, creating: bool) -> Cost:
    file = bench.directory / "loop.yml"
    file.write_text(json.dumps(playbook(manager, creating=creating)))
    argv = [str(bench.ansible.with_name("ansible-playbook")), "-i", str(bench.made.inventory(1)), str(file)]
    return measure(argv, bench.environment(connections), bench.directory)


@contextmanager
def _containers(lab: Path, host: str, engine: str) -> Iterator[None]:
    """A host without the containers, before and after."""
    at_once = ["--time", "0"] if engine == "podman" else []
    removal = [engine, "rm", "-f", *at_once, *(f"bench-{number}" for number in range(CONTAINERS))]
    on_host(lab, host, removal, check=False)
    try:
        yield
    finally:
        on_host(lab, host, removal, check=False)


def _show(name: str, cost: Cost, floor: Cost) -> None:
    per_item = (cost.wall - floor.wall) / CONTAINERS * 1000
    print(
        f"  {name:32} {cost.wall:7.2f} s wall ({per_item:+7.1f} ms an item) {cost.cpu:7.2f} s CPU"
        f" {cost.memory / 2**20:6.0f} MiB",
        flush=True,
    )
