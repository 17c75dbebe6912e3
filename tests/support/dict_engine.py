# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small engine made of dicts, for tests of which requests are sent, in which order, and what failures leave."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from checkout import install_collection_finder
from grouped import grouped

install_collection_finder()

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError  # noqa: E402
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import parse  # noqa: E402
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.run import run_container  # noqa: E402

IMAGES = {"app:1": {"Id": "sha256:" + "a" * 64, "RepoTags": ["app:1"], "Config": {"Env": ["COLOR=blue"]}}}
READS = (
    "inspect_container",
    "inspect_image",
    "inspect_network",
    "logs_tail",
    "list_containers",
    "ping",
    "info",
    "pod_of",
)


class Engine:
    """Knows containers by ID; ``fail[method]`` is raised by the n-th call, ``ends`` makes started containers exit."""

    def __init__(self, name: str = "docker", version: str = "26.1.5") -> None:
        self.identity = SimpleNamespace(name=name, version=version)
        self.containers: dict[str, dict[str, Any]] = {}
        self.images = copy.deepcopy(IMAGES)
        self.networks = {"front", "back"}
        self.calls: list[tuple[Any, ...]] = []
        self.fail: dict[str, EngineError] = {}
        self.ends: int | None = None
        self.log = ""
        self.update_takes = True
        self.deadly: tuple[str | None, ...] = (None, "SIGKILL")
        self.answers = True
        self.info_says: dict[str, Any] = {"KernelVersion": "6.1", "CgroupVersion": "1"}
        self.pods: dict[str, str] = {}
        self.busy: set[str] = set()  # ports of the host that no container gets

    def __getattr__(self, method: str) -> Callable[..., Any]:
        action = object.__getattribute__(self, f"do_{method}")

        def call(*args: Any, **kwargs: Any) -> Any:
            self.calls.append((method, *args, *kwargs.values()))
            if method in self.fail:
                raise self.fail.pop(method)
            return action(*args, **kwargs)

        return call

    def find(self, name: str) -> dict[str, Any]:
        found = self.do_inspect_container(name)
        if found is None:
            raise EngineError(f"No such container: {name}", 404)
        return self.containers[found["Id"]]

    def do_inspect_container(self, name: str) -> dict[str, Any] | None:
        hits = [c for c in self.containers.values() if c["Name"] == f"/{name}" or c["Id"] == name]
        return copy.deepcopy(hits[0]) if hits else None

    def do_inspect_image(self, ref: str) -> dict[str, Any] | None:
        found = self.images.get(ref) or next((i for i in self.images.values() if i["Id"] == ref), None)
        return copy.deepcopy(found)

    def do_inspect_network(self, name: str) -> dict[str, Any] | None:
        return {"Name": name} if name in self.networks else None

    def do_pull_image(self, ref: str) -> None:
        self.images.setdefault(ref, {"Id": "sha256:" + "b" * 64, "RepoTags": [ref], "Config": {}})

    def do_ping(self) -> None:
        if not self.answers:
            raise EngineError("gone", kind="no_answer")

    def do_info(self) -> dict[str, Any]:
        return self.info_says

    def do_list_containers(
        self, *, all: bool = True, filters: dict[str, list[str]] | None = None
    ) -> list[dict[str, Any]]:
        pattern = (filters or {}).get("name", [""])[0]
        found = [c for c in self.containers.values() if re.search(pattern, c["Name"].lstrip("/"))]
        return [{"Id": c["Id"], "Names": [c["Name"]], "State": c["State"]["Status"], "Ports": _ports(c)} for c in found]

    def do_pod_of(self, container: str) -> str:
        return self.pods.get(container, "")

    def do_logs_tail(self, name: str, lines: int, since: str = "") -> str:
        return self.log

    def do_create_container(self, name: str, body: dict[str, Any]) -> str:
        identity = f"{len(self.calls):064x}"
        image = self.images[body["Image"]]
        env = [*image["Config"].get("Env", []), *body.get("Env", [])]
        mode = body["HostConfig"].get("NetworkMode", "bridge")
        given = (body.get("NetworkingConfig") or {}).get("EndpointsConfig")
        self.containers[identity] = {
            "Id": identity,
            "Name": f"/{name}",
            "Image": image["Id"],
            "RestartCount": 0,
            "State": {"Status": "created", "Running": False, "Paused": False, "ExitCode": 0},
            "Config": {**body, "Env": env},
            "HostConfig": {"NetworkMode": mode, **body["HostConfig"]},
            "Mounts": [],
            "NetworkSettings": {"Ports": {}, "Networks": copy.deepcopy(given) or {mode: {}}},
        }
        return identity

    def do_start(self, name: str) -> None:
        for end in published(self.find(name)):
            if end["HostPort"] in self.busy:
                message = f"listen tcp4 0.0.0.0:{end['HostPort']}: bind: address already in use"
                raise EngineError(message, 500, kind="port_in_use")
        running = self.ends is None
        self.find(name)["State"].update(Status="running" if running else "exited", Running=running)
        self.find(name)["State"]["ExitCode"] = self.ends or 0

    def do_stop(self, name: str, timeout: int | None = None) -> None:
        self.find(name)["State"].update(Status="exited", Running=False, Paused=False)

    def do_kill(self, name: str, signal: str | None = None) -> None:
        if signal in self.deadly:
            self.do_stop(name)

    def do_restart(self, name: str, timeout: int | None = None) -> None:
        self.do_start(name)

    def do_pause(self, name: str) -> None:
        self.find(name)["State"].update(Paused=True)

    def do_unpause(self, name: str) -> None:
        self.find(name)["State"].update(Paused=False)

    def do_rename(self, name: str, new: str) -> None:
        self.find(name)["Name"] = f"/{new}"

    def do_remove(self, name: str, force: bool, volumes: bool) -> None:
        del self.containers[self.find(name)["Id"]]

    def do_update(self, name: str, body: dict[str, Any]) -> None:
        if self.update_takes:
            self.find(name)["HostConfig"].update(body)

    def do_connect_network(self, network: str, name: str, config: dict[str, Any]) -> None:
        self.find(name)["NetworkSettings"]["Networks"][network] = config

    def do_disconnect_network(self, network: str, name: str) -> None:
        del self.find(name)["NetworkSettings"]["Networks"][network]

    def changes(self) -> list[str]:
        """The names of the requests that change something, and forget them."""
        names = [call[0] for call in self.calls if call[0] not in READS]
        self.calls.clear()
        return names


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


def run(engine: Engine, check_mode: bool = False, **params: Any) -> dict[str, Any]:
    options = parse({"name": "app", "image": "app:1", **params})
    return run_container(grouped(engine), options, check_mode=check_mode, sleep=lambda seconds: None)


def done(result: dict[str, Any]) -> list[str]:
    return [action["action"] for action in result["actions"]]
