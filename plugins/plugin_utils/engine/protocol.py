# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an engine can be asked, as types, with what each request is declared to be: one that reads, or one that changes
something on the host. What works with an engine is typed against these; what a request does is told where it is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ..dataclass import dataclass

if TYPE_CHECKING:
    from ..errors import EngineError
    from .differences.engine import Engine
    from .identity import EngineIdentity

# {username, password, serveraddress}
Auth = Mapping[str, str]
# Gets each entry of the engine's progress.
Progress = Callable[[dict[str, Any]], None]
# Gets what a command writes: 1 or 2 for stdout or stderr, and bytes.
Output = Callable[[int, bytes], None]
# Gets what a container wrote: as Output, and whether an entry of the log begins with the bytes.
LogOutput = Callable[[int, bytes, bool], None]
# What an engine says of one thing, and of many.
Description = dict[str, Any]
Descriptions = list[dict[str, Any]]
Fields = Mapping[str, Any]

Request = TypeVar("Request", bound=Callable[..., Any])
_CHANGES: dict[str, bool] = {}  # by the request's name with its group's


def read(request: Request) -> Request:
    """Declares a request to change nothing on the host."""
    _CHANGES[request.__qualname__] = False
    return request


def change(request: Request) -> Request:
    """Declares a request to change something on the host."""
    _CHANGES[request.__qualname__] = True
    return request


@dataclass(frozen=True)
class PathStat:
    """What is at a path in a container: ``kind`` is file, dir, link or other; ``size`` is in bytes, ``mode`` has Unix's
    permission bits; ``target`` is where a link leads to, as the engine tells it.
    """

    kind: str
    size: int
    mode: int
    target: str = ""


class SystemRequests(Protocol):
    """The engine itself."""

    @read
    def ping(self, timeout: float | None = None) -> None: ...
    @read
    def now(self) -> float: ...
    @read
    def clock(self) -> float: ...
    @read
    def version(self) -> Description: ...
    @read
    def info(self) -> Description: ...
    @read
    def disk_usage(self) -> Description: ...
    @read
    def disk_usage_report(self) -> Description: ...


class ContainerRequests(Protocol):
    """Containers, by name or ID."""

    @read
    def inspect(self, name: str) -> Description | None: ...
    @read
    def list(self, *, all: bool = True, filters: Fields | None = None) -> Descriptions: ...
    @read
    def named(self) -> Descriptions: ...
    @read
    def healths(self) -> Mapping[str, str]: ...
    @read
    def log_tail(self, name: str, lines: int = 20, *, tty: bool | None = None, since: str = "") -> str: ...
    @read
    def logs(self, name: str, query: Fields, output: LogOutput, *, tty: bool) -> None: ...
    @read
    def stats(self, name: str) -> Description: ...
    @read
    def top(self, name: str, ps_args: str) -> Description: ...
    @read
    def changes(self, name: str) -> Descriptions: ...
    @read
    def pod_of(self, container: str) -> str: ...
    @read
    def inspect_native(self, name: str) -> Description | None: ...
    @change
    def create(self, name: str, config: Fields, platform: str | None = None) -> str: ...
    @change
    def create_native(self, body: Fields) -> str: ...
    @change
    def start(self, name: str) -> None: ...
    @change
    def stop(self, name: str, timeout: int | None = None) -> None: ...
    @change
    def restart(self, name: str, timeout: int | None = None) -> None: ...
    @change
    def kill(self, name: str, signal: str | None = None) -> None: ...
    @change
    def pause(self, name: str) -> None: ...
    @change
    def unpause(self, name: str) -> None: ...
    @change
    def rename(self, name: str, new: str) -> None: ...
    @change
    def remove(self, name: str, *, force: bool = False, volumes: bool = False) -> None: ...
    @change
    def update(self, name: str, body: Fields) -> None: ...


class ExecRequests(Protocol):
    """Commands in running containers."""

    @change
    def create(self, container: str, config: Fields) -> str: ...

    @change
    def attach(
        self,
        identity: str,
        output: Output,
        *,
        tty: bool = False,
        source: Iterator[bytes | None] | None = None,
        deadline: float | None = None,
        now: Callable[[], float] = ...,
    ) -> None: ...

    @change
    def start_detached(self, identity: str, tty: bool = False) -> None: ...
    @read
    def inspect(self, identity: str) -> Description: ...


class ArchiveRequests(Protocol):
    """Files in containers, running or not."""

    @read
    def stat(self, container: str, path: str) -> PathStat | None: ...
    @read
    def get(self, container: str, path: str) -> AbstractContextManager[Iterator[bytes]]: ...

    @change
    def put(
        self, container: str, directory: str, chunks: Iterable[bytes], replaces_directories: bool = False
    ) -> None: ...


class ImageRequests(Protocol):
    """Images, by reference or ID."""

    @read
    def inspect(self, ref: str) -> Description | None: ...
    @read
    def list(self, *, all: bool = False, filters: Fields | None = None) -> Descriptions: ...
    @read
    def registry_digest(self, ref: str, auth: Auth | None = None) -> str | None: ...
    @read
    def save(self, refs: Sequence[str]) -> AbstractContextManager[Iterator[bytes]]: ...
    @change
    def tag(self, ref: str, new: str) -> None: ...
    @change
    def remove(self, ref: str, *, force: bool = False, prune: bool = True) -> None: ...

    @change
    def pull(
        self, ref: str, progress: Progress | None = None, platform: str | None = None, auth: Auth | None = None
    ) -> None: ...

    @change
    def push(self, ref: str, progress: Progress | None = None, auth: Auth | None = None) -> None: ...

    @change
    def build(
        self,
        query: Fields,
        context: Iterable[bytes],
        progress: Progress,
        *,
        auths: Mapping[str, Auth] | None = None,
        silence: float | None = None,
    ) -> None: ...

    @change
    def load(self, archive: Iterable[bytes], progress: Progress | None = None) -> None: ...
    @change
    def prune_builds(self, query: Fields) -> Description: ...


class NetworkRequests(Protocol):
    """Networks, by name or ID; ``native`` is what Podman says of them in its own words."""

    @read
    def inspect(self, name: str) -> Description | None: ...
    @read
    def inspect_native(self, name: str) -> Description | None: ...
    @read
    def list_native(self) -> Descriptions: ...
    @change
    def create(self, body: Fields) -> str: ...
    @change
    def create_again(self, body: Fields, description: Fields) -> None: ...
    @change
    def remove(self, name: str) -> None: ...
    @change
    def connect(self, network: str, container: str, endpoint_config: Fields | None = None) -> None: ...
    @change
    def disconnect(self, network: str, container: str, *, force: bool = False) -> None: ...


class VolumeRequests(Protocol):
    """Volumes, by name."""

    @read
    def inspect(self, name: str) -> Description | None: ...
    @read
    def list(self, filters: Fields | None = None) -> Descriptions: ...
    @change
    def create(self, body: Fields) -> None: ...
    @change
    def remove(self, name: str) -> None: ...


class SecretRequests(Protocol):
    """Podman's secrets, by name; what they hold is never asked for."""

    @read
    def inspect(self, name: str) -> Description | None: ...
    @read
    def list(self) -> Descriptions: ...

    @change
    def create(
        self,
        name: str,
        data: bytes,
        *,
        driver: str = "",
        driver_options: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
        replace: bool = False,
    ) -> str: ...

    @change
    def remove(self, identity: str) -> None: ...


class PodRequests(Protocol):
    """Podman's pods, by name or ID."""

    @read
    def inspect(self, name: str) -> Description | None: ...
    @read
    def list(self) -> Descriptions: ...
    @read
    def members(self, identity: str) -> Descriptions: ...
    @change
    def create(self, body: Fields) -> str: ...
    @change
    def start(self, name: str) -> None: ...
    @change
    def stop(self, name: str) -> None: ...
    @change
    def restart(self, name: str) -> None: ...
    @change
    def pause(self, name: str) -> None: ...
    @change
    def unpause(self, name: str) -> None: ...
    @change
    def remove(self, identity: str) -> None: ...


class KubeRequests(Protocol):
    """Kubernetes YAML, as Podman plays it and makes it of what it has."""

    @read
    def generate(self, names: Sequence[str], *, service: bool = False) -> str: ...
    @change
    def play(self, name: str, documents: bytes, query: Fields) -> Sequence[str]: ...


class RegistryRequests(Protocol):
    """Registries, as the engine reaches them."""

    @read
    def log_in(self, auth: Auth) -> None: ...


class EventRequests(Protocol):
    """What has happened on the engine."""

    @read
    def list(self, since: float, until: float, filters: Mapping[str, Sequence[str]]) -> Iterator[Description]: ...


class Client(Protocol):
    """A client of one engine; see ``client.EngineClient``."""

    @property
    def identity(self) -> EngineIdentity: ...
    @property
    def engine(self) -> Engine: ...
    @property
    def timeout(self) -> float: ...
    @property
    def warned(self) -> list[str]: ...
    @property
    def answered(self) -> bool: ...
    @property
    def may_have_changed(self) -> bool: ...
    @property
    def credentials(self) -> Callable[[str], Auth | None]: ...
    @property
    def system(self) -> SystemRequests: ...
    @property
    def containers(self) -> ContainerRequests: ...
    @property
    def execs(self) -> ExecRequests: ...
    @property
    def archives(self) -> ArchiveRequests: ...
    @property
    def images(self) -> ImageRequests: ...
    @property
    def networks(self) -> NetworkRequests: ...
    @property
    def volumes(self) -> VolumeRequests: ...
    @property
    def secrets(self) -> SecretRequests: ...
    @property
    def pods(self) -> PodRequests: ...
    @property
    def kube(self) -> KubeRequests: ...
    @property
    def registries(self) -> RegistryRequests: ...
    @property
    def events(self) -> EventRequests: ...
    def changing(self) -> AbstractContextManager[None]: ...
    def another(self, timeout: float) -> Client: ...
    def unreadable(self, problem: Exception) -> EngineError: ...
    def close(self) -> None: ...


GROUPS: Mapping[str, type] = {
    "system": SystemRequests,
    "containers": ContainerRequests,
    "execs": ExecRequests,
    "archives": ArchiveRequests,
    "images": ImageRequests,
    "networks": NetworkRequests,
    "volumes": VolumeRequests,
    "secrets": SecretRequests,
    "pods": PodRequests,
    "kube": KubeRequests,
    "registries": RegistryRequests,
    "events": EventRequests,
}
# {group: {request: whether it changes something}}; a request that is not declared ends the import.
REQUESTS: Mapping[str, Mapping[str, bool]] = {
    group: {name: _CHANGES[f"{kind.__name__}.{name}"] for name in vars(kind) if not name.startswith("_")}
    for group, kind in GROUPS.items()
}
