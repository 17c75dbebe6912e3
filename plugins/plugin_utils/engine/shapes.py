# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What answers have to look like, as far as we rely on it. Pure.

A shape is a type (or a tuple of them), [shape] for a list of such, {field: shape} for an object with fields, of which
any may be missing (Named says which may not), and Keyed(shape) for an object whose fields have any names. null is
possible everywhere but as the whole answer and in a list of Named.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import chain
from typing import Any

from ..dataclass import dataclass
from .bounds import BadAnswer, shown

_NULL = type(None)
NUMBER = (int, float)


@dataclass(frozen=True)
class Keyed:
    """An object whose fields have any names, and values of one shape."""

    values: Any


@dataclass(frozen=True)
class Named:
    """An object with fields, of which some are always there."""

    fields: dict[str, Any]
    required: tuple[str, ...]


TEXTS = Keyed(str)
OBJECT: dict[str, Any] = {}

CONTAINER = Named({
    "Id": str,
    "Name": str,
    "Image": str,
    "Created": str,
    "State": {
        "Status": str, "Running": bool, "Paused": bool, "ExitCode": int, "Pid": int, "StartedAt": str,
        "FinishedAt": str, "Error": str, "Health": {"Status": str, "Log": [OBJECT]},
    },
    "Config": {
        "Env": [str], "Labels": TEXTS, "Cmd": [str], "Entrypoint": [str], "ExposedPorts": Keyed(OBJECT),
        "Volumes": Keyed(OBJECT), "Healthcheck": OBJECT, "Tty": bool, "Image": str, "Hostname": str, "User": str,
        "WorkingDir": str, "StopTimeout": NUMBER,
    },
    "HostConfig": {
        "Binds": [str], "PortBindings": Keyed([OBJECT]), "RestartPolicy": {"Name": str, "MaximumRetryCount": int},
        "NetworkMode": str, "CapAdd": [str], "CapDrop": [str], "Dns": [str], "DnsOptions": [str], "DnsSearch": [str],
        "ExtraHosts": [str], "GroupAdd": [str], "Links": [str], "VolumesFrom": [str], "SecurityOpt": [str],
        "Devices": [OBJECT], "DeviceRequests": [OBJECT], "DeviceCgroupRules": [str], "Ulimits": [OBJECT],
        "Mounts": [OBJECT], "Tmpfs": TEXTS, "Sysctls": TEXTS, "StorageOpt": TEXTS,
        "LogConfig": {"Type": str, "Config": TEXTS}, "Memory": int, "MemorySwap": int, "MemoryReservation": int,
        "NanoCpus": int, "CpuShares": int, "CpuPeriod": int, "CpuQuota": int, "PidsLimit": int, "ShmSize": int,
        "CpusetCpus": str, "CpusetMems": str, "IpcMode": str, "PidMode": str, "UTSMode": str, "UsernsMode": str,
        "CgroupnsMode": str, "Runtime": str, "OomScoreAdj": int, "Privileged": bool, "ReadonlyRootfs": bool,
        "AutoRemove": bool,
    },
    "NetworkSettings": {"Networks": Keyed(OBJECT), "Ports": Keyed([OBJECT])},
    "Mounts": [OBJECT],
}, ("Id", "Name"))  # fmt: skip
CONTAINERS = [Named({"Id": str, "Names": [str], "Labels": TEXTS, "State": str, "Ports": [OBJECT]}, ("Id",))]
# Podman's own list.
NAMED = [Named({"Id": str, "Names": [str], "Labels": TEXTS}, ("Id",))]
HEALTHS = [Named({"Id": str, "Status": str}, ("Id",))]
MEMBERS = [{"Pod": str, "PodName": str}]
IMAGE = Named({
    "Id": str,
    "RepoTags": [str],
    "RepoDigests": [str],
    "Os": str,
    "Architecture": str,
    "Config": {
        "Env": [str], "Labels": TEXTS, "Cmd": [str], "Entrypoint": [str], "ExposedPorts": Keyed(OBJECT),
        "Volumes": Keyed(OBJECT), "Healthcheck": OBJECT, "User": str, "WorkingDir": str,
    },
    "RootFS": {"Layers": [str]},
    "Size": NUMBER,
}, ("Id",))  # fmt: skip
IMAGES = [
    Named(
        {"Id": str, "RepoTags": [str], "RepoDigests": [str], "Labels": TEXTS, "Size": NUMBER, "Created": NUMBER},
        ("Id",),
    )
]
NETWORK = Named(
    {
        "Name": str, "Id": str, "Driver": str, "Labels": TEXTS, "Options": TEXTS,
        "IPAM": {"Driver": str, "Config": [OBJECT], "Options": TEXTS}, "Containers": Keyed(OBJECT),
    },
    ("Name", "Id"),
)  # fmt: skip
# Podman's own description.
PODMAN_NETWORK = Named(
    {
        "name": str, "id": str, "driver": str, "labels": TEXTS, "options": TEXTS, "ipam_options": TEXTS,
        "subnets": [OBJECT], "routes": [OBJECT], "network_dns_servers": [str], "containers": Keyed(OBJECT),
    },
    ("name", "id"),
)  # fmt: skip
_VOLUME = {"Name": str, "Driver": str, "Mountpoint": str, "Labels": TEXTS, "Options": TEXTS, "CreatedAt": str}
VOLUME = Named(_VOLUME, ("Name",))
VOLUMES = {"Volumes": [VOLUME]}
POD = Named(
    {
        "Id": str, "Name": str, "State": str, "Hostname": str, "Labels": TEXTS, "ExitPolicy": str, "Created": str,
        "RestartPolicy": str, "CreateInfra": bool, "InfraContainerID": str, "SharedNamespaces": [str],
        "InfraConfig": {
            "PortBindings": Keyed([{"HostIp": str, "HostPort": str}]), "HostNetwork": bool, "Networks": [str],
            "DNSServer": [str], "DNSSearch": [str], "DNSOption": [str], "HostAdd": [str],
        },
        "Containers": [Named({"Id": str, "Name": str, "State": str}, ("Id", "Name"))],
    },
    ("Id", "Name"),
)  # fmt: skip
LISTED_POD = Named({"Id": str, "Name": str, "InfraId": str, "Labels": TEXTS}, ("Id", "Name"))
POD_MEMBER = Named({"Id": str, "Names": [str], "State": str, "ExitCode": int, "IsInfra": bool}, ("Id", "Names"))
# What Podman says of a Kubernetes YAML that it has played.
PLAYED = {"Pods": [{"ID": str, "ContainerErrors": [str]}]}
SECRET = Named(
    {
        "ID": str, "CreatedAt": str, "UpdatedAt": str,
        "Spec": Named({"Name": str, "Driver": {"Name": str, "Options": TEXTS}, "Labels": TEXTS}, ("Name",)),
    },
    ("ID", "Spec"),
)  # fmt: skip
SECRET_CREATED = Named({"ID": str}, ("ID",))
# Of Podman's own description of a container, what Docker's words leave out.
PODMAN_CONTAINER = Named(
    {
        "Id": str, "Name": str, "State": {"Running": bool},
        "Config": {"Env": [str], "CreateCommand": [str], "Secrets": [{"Name": str}]},
    },
    ("Id", "Name"),
)  # fmt: skip
VERSION = {"Version": str, "ApiVersion": str, "MinAPIVersion": str, "Components": [{"Name": str}]}
INFO = {
    "SecurityOptions": [str], "Warnings": [str], "NCPU": int, "MemTotal": int, "Containers": int,
    "ContainersRunning": int, "ContainersPaused": int, "ContainersStopped": int, "Images": int,
    "CgroupVersion": (str, int), "Runtimes": Keyed(OBJECT), "SystemTime": str,
}  # fmt: skip
DISK_USAGE = {
    "LayersSize": NUMBER,
    "Images": [{"Id": str, "Size": NUMBER, "SharedSize": NUMBER, "Containers": NUMBER}],
    "Containers": [{"Id": str, "Names": [str], "Labels": TEXTS, "State": str, "SizeRw": NUMBER}],
    "Volumes": [{**_VOLUME, "UsageData": {"Size": NUMBER, "RefCount": NUMBER}}],
    "BuildCache": [{"ID": str, "Size": NUMBER, "Shared": bool, "InUse": bool}],
}
CREATED = Named({"Id": str, "Warnings": [str], "Warning": str}, ("Id",))
UPDATED = {"Warnings": [str]}
STARTED = Named({"Id": str}, ("Id",))
EXEC = {"Running": bool, "ExitCode": int, "Pid": int}
STATS = {"cpu_stats": OBJECT, "precpu_stats": OBJECT, "memory_stats": OBJECT, "blkio_stats": OBJECT, "networks": OBJECT}
TOP = {"Titles": [str], "Processes": [[str]]}
CHANGES = [{"Path": str, "Kind": int}]
DIGEST = {"Descriptor": {"digest": str}}
PRUNED = {"CachesDeleted": [str], "SpaceReclaimed": NUMBER}
# An entry of a stream of progress, or of events.
ENTRY = {
    "error": str, "errorDetail": {"message": str}, "status": str, "stream": str, "id": str, "progressDetail": OBJECT,
    "Type": str, "Action": str, "Actor": {"ID": str, "Attributes": TEXTS}, "time": NUMBER, "timeNano": NUMBER,
}  # fmt: skip


def require(value: Any, shape: Any) -> Any:
    """The value, if it has the shape.

    :raises BadAnswer: naming what is something else, and what it is.
    """
    if value is None:
        if isinstance(shape, list):  # Go's way to write an empty one
            return []
        raise BadAnswer("it is null")
    _require(value, shape, "")
    return value


def _require(value: Any, shape: Any, where: str) -> None:
    kind = type(shape)
    if kind is Named:
        _fields(value, shape.fields, where)
        for field in shape.required:
            if value.get(field) is None:
                raise BadAnswer(f"{_place(where)} has no {field}: {shown(value)}")
    elif value is not None:
        _BY_KIND.get(kind, _plain)(value, shape, where)


def _fields(value: Any, fields: dict[str, Any], where: str) -> None:
    if not isinstance(value, dict):
        raise _otherwise("an object", value, where)
    for field, inner in fields.items():
        if (found := value.get(field)) is not None and found.__class__ is not inner:
            _require(found, inner, f"{where}.{field}" if where else field)


def _keyed(value: Any, shape: Keyed, where: str) -> None:
    if not isinstance(value, dict):
        raise _otherwise("an object", value, where)
    if not _all(value.values(), shape.values):
        for key, one in value.items():
            _require(one, shape.values, f"{where}.{key[:60]}")


def _list(value: Any, shape: list[Any], where: str) -> None:
    if not isinstance(value, list):
        raise _otherwise("a list", value, where)
    if not _all(value, shape[0]):
        inside = f"{where}[]"
        for one in value:
            _require(one, shape[0], inside)


def _all(values: Collection[Any], shape: Any) -> bool:
    """Whether all have the shape: a quick look, field by field over all, that does not say what is wrong."""
    kinds = set(map(type, values))
    kind = type(shape)
    if kind is type:
        return kinds <= {shape, _NULL}
    if kind is tuple:
        return kinds <= {*shape, _NULL}
    if not kinds <= ({list, _NULL} if kind is list else {dict, _NULL}):
        return False
    there = [one for one in values if one] if _NULL in kinds or kind is not dict else values
    if kind is list:
        return _all(list(chain.from_iterable(there)), shape[0])
    if kind is Keyed:
        return _all([value for one in there for value in one.values()], shape.values)
    fields, required = (shape.fields, shape.required) if kind is Named else (shape, ())
    if required and len(there) != len(values):
        return False
    columns = {field: [one.get(field) for one in there] for field in fields}
    return all(_all(columns[field], inner) for field, inner in fields.items()) and all(
        None not in columns[field] for field in required
    )


def _plain(value: Any, shape: Any, where: str) -> None:
    if not isinstance(value, shape) or (isinstance(value, bool) and shape is not bool):
        raise _otherwise({str: "a text", bool: "a truth value"}.get(shape, "a number"), value, where)


_BY_KIND: dict[type, Callable[[Any, Any, str], None]] = {dict: _fields, list: _list, Keyed: _keyed}


def _otherwise(wanted: str, value: Any, where: str) -> BadAnswer:
    return BadAnswer(f"{_place(where)} is not {wanted}, but {shown(value)}")


def _place(where: str) -> str:
    return ascii(where)[1:-1] or "it"
