# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``make bench``: what runs on a whole fleet, read in one run, side by side with the ways that ask one host after the
other: Ansible doing nothing, an info task for each host, the raw module, clush, pyinfra, and plain ssh.

The endpoints are addresses of one lab host, and all of them are one engine. Cold means that no SSH connection is open
yet, warm that the run before has left its connections open. pyinfra opens its own in each run and keeps none.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "support"))

from connections import connections
from endpoints import endpoints
from measure import CHECKOUT, LAB, CommandError, Cost, measure, median, verdict
from run import NOTHING, PEERS, Bench, Contender, container

AT_ONCE = 50
FLEET = "sshfleet.containers.remote_fleet_info"
FLOOR = replace(NOTHING, repeats=3)
OURS = Contender("remote_fleet_info", FLEET, f"engine=docker at_once={AT_ONCE}", 5)
NOT_KEPT = Contender("remote_fleet_info, keep=false", FLEET, f"engine=docker at_once={AT_ONCE} keep=false", 1)
EACH = Contender("remote_container_info for each host", "sshfleet.containers.remote_container_info", "engine=docker", 1)
RAW = Contender("ansible -m raw docker ps", "raw", "docker ps", 1)
PEERS_UP_TO = 100  # hosts; with more they take minutes, and the ratio is the same
PYINFRA_PATIENCE = 900  # seconds
MANY = 1000  # hosts: of fewer, Ansible's own start is most of what a run takes
REASON = re.compile(r"could not|too many|exception|errno|took more than", re.IGNORECASE)


class FleetBench(Bench):
    """As for one task on many endpoints, with more of them at a time."""

    def with_memory(self, who: Contender, count: int) -> tuple[Cost, Cost, int]:
        """The costs, and the memory of the connections that are left (bytes, a share of what is shared)."""
        with connections() as kept:
            cold = self.run(who, count, kept)
            memory = memory_of_masters(kept)
            warm = median([self.run(who, count, kept) for _repeat in range(who.repeats)])
        return cold, warm, memory

    def clush(self, program: Path, count: int, control: Path) -> tuple[float, float]:
        """Seconds of clush doing docker ps, cold and over the connections that the first run has left."""
        options = [*self.made.ssh_argv("nobody")[1:-2], "-o", "ControlMaster=auto", "-o", "ControlPersist=60"]
        options += ["-o", f"ControlPath={control}/%%C"]
        argv = [str(program), "-f", str(AT_ONCE), "-o", shlex.join(options), "-l", "root", "-w"]
        argv += [",".join(self.made.addresses(count)), "docker ps"]
        took = []
        for _run in range(2):
            began = time.perf_counter()
            subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
            took.append(time.perf_counter() - began)
        return took[0], took[1]

    def pyinfra(self, program: Path, count: int) -> Cost:
        """pyinfra doing docker ps, as many hosts at a time.

        :raises CommandError: it failed, or took too long.
        """
        inventory = self.directory / f"pyinfra_{count}.py"
        data = {
            "ssh_user": "root", "ssh_key": self.made.key,
            "ssh_known_hosts_file": str(self.directory / "known_hosts"), "ssh_strict_host_key_checking": "yes",
        }  # fmt: skip
        inventory.write_text(f"bench = ({json.dumps(self.made.addresses(count))}, {json.dumps(data)})\n")
        argv = [str(program), "-y", "--parallel", str(AT_ONCE), str(inventory), "exec", "--", "docker", "ps"]
        return measure(argv, os.environ, self.directory, PYINFRA_PATIENCE)


def memory_of_masters(kept: Path) -> int:
    """The proportional memory of the ssh processes that work with files of this directory."""
    total = 0
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if str(kept).encode() in (path / "cmdline").read_bytes():
                lines = (path / "smaps_rollup").read_text().splitlines()
                total += next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
        except (OSError, StopIteration):  # it has ended meanwhile
            continue
    return total


def show(name: str, cost: Cost, floor: Cost) -> None:
    print(
        f"  {name:42} {cost.wall:7.2f} s wall ({cost.wall / floor.wall:5.2f} x nothing) {cost.cpu:7.2f} s CPU"
        f" {cost.memory / 2**20:6.0f} MiB",
        flush=True,
    )


def beside_pyinfra(bench: FleetBench, program: Path, count: int, floor: Cost, ours: tuple[Cost, Cost]) -> None:
    """
    :param ours: the costs of reading the fleet, cold and warm.
    """
    try:
        cost = bench.pyinfra(program, count)
    except CommandError as error:
        lines = [line.strip() for line in error.output.splitlines() if line.strip()]
        reasons = [line for line in lines if REASON.search(line)] or lines[-1:]
        print(f"  {'pyinfra exec docker ps':42} could not, {len(reasons)} lines such as: {reasons[0]}", flush=True)
        return
    show("pyinfra exec docker ps", cost, floor)
    cold, warm = ours
    verdict("cold, against pyinfra", cold.wall / cost.wall, 1.0)
    verdict("warm, against pyinfra, which keeps no connection", warm.wall / cost.wall, 1.0)


def compare(bench: FleetBench, count: int, given: argparse.Namespace) -> None:
    print(f"\n{count} endpoints, {AT_ONCE} at a time", flush=True)
    with connections() as unused:
        floor = median([bench.run(FLOOR, count, unused) for _repeat in range(FLOOR.repeats)])
    show(FLOOR.name, floor, floor)
    costs = {}
    for who in (OURS, EACH, RAW, *(PEERS if count <= PEERS_UP_TO else ())):
        cold, warm, memory = bench.with_memory(who, count)
        costs[who.name] = cold, warm, memory
        show(f"{who.name}, cold", cold, floor)
        show(f"{who.name}, warm", warm, floor)
    with connections() as fresh:
        dropped = bench.run(NOT_KEPT, count, fresh)
        left = memory_of_masters(fresh)
    show(f"{NOT_KEPT.name}, cold", dropped, floor)
    ssh = bench.plain_ssh(count)
    print(f"  {'ssh host true, cold':42} {ssh:7.2f} s wall", flush=True)
    cold, warm, memory = costs[OURS.name]
    verdict("warm, against Ansible doing nothing", warm.wall / floor.wall, 0.3 if count >= MANY else 1)
    verdict("cold, against ssh host true", cold.wall / ssh, 1.1)
    verdict("MiB of controller and connections, kept", (cold.memory + memory) / 2**20, 1700)
    verdict("MiB of controller and connections, keep=false", (dropped.memory + left) / 2**20, 400)
    for peer in PEERS:
        if peer.name in costs:
            verdict(f"times faster than {peer.name}, warm", costs[peer.name][1].wall / warm.wall, 25, at_least=True)
    if given.clush:
        with_masters = bench.clush(given.clush.absolute(), count, bench.directory)
        for kind, took in zip(("cold", "over warm masters"), with_masters, strict=True):
            print(f"  {f'clush docker ps, {kind}':42} {took:7.2f} s wall", flush=True)
        verdict("warm, against clush over warm masters", warm.wall / with_masters[1], 0.15 if count >= MANY else 1)
        verdict("cold, against clush", cold.wall / with_masters[0], 1.0)
    if given.pyinfra:
        beside_pyinfra(bench, given.pyinfra.absolute(), count, floor, (cold, warm))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lab", type=Path, default=LAB)
    parser.add_argument("--host", default="bookworm1", help="the lab host that plays all endpoints")
    parser.add_argument("--ansible", type=Path, default=CHECKOUT / ".venv-peers" / "bin" / "ansible")
    parser.add_argument("--clush", type=Path, help="the program clush of ClusterShell, to be measured beside")
    parser.add_argument("--pyinfra", type=Path, help="the program pyinfra, to be measured beside")
    parser.add_argument("--counts", type=int, nargs="+", default=[100, 1000])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sshfleet-bench-") as name:
        directory = Path(name)
        with container(given), endpoints(given.lab.resolve(), given.host, directory, tuple(given.counts)) as made:
            bench = FleetBench(given.ansible.absolute(), directory, made, forks=AT_ONCE)
            for count in given.counts:
                compare(bench, count, given)


if __name__ == "__main__":
    main()
