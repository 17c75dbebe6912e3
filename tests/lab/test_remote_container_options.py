# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option of a container on every engine of the lab: no drift, one difference, or refused by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from container_place import APP, NAME, Place, actions, engine_with_image, place, predicted
from container_walk import OTHER, WALK, full

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container import support
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.engines import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.table import BY_NAME

__all__ = ["engine_with_image", "place"]  # fixtures

VERSIONS = {
    ("bookworm1", "podman"): (4, 3, 1),
    ("bookworm1", "docker"): (20, 10, 24),
    ("trixie1", "podman"): (5, 4, 2),
    ("trixie1", "docker"): (26, 1, 5),
}


GROUP = 8
# What goes along with a changed option, where the engines want it.
ALONG = {"log_driver": {"log_options": None}}
ORDER = sorted(WALK, key=lambda name: name in ("init", "log_driver", "auto_remove"))


def engine_of(place: Place) -> Engine:
    return Engine(place.engine, VERSIONS[place.host, place.engine])


def refused(option: str, engine: Engine) -> bool:
    row = BY_NAME[option]
    try:
        support.require(option, row.parse(option, full(option, WALK[option][0])), engine)
    except InvalidOption:
        return True
    return False


def supported(place: Place) -> list[str]:
    engine = engine_of(place)
    lacks = {"blkio_weight"} if place.engine == "docker" else set()
    return [name for name in ORDER if name not in lacks and not refused(name, engine)]


def changes_live(option: str, place: Place) -> bool:
    """Podman updates running containers only."""
    return BY_NAME[option].update is not None and place.engine == "docker"


def changes(names: list[str], place: Place) -> list[list[str]]:
    """The options to change, some at a time (each alone would take a minute an engine), live ones by themselves."""
    changed = [name for name in names if WALK[name][0] != WALK[name][1]]
    kinds = [[name for name in changed if changes_live(name, place) == live] for live in (True, False)]
    return [kind[start : start + GROUP] for kind in kinds for start in range(0, len(kind), GROUP)]


@pytest.fixture
def other(place: Place) -> Iterator[None]:
    place.cli("run", "-d", "--name", OTHER, "--ipc", "shareable", "-v", "/shared", APP)
    yield
    place.cli("rm", "-f", "-v", NAME, check=False)  # it depends on the other
    place.cli("rm", "-f", "-v", OTHER)


@pytest.mark.usefixtures("other")
def test_each_option_is_stable_and_what_changes_is_what_differs(place: Place, tmp_path: Path) -> None:
    names = supported(place)
    base = {"image": APP, "state": "present", "memory": "64M", "platform": "linux/amd64", "stop_timeout": 0}
    base |= {name: WALK[name][0] for name in names}
    steps: list[dict[str, Any]] = [{**base, "_check": True}, base, base]
    groups = changes(names, place)
    for group in groups:
        for name in group:
            base = {**base, name: WALK[name][1], **ALONG.get(name, {})}
        base = {key: item for key, item in base.items() if item is not None}
        steps += [{**base, "_check": True}, base, base]
    results = place.play(tmp_path, steps)
    check, created, again = results[:3]
    predicted(check, created)
    assert actions(created) == ["create"] and not again["changed"], again.get("diff")
    for index, group in enumerate(groups, start=1):
        check, done, again = results[3 * index : 3 * index + 3]
        predicted(check, done)
        live = changes_live(group[0], place)
        assert actions(done) == ["update" if live else "recreate"], (group, done)
        assert sorted(done["diff"]["after"]) == sorted(group)
        assert not again["changed"], (group, again)
        assert not [text for text in done.get("warnings", []) if "next run" in text], (group, done)
    print(f"{place.host} {place.engine}: {len(names)} options stable, {sum(map(len, groups))} changed")


def test_what_an_engine_cannot_do_is_refused_with_its_version(place: Place, tmp_path: Path) -> None:
    engine = engine_of(place)
    names = [name for name in ORDER if refused(name, engine)]
    assert names or place.engine == "docker"
    results = place.play(tmp_path, [{"image": APP, name: WALK[name][0], "_fails": True} for name in names])
    for name, result in zip(names, results, strict=True):
        assert result["failed"] and result["error"]["option"] == name, result
        assert f"{support.title(engine)} does not support it." in result["msg"]
    assert NAME not in place.names()


LIVE: list[Mapping[str, Any]] = [
    {"cpu_shares": 256}, {"memory": "96M"}, {"memory_reservation": "48M"}, {"memory_swap": "256M"}, {"pids_limit": 120},
    {"restart_policy": "always"}, {"cpu_period": 40000, "cpu_quota": 20000},
]  # fmt: skip


def test_a_running_container_is_updated_where_the_engine_can(place: Place, tmp_path: Path) -> None:
    base: dict[str, Any] = {
        "image": APP, "stop_timeout": 0, "cpu_shares": 512, "memory": "64M", "memory_reservation": "32M",
        "memory_swap": "128M", "pids_limit": 100, "restart_policy": "no", "cpu_period": 50000, "cpu_quota": 25000,
    }  # fmt: skip
    steps = [base]
    for change in LIVE:
        base = {**base, **change}
        steps += [{**base, "_check": True}, base, base]
    first, *results = place.play(tmp_path, steps)
    updates = engine_of(place) != Engine("podman", (4, 3, 1))
    for index, change in enumerate(LIVE):
        check, done, again = results[3 * index : 3 * index + 3]
        predicted(check, done)
        assert actions(done) == ["update" if updates else "recreate"], (change, done)
        assert sorted(done["diff"]["after"]) == sorted(change)
        assert not again["changed"], (change, again)
    assert (results[-1]["container"]["id"] == first["container"]["id"]) == updates
