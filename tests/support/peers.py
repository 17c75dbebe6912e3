# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The peers beside us: modules of community.docker and containers.podman, and Debian's docker-compose.

``scripts/bootstrap.py peers`` unpacks the two collections. They run here, and reach an engine of the lab as they would
on its host: by a forwarded socket, or by a program ``podman`` that runs the host's.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from checkout import CHECKOUT
from lab_hosts import Lab

COLLECTIONS = CHECKOUT / ".cache" / "peers"
DOCKER = "community.docker.docker_container"
PODMAN = "containers.podman.podman_container"
COMPOSE = "usr/libexec/docker/cli-plugins/docker-compose"
DOWNLOAD = 'set -e; cd "$(mktemp -d)"; apt-get update -qq; apt-get download -qq docker-compose; cat *.deb; rm -r "$PWD"'

Results = list[dict[str, Any]]


def peers(module: str, tasks: Sequence[dict[str, Any]], check: bool = False) -> Results:
    """The results of a peer's tasks, in diff mode; they may fail in check mode only."""
    assert COLLECTIONS.is_dir(), "run 'python3 scripts/bootstrap.py peers' first"
    program = Path(__file__).with_name("peer_runs.py")
    given = json.dumps([(module, task, check) for task in tasks])
    done = subprocess.run(
        [sys.executable, program, COLLECTIONS], input=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    results: Results = json.loads(done.stdout)
    for task, result in zip(tasks, results, strict=True):
        assert check or not result.get("failed"), f"{task['name']}: {result}"
    return results


@contextmanager
def podman_program(lab: Lab, host: str, directory: Path) -> Iterator[str]:
    """A program that runs a host's podman over one connection of ssh."""
    argv = lab.ssh_argv(host)
    argv[argv.index("ControlPath=none")] = f"ControlPath={directory}/ssh"
    program = directory / "podman"
    program.write_text(f'#!/bin/bash\nprintf -v line "%q " podman "$@"\nexec {shlex.join(argv)} "$line"\n')
    program.chmod(0o700)
    subprocess.run([*argv[:-2], "-o", "ControlMaster=yes", "-fN", argv[-2]], check=True, stderr=subprocess.DEVNULL)
    try:
        yield str(program)
    finally:
        subprocess.run([*argv[:-2], "-O", "exit", argv[-2]], check=False, capture_output=True)


def docker_compose(lab: Lab, host: str) -> Path:
    """Debian's program, which is one file and runs anywhere; its package comes from a host of the lab."""
    program = COLLECTIONS / "docker-compose" / COMPOSE
    if not program.exists():
        folder = COLLECTIONS / f"docker-compose-{os.getpid()}"
        folder.mkdir()
        package = subprocess.run(lab.ssh_argv(host, DOWNLOAD), stdout=subprocess.PIPE, check=True, timeout=300).stdout
        (folder / "package.deb").write_bytes(package)
        subprocess.run(["dpkg-deb", "-x", folder / "package.deb", folder], check=True)
        folder.rename(COLLECTIONS / "docker-compose")
    return program


class Project:
    """A compose project on an engine."""

    def __init__(self, program: Path, socket: str, directory: Path, described: dict[str, Any]) -> None:
        self._file = directory / "compose.yaml"
        self._file.write_text(json.dumps(described))
        self._program = program
        self._env = {"HOME": str(directory), "PATH": os.defpath, "DOCKER_HOST": f"unix://{socket}"}

    def __enter__(self) -> Project:
        self("up", "--detach")
        return self

    def __exit__(self, *_error: object) -> None:
        self("down", "--volumes", "--timeout", "0")

    def __call__(self, *argv: str) -> str:
        command = [self._program, "--file", self._file, *argv]
        done = subprocess.run(command, env=self._env, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr
