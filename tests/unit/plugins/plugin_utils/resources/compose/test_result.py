# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is told of a project's containers on a host."""

from __future__ import annotations

from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.identity import EngineIdentity
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.compose.result import on_host
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import MASK, Masker

ENGINE = Engine.of(EngineIdentity("docker", "26.1.5", "1.45", "linux", "amd64"))
CONFIG = {"services": {"db": {}, "web": {}, "job": {}}}


def inspect(name: str, service: str, *, runs: bool = True, **labels: str) -> dict[str, Any]:
    own = {"com.docker.compose.service": service, "com.docker.compose.oneoff": "False", **labels}
    config = {"Labels": own, "Env": ["DB_PASSWORD=hunter2"]}
    return {"Id": name, "Name": f"/{name}", "Config": config, "State": {"Running": runs}, "HostConfig": {}}


def test_containers_by_service_and_services_of_which_none_runs() -> None:
    there = [
        inspect("shop-web-2", "web", runs=False),
        inspect("shop-web-1", "web"),
        inspect("shop-db-1", "db", runs=False),
        inspect("shop-job-run-1", "job", **{"com.docker.compose.oneoff": "True"}),
        inspect("shop-old-1", "old"),
    ]
    told = on_host(CONFIG, there, ENGINE, Masker())
    named = [(one["service"], one["container"]["name"]) for one in told["containers"]]
    assert named == [("db", "shop-db-1"), ("old", "shop-old-1"), ("web", "shop-web-1"), ("web", "shop-web-2")]
    assert told["services_not_running"] == ["db", "job"]
    assert {one["container"]["env"]["DB_PASSWORD"] for one in told["containers"]} == {MASK}
