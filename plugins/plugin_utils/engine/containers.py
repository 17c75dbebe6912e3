# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests about containers: their life, what they write and what they do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..errors import EngineError
from . import shapes, streams
from .failures import check
from .protocol import Descriptions
from .references import plain_name, segment
from .wire import Wire

# Seconds an engine waits for a container to stop when nobody says anything.
USUAL_STOP_TIMEOUT = 10
_LIKE_AN_ID = re.compile(r"[0-9a-f]{1,63}")
_WHOLE_ID = re.compile(r"[0-9a-f]{64}")
CPU_PERIOD = 100_000  # microseconds, the kernel's default


class Containers:
    """Containers, by name or ID."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def inspect(self, name: str) -> dict[str, Any] | None:
        """The engine's description of a container (name or id), None when there is none."""
        return self._wire.found(
            "container_missing",
            f"inspect container {name}",
            lambda: self._wire.api.inspect_container(plain_name(name)),
            shapes.CONTAINER,
            lambda found: name in (found["Name"].lstrip("/"), found["Id"]),
        )

    def list(self, *, all: bool = True, filters: Mapping[str, Any] | None = None) -> Descriptions:
        """``GET /containers/json``; ``filters`` as the API has them, e.g. {'label': ['a=b']}."""
        with self._wire.sending("list containers"):
            listed = self._wire.api.containers(all=all, filters=dict(filters or {}))
            found: Descriptions = shapes.require(listed, shapes.CONTAINERS)
            return found

    def named(self) -> Descriptions:
        """All containers with Id, Names and Labels only, which Podman's own list tells in a third of the time."""
        if not self._wire.engine.own_api:
            return self.list()
        query = {"all": "true"}
        found: Descriptions = self._wire.podman(
            "GET", "list containers", "/containers/json", query=query, shape=shapes.NAMED
        )
        return [{key: one.get(key) for key in ("Id", "Names", "Labels")} for one in found]

    def healths(self) -> dict[str, str]:
        """{ID: healthy, unhealthy or starting} of containers with a health check, where :meth:`list` doesn't tell."""
        if not self._wire.engine.own_api:  # Docker tells it in Status; Podman there only in its own API
            return {}
        path, query = "/containers/json", {"all": "true"}
        listed = self._wire.podman("GET", "list containers", path, query=query, shape=shapes.HEALTHS)
        return {one["Id"]: one["Status"] for one in listed if one.get("Status")}

    def create(self, name: str, config: Mapping[str, Any], platform: str | None = None) -> str:
        """Create a container from a full API body and return its id. The engine's warnings go to the log."""
        for used in _used(config.get("HostConfig") or {}):
            if _LIKE_AN_ID.fullmatch(used):
                self._identity(used)
        with self._wire.sending(f"create container {name}"):
            created = self._wire.api.create_container_from_config(dict(config), name=name, platform=platform)
            answer = shapes.require(created, shapes.CREATED)
        self._wire.warn(f"create container {name}", answer)
        return str(answer["Id"])

    def create_native(self, body: Mapping[str, Any]) -> str:
        """Create a container from Podman's own description of one and return its id. Warnings go to the log."""
        request = f"create container {body['name']}"
        self._wire.require_own_api(request)
        for used in _used_natively(body):
            if _LIKE_AN_ID.fullmatch(used):
                self._identity(used)
        answer = self._wire.podman("POST", request, "/containers/create", body=body, shape=shapes.CREATED)
        self._wire.warn(request, answer)
        return str(answer["Id"])

    def start(self, name: str) -> None:
        """Start a container; nothing happens when it runs."""
        self._wire.post(f"start container {name}", f"/containers/{segment(name)}/start")

    def stop(self, name: str, timeout: int | None = None) -> None:
        """Stop a container if it runs; it is killed after ``timeout`` seconds, None for the container's own timeout."""
        self._post_waiting("stop", name, timeout)

    def restart(self, name: str, timeout: int | None = None) -> None:
        """Stop and start a container; ``timeout`` as with ``stop``."""
        if timeout is None and self._wire.engine.restart_ignores_stop_timeout:
            timeout = self._stop_timeout(name)
        self._post_waiting("restart", name, timeout)

    def kill(self, name: str, signal: str | None = None) -> None:
        """Send a signal to a running container, SIGKILL if none is named."""
        with self._wire.sending(f"kill container {name}"):
            self._wire.api.kill(plain_name(name), signal)

    def pause(self, name: str) -> None:
        """Freeze a running container."""
        with self._wire.sending(f"pause container {name}"):
            self._wire.api.pause(plain_name(name))

    def unpause(self, name: str) -> None:
        """Let a paused container go on."""
        with self._wire.sending(f"unpause container {name}"):
            self._wire.api.unpause(plain_name(name))

    def rename(self, name: str, new: str) -> None:
        """Give a container another name."""
        with self._wire.sending(f"rename container {name}"):
            self._wire.api.rename(plain_name(name), new)

    def remove(self, name: str, *, force: bool = False, volumes: bool = False) -> None:
        """Remove a container. ``force`` kills a running one, at once; ``volumes`` removes its anonymous volumes."""
        if not _WHOLE_ID.fullmatch(name):
            name = self._identity(name)
        if force and self._wire.engine.force_remove_waits:
            self._kill_quietly(name)
        with self._wire.sending(f"remove container {name}"):
            self._wire.api.remove_container(plain_name(name), v=volumes, force=force)

    def _identity(self, name: str) -> str:
        """The ID of the container of this name: by a name that nobody has any more, an engine would take another whose
        ID begins so.

        :raises EngineError: there is none (kind ``container_missing``).
        """
        found = self.inspect(name)
        if found is None:
            raise EngineError(f"No such container: {name}", 404, kind="container_missing")
        return str(found["Id"])

    def update(self, name: str, body: Mapping[str, Any]) -> None:
        """Change a container live; ``body`` holds HostConfig fields from ``Engine.live_fields``. Others are kept."""
        request = f"update container {name}"
        body = self._update_body(name, body)
        self._wire.warn(
            request, self._wire.post(request, f"/containers/{segment(name)}/update", body=body, shape=shapes.UPDATED)
        )

    def log_tail(self, name: str, lines: int = 20, *, tty: bool | None = None, since: str = "") -> str:
        """The last ``lines`` lines a container wrote, stdout and stderr. ``tty`` is Config.Tty, asked for when None;
        ``since`` (seconds since the epoch) leaves out what was written before.
        """
        if tty is None:
            tty = bool((self.inspect(name) or {}).get("Config", {}).get("Tty"))
        query: dict[str, Any] = {"stdout": 1, "stderr": 1, "tail": lines, **({"since": since} if since else {})}
        with self._wire.sending(f"logs of container {name}"):
            answer = self._wire.api.get(
                self._wire.url(f"/containers/{segment(name)}/logs"), params=query, timeout=self._wire.timeout
            )
            check(answer)
            return streams.last_lines(streams.log_text(answer.content, tty=tty), lines)

    def logs(
        self, name: str, query: Mapping[str, Any], output: Callable[[int, bytes, bool], None], *, tty: bool
    ) -> None:
        """Read what a container wrote; ``query`` is the API's, ``output`` gets (1 or 2 for stdout or stderr, bytes,
        whether an entry of the log begins with them: never known of a terminal's).
        """
        frames = streams.Frames()
        with self._wire.sending(f"logs of container {name}"):
            url = self._wire.url(f"/containers/{segment(name)}/logs")
            with self._wire.api.get(url, params=dict(query), stream=True, timeout=self._wire.timeout) as answer:
                check(answer)
                for data in answer.iter_content(streams.CHUNK):
                    for number, part, begins in [(1, data, False)] if tty else frames.parts(data):
                        output(number, part, begins)
                if not frames.whole:
                    raise EngineError(f"The log of container {name} is cut off in the middle.", kind="no_answer")

    def stats(self, name: str) -> dict[str, Any]:
        """The usage counters of a running container at this moment, as the engine gives them."""
        path, query = f"/containers/{segment(name)}/stats", {"stream": 0, "one-shot": 1}
        found: dict[str, Any] = self._wire.get(f"stats of container {name}", path, shapes.STATS, query)
        return found

    def top(self, name: str, ps_args: str) -> dict[str, Any]:
        """The processes of a running container: {Titles: [...], Processes: [[...], ...]}."""
        path, query = f"/containers/{segment(name)}/top", {"ps_args": ps_args}
        found: dict[str, Any] = self._wire.get(f"processes of container {name}", path, shapes.TOP, query)
        return found

    def changes(self, name: str) -> Descriptions:
        """What differs from the image: [{Path, Kind}]."""
        path = f"/containers/{segment(name)}/changes"
        found: Descriptions = self._wire.get(f"changes of container {name}", path, shapes.CHANGES)
        return found

    def inspect_native(self, name: str) -> dict[str, Any] | None:
        """What Podman says of a container (name or ID) in its own words, None when there is none."""
        return self._wire.podman_found(
            "container_missing",
            f"inspect container {name}",
            f"/containers/{segment(name)}/json",
            shapes.PODMAN_CONTAINER,
            lambda found: name in (found["Name"], found["Id"]),
        )

    def pod_of(self, container: str) -> str:
        """The name of the pod that a container (by its full ID) is in, '' where it is in none."""
        if not self._wire.engine.has_pods:
            return ""
        request = f"look up the pod of container {container[:12]}"
        query = {"all": "true", "pod": "true", "filters": json.dumps({"id": [container]})}
        listed = self._wire.podman("GET", request, "/containers/json", query=query, shape=shapes.MEMBERS)
        return next((str(one.get("PodName") or one["Pod"]) for one in listed if one.get("Pod")), "")

    def _post_waiting(self, verb: str, name: str, timeout: int | None) -> None:
        """``POST /containers/{name}/stop`` or ``restart``: the answer comes when the container has stopped."""
        query = {} if timeout is None else {"t": timeout}
        patience = self._wire.timeout + (USUAL_STOP_TIMEOUT if timeout is None else timeout)
        self._wire.post(
            f"{verb} container {name}", f"/containers/{segment(name)}/{verb}", query=query, timeout=patience
        )

    def _stop_timeout(self, name: str) -> int | None:
        config = (self.inspect(name) or {}).get("Config", {})
        return config.get("StopTimeout")

    def _kill_quietly(self, name: str) -> None:
        """Kill if it runs. Whatever is wrong with the container, the removal that follows says it better."""
        try:
            self.kill(name)
        except EngineError as error:
            if error.status is None:
                raise

    def _update_body(self, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
        full = dict(body)
        if self._wire.engine.update_ignores_nano_cpus and "NanoCpus" in full:
            nano_cpus = full.pop("NanoCpus")
            full |= {"CpuPeriod": CPU_PERIOD, "CpuQuota": nano_cpus * CPU_PERIOD // 1_000_000_000}
        if self._wire.engine.update_resets_restart_policy and "RestartPolicy" not in full:
            host_config = (self.inspect(name) or {}).get("HostConfig", {})
            full["RestartPolicy"] = host_config.get("RestartPolicy")
        return full


def _used(host_config: Mapping[str, Any]) -> Iterator[str]:
    """The names of other containers in what a container is to be made of."""
    for field in ("Links", "VolumesFrom"):
        yield from (str(one).partition(":")[0] for one in host_config.get(field) or [])
    for field in ("NetworkMode", "PidMode", "IpcMode"):
        kind, _colon, name = str(host_config.get(field) or "").partition(":")
        if kind == "container":
            yield name


def _used_natively(body: Mapping[str, Any]) -> Iterator[str]:
    """As :func:`_used`, of Podman's own description."""
    yield from (str(one).partition(":")[0] for one in body.get("volumes_from") or [])
    for field in ("netns", "pidns", "ipcns", "utsns"):
        if (namespace := body.get(field) or {}).get("nsmode") == "container":
            yield str(namespace.get("value") or "")
