# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The benchmark's application as users of other collections write it: docker_compose_v2, and a loop of each peer's
module. They run on the host, with Python there; docker_compose_v2 with the plugin of docker compose, too.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from compose_reference import program
from endpoints import on_host

FOLDER = "/root/bench-project"
PLUGIN = "/usr/local/lib/docker/cli-plugins/docker-compose"
LIBRARIES = ("python3-requests", "python3-yaml")


@contextmanager
def prepared(lab: Path, host: str, engine: str) -> Iterator[None]:
    """A host with what the peers need there, and without it afterwards (the Debian packages stay)."""
    on_host(
        lab,
        host,
        ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-qq", "--no-install-recommends", *LIBRARIES],
    )
    if engine != "docker":
        yield
        return
    packed = base64.b64encode(program().read_bytes()).decode()
    on_host(lab, host, ["mkdir", "-p", FOLDER, str(Path(PLUGIN).parent)])
    on_host(lab, host, [f"base64 -d > {PLUGIN} && chmod 755 {PLUGIN}"], text=packed)
    try:
        yield
    finally:
        on_host(lab, host, ["rm", "-rf", FOLDER, PLUGIN])


def compose_v2(file: Mapping[str, Any]) -> dict[str, Any]:
    """The task for an application that is written as a compose file."""
    return {"community.docker.docker_compose_v2": {"project_name": file["name"], "definition": dict(file)}}


def loop(engine: str, containers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The task that manages all the containers, one after the other."""
    return {**_LOOPS[engine], "loop": list(containers)}


def network(engine: str, name: str) -> dict[str, Any]:
    """The task for their network."""
    module = {"docker": "community.docker.docker_network", "podman": "containers.podman.podman_network"}[engine]
    return {module: {"name": name}}


_COMMON = {
    "name": "{{ item.name }}", "image": "{{ item.image }}", "command": "{{ item.command }}", "env": "{{ item.env }}",
    "state": "started",
}  # fmt: skip
_LOOPS = {
    "docker": {"community.docker.docker_container": {
        **_COMMON, "networks": "{{ item.networks }}", "stop_timeout": "{{ item.stop_timeout }}",
    }},
    "podman": {"containers.podman.podman_container": {
        **_COMMON, "network": "{{ item.networks | map(attribute='name') }}",
    }},
}  # fmt: skip
