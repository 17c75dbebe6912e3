# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds and shippings that are killed (SIGKILL) in the middle, on every engine: the next run ends what they began."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine_cases import ENGINES
from everywhere import everywhere
from image_world import PREFIX, Images, all_images, each

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shipping.options import Shipment
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shipping.work.run import (
    HostSource,
    Shipping,
    Target,
)

__all__ = ["all_images", "each"]  # fixtures
pytestmark = pytest.mark.usefixtures("each")  # it clears all engines, before and after

APP = f"{PREFIX}killed:1"
# Seconds after which a run is killed; most of them meet it at work, as the test counts.
MOMENTS = (0.03, 0.1, 0.25, 0.6)


def anew(images: Images) -> Images:
    """The same engine over connections of this process."""
    client: Any = images.client
    return Images(images.lab, images.host, images.engine, EngineClient(client.wire.socket_path, timeout=60))


def killed(after: float, work: Callable[[], object]) -> bool:
    """Work in a process of its own that is killed so many seconds later; False when it had ended before."""
    if (child := os.fork()) == 0:
        try:
            threading.Timer(after, os.kill, (os.getpid(), signal.SIGKILL)).start()
            work()
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.mark.fault("A build is killed")
def test_a_build_that_is_killed(all_images: dict[str, Images], tmp_path: Path) -> None:
    def examine(host: str, engine: str) -> None:
        images = all_images[f"{host}-{engine}"]
        (context := tmp_path / images.key).mkdir()
        times = 0
        for number, moment in enumerate(MOMENTS):
            (context / "Dockerfile").write_text(
                f"FROM localhost/busybox:latest\nCOPY . /context\nRUN sleep 0.2\nLABEL number={number}\n"
            )
            (context / "content").write_bytes(os.urandom(200_000))
            build = {"name": APP, "source": "build", "build": {"path": str(context)}, "force_source": True}
            times += killed(moment, lambda build=build: anew(images).run(**build))
            mine = anew(images)
            mine.run(**build)
            found = mine.client.images.inspect(APP)
            assert found and found["Config"]["Labels"]["number"] == str(number)
            assert not mine.run(**{**build, "force_source": False})["changed"]
        assert times > 1, "they were too fast"

    everywhere(examine)


def ship(all_images: dict[str, Images], source: str, targets: list[str]) -> dict[str, Target]:
    """As a task does it, over connections of this process."""
    ways = {key: anew(all_images[key]).session for key in targets}
    shipment = Shipment(APP, source, None, tuple(targets))
    origin = HostSource(anew(all_images[source]).session(), shipment)
    return {one.name: one for one in Shipping(shipment, origin, ways, lambda line: None).run(check_mode=False)}


@pytest.mark.fault("A shipping is killed", on="every engine")
def test_a_shipping_that_is_killed(all_images: dict[str, Images]) -> None:
    """From an engine to all others; what is there afterwards is the image, and nothing else."""
    source, *targets = ["-".join(key) for key in ENGINES]
    before = {key: ids(all_images[key]) for key in targets}
    identity = all_images[source].small(APP, os.urandom(3_000_000).hex())
    times = sum(killed(moment, lambda: ship(all_images, source, targets)) for moment in MOMENTS)
    assert times > 1, "they were too fast"
    done = ship(all_images, source, targets)
    assert {key: one.error for key, one in done.items()} == dict.fromkeys(targets)
    assert {key: all_images[key].id(APP) for key in targets} == dict.fromkeys(targets, identity)
    assert {key: ids(all_images[key]) - before[key] for key in targets} == {key: {identity} for key in targets}
    again = ship(all_images, source, targets)
    assert {(one.action, one.sent) for one in again.values()} == {("none", 0)}


def ids(images: Images) -> set[str]:
    return {one["Id"].removeprefix("sha256:") for one in images.client.images.list()}
