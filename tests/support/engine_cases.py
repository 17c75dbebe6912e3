# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engines under test in tests/lab/engine_client: where they are, and one of them as a test sees it."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lab_hosts import CHEAP_EXCHANGE

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution import ending
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution.work.killing import Killer, Run

LIMITLESS = ("forky1",)  # hosts whose kernel has no controllers of cgroup v2 left for them
IMAGE = "localhost/busybox:latest"
SOCKETS = {"podman": "/run/podman/podman.sock", "docker": "/run/docker.sock"}
# The host with the newest engines; "make vm" has a virtual machine that stands for it.
NEWEST_HOST = os.environ.get("SSHFLEET_NEWEST", "forky1")
USUAL, NEWEST = (
    [(host, engine) for host in hosts for engine in SOCKETS] for hosts in (("bookworm1", "trixie1"), (NEWEST_HOST,))
)
ALL = [*USUAL, *NEWEST]
SETS = {"usual": USUAL, "newest": NEWEST, "all": ALL}
WANTED = os.environ.get("SSHFLEET_ENGINES", "usual")
# Where the tests of engines run; those that are marked "newest" also on the newest. "make engines" says all for all.
# Single ones are named as in "trixie1-docker,forky1-docker".
ENGINES = SETS[WANTED] if WANTED in SETS else [one for one in ALL if "-".join(one) in WANTED.split(",")]


def engines_of(node: pytest.Item | pytest.Collector) -> list[tuple[str, str]]:
    """The engines on which a test, or the tests of a file, run."""
    engines = ALL if ENGINES is USUAL and node.get_closest_marker("newest") else ENGINES
    return [one for one in engines if one[0] not in LIMITLESS] if node.get_closest_marker("limits") else engines


MISSING_SOCKET = "/run/sshfleet-nobody.sock"
MIB = 1024 * 1024
MAKE_IMAGE = f"""
set -eu
for engine in podman docker; do
  $engine image inspect {IMAGE} >/dev/null 2>&1 && continue
  folder=$(mktemp -d); mkdir "$folder/bin"; cp /bin/busybox "$folder/bin"
  for tool in $(/bin/busybox --list); do ln -s busybox "$folder/bin/$tool" || :; done
  tar -C "$folder" -c . | $engine import - {IMAGE}; rm -r "$folder"
done
"""


@dataclass
class Forward:
    """One plain ``ssh -N`` with a local socket for each engine, and one whose other end does not exist."""

    directory: Path
    process: subprocess.Popen[bytes]

    def socket(self, engine: str) -> str:
        return str(self.directory / engine)


def open_forward(lab: Any, host: str, directory: Path) -> Forward:
    """Start it and wait for its sockets."""
    entry = lab.hosts[host]
    sockets = {**SOCKETS, "nobody": MISSING_SOCKET}
    forwards = [option for name, remote in sockets.items() for option in ("-L", f"{directory / name}:{remote}")]
    argv = [
        "ssh", "-F", "none", "-N", "-i", lab.key, "-o", "BatchMode=yes", "-o", f"UserKnownHostsFile={lab.known_hosts}",
        "-o", "StrictHostKeyChecking=accept-new", "-o", "ControlPath=none", "-o", CHEAP_EXCHANGE,
        "-o", "ExitOnForwardFailure=yes", *forwards,
        f"{entry.get('user', 'root')}@{entry['hostname']}",
    ]  # fmt: skip
    process = subprocess.Popen(argv, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not all((directory / name).exists() for name in sockets):
        assert process.poll() is None, "ssh ended"
        assert time.monotonic() < deadline, "ssh opened no forward within 60 s"
        time.sleep(0.02)
    return Forward(directory, process)


@contextmanager
def forwarded(lab: Any, host: str, engine: str) -> Iterator[EngineClient]:
    """A client of an engine, over a plain ``ssh -N``."""
    with tempfile.TemporaryDirectory(prefix="place-") as short:
        forward = open_forward(lab, host, Path(short))
        try:
            with EngineClient(forward.socket(engine), timeout=60) as client:
                yield client
        finally:
            forward.process.kill()
            forward.process.wait()


@dataclass
class Case:
    """One engine under test."""

    lab: Any
    host: str
    engine: str
    client: EngineClient

    def ssh(self, *argv: str, **options: Any) -> str:
        return self.lab.ssh(self.host, *argv, **options)

    @property
    def has_limits(self) -> bool:
        """Whether containers can have limits: not in an LXC host with cgroup v2 whose parent has v1."""
        return self.host not in LIMITLESS

    def state(self, name: str) -> str:
        found = self.client.containers.inspect(name)
        assert found is not None
        return found["State"]["Status"]

    def wait_for_log(self, name: str, text: str) -> str:
        deadline = time.monotonic() + 60
        while text not in (log := self.client.containers.log_tail(name)):
            assert time.monotonic() < deadline, f"{text!r} is not in the log: {log!r}"
            time.sleep(0.05)
        return log


Make = Callable[..., str]


def fails(kind: str, status: int | None, action: Callable[[], Any]) -> str:
    """The message of an error, which must have this kind, and this status where one is given."""
    with pytest.raises(EngineError) as caught:
        action()
    assert caught.value.kind == kind
    assert status is None or caught.value.status == status
    return caught.value.message


def killer(case: Case, name: str, *, may: bool = True) -> Killer:
    """What ends commands in a container: by plain ssh as root, or as somebody who may not signal anything."""

    def host(pid: int) -> tuple[int, str, str]:
        argv = ending.script_argv(pid)
        if not may:
            argv = ["setpriv", "--reuid=65534", "--clear-groups", *argv]
        text = case.ssh("sh", "-c", shlex.quote(f"{shlex.join(argv)}; echo code $?"))
        return int(text.split()[-1]), text, ""

    ways: list[Run] = [host]
    return Killer(case.client, name, ways)
