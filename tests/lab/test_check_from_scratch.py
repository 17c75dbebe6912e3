# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check mode of a play of which nothing is there yet: what its tasks make for each other is no failure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine_cases import SOCKETS
from lab_hosts import Lab
from tasks import run_tasks, through_ansible

CONTAINER, IMAGE, NETWORK, VOLUME = "scratch-app", "localhost/scratch:1", "scratch-net", "scratch-data"
REGISTRY = "127.0.0.1:9"  # where nothing listens
NEEDS = "a run needs it."


def tasks(engine: str, directory: Path) -> list[tuple[dict[str, Any], str]]:
    """The tasks, each with what it misses on the way ("" for nothing)."""
    inside = {"container": CONTAINER}
    login = {"registry_url": REGISTRY, "username": "u", "password": "pw-of-scratch"}
    archive = str(directory / "scratch.tar")
    build = {"path": str(directory / "context")}
    local = {"name": IMAGE, "source": "local"}
    ship = {"name": IMAGE, "targets": ["bookworm2"]}
    from_here = {**ship, "source": "{{ inventory_hostname }}", "source_engine": engine}
    return [
        ({"remote_login": login}, f"registry {REGISTRY}"),
        ({"remote_image": {"name": IMAGE, "source": "build", "build": build}}, f"directory {build['path']}"),
        ({"remote_image": {**local, "repository": f"{REGISTRY}/scratch:1", "push": True}}, f"image {IMAGE}"),
        ({"remote_image": {**local, "archive_path": archive}}, f"image {IMAGE}"),
        ({"remote_image": {"name": IMAGE, "source": "load", "load_path": archive}}, f"file {archive}"),
        ({"remote_image_ship": from_here}, f"image {IMAGE}"),
        ({"remote_image_ship": {**ship, "path": archive}}, f"file {archive}"),
        ({"remote_volume": {"name": VOLUME}}, ""),
        ({"remote_network": {"name": NETWORK, "connected": [CONTAINER]}}, f"container {CONTAINER}"),
        ({"remote_container_exec": {**inside, "command": "true"}}, f"container {CONTAINER}"),
        ({"remote_container_logs": inside}, f"container {CONTAINER}"),
        (
            {
                "remote_container_copy": {
                    **inside,
                    "content": "x",
                    "mode": "0644",
                    "mode_parse": "modern",
                    "container_path": "/x",
                }
            },
            f"container {CONTAINER}",
        ),
        (
            {"remote_container_copy": {**inside, "container_path": "/x", "path": archive, "direction": "out_of"}},
            f"container {CONTAINER}",
        ),
        ({"remote_container_info": {"name": [CONTAINER]}}, ""),
        ({"remote_image_info": {"name": [IMAGE]}}, ""),
        ({"remote_network_info": {"name": [NETWORK]}}, ""),
        ({"remote_volume_info": {"name": [VOLUME]}}, ""),
        ({"remote_events": {"names": [CONTAINER]}}, ""),
    ]


def test_what_a_play_makes_for_itself_is_warned_of(lab: Lab, tmp_path: Path) -> None:
    asked = {engine: tasks(engine, tmp_path) for engine in SOCKETS}
    told = through_ansible(
        lab, tmp_path, lambda engine: [task for task, _misses in asked[engine]], "--check",
        serial=1,  # remote_image_ship runs once for the hosts that are at it together
    )  # fmt: skip
    for (_host, engine), results in told.results.items():
        for (task, misses), result in zip(asked[engine], results, strict=True):
            needs = [text for text in result.get("warnings") or [] if text.endswith(NEEDS)]
            assert len(needs) == bool(misses) and all(misses in text for text in needs), (task, needs)


def test_async_is_refused_with_the_way_to_do_it(lab: Lab, tmp_path: Path) -> None:
    (result,) = run_tasks(lab, "trixie1", [{"remote_container_info": {}, "async": 60, "poll": 0}], tmp_path)
    assert result["failed"] and result["error"]["option"] == "async"
    assert "begin things in one task" in result["msg"]
