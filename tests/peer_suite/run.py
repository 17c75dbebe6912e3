# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``make peer-suite``: the integration tests of community.docker, with the modules of this collection, on a lab host.

run.py PEER, where PEER is a checkout of community.docker. Its tests are read from there and rewritten in a scratch
folder; what stands for no module of ours stays the peer's, as a helper. Every condition of every assert is tried. The
images that the tests pull are small stand-ins, from a registry that is started on the host.

Prints a line for each test file, and what differs from tests/peer_suite/remaining.yml: the exit code is 1 then. The
folder .cache/peer-suite has the results with their reasons, and Ansible's output.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

sys.path.insert(1, str(Path(__file__).resolve().parents[2] / "scripts"))
sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "support"))

import images
import remaining
import report
from checkout import install_collection_finder
from common import CACHE, CHECKOUT, VENV_PEERS, StepError, relative, say
from connections import connections
from host import Host
from lab_parts import entries
from play import OURS, PEER, Ansible, commands_find, play
from rewrite import Rewriter, Tasks

TARGETS = (
    *("docker_container", "docker_container_info", "docker_container_exec", "docker_container_copy_into"),
    *("docker_network", "docker_network_info", "docker_volume", "docker_volume_info", "docker_login"),
)
LEFT_OUT = {"docker_network/overlay": "needs a swarm"}
DIFFERS = 1


@dataclass
class Suite:
    """A run: what it was asked for, and what it has found so far."""

    peer: Path
    host: Host
    wanted: list[str]
    folder: Path
    tasks: dict[str, Tasks] = field(default_factory=dict)
    results: list[report.Result] = field(default_factory=list)
    release: str = ""

    @property
    def targets(self) -> Path:
        return self.peer / "tests" / "integration" / "targets"

    def files(self) -> Iterator[tuple[str, str]]:
        """Targets and their test files, those that are wanted."""
        for target in TARGETS:
            tests = sorted(path.stem for path in (self.targets / target / "tasks" / "tests").glob("*.yml"))
            for test in tests or ["main"]:
                names = {target, f"{target}/{test}"}
                if f"{target}/{test}" not in LEFT_OUT and (not self.wanted or names & set(self.wanted)):
                    yield target, test

    def prepare(self, ansible: Ansible) -> dict[str, str]:
        """Bring the tests to Ansible and the images to the host; what the host's engine says of itself."""
        names = self.targets / "setup_docker" / "vars" / "main.yml"
        store = images.Store(ansible.work / "registry", busybox())
        pulled, replaced = images.stand_ins(store, yaml.safe_load(names.read_text()))
        self.host.prepare(store.folder, pulled)
        facts = self.host.facts()
        ansible.variables(facts, replaced)
        ansible.filters(self.targets)
        rewriter = Rewriter(modules(), commands_find(self.host.engine))
        for target in dict.fromkeys(target for target, _test in self.files()):
            self.tasks[target] = rewriter.role(self.targets / target, ansible.work / "roles" / target)
            ansible.playbook(target, play(self.host.name, target, self.host.engine, rewriter.modules, names))
        return facts

    def run(self, ansible: Ansible) -> None:
        for target, test in self.files():
            self.host.fresh()
            name = f"{target}/{test}"
            events, log = (self.folder / f"{target}__{test}.{kind}" for kind in ("events", "log"))
            started = time.monotonic()
            code = ansible.run(target, test, events, log)
            reader = report.Reader(name, self.tasks[target])
            reader.read(events)
            self.results.append(reader.result(name, time.monotonic() - started, code))
            say(self.results[-1].line())
            self.write()
        self.host.ask("sweep")

    def write(self) -> None:
        found = {"release": self.release, "files": [one.data() for one in self.results]}
        (self.folder / "results.json").write_text(json.dumps(found, indent=1))


def modules() -> dict[str, str]:
    """The module of ours for each of the peer's, as the catalogue says it."""
    install_collection_finder()
    from ansible_collections.sshfleet.containers.plugins.plugin_utils.action import catalogue

    return {
        f"{PEER}.{peer}": f"{OURS}.{name}"
        for name in catalogue.MODULES
        for peer in catalogue.module(name).peers
        if peer in TARGETS
    }


def busybox() -> Path:
    found = shutil.which("busybox")
    if not found:
        raise StepError("A static busybox is needed here: install the package busybox-static.")
    return Path(found)


def told(suite: Suite, record: bool, peer: str) -> int:
    """Print what the run came to; the exit code."""
    table, release = remaining.read(), suite.release
    lost, stale = remaining.compare(table, release, suite.results)
    say("-" * 60)
    for target in TARGETS:
        if results := [one for one in suite.results if one.file.startswith(f"{target}/")]:
            say(f"{target:<46} {report.counted(report.total(results))}")
    say(f"{release:<46} {report.counted(report.total(suite.results))}")
    if record:
        table.peer = peer
        table.record(release, suite.results)
        remaining.write(table)
        say(f"\nWritten to {relative(remaining.TABLE)}.")
        return 0
    for title, lines in (("Should hold, and does not", lost), ("Is in remaining.yml, and holds", stale)):
        say(f"\n{title}: {len(lines)}" + "".join(f"\n  {line}" for line in lines))
    return DIFFERS if lost or stale else 0


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peer", type=Path, metavar="PEER", help="a checkout of community.docker")
    parser.add_argument("--host", default="bookworm1", help="a host of the lab (default: bookworm1)")
    parser.add_argument("--engine", choices=["docker", "podman"], default="docker")
    parser.add_argument("--lab", type=Path, default=os.environ.get("SSHFLEET_LAB") or CHECKOUT / ".lab")
    parser.add_argument(
        "--only", nargs="*", default=[], metavar="TEST", help="docker_volume or docker_container/options"
    )
    parser.add_argument("--record", action="store_true", help="write remaining.yml as this run has found it")
    return parser.parse_args()


def main() -> int:
    options = asked()
    lab = options.lab.resolve()
    if not (options.peer / "tests" / "integration" / "targets").is_dir():
        raise StepError(f"{options.peer} is no checkout of community.docker.")
    if options.host not in entries(lab):
        raise StepError(
            f"The lab {relative(lab)} has no host {options.host}: {', '.join(entries(lab)) or 'it is down'}."
        )
    folder = CACHE / "peer-suite" / f"{options.host}-{options.engine}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    suite = Suite(options.peer.resolve(), Host(lab, options.host, options.engine), options.only, folder)
    peer = str(yaml.safe_load((suite.peer / "galaxy.yml").read_text())["version"])
    with tempfile.TemporaryDirectory(prefix="peer-suite-") as work, connections() as sockets:
        ansible = Ansible(VENV_PEERS, lab, Path(work), sockets)
        try:
            facts = suite.prepare(ansible)
            suite.release = remaining.release_of(options.engine, facts["version"], facts["limits"])
            say(f"Tests of {PEER} {peer} on {suite.release} ({facts['system']})\n")
            suite.run(ansible)
        finally:
            suite.host.clean()
    code = told(suite, options.record, peer)
    say(f"\n{relative(folder)}/results.json")
    return code


if __name__ == "__main__":
    try:
        sys.exit(main())
    except StepError as error:
        say(f"ERROR: {error}")
        sys.exit(2)
