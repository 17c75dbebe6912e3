# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python tests/bench/ship.py``: an image of 1 GiB from one lab host to another, beside ``docker save | docker load``.

Both run over SSH, through this machine, in turns. Then in a loop while the image is there, beside Ansible doing
nothing; and with an image of a sixteenth of the size, for the memory.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from endpoints import entry, on_host
from measure import CHECKOUT, LAB, Cost, ansible_environment, measure, verdict

NAME = "localhost/ship-bench"
MIB = 2**20
NOTHING: dict[str, Any] = {"nothing": {}}
ITEMS, TURNS = 20, 7  # what loads plugins and the SDK, every play pays once


def ssh(lab: Path, host: str, *command: str) -> list[str]:
    known = entry(lab, host)
    options = ["-F", "none", "-o", "BatchMode=yes", "-o", f"UserKnownHostsFile={lab.resolve() / 'known_hosts'}"]
    return ["ssh", *options, "-i", known["identity_file"], f"root@{known['hostname']}", "--", *command]


class Bench:
    """``source`` and ``target`` are lab hosts; ``engines`` are the source's and the target's."""

    def __init__(self, options: argparse.Namespace, directory: Path) -> None:
        self.lab: Path = options.lab.resolve()
        self.source, self.target = options.source, options.target
        self.engines: list[str] = options.engines
        self.ansible: Path = options.ansible
        self.directory = directory

    def make(self, tag: str, mib: int) -> None:
        """An image of random bytes, which nothing on the way can compress."""
        script = f"head -c {mib * MIB} /dev/urandom > /var/tmp/b; tar -C /var/tmp -c b | {self.engines[0]} import -"
        on_host(self.lab, self.source, [f"{script} {NAME}:{tag} >/dev/null; rm /var/tmp/b"])

    def remove(self, host: str, engine: str, tag: str) -> None:
        on_host(self.lab, host, [engine, "rmi", "-f", f"{NAME}:{tag}"], check=False)

    def by_hand(self, tag: str) -> float:
        """Seconds of ``save | load``, both over SSH."""
        self.remove(self.target, self.engines[1], tag)
        began = time.perf_counter()
        save = subprocess.Popen(
            ssh(self.lab, self.source, self.engines[0], "save", f"{NAME}:{tag}"), stdout=subprocess.PIPE
        )
        load = ssh(self.lab, self.target, self.engines[1], "load", "-q")
        subprocess.run(load, stdin=save.stdout, check=True, stdout=subprocess.DEVNULL)
        if save.wait():
            raise SystemExit("save failed")
        return time.perf_counter() - began

    def ours(self, tag: str) -> Cost:
        """The task, to a host that has not the image."""
        self.remove(self.target, self.engines[1], tag)
        return self.run(self.shipping(tag), times=1)

    def shipping(self, tag: str) -> dict[str, Any]:
        given = {
            "name": f"{NAME}:{tag}", "source": self.source, "targets": [self.target], "source_engine": self.engines[0],
            "engine": self.engines[1],
        }  # fmt: skip
        return {"sshfleet.containers.remote_image_ship": given}

    def run(self, task: dict[str, Any], times: int) -> Cost:
        """A play with a task, so many times in a loop."""
        play = [{"hosts": self.source, "gather_facts": False, "tasks": [{**task, "loop": list(range(times))}]}]
        file = self.directory / "play.yml"
        file.write_text(json.dumps(play))
        argv = [str(self.ansible.with_name("ansible-playbook")), "-i", str(self.lab / "hosts.json"), str(file)]
        return measure(argv, self.environment(), self.directory)

    def environment(self) -> dict[str, str]:
        return ansible_environment(XDG_RUNTIME_DIR=str(self.directory))

    def close(self) -> None:
        for socket in self.directory.rglob("*.ctl"):
            argv = ["ssh", "-F", "none", "-S", str(socket), "-O", "exit", "--", "x"]
            subprocess.run(argv, check=False, capture_output=True, timeout=20)


@contextmanager
def images(bench: Bench, sizes: dict[str, int]) -> Iterator[None]:
    try:
        for tag, mib in sizes.items():
            bench.make(tag, mib)
        yield
    finally:
        for tag in sizes:
            bench.remove(bench.source, bench.engines[0], tag)
            bench.remove(bench.target, bench.engines[1], tag)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lab", type=Path, default=LAB, help="directory of the lab")
    parser.add_argument("--source", default="bookworm1")
    parser.add_argument("--target", default="bookworm2")
    parser.add_argument("--engines", nargs=2, default=["docker", "docker"], help="of the source and of the target")
    parser.add_argument("--mib", type=int, default=1024)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--ansible", type=Path, default=CHECKOUT / ".venv" / "bin" / "ansible")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="b", dir="/tmp") as name:
        bench = Bench(options, Path(name))
        try:
            with images(bench, {"large": options.mib, "small": options.mib // 16}):
                compare(bench, options)
        finally:
            bench.close()


def compare(bench: Bench, options: argparse.Namespace) -> None:
    small = bench.ours("small")  # opens the connections too
    turns = [(bench.by_hand("large"), bench.ours("large")) for _turn in range(options.repeats)]
    hand, ours = statistics.median(turn[0] for turn in turns), statistics.median(turn[1].wall for turn in turns)
    rates = options.mib / hand, options.mib / ours
    print(f"  {' → '.join(bench.engines)}, {options.mib} MiB: by hand {rates[0]:.0f} MiB/s, ours {rates[1]:.0f} MiB/s")
    verdict("throughput against save | ssh | load", hand / ours, 0.85, at_least=True)
    there = [[bench.run(task, ITEMS).wall for task in (bench.shipping("large"), NOTHING)] for _turn in range(TURNS)]
    ours_least, none_least = (min(walls) for walls in zip(*there, strict=True))  # what else runs here only adds
    extra = (ours_least - none_least) / ITEMS
    verdict("already there, a task above doing nothing (ms)", extra * 1000, 50)
    grown = statistics.median(turn[1].memory for turn in turns) - small.memory
    verdict("more memory than for a sixteenth of the size (MiB)", grown / MIB, 16)


if __name__ == "__main__":
    main()
