# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``make bench``: ``ansible-inventory --list`` of a hosts.json alone, and of the same with all containers of its hosts.

The endpoints are addresses of one lab host, and all of them are one engine. Cold means that no SSH connection is open
yet, warm that the run before has left its connections open, cached that no host is asked.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "support"))

from connections import connections
from endpoints import Endpoints, endpoints, on_host
from measure import CHECKOUT, LAB, Cost, ansible_environment, measure, median, verdict

CONTAINERS = 20
REPEATS = 5
LIMITED, LIMIT = 100, 2.0  # seconds for so many hosts with warm connections
NAME = "bench-inventory"
CACHED = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile"}


class InventoryBench:
    """The runs of one call, and the sources that they read."""

    def __init__(self, program: Path, directory: Path, made: Endpoints, engine: str) -> None:
        self.program = program
        self.directory = directory
        self.made = made
        options = {
            "plugin": "sshfleet.containers.fleet_containers",
            "engine": engine,
            "name": [f"{NAME}-*"],
            "unread_hosts": "fail",
        }
        self.plain = self._source("plain", options)
        self.cached = self._source("cached", {**options, **CACHED, "cache_connection": str(directory / "cache")})

    def _source(self, name: str, options: dict[str, object]) -> Path:
        path = self.directory / f"{name}.fleet_containers.yml"
        path.write_text(json.dumps(options))
        return path

    def argv(self, count: int, source: Path | None) -> list[str]:
        more = ["-i", str(source)] if source else []
        return [str(self.program), "-i", str(self.made.inventory(count)), *more, "--list"]

    def environment(self, kept: Path) -> dict[str, str]:
        enabled = "sshfleet.containers.hosts_json,ansible.builtin.auto"
        return ansible_environment(ANSIBLE_INVENTORY_ENABLED=enabled, XDG_RUNTIME_DIR=str(kept))

    def run(self, count: int, source: Path | None, kept: Path) -> Cost:
        return measure(self.argv(count, source), self.environment(kept), self.directory)

    def often(self, count: int, source: Path | None, kept: Path) -> Cost:
        return median([self.run(count, source, kept) for _repeat in range(REPEATS)])

    def as_many(self, count: int, kept: Path) -> Cost:
        """A hosts.json that has as many hosts as the inventory with containers, each in as many groups."""
        groups = [f"group_{number}" for number in range(7)]
        hosts = {f"h{n:05d}": {"hostname": f"h{n}", "groups": groups} for n in range(count * (CONTAINERS + 1))}
        path = self.directory / "many.hosts.json"
        path.write_text(json.dumps({"version": 1, "hosts": hosts}))
        argv = [str(self.program), "-i", str(path), "--list"]
        return median([measure(argv, self.environment(kept), self.directory) for _repeat in range(REPEATS)])

    def hosts(self, count: int, kept: Path) -> int:
        """How many hosts the inventory with containers has."""
        argv = self.argv(count, self.plain)
        done = subprocess.run(argv, env=self.environment(kept), cwd=self.directory, check=True, capture_output=True)
        return len(json.loads(done.stdout)["_meta"]["hostvars"])


def compare(bench: InventoryBench, count: int) -> None:
    print(f"\n{count} endpoints with {CONTAINERS} containers each", flush=True)
    with connections() as kept:
        floor = bench.often(count, None, kept)
        costs = {
            "hosts.json alone": floor,
            "a hosts.json with as many hosts": bench.as_many(count, kept),
            "with all containers, cold": bench.run(count, bench.plain, kept),
            "with all containers, warm": (warm := bench.often(count, bench.plain, kept)),
            "with all containers, first run with a cache": bench.run(count, bench.cached, kept),
            "with all containers, cached": bench.often(count, bench.cached, kept),
        }
        found = bench.hosts(count, kept)
    if found != count * (CONTAINERS + 1):
        raise SystemExit(f"The inventory has {found} hosts instead of {count * (CONTAINERS + 1)}.")
    for name, cost in costs.items():
        print(
            f"  {name:46} {cost.wall:7.2f} s wall ({cost.wall / floor.wall:5.2f} x hosts.json) {cost.cpu:7.2f} s CPU"
            f" {cost.memory / 2**20:6.0f} MiB",
            flush=True,
        )
    if count == LIMITED:
        verdict("seconds, warm", warm.wall, LIMIT)


@contextmanager
def containers(lab: Path, host: str, engine: str) -> Iterator[None]:
    """What all endpoints have."""
    names = [f"{NAME}-{number}" for number in range(CONTAINERS)]
    on_host(lab, host, [engine, "rm", "-f", *names], check=False)
    labels = ["--label", "com.docker.compose.project=shop", "--label", "com.docker.compose.service=api"]
    for name in names:
        on_host(lab, host, [engine, "run", "-d", "--name", name, *labels, "localhost/busybox:latest", "sleep", "9999"])
    try:
        yield
    finally:
        on_host(lab, host, [engine, "rm", "-f", *names])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lab", type=Path, default=LAB)
    parser.add_argument("--host", default="bookworm1", help="the lab host that plays all endpoints")
    parser.add_argument("--engine", default="docker", choices=["docker", "podman"])
    parser.add_argument(
        "--ansible", type=Path, default=CHECKOUT / ".venv-peers" / "bin" / "ansible-inventory", help="the program"
    )
    parser.add_argument("--counts", type=int, nargs="+", default=[10, 100])
    given = parser.parse_args()
    lab = given.lab.resolve()
    with tempfile.TemporaryDirectory(prefix="sshfleet-bench-") as name:
        directory = Path(name)
        with (
            containers(lab, given.host, given.engine),
            endpoints(lab, given.host, directory, tuple(given.counts)) as made,
        ):
            bench = InventoryBench(given.ansible.absolute(), directory, made, given.engine)
            for count in given.counts:
                compare(bench, count)


if __name__ == "__main__":
    main()
