# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One engine behind one Unix socket: the requests that the actions make, the same for Podman and Docker.

Every method raises EngineError (kinds in ``failures.py``). Names and references are checked before they come here.
Where an engine does something else than Docker with the same request, ``dialects.py`` says so and the method makes
up for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine import facts, sdk, streams
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.dialects import dialect
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.failures import (
    a_list,
    an_object,
    check,
    not_an_engine,
    translated,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.identity import (
    NO_ENGINE,
    EngineIdentity,
    identify,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.references import (
    plain_name,
    segment,
    split_reference,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

Log = Callable[[str], None]
Progress = Callable[[dict[str, Any]], None]

# Seconds an engine waits for a container to stop when nobody says anything.
USUAL_STOP_TIMEOUT = 10
# Seconds without a word from the engine after which a pull counts as dead, unless the user's timeout is longer: Podman
# says nothing while it unpacks a layer.
PULL_SILENCE = 600.0
# Errors that are not in the engine's own words.
UNSAID = frozenset({"no_answer", "timeout", "unknown_engine"})
CPU_PERIOD = 100_000  # microseconds, the kernel's default
# Podman (4.3) about a container that was removed while it was being inspected, with status 500.
VANISHED = "does not exist in database"


def _quiet(_message: str) -> None:
    """Nobody listens."""


class EngineClient:
    """A connection to one engine. With ``identity`` (remembered with the tunnel) making one costs no request.

    ``socket_path`` is a local Unix socket; ``timeout`` is in seconds, for each answer; ``log`` gets one line for each
    warning of the engine; ``where`` names socket and host in errors that are not in the engine's own words. Raises
    EngineError, also when the docker SDK is missing (kind ``controller``).
    ``warned`` collects the engine's warnings.
    ``answered`` tells whether any request has succeeded: until then, nothing can have been changed.
    """

    def __init__(
        self,
        socket_path: str,
        *,
        timeout: float = 60,
        identity: EngineIdentity | None = None,
        log: Log = _quiet,
        where: str = "",
    ) -> None:
        sdk.require_sdk()
        self.timeout = timeout
        self._log = log
        self._socket_path = socket_path
        self._where = f"{where}: " if where else ""
        self.answered = False
        self.warned: list[str] = []
        self.identity = identity or self._negotiate()
        self.dialect = dialect(self.identity)
        self._api: Any = sdk.PrivateAPIClient(socket_path, self.identity.api_version, timeout)

    def close(self) -> None:
        """Close the connections; the client cannot be used any more."""
        self._api.close()

    def __enter__(self) -> EngineClient:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    # --- the engine

    def ping(self) -> None:
        """Return if the engine answers."""
        with self._sending("ping"):
            if self._api.ping() is not True:
                raise not_an_engine(f"{NO_ENGINE}: its ping is not OK.")

    def version(self) -> dict[str, Any]:
        """``GET /version`` as the engine gives it."""
        with self._sending("version"):
            return an_object(self._api.version(), "version")

    def info(self) -> dict[str, Any]:
        """``GET /info`` as the engine gives it; ``facts.engine_facts`` makes one shape of it."""
        with self._sending("info"):
            return an_object(self._api.info(), "info")

    def disk_usage(self) -> dict[str, Any]:
        """Disk usage in one shape for both engines, see ``facts.disk_usage``."""
        with self._sending("disk usage"):
            return facts.disk_usage(an_object(self._api.df(), "disk usage"))

    # --- containers

    def inspect_container(self, name: str) -> dict[str, Any] | None:
        """The engine's description of a container (name or id), None when there is none."""
        return self._found(
            "container_missing", f"inspect container {name}", lambda: self._api.inspect_container(plain_name(name))
        )

    def list_containers(self, *, all: bool = True, filters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """``GET /containers/json``; ``filters`` as the API has them, e.g. {'label': ['a=b']}."""
        with self._sending("list containers"):
            return a_list(self._api.containers(all=all, filters=dict(filters or {})), "list containers")

    def create_container(self, name: str, config: Mapping[str, Any], platform: str | None = None) -> str:
        """Create a container from a full API body and return its id. The engine's warnings go to the log."""
        with self._sending(f"create container {name}"):
            created = self._api.create_container_from_config(dict(config), name=name, platform=platform)
            answer = an_object(created, "create container")
        self._warn(f"create container {name}", answer)
        return str(answer.get("Id", ""))

    def start(self, name: str) -> None:
        """Start a container; nothing happens when it runs."""
        self._post(f"start container {name}", f"/containers/{segment(name)}/start")

    def stop(self, name: str, timeout: int | None = None) -> None:
        """Stop a container if it runs; it is killed after ``timeout`` seconds, None for the container's own timeout."""
        self._post_waiting("stop", name, timeout)

    def restart(self, name: str, timeout: int | None = None) -> None:
        """Stop and start a container; ``timeout`` as with ``stop``."""
        if timeout is None and self.dialect.restart_ignores_stop_timeout:
            timeout = self._stop_timeout(name)
        self._post_waiting("restart", name, timeout)

    def kill(self, name: str, signal: str | None = None) -> None:
        """Send a signal to a running container, SIGKILL if none is named."""
        with self._sending(f"kill container {name}"):
            self._api.kill(plain_name(name), signal)

    def pause(self, name: str) -> None:
        """Freeze a running container."""
        with self._sending(f"pause container {name}"):
            self._api.pause(plain_name(name))

    def unpause(self, name: str) -> None:
        """Let a paused container go on."""
        with self._sending(f"unpause container {name}"):
            self._api.unpause(plain_name(name))

    def rename(self, name: str, new: str) -> None:
        """Give a container another name."""
        with self._sending(f"rename container {name}"):
            self._api.rename(plain_name(name), new)

    def remove(self, name: str, *, force: bool = False, volumes: bool = False) -> None:
        """Remove a container. ``force`` kills a running one, at once; ``volumes`` removes its anonymous volumes."""
        if force and self.dialect.force_remove_waits:
            self._kill_quietly(name)
        with self._sending(f"remove container {name}"):
            self._api.remove_container(plain_name(name), v=volumes, force=force)

    def update(self, name: str, body: Mapping[str, Any]) -> None:
        """Change a container live; ``body`` holds HostConfig fields from ``dialect.live_update``. Others are kept."""
        answer = self._post(
            f"update container {name}", f"/containers/{segment(name)}/update", body=self._update_body(name, body)
        )
        with self._sending(f"update container {name}"):
            self._warn(f"update container {name}", an_object(answer.json(), "update"))

    def logs_tail(self, name: str, lines: int = 20, *, tty: bool | None = None, since: str = "") -> str:
        """The last ``lines`` lines a container wrote, stdout and stderr. ``tty`` is Config.Tty, asked for when None;
        ``since`` (seconds since the epoch) leaves out what was written before.
        """
        if tty is None:
            tty = bool((self.inspect_container(name) or {}).get("Config", {}).get("Tty"))
        query: dict[str, Any] = {"stdout": 1, "stderr": 1, "tail": lines, **({"since": since} if since else {})}
        with self._sending(f"logs of container {name}"):
            answer = self._api.get(self._url(f"/containers/{segment(name)}/logs"), params=query, timeout=self.timeout)
            check(answer)
            return streams.last_lines(streams.log_text(answer.content, tty=tty), lines)

    # --- networks and images

    def inspect_network(self, name: str) -> dict[str, Any] | None:
        """The engine's description of a network (name or id), None when there is none."""
        return self._found(
            "network_missing", f"inspect network {name}", lambda: self._api.inspect_network(plain_name(name))
        )

    def connect_network(self, network: str, container: str, endpoint_config: Mapping[str, Any] | None = None) -> None:
        """Connect a container to a network; ``endpoint_config`` is the API's EndpointSettings ({'Aliases': […]}, …)."""
        body = {"Container": container, "EndpointConfig": dict(endpoint_config or {})}
        self._post(
            f"connect container {container} to network {network}", f"/networks/{segment(network)}/connect", body=body
        )

    def disconnect_network(self, network: str, container: str, *, force: bool = False) -> None:
        """Take a container off a network."""
        with self._sending(f"disconnect container {container} from network {network}"):
            self._api.disconnect_container_from_network(container, plain_name(network), force=force)

    def inspect_image(self, ref: str) -> dict[str, Any] | None:
        """The engine's description of an image (reference or id), None when it is not there."""
        return self._found("image_missing", f"inspect image {ref}", lambda: self._api.inspect_image(ref))

    def pull_image(self, ref: str, progress: Progress | None = None, platform: str | None = None) -> None:
        """Pull an image without credentials. ``progress`` gets each entry of the engine's progress as it comes."""
        repository, tag = split_reference(ref)
        silence = max(self.timeout, PULL_SILENCE)
        with self._sending(f"pull image {ref}", silence):
            query = {"fromImage": repository, "tag": tag, **({"platform": platform} if platform else {})}
            with self._api.post(self._url("/images/create"), params=query, stream=True, timeout=silence) as answer:
                check(answer)
                for entry in streams.progress_entries(answer.iter_content(None)):
                    if progress is not None:
                        progress(entry)

    # --- how

    def _negotiate(self) -> EngineIdentity:
        api = sdk.PrivateAPIClient(self._socket_path, "", self.timeout)
        try:
            with self._sending("version"):
                return identify(api.version(api_version=False))
        except EngineError as error:
            if error.status != 404:
                raise
            raise not_an_engine(f"{NO_ENGINE}: it knows no /version ({error.message[:200]!r}).") from error
        finally:
            api.close()

    @contextmanager
    def _sending(self, request: str, timeout: float | None = None) -> Iterator[None]:
        try:
            with translated(request, self.timeout if timeout is None else timeout):
                yield
        except EngineError as error:
            if error.kind in UNSAID and not error.message.startswith(self._where):
                error.message = f"{self._where}{error.message}"
            raise
        self.answered = True

    def _url(self, path: str) -> str:
        return f"{self._api.base_url}/v{self._api.api_version}{path}"

    def _post(
        self,
        request: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        timeout: float | None = None,
    ) -> Any:
        timeout = self.timeout if timeout is None else timeout
        data = None if body is None else json.dumps(body)
        headers = None if body is None else {"Content-Type": "application/json"}
        with self._sending(request, timeout):
            answer = self._api.post(self._url(path), params=query, data=data, headers=headers, timeout=timeout)
            check(answer)
            return answer

    def _post_waiting(self, verb: str, name: str, timeout: int | None) -> None:
        """``POST /containers/{name}/stop`` or ``restart``: the answer comes when the container has stopped."""
        query = {} if timeout is None else {"t": timeout}
        patience = self.timeout + (USUAL_STOP_TIMEOUT if timeout is None else timeout)
        self._post(f"{verb} container {name}", f"/containers/{segment(name)}/{verb}", query=query, timeout=patience)

    def _found(self, missing: str, request: str, inspect: Callable[[], Any]) -> dict[str, Any] | None:
        try:
            with self._sending(request):
                return an_object(inspect(), request)
        except EngineError as error:
            if error.kind == missing and (error.status == 404 or VANISHED in error.message):
                return None
            raise

    def _stop_timeout(self, name: str) -> int | None:
        config = (self.inspect_container(name) or {}).get("Config", {})
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
        if self.dialect.update_ignores_nano_cpus and "NanoCpus" in full:
            nano_cpus = full.pop("NanoCpus")
            full |= {"CpuPeriod": CPU_PERIOD, "CpuQuota": nano_cpus * CPU_PERIOD // 1_000_000_000}
        if self.dialect.update_resets_restart_policy and "RestartPolicy" not in full:
            host_config = (self.inspect_container(name) or {}).get("HostConfig", {})
            full["RestartPolicy"] = host_config.get("RestartPolicy")
        return full

    def _warn(self, request: str, answer: Mapping[str, Any]) -> None:
        for warning in answer.get("Warnings") or []:
            self.warned.append(str(warning))
            self._log(f"{request}: {warning}")
