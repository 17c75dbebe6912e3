# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.molecule.left_over import projects
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.moments import read

NOW = 1767225600.0  # 2026-01-01T00:00:00Z


def thing(project: str, created_at: str | None, name: str = "x", scenario: str | None = "default") -> dict[str, Any]:
    labels = {"sshfleet.containers.project": project, "sshfleet.molecule.owner": "me@desk"}
    labels |= {"sshfleet.molecule.scenario": scenario} if scenario else {}
    return {"name": name, "created_at": created_at, "labels": labels}


def swept(*containers: Any, networks: Any = (), volumes: Any = ()) -> list[dict[str, Any]]:
    return projects(containers, networks, volumes, read("older_than", "2h"), NOW)


OLD, NEW = "2025-12-31T21:00:00.000000Z", "2025-12-31T23:00:00.000000Z"


def test_a_scenario_goes_when_all_of_it_is_old() -> None:
    found = swept(thing("m-a", OLD, "m-a-one"), networks=[thing("m-a", OLD, "m-a-net")])
    assert [one["project"] for one in found] == [
        {
            "name": "m-a", "state": "absent", "purge": True, "remove_volumes": True,
            "containers": [{"name": "m-a-one", "keep_volumes": False}],
        }
    ]  # fmt: skip
    assert found[0]["label"] == "m-a, scenario default of me@desk in ?"


def test_one_that_lives_stays_as_a_whole() -> None:
    assert swept(thing("m-a", OLD), thing("m-a", NEW)) == []
    assert swept(thing("m-a", OLD), volumes=[thing("m-a", NEW)]) == []
    assert swept(thing("m-a", OLD), networks=[thing("m-a", None)]) == []


def test_what_is_no_scenarios_stays() -> None:
    assert swept(thing("shop", OLD, scenario=None), {"name": "x", "created_at": OLD, "labels": None}) == []


def test_a_network_alone_is_left_over_too() -> None:
    (found,) = swept(networks=[thing("m-b", OLD)])
    assert found["project"]["containers"] == []
