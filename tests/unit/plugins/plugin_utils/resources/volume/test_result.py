# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a volume's task as the engine tells it, beside that of community.docker's docker_volume."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.result_format import ENGINE, Telling
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.volume.info import present_and_missing
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.volume.options import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.volume.plan import (
    Observed,
    differences,
    plan,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.volume.result import Seen, engine

VOLUME: dict[str, Any] = {
    "Name": "data", "Driver": "local", "Mountpoint": "/m", "CreatedAt": "2026-11-21T12:00:00Z", "Scope": "local",
    "Labels": {"key": "a"}, "Options": {"type": "cifs", "o": "username=u,password=p"}, "Status": None,
}  # fmt: skip
MASKED = {**VOLUME, "Options": {"type": "cifs", "o": "username=u,password=********"}}
RAW, CHECK, DIFF = Telling(ENGINE), Telling(ENGINE, check=True), Telling(ENGINE, diff=True)


def told(volume: dict[str, Any] | None, telling: Telling, **given: Any) -> dict[str, Any]:
    """What is told of a task that was only planned."""
    options, observed = Options("data", **given), Observed(volume)
    found = differences(options, volume, noquota_apart=False) if volume else ()
    return engine(Seen(options, plan(options, observed), observed, observed, found), telling)


def test_the_volume_is_the_inspect_without_secrets() -> None:
    assert told(VOLUME, RAW) == {"changed": False, "volume": MASKED, "warnings": []}


def test_none_where_it_is_to_come_and_left_out_where_it_is_to_go() -> None:
    assert told(None, CHECK) == {
        "changed": True, "volume": None, "warnings": [], "actions": ["Created volume data with driver local"],
        "diff": {"differences": []},
    }  # fmt: skip
    assert told(VOLUME, CHECK, state="absent") == {
        "changed": True, "warnings": [], "actions": ["Removed volume data"], "diff": {},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({}, []),
        ({"driver": "nfs"}, ["driver"]),
        ({"labels": {"key": "b", "new": "c"}}, ["labels.key", "labels.new"]),
        ({"driver_options": {"type": "tmpfs"}}, ["driver_options.type"]),
    ],
)
def test_a_diff_names_what_differs_also_where_it_is_left_alone(given: dict[str, Any], names: list[str]) -> None:
    diff = told(VOLUME, DIFF, **given)["diff"]
    assert diff["differences"] == names and list(diff["before"]) == list(diff["after"]) == ["exists", *names]
    assert told(VOLUME, RAW, **given).get("diff") is None


def test_options_of_a_volume_that_has_none_differ_as_a_whole() -> None:
    diff = told({**VOLUME, "Options": None}, DIFF, driver_options={"o": "password=p"})["diff"]
    assert diff["after"] == {"exists": True, "driver_options": {"o": "password=********"}}


def test_check_mode_lists_both_halves_of_a_recreation() -> None:
    actions = told(VOLUME, CHECK, recreate="always")["actions"]
    assert actions == ["Removed volume data", "Created volume data with driver local"]


def test_reading_one_volume_gives_it_by_itself() -> None:
    one = {"name": ["data"], "labels": {}}
    assert present_and_missing({"data": VOLUME}, [], one, RAW) == {
        "changed": False, "volume": MASKED, "volumes": [MASKED], "missing": [], "exists": True,
    }  # fmt: skip
    assert present_and_missing({"data": None}, [], one, RAW)["volume"] is None
