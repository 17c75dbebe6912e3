# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One engine with all that the drawn values of ``option_sets`` need: an image, networks, another container."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from container_place import image_script, quietly
from engine_cases import ALL, LIMITLESS, forwarded
from lab_hosts import Lab
from option_sets import NETWORKS, OTHER, VOLUMES, Site

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient

NAME, IMAGE = "drift-app", "localhost/drift-app:1"


def anonymous_volumes(lab: Lab, host: str, engine: str) -> set[str]:
    return {name for name in lab.ssh(host, engine, "volume", "ls", "-q").split() if len(name) == 64}


def remove_containers(client: EngineClient) -> None:
    for found in client.containers.list(all=True, filters={"name": [f"^{NAME}"]}):
        client.containers.remove(found["Id"], force=True, volumes=True)


@contextmanager
def drift_place(lab: Lab, host: str, engine: str) -> Iterator[tuple[EngineClient, Site]]:
    """All of it is taken away afterwards, and no anonymous volume may be left."""
    clear = quietly(
        engine,
        f"rm -f -v {NAME}",
        f"rm -f -v {OTHER}",
        f"network rm {' '.join(NETWORKS)}",
        f"volume rm {' '.join(VOLUMES)}",
    )
    lab.ssh(host, "sh", "-s", input=clear + image_script(engine, IMAGE))
    before = anonymous_volumes(lab, host, engine)
    made = [f"network create {name}" for name in NETWORKS]
    made.append(f"run -d --name {OTHER} --ipc shareable -v /shared {IMAGE}")
    lab.ssh(host, "sh", "-s", input=quietly(engine, *made))
    try:
        with forwarded(lab, host, engine) as client:
            other = (client.containers.inspect(OTHER) or {})["Id"]
            first_port = 18700 + 20 * ALL.index((host, engine))
            remove_containers(client)  # what a run has left that was killed
            cpus = min(client.system.info()["NCPU"], 4)
            yield client, Site(client.engine, first_port, other, cpus, host not in LIMITLESS)
    finally:
        lab.ssh(host, "sh", "-s", input=clear + quietly(engine, f"rmi {IMAGE}"))
        left = anonymous_volumes(lab, host, engine) - before
        assert not left, f"anonymous volumes are left on {host} {engine}"
