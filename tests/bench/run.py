# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``make bench``: one info task on many SSH endpoints, side by side with both peers and with Ansible doing nothing.

Everything runs in the same call, with the same Ansible (that of the peers' environment), the same endpoints and ten
forks. Cold means that no SSH connection is open yet, warm that the run before has left its connections open. Two more
lines are the same task as a user who needs sudo, and behind a jump host. After that, many unchanged containers of one
host in a loop.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "support"))

from connections import connections
from endpoints import Endpoints, endpoints, on_host
from loop import compare_loops
from measure import CHECKOUT, LAB, Cost, ansible_environment, measure, median, verdict
from ways import jump, sudo

FORKS = 10
COUNTS = (10, 100)


@dataclass(frozen=True)
class Contender:
    """Who is measured: its task, and how often (a median is taken)."""

    name: str
    module: str
    arguments: str
    repeats: int
    variables: Mapping[str, Any] = field(default_factory=dict)


NOTHING = Contender("Ansible doing nothing", "nothing", "", 5)
OURS = Contender(
    "remote_container_info, Docker", "sshfleet.containers.remote_container_info", "name=bench engine=docker", 5
)
OURS_PODMAN = Contender(
    "remote_container_info, Podman", "sshfleet.containers.remote_container_info", "name=bench engine=podman", 5
)
PEERS = (
    Contender("community.docker", "community.docker.docker_container_info", "name=bench", 1),
    Contender("containers.podman", "containers.podman.podman_container_info", "name=bench", 1),
)


AS_SUDOER = "same, as a user with sudo"
BEHIND_JUMP = "same, behind a jump host"


class Bench:
    """The runs of one call: the environment they share, and the connections they leave."""

    def __init__(
        self,
        ansible: Path,
        directory: Path,
        made: Endpoints,
        ways: Sequence[Contender] = (),
        peers: Sequence[Contender] = (),
        forks: int = FORKS,
    ) -> None:
        self.forks = forks
        self.ansible = ansible
        self.directory = directory
        self.made = made
        self.ways = ways
        self.peers = peers

    def environment(self, connections: Path) -> dict[str, str]:
        return ansible_environment(
            ANSIBLE_FORKS=str(self.forks),
            ANSIBLE_SSH_CONTROL_PATH_DIR=str(connections / "cp"),
            XDG_RUNTIME_DIR=str(connections),
        )

    def run(self, who: Contender, count: int, connections: Path) -> Cost:
        argv = [
            str(self.ansible),
            "bench",
            "-i",
            str(self.made.inventory(count)),
            "-m",
            who.module,
            "-a",
            who.arguments,
            *(["-e", json.dumps(who.variables)] if who.variables else []),
        ]
        return measure(argv, self.environment(connections), self.directory)

    def cold_and_warm(self, who: Contender, count: int) -> tuple[Cost, Cost]:
        with connections() as fresh:
            cold = self.run(who, count, fresh)
            warm = median([self.run(who, count, fresh) for _repeat in range(who.repeats)])
        return cold, warm

    def jump_against_direct(self, count: int) -> float:
        """Warm runs behind the jump host, wall time against direct ones; in turns, which is fair on a busy machine."""
        both = (OURS, *(way for way in self.ways if way.name == BEHIND_JUMP))
        with connections() as kept:
            for who in both:
                self.run(who, count, kept)
            turns = [[self.run(who, count, kept).wall for who in both] for _turn in range(2 * OURS.repeats)]
        direct, behind = (statistics.median(walls) for walls in zip(*turns, strict=True))
        return behind / direct

    def plain_ssh(self, count: int) -> float:
        """Seconds for ``ssh host true`` on all endpoints, as many at a time as Ansible has forks."""

        def once(address: str) -> None:
            subprocess.run(self.made.ssh_argv(address), check=True, stdin=subprocess.DEVNULL)

        started = time.perf_counter()
        with ThreadPoolExecutor(self.forks) as pool:
            list(pool.map(once, self.made.addresses(count)))
        return time.perf_counter() - started


def show(name: str, count: int, kind: str, cost: Cost, floor: Cost) -> None:
    per_task = (cost.cpu - floor.cpu) / count * 1000
    print(
        f"  {name:32} {kind:5} {cost.wall:7.2f} s wall ({cost.wall / floor.wall:6.2f} x nothing)"
        f" {cost.cpu:7.2f} s CPU ({per_task:+7.1f} ms a host) {cost.memory / 2**20:6.0f} MiB",
        flush=True,
    )


def compare(bench: Bench, count: int) -> None:
    print(f"\n{count} endpoints, {FORKS} forks", flush=True)
    with connections() as unused:
        floor = median([bench.run(NOTHING, count, unused) for _repeat in range(NOTHING.repeats)])
    show(NOTHING.name, count, "", floor, floor)
    costs: dict[str, tuple[Cost, Cost]] = {}
    for who in (OURS, OURS_PODMAN, *bench.ways, *bench.peers):
        costs[who.name] = bench.cold_and_warm(who, count)
        for kind, cost in zip(("cold", "warm"), costs[who.name], strict=True):
            show(who.name, count, kind, cost, floor)
    ssh = bench.plain_ssh(count)
    print(f"  {'ssh host true':32} {'cold':5} {ssh:7.2f} s wall", flush=True)
    cold, warm = costs[OURS.name]
    verdict("CPU above doing nothing, warm (ms a host)", (warm.cpu - floor.cpu) / count * 1000, 12)
    verdict("wall time, warm, against doing nothing", warm.wall / floor.wall, 1.5)
    verdict("wall time, warm, Podman, against doing nothing", costs[OURS_PODMAN.name][1].wall / floor.wall, 1.4)
    verdict("second task over a jump host, wall time, against a direct one", bench.jump_against_direct(count), 1.2)
    for peer, ours in zip(bench.peers, (OURS, OURS_PODMAN), strict=False):
        ratio = costs[peer.name][1].wall / costs[ours.name][1].wall
        verdict(f"times faster than {peer.name}, warm", ratio, 12, at_least=True)
    verdict("(cold - warm) against ssh host true", (cold.wall - warm.wall) / ssh, 1.25)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lab", type=Path, default=LAB, help="directory of the lab (hosts.json, key, known_hosts)")
    parser.add_argument("--host", default="bookworm1", help="the lab host that plays all endpoints")
    parser.add_argument(
        "--ansible",
        type=Path,
        default=CHECKOUT / ".venv-peers" / "bin" / "ansible",
        help="the ansible of the environment with the peers",
    )
    parser.add_argument("--jump", default="bookworm2", help="the lab host that plays the jump host")
    parser.add_argument("--without-peers", action="store_true", help="leave out the other collections")
    parser.add_argument("--counts", type=int, nargs="*", default=COUNTS, help="numbers of endpoints; none for the loop")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sshfleet-bench-") as name:
        directory = Path(name)
        with (
            endpoints(options.lab.resolve(), options.host, directory, (1, *options.counts)) as made,
            container(options),
            sudo(options.lab, options.host) as sudoer,
            jump(options.lab, options.host, options.jump, made) as behind,
        ):
            ways = replace(OURS, name=AS_SUDOER, variables=sudoer), replace(OURS, name=BEHIND_JUMP, variables=behind)
            peers = () if options.without_peers else PEERS
            bench = Bench(options.ansible.absolute(), directory, made, ways, peers)
            for count in options.counts:
                compare(bench, count)
            compare_loops(bench, options.lab, options.host, with_peers=bool(peers))


@contextmanager
def container(options: argparse.Namespace) -> Iterator[None]:
    """The container that everybody reads, on both engines, and the Python libraries that the peers need there."""
    on_host(options.lab, options.host, ["apt-get", "install", "-qq", "--no-install-recommends", "python3-requests"])
    for engine in ("docker", "podman"):
        on_host(options.lab, options.host, [engine, "rm", "-f", "bench"], check=False)
        on_host(
            options.lab,
            options.host,
            [engine, "run", "-d", "--name", "bench", "localhost/busybox:latest", "sleep", "9999"],
        )
    try:
        yield
    finally:
        for engine in ("docker", "podman"):
            on_host(options.lab, options.host, [engine, "rm", "-f", "bench"])


if __name__ == "__main__":
    main()
