# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small engine made of dicts behind the one fake of the client: containers, an image, two networks."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import parse
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.run import run_container
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.result_format import PLAIN, Telling

IMAGES = {"app:1": {"Id": "sha256:" + "a" * 64, "RepoTags": ["app:1"], "Config": {"Env": ["COLOR=blue"]}}}


class Engine(FakeClient):
    """Knows containers by ID; ``ends`` makes started containers exit."""

    def __init__(self, name: str = "docker", version: str | None = None, *, guarded: bool = False) -> None:
        super().__init__(name, version, guarded=guarded)
        self.container_dicts: dict[str, dict[str, Any]] = {}
        self.image_dicts = copy.deepcopy(IMAGES)
        self.network_names = {"front", "back"}
        self.ends: int | None = None
        self.log = ""
        self.update_takes = True
        self.deadly: tuple[str | None, ...] = (None, "SIGKILL")
        self.answers = True
        self.info_says: dict[str, Any] = {"KernelVersion": "6.1", "CgroupVersion": "1"}
        self.pods: dict[str, str] = {}
        self.busy: set[str] = set()  # ports of the host that no container gets

    def find(self, name: str) -> dict[str, Any]:
        found = self.containers_inspect(name)
        if found is None:
            raise EngineError(f"No such container: {name}", 404)
        return self.container_dicts[found["Id"]]

    def containers_inspect(self, name: str) -> dict[str, Any] | None:
        hits = [c for c in self.container_dicts.values() if c["Name"] == f"/{name}" or c["Id"] == name]
        return copy.deepcopy(hits[0]) if hits else None

    def containers_inspect_native(self, name: str) -> dict[str, Any] | None:
        return self.containers_inspect(name)

    def images_inspect(self, ref: str) -> dict[str, Any] | None:
        found = self.image_dicts.get(ref) or next((i for i in self.image_dicts.values() if i["Id"] == ref), None)
        return copy.deepcopy(found)

    def networks_inspect(self, name: str) -> dict[str, Any] | None:
        return {"Name": name} if name in self.network_names else None

    def images_pull(self, ref: str, progress: Any = None, platform: str | None = None, auth: Any = None) -> None:
        self.image_dicts.setdefault(ref, {"Id": "sha256:" + "b" * 64, "RepoTags": [ref], "Config": {}})

    def system_ping(self, timeout: float | None = None) -> None:
        if not self.answers:
            raise EngineError("gone", kind="no_answer")

    def system_info(self) -> dict[str, Any]:
        return self.info_says

    def containers_list(self, *, all: bool = True, filters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        pattern = (filters or {}).get("name", [""])[0]
        found = [c for c in self.container_dicts.values() if re.search(pattern, c["Name"].lstrip("/"))]
        return [{"Id": c["Id"], "Names": [c["Name"]], "State": c["State"]["Status"], "Ports": _ports(c)} for c in found]

    def containers_named(self) -> list[dict[str, Any]]:
        return self.containers_list()

    def containers_healths(self) -> dict[str, str]:
        return {}

    def containers_pod_of(self, container: str) -> str:
        return self.pods.get(container, "")

    def containers_log_tail(self, name: str, lines: int = 20, *, tty: bool | None = None, since: str = "") -> str:
        return self.log

    def containers_create(self, name: str, config: Mapping[str, Any], platform: str | None = None) -> str:
        identity = f"{len(self.calls):064x}"
        image = self.image_dicts[config["Image"]]
        env = [*image["Config"].get("Env", []), *config.get("Env", [])]
        mode = config["HostConfig"].get("NetworkMode", "bridge")
        given = (config.get("NetworkingConfig") or {}).get("EndpointsConfig")
        self.container_dicts[identity] = {
            "Id": identity,
            "Name": f"/{name}",
            "Image": image["Id"],
            "RestartCount": 0,
            "State": {"Status": "created", "Running": False, "Paused": False, "ExitCode": 0},
            "Config": {**config, "Env": env},
            "HostConfig": {"NetworkMode": mode, **config["HostConfig"]},
            "Mounts": [],
            "NetworkSettings": {"Ports": {}, "Networks": copy.deepcopy(given) or {mode: {}}},
        }
        return identity

    def containers_start(self, name: str) -> None:
        for end in published(self.find(name)):
            if end["HostPort"] in self.busy:
                message = f"listen tcp4 0.0.0.0:{end['HostPort']}: bind: address already in use"
                raise EngineError(message, 500, kind="port_in_use")
        running = self.ends is None
        self.find(name)["State"].update(Status="running" if running else "exited", Running=running)
        self.find(name)["State"]["ExitCode"] = self.ends or 0

    def containers_stop(self, name: str, timeout: int | None = None) -> None:
        self.find(name)["State"].update(Status="exited", Running=False, Paused=False)

    def containers_kill(self, name: str, signal: str | None = None) -> None:
        if signal in self.deadly:
            self.containers_stop(name)

    def containers_restart(self, name: str, timeout: int | None = None) -> None:
        self.containers_start(name)

    def containers_pause(self, name: str) -> None:
        self.find(name)["State"].update(Paused=True)

    def containers_unpause(self, name: str) -> None:
        self.find(name)["State"].update(Paused=False)

    def containers_rename(self, name: str, new: str) -> None:
        self.find(name)["Name"] = f"/{new}"

    def containers_remove(self, name: str, *, force: bool = False, volumes: bool = False) -> None:
        del self.container_dicts[self.find(name)["Id"]]

    def containers_update(self, name: str, body: Mapping[str, Any]) -> None:
        if self.update_takes:
            self.find(name)["HostConfig"].update(body)

    def networks_connect(self, network: str, container: str, endpoint_config: Mapping[str, Any] | None = None) -> None:
        self.find(container)["NetworkSettings"]["Networks"][network] = endpoint_config

    def networks_disconnect(self, network: str, container: str, *, force: bool = False) -> None:
        del self.find(container)["NetworkSettings"]["Networks"][network]


def published(container: dict[str, Any]) -> list[dict[str, str]]:
    """[{HostIp, HostPort}] of a container."""
    return [end for ends in (container["HostConfig"].get("PortBindings") or {}).values() for end in ends]


def _ports(container: dict[str, Any]) -> list[dict[str, Any]]:
    if not container["State"]["Running"]:
        return []
    ends = (container["HostConfig"].get("PortBindings") or {}).items()
    return [
        {"IP": end["HostIp"], "PublicPort": int(end["HostPort"]), "Type": port.partition("/")[2]}
        for port, given in ends
        for end in given
        if end["HostPort"]
    ]


def run(engine: Engine, check_mode: bool = False, telling: Telling = PLAIN, **params: Any) -> dict[str, Any]:
    options = parse({"name": "app", "image": "app:1", **params})
    return run_container(engine, options, check_mode=check_mode, sleep=lambda seconds: None, telling=telling)


def done(result: dict[str, Any]) -> list[str]:
    return [action["action"] for action in result["actions"]]
