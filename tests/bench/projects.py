# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``make bench``: an application of many containers, side by side with docker compose over a forwarded socket, with the
bare API eight requests at a time, with remote_container for one of them, and with Ansible doing nothing; where the
environment of the peers is there, also with docker_compose_v2 and with a loop of the peer's module on the host.

Each is made, left as it is, and changed in one container. The connections are warm.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
sys.path.insert(1, str(CHECKOUT / "scripts"))
sys.path.insert(1, str(HERE.parent / "support"))

from checkout import install_collection_finder  # noqa: E402

install_collection_finder()

import project_peers  # noqa: E402
from compose_reference import program  # noqa: E402
from connections import connections  # noqa: E402
from engine_cases import forwarded  # noqa: E402
from lab_hosts import Lab  # noqa: E402
from measure import LAB, Cost, ansible_environment, measure, median, verdict  # noqa: E402

IMAGE = "localhost/busybox:latest"
NAME = "benchproject"
AT_ONCE = 8
REPEATS = 5
PODMAN_BESIDE_DOCKER = 1.3
TASK = "sshfleet.containers.remote_containers"
# With this many, the goals hold, and the peers are measured, once: their loops take half a minute.
MEASURED_AGAINST_ALL = 50


def containers(count: int, changed: str = "") -> list[dict[str, Any]]:
    """The application; with ``changed``, its first container is another one."""
    return [
        {
            "name": f"{NAME}-{number}", "image": IMAGE, "command": ["sleep", "9999"], "networks": [{"name": NAME}],
            "env": {"NUMBER": str(number), **({"CHANGED": changed} if changed and not number else {})},
            "stop_timeout": 0,
        }
        for number in range(count)
    ]  # fmt: skip


def compose_file(count: int, changed: str = "") -> dict[str, Any]:
    """The same for docker compose."""
    services = {
        one["name"]: {
            "image": one["image"], "command": one["command"], "environment": one["env"], "networks": [NAME],
            "stop_grace_period": "0s", "container_name": one["name"],
        }
        for one in containers(count, changed)
    }  # fmt: skip
    return {"name": NAME, "services": services, "networks": {NAME: {"name": NAME}}}


class Bench:
    """One engine of one host of the lab."""

    def __init__(self, lab: Path, host: str, engine: str, directory: Path, ansible: Path) -> None:
        self.lab, self.host, self.engine, self.directory, self.ansible = lab, host, engine, directory, ansible
        self.environment = ansible_environment()
        self.client: Any = None
        self.socket = ""

    def play(self, task: Mapping[str, Any], changed: bool) -> Cost:
        """The cost of a play with one task, and another one that holds it to have changed something, or nothing."""
        that = ["done is changed" if changed else "done is not changed"]
        tasks = [{**task, "register": "done"}, {"ansible.builtin.assert": {"that": that}}]
        file = self.directory / "play.json"
        file.write_text(json.dumps([{"hosts": self.host, "gather_facts": False, "tasks": tasks}]))
        argv = [str(self.ansible), "-i", str(self.lab / "hosts.json"), str(file)]
        return measure(argv, self.environment, CHECKOUT)

    def project(self, count: int, changed: bool, other: str = "", state: str = "started") -> Cost:
        """The cost of remote_containers."""
        options = {
            "engine": self.engine, "name": NAME, "state": state, "networks": [{"name": NAME}], "purge": True,
            "containers": containers(count, other), "parallel": AT_ONCE,
        }  # fmt: skip
        return self.play({TASK: options}, changed)

    def one_container(self, changed: bool, other: str = "") -> Cost:
        """The cost of remote_container for one of them."""
        options = {"engine": self.engine, **containers(1, other)[0], "state": "started"}
        return self.play({"sshfleet.containers.remote_container": options}, changed)

    def compose(self, count: int, *arguments: str, changed: str = "") -> Cost:
        """The cost of a command of docker compose."""
        file = self.directory / "compose.json"
        file.write_text(json.dumps(compose_file(count, changed)))
        environment = {**self.environment, "DOCKER_HOST": f"unix://{self.socket}"}
        return measure([str(program()), "-f", str(file), *arguments], environment, self.directory)

    def bare(self, count: int) -> float:
        """Seconds that nothing but the requests take."""
        self.client.networks.create({"Name": NAME})

        def make(one: Mapping[str, Any]) -> None:
            client = self.client.another(self.client.timeout)
            body = {
                "Image": one["image"], "Cmd": one["command"], "Env": [f"{k}={v}" for k, v in one["env"].items()],
                "StopTimeout": 0, "HostConfig": {"NetworkMode": NAME},
            }  # fmt: skip
            client.containers.start(client.containers.create(one["name"], body))
            client.close()

        began = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(make, containers(count)))
        return time.perf_counter() - began

    def clear(self) -> None:
        """Remove all that was made."""
        for one in self.client.containers.list(all=True):
            if one["Names"][0].lstrip("/").startswith(NAME):
                self.client.containers.remove(one["Id"], force=True)
        if self.client.networks.inspect(NAME):
            self.client.networks.remove(NAME)


def show(name: str, cost: Cost) -> None:
    print(f"  {name:46} {cost.wall:7.2f} s wall {cost.cpu:7.2f} s CPU {cost.memory / 2**20:5.0f} MiB", flush=True)


def several(work: Callable[[], Cost]) -> Cost:
    return median([work() for _repeat in range(REPEATS)])


def anew(bench: Bench, make: Callable[[], Cost]) -> Cost:
    """The median of what making all of it costs."""

    def once() -> Cost:
        bench.clear()
        return make()

    return several(once)


def compare_peers(bench: Bench, count: int) -> None:
    """Measure the peers' tasks, which make the containers and then find them unchanged."""
    ways: dict[str, Sequence[Mapping[str, Any]]] = {"loop of the peer's module": [
        project_peers.network(bench.engine, NAME), project_peers.loop(bench.engine, containers(count))
    ]}  # fmt: skip
    if bench.engine == "docker":
        ways["docker_compose_v2"] = [project_peers.compose_v2(compose_file(count))]
    with project_peers.prepared(bench.lab, bench.host, bench.engine):
        for name, tasks in ways.items():
            bench.clear()
            for task in tasks[:-1]:
                bench.play(task, True)
            show(f"{name}, made and started", bench.play(tasks[-1], True))
            show(f"{name}, unchanged", bench.play(tasks[-1], False))


def unchanged_beside_nothing(bench: Bench, count: int) -> tuple[Cost, Cost, Cost]:
    """What doing nothing costs, finding all containers unchanged, and that above it; in turns, which is fair on a busy
    machine.
    """
    turns = [(bench.play({"nothing": {}}, False), bench.project(count, False)) for _turn in range(2 * REPEATS)]
    nothing, unchanged = zip(*turns, strict=True)
    above = [Cost(one.wall - no.wall, one.cpu - no.cpu, one.memory - no.memory) for no, one in turns]
    return median(nothing), median(unchanged), median(above)


def compare(bench: Bench, count: int, *, with_peers: bool) -> Cost:
    """Measure everybody with so many containers; print the ratios where they have goals.

    :returns: what finding all of them unchanged costs above Ansible doing nothing.
    """
    print(f"\n{count} containers on {bench.engine} of {bench.host}", flush=True)
    bench.clear()
    bench.play({"nothing": {}}, False)
    made = anew(bench, lambda: bench.project(count, True))
    show("remote_containers, made and started", made)
    nothing, unchanged, above = unchanged_beside_nothing(bench, count)
    show("Ansible doing nothing", nothing)
    show("remote_containers, unchanged", unchanged)
    show("remote_containers, unchanged, above nothing", above)
    changes = iter("abcdefghijkl")
    changed = several(lambda: bench.project(count, True, next(changes)))
    show("remote_containers, one changed", changed)
    one = several(lambda: bench.one_container(True, next(changes)))
    show("remote_container, one changed", one)
    compose_made = anew(bench, lambda: bench.compose(count, "up", "--detach"))
    show("docker compose, made and started", compose_made)
    compose_unchanged = several(lambda: bench.compose(count, "up", "--detach"))
    show("docker compose, unchanged", compose_unchanged)
    show("docker compose, one changed", bench.compose(count, "up", "--detach", changed="a"))
    bare = anew(bench, lambda: Cost(bench.bare(count), 0.0, 0)).wall
    print(f"  {'bare requests, eight at a time':46} {bare:7.2f} s wall", flush=True)
    if with_peers and count == MEASURED_AGAINST_ALL:
        compare_peers(bench, count)
    bench.clear()
    if count == MEASURED_AGAINST_ALL:
        floor = nothing.wall
        verdict("ms above Ansible doing nothing, unchanged", above.wall * 1000, 200)
        verdict("made and started, without Ansible, / docker compose", (made.wall - floor) / compose_made.wall, 1.1)
        verdict("made and started, without Ansible, / bare requests", (made.wall - floor) / bare, 1.15)
        verdict("one changed / remote_container", changed.wall / one.wall, 1.2)
    return above


def beside_each_other(above: Mapping[tuple[str, int], Cost]) -> None:
    """Print what unchanged containers cost above Ansible doing nothing: Podman's beside Docker's, many beside few. CPU
    is the controller's, which others on the machine disturb less.
    """
    for engine, count in above:
        if engine == "podman" and ("docker", count) in above:
            wall, cpu = ratios(above[engine, count], above["docker", count])
            verdict(f"{count} unchanged, Podman / Docker, wall time", wall, PODMAN_BESIDE_DOCKER)
            verdict(f"{count} unchanged, Podman / Docker, CPU", cpu, PODMAN_BESIDE_DOCKER)
        fewest = min(number for name, number in above if name == engine)
        if count > fewest:
            wall, cpu = ratios(above[engine, count], above[engine, fewest])
            verdict(f"{engine}, {count} unchanged / {fewest} unchanged, wall time", wall, count / fewest)
            verdict(f"{engine}, {count} unchanged / {fewest} unchanged, CPU", cpu, count / fewest)


def ratios(one: Cost, other: Cost) -> tuple[float, float]:
    """Of wall and CPU time; of a difference that is none, of a millisecond."""
    return one.wall / max(other.wall, 0.001), one.cpu / max(other.cpu, 0.001)


@contextmanager
def engine_of(lab: Path, host: str, engine: str, ansible: Path) -> Iterator[Bench]:
    """The engine, with warm connections and a socket that ssh forwards."""
    with (
        tempfile.TemporaryDirectory() as directory,
        connections() as kept,
        forwarded(Lab(lab, kept), host, engine) as client,
    ):
        bench = Bench(lab, host, engine, Path(directory), ansible)
        bench.environment |= {"XDG_RUNTIME_DIR": str(kept), "ANSIBLE_SSH_CONTROL_PATH_DIR": str(kept / "cp")}
        bench.socket, bench.client = client.wire.socket_path, client
        try:
            yield bench
        finally:
            bench.clear()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lab", type=Path, default=LAB)
    parser.add_argument("--host", default="trixie1")
    parser.add_argument("--engines", nargs="+", default=["docker", "podman"])
    parser.add_argument("--counts", nargs="+", type=int, default=[10, 50, 200])
    parser.add_argument("--peers", type=Path, default=CHECKOUT / ".venv-peers", help="the environment with the peers")
    given = parser.parse_args()
    with_peers = given.peers.exists()
    programs = given.peers.absolute() / "bin" if with_peers else Path(sys.executable).parent
    above: dict[tuple[str, int], Cost] = {}
    for engine in given.engines:
        with engine_of(given.lab.resolve(), given.host, engine, programs / "ansible-playbook") as bench:
            for count in given.counts:
                above[engine, count] = compare(bench, count, with_peers=with_peers)
    beside_each_other(above)


if __name__ == "__main__":
    main()
