# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``make bench``: one unchanged container on each host of a fleet, under the strategy of this collection and under
Ansible's own, side by side with Ansible doing nothing.

The endpoints are addresses of one lab host, and all of them are one engine.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "support"))

from connections import connections
from endpoints import Endpoints, endpoints
from measure import CHECKOUT, LAB, Cost, median, verdict
from run import NOTHING, Bench, Contender, container

FORKS = 50
STRATEGY = "sshfleet.containers.fleet"
FLOOR = replace(NOTHING, repeats=3)
TASK = "name=bench image=localhost/busybox:latest command='sleep 9999' state=started engine=docker"
OURS = Contender("remote_container, unchanged", "sshfleet.containers.remote_container", TASK, 3)
GOALS = {100: 0.7, 1000: 0.5}  # of the wall time of Ansible doing nothing


class StrategyBench(Bench):
    """As for one task on many endpoints, under a strategy that is named."""

    def __init__(self, ansible: Path, directory: Path, made: Endpoints, strategy: str) -> None:
        super().__init__(ansible, directory, made, forks=FORKS)
        self.strategy = strategy

    def environment(self, connections: Path) -> dict[str, str]:
        return {**super().environment(connections), "ANSIBLE_STRATEGY": self.strategy}


def compare(benches: Mapping[str, Bench], count: int) -> None:
    print(f"\n{count} endpoints, {FORKS} forks, connections warm", flush=True)
    linear = benches["linear"]
    with connections() as kept:
        linear.run(OURS, count, kept)
        floor = median([linear.run(FLOOR, count, kept) for _repeat in range(FLOOR.repeats)])
        show("Ansible doing nothing, linear", floor, floor)
        costs = {}
        for name, bench in benches.items():
            costs[name] = median([bench.run(OURS, count, kept) for _repeat in range(OURS.repeats)])
            show(f"{OURS.name}, {name}", costs[name], floor)
    verdict("times faster than under linear", costs["linear"].wall / costs[STRATEGY].wall, 1, at_least=True)
    verdict("against Ansible doing nothing", costs[STRATEGY].wall / floor.wall, GOALS.get(count, 1))


def show(name: str, cost: Cost, floor: Cost) -> None:
    print(
        f"  {name:52} {cost.wall:7.2f} s wall ({cost.wall / floor.wall:5.2f} x nothing) {cost.cpu:7.2f} s CPU"
        f" {cost.memory / 2**20:6.0f} MiB",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lab", type=Path, default=LAB)
    parser.add_argument("--host", default="bookworm1", help="the lab host that plays all endpoints")
    parser.add_argument("--ansible", type=Path, default=CHECKOUT / ".venv" / "bin" / "ansible")
    parser.add_argument("--counts", type=int, nargs="+", default=list(GOALS))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sshfleet-bench-") as name:
        directory = Path(name)
        with container(given), endpoints(given.lab.resolve(), given.host, directory, tuple(given.counts)) as made:
            benches = {
                one: StrategyBench(given.ansible.absolute(), directory, made, one) for one in ("linear", STRATEGY)
            }
            for count in given.counts:
                compare(benches, count)


if __name__ == "__main__":
    main()
