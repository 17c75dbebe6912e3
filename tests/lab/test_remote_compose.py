# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_compose on all engines: what a compose file describes is there, changes with it, and goes; and docker compose
and we take over what the other has made without touching it.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from compose_reference_runs import program
from compose_world import ComposeWorld, outcomes
from lab_hosts import Lab
from resource_world import PREFIX, World, on_every_engine
from tasks import run_tasks

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import ComposeFileError, FleetError

NAME = f"{PREFIX}shop"
IMAGE = "localhost/busybox:latest"
BASE = f"""
x-base: &base {{image: "{IMAGE}", command: [sleep, "600"], stop_grace_period: 0s}}
"""
SHOP = f"""{BASE}
services:
  web:
    <<: *base
    command: [httpd, -f, -p, "80", -h, /www]
    depends_on:
      db: {{condition: service_healthy, restart: true}}
      setup: {{condition: service_completed_successfully}}
    networks: [front, back]
    ports: ["0:80"]
    environment: {{MODE: "${{MODE:-plain}}"}}
    configs: [{{source: page, target: /www/index.html}}]
    secrets: [{{source: token, mode: 0400, uid: "7"}}]
  setup:
    <<: *base
    network_mode: none
    command: [sh, -c, "echo ready > /data/state"]
    volumes: ["data:/data"]
  db:
    <<: *base
    volumes: ["data:/data", "/anonymous", "/etc:/host:ro"]
    networks: {{back: {{aliases: [base]}}}}
    healthcheck: {{test: "test -e /data", interval: 1s, retries: 5}}
    restart: unless-stopped
    tmpfs: /run
  side: {{<<: *base, network_mode: "service:db", volumes_from: [db]}}
  off: {{<<: *base, profiles: [more]}}
networks:
  front: {{labels: {{a: b}}}}
  back: {{internal: true}}
volumes:
  data: {{labels: {{x: y}}}}
configs:
  page: {{content: "hello $MODE\\n"}}
secrets:
  token: {{environment: TOKEN}}
"""
ENV = {"TOKEN": "hunter2", "MODE": "live"}


def made(world: World, folder: Path, text: str = SHOP, name: str = NAME) -> ComposeWorld:
    shop = ComposeWorld(world, folder / f"{world.host}-{world.engine}", name)
    shop.write(text)
    return shop


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the projects of all engines are on the controller."""
    found = tmp_path_factory.mktemp("compose")
    FOLDER.append(found)
    return found


FOLDER: list[Path] = []


@on_every_engine
def test_a_project_comes_and_goes(world: World) -> None:
    shop = made(world, FOLDER[-1])
    done = shop.both(env=ENV)
    assert done["warnings"] == []
    assert outcomes(done) == {
        **{f"{NAME}-{one}-1": "created" for one in ("web", "setup", "db", "side")},
        f"{NAME}_front": "created", f"{NAME}_back": "created", f"{NAME}_data": "created",
    }  # fmt: skip
    order = [(one["resource"].removeprefix(f"container {NAME}-"), one["action"]) for one in done["actions"]]
    assert order.index(("db-1", "await")) < order.index(("web-1", "start")) > order.index(("setup-1", "start"))
    web = f"{NAME}-web-1"
    assert world.execute(web, "cat", "/www/index.html") == "hello live\n"
    assert world.execute(web, "cat", "/run/secrets/token") == "hunter2"
    assert world.execute(web, "stat", "-c", "%a:%u:%g", "/run/secrets/token").strip() == "400:7:0"
    assert world.execute(web, "nslookup", "base", check=False)
    assert world.execute(f"{NAME}-side-1", "cat", "/data/state") == "ready\n"
    assert "hunter2" not in json.dumps(done)
    assert f"{NAME}-off-1" not in shop.ids()

    changed = shop.run(env={**ENV, "MODE": "other"})
    assert {name for name, outcome in outcomes(changed).items() if outcome != "unchanged"} == {web}
    assert world.execute(web, "cat", "/www/index.html") == "hello other\n"

    gone = shop.run(env=ENV, state="absent")
    assert {name for name, outcome in outcomes(gone).items() if outcome != "removed"} == {f"{NAME}_default"}
    assert shop.ids() == {} and world.client.volumes.inspect(f"{NAME}_data") is not None
    shop.run(env=ENV, state="absent", remove_volumes=True)
    assert world.client.volumes.inspect(f"{NAME}_data") is None


FLAT = f"""{BASE}
services:
  web: {{<<: *base, scale: 2}}
  db: {{<<: *base, stop_signal: KILL}}
  old: {{<<: *base}}
"""


@on_every_engine
def test_scale_subsets_and_orphans(world: World) -> None:
    shop = made(world, FOLDER[-1], FLAT)
    shop.run(services=["web", "old"])
    assert set(shop.ids()) == {f"{NAME}-web-1", f"{NAME}-web-2", f"{NAME}-old-1"}
    before = shop.ids()
    shop.both(services=["web"], scale={"web": 3})
    assert shop.ids().items() >= before.items() and f"{NAME}-web-3" in shop.ids()
    shop.both(services=["web"], scale={"web": 1})
    assert set(shop.ids()) == {f"{NAME}-web-1", f"{NAME}-old-1"}
    foreign = world.container("shop-beside", start=False)

    shop.write(FLAT.replace("  old: {<<: *base}\n", ""))
    shop.both()
    assert f"{NAME}-old-1" in shop.ids()  # it is only told to go where that is asked for
    shop.both(remove_orphans=True, scale={"web": 1})
    assert set(shop.ids()) == {f"{NAME}-web-1", f"{NAME}-db-1", f"{NAME}-beside"}
    kept = shop.ids()
    assert kept[f"{NAME}-beside"] == foreign
    shop.run(recreate="always", services=["db"])
    assert {name for name, one in shop.ids().items() if one != kept[name]} == {f"{NAME}-db-1"}
    shop.write(FLAT.replace("stop_signal: KILL", "stop_signal: INT, user: '0'"))
    assert not shop.run(recreate="never", services=["db"])["changed"]
    shop.both(services=["web"], state="absent")
    assert set(shop.ids()) == {f"{NAME}-db-1", f"{NAME}-beside"}
    shop.both(state="stopped", services=["db"])
    assert not (world.client.containers.inspect(f"{NAME}-db-1") or {})["State"]["Running"]


def docker_compose(shop: ComposeWorld, docker: Path, *argv: str) -> str:
    """docker compose with the project's file, on the same engine."""
    socket = f"unix://{shop.world.client.wire.socket_path}"
    env = {"HOME": str(shop.folder), "PATH": os.defpath, "DOCKER_HOST": socket, **ENV}
    command = [str(docker), "--project-name", shop.name, "--file", str(shop.folder / "compose.yml"), *argv]
    done = subprocess.run(command, env=env, cwd=shop.folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.mark.newest
@on_every_engine
def test_what_docker_compose_has_made_and_the_reverse(world: World) -> None:
    docker = program()
    shop = made(world, FOLDER[-1], SHOP.replace(', uid: "7"', ""))  # which it can't give a file on Podman
    docker_compose(shop, docker, "up", "--detach")
    labels = written(world)
    # With Podman 4.3, docker compose makes even its own containers anew with each run.
    stable = not world.podman or world.client.engine.version >= (5, 0)
    theirs = shop.ids()
    for check in (True, False):
        found = shop.run(check=check, env=ENV)
        assert not found["changed"] and found["actions"] == [], (found["actions"], found["diff"])
    assert shop.ids() == theirs
    docker_compose(shop, docker, "down", "--volumes", "--timeout", "0")

    shop.run(env=ENV)
    assert same_hashes(labels, written(world))
    ours = shop.ids()
    said = docker_compose(shop, docker, "up", "--detach", *([] if stable else ["--no-recreate"]))
    assert shop.ids() == ours, said
    assert "Recreate" not in said
    docker_compose(shop, docker, "down", "--volumes", "--timeout", "0")
    assert shop.ids() == {}


def written(world: World) -> dict[str, dict[str, str]]:
    """The labels of all that belongs to the project."""
    client = world.client
    found: dict[str, dict[str, str]] = {}
    for one in client.containers.list(all=True):
        found[one["Names"][0].lstrip("/")] = one["Labels"] or {}
    for name in (f"{NAME}_front", f"{NAME}_back"):
        found[name] = (client.networks.inspect(name) or {}).get("Labels") or {}
    found[f"{NAME}_data"] = (client.volumes.inspect(f"{NAME}_data") or {}).get("Labels") or {}
    return {name: labels for name, labels in found.items() if labels.get("com.docker.compose.project") == NAME}


def same_hashes(one: dict[str, dict[str, str]], other: dict[str, dict[str, str]]) -> bool:
    """Whether the same things have the same labels of docker compose, but for its version and IDs of containers."""
    own = {"com.docker.compose.version", "com.docker.compose.depends_on"}

    def told(labels: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        return {
            name: {
                key: value
                for key, value in found.items()
                if key.startswith("com.docker.compose.") and key not in own and not ("side" in name and "hash" in key)
            }
            for name, found in labels.items()
        }

    assert told(one) == told(other)
    return True


@on_every_engine
def test_nothing_is_touched_where_something_is_wrong(world: World) -> None:
    shop = made(
        world,
        FOLDER[-1],
        f"""{BASE}
services:
  web: {{<<: *base, volumes: ["./data:/data"], gpus: all, cpu_count: 2}}
  db: {{<<: *base, mac_address: "none"}}
""",
    )
    with pytest.raises(ComposeFileError) as caught:
        shop.run()
    assert {line.split()[0] for line in caught.value.problems} == {
        "services.web.cpu_count", "services.db.mac_address", "services.web.volumes[0].source",
    }  # fmt: skip
    shop.write(
        f"{BASE}\nservices: {{web: {{<<: *base, networks: [other]}}}}\nnetworks: {{other: {{external: true}}}}\n"
    )
    with pytest.raises(FleetError, match="external"):
        shop.run()
    assert shop.ids() == {}


@pytest.mark.pairs("both")
def test_through_ansible(session_lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "compose.yml").write_text(SHOP)
    call: dict[str, Any] = {"path": "shop", "project_name": f"{NAME}-ansible", "env": ENV}
    tasks = [
        {"remote_compose": {**call, "wait": True}},
        {"remote_compose": call},
        {"remote_compose": {**call, "scale": {"nobody": 2}}, "ignore_errors": True},
        {"remote_compose_info": {**call, "running": True}},
        {"remote_compose": {**call, "state": "absent", "remove_volumes": True}},
        {"remote_compose_info": {**call, "running": True}},
    ]
    up, again, wrong, there, down, gone = run_tasks(session_lab, "trixie1", tasks, tmp_path)
    assert up["changed"] and not again["changed"] and down["changed"]
    assert wrong["error"]["kind"] == "invalid_option" and wrong["error"]["option"] == "scale.nobody"
    assert (up["project_directory"], up["disabled_services"]) == (str(tmp_path / "shop"), ["off"])
    assert {one["service"] for one in there["containers"]} == set(there["config"]["services"])
    running = {one["service"] for one in there["containers"] if one["container"]["running"]}
    assert running and set(there["services_not_running"]) == set(there["config"]["services"]) - running
    assert gone["containers"] == [] and set(gone["services_not_running"]) == set(there["config"]["services"])
    assert there["engine"]["name"] in ("docker", "podman") and "engine" not in wrong
    assert "hunter2" not in json.dumps([up, again, wrong, there, down, gone])
