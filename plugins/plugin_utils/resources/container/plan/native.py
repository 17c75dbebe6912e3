# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A create body in the words of Podman's own API: for containers of which Docker's words can't say all.

Podman itself makes the same of a body in Docker's words (``pkg/api/handlers/compat/containers_create.go`` and
``pkg/specgenutil/specgen.go`` of its source, 4.3 to 5.8), so that a container is the same by either way; the test of
both, ``tests/lab/test_native_creation.py``, compares what they come to. What a body says that is not in the table here
is refused: nothing is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ....errors import InvalidOption
from ...shared.environment import split_env
from ..options import process
from ..options.row import NATIVE
from . import native_limits as limits
from . import native_storage as storage

Native = dict[str, Any]

_CHECK_USUAL = {"Interval": 30 * 10**9, "Retries": 3, "Timeout": 30 * 10**9}
_MAPS = ("UIDMap", "GIDMap")
_MODES = ("bridge", "host", "none")
_DEFAULT_MODES = ("", "default", "private")
_USER_NAMESPACE = "io.podman.annotations.userns"
_DECIMAL = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgtp]?)i?b?", re.IGNORECASE)
_SECURITY_ANNOTATION = "io.podman.annotations."


def native_body(name: str, body: Mapping[str, Any], engine: Engine, platform: str | None = None) -> Native:
    """The body for POST /libpod/containers/create.

    :param body: of POST /containers/create, with what only Podman's own API can say under ``NATIVE``.
    :raises InvalidOption: what is asked for can't be said there.
    """
    host = body["HostConfig"]
    native: Native = {
        "name": name, "image": body["Image"], "labels": dict(body["Labels"]), "httpproxy": False, "env_host": False,
        "privileged": bool(host.get("Privileged")), "create_working_dir": True, "systemd": "true",
        "image_volume_mode": "anonymous", "base_hosts_file": "none", "annotations": {},
        "umask": "",
        "oom_score_adj": host.get("OomScoreAdj") or 0,
    }  # fmt: skip
    if platform:
        native |= dict(zip(("image_os", "image_arch", "image_variant"), platform.split("/"), strict=False))
    for key, value in body.items():
        if key not in _ELSEWHERE:
            _CONFIG[key](native, value)
    for key, value in host.items():
        if key in limits.PLACES:
            limits.resource(native, key, value)
        elif key in limits.RATES:
            limits.rates(native, key, value)
        elif key not in _ELSEWHERE:
            _HOST[key](native, value)
    own = dict(body.get(NATIVE) or {})
    storage.read_only_root(native, bool(host.get("ReadonlyRootfs")), own.pop("read_write_tmpfs", True), engine)
    limits.files(native, own.pop("unified", {}))
    _network(native, body, in_pod=bool(own.get("pod")))
    return _with_own(native, own)


def _with_own(native: Native, own: Mapping[str, Any]) -> Native:
    """What only this API can say, in its own words already."""
    annotations = {**native["annotations"], **own.get("annotations", {})}
    mapped = own.get("idmappings")
    if mapped:
        users, groups = (mapped.get(key) or mapped.get(other) for key, other in (_MAPS, reversed(_MAPS)))
        maps = {"HostUIDMapping": False, "HostGIDMapping": False, "UIDMap": users, "GIDMap": groups}
        native |= {"userns": {"nsmode": "private"}}
        own = {**own, "idmappings": maps}
    elif not own.get("pod"):
        native["idmappings"] = _mappings_of(native.get("userns") or {})
    return {**native, **own, "annotations": annotations}


def _mappings_of(namespace: Mapping[str, str]) -> Native:
    """What the mode of the user namespace means for the mappings."""
    kind, options = namespace.get("nsmode"), namespace.get("value")
    host = kind not in ("auto", "keep-id", "nomap")
    mappings: Native = {"HostUIDMapping": host, "HostGIDMapping": host}
    if kind != "auto":
        return mappings
    size = re.fullmatch(r"size=(\d{1,9})", options or "size=0")
    if not size:
        raise InvalidOption(
            "userns_mode", f"{kind}:{options}", "of auto, only the size is taken beside options of Podman's own.",
            "Write auto or auto:size=65536, or give uidmap and gidmap.",
        )  # fmt: skip
    return {**mappings, "AutoUserNs": True, "AutoUserNsOpts": {"Size": int(size[1])}}


def _to(key: str) -> Callable[[Native, Any], None]:
    """A writer of a value that is the same there; an empty one asks for nothing."""

    def write(native: Native, value: Any) -> None:
        if value not in (None, "", [], {}):
            native[key] = value

    return write


def _always(key: str) -> Callable[[Native, Any], None]:
    def write(native: Native, value: Any) -> None:
        native[key] = value

    return write


def _env(native: Native, entries: Iterable[str]) -> None:
    native["env"] = split_env(list(entries))


def _exposed(native: Native, ports: Iterable[str]) -> None:
    found: dict[str, list[str]] = {}
    for port in ports:
        number, _slash, protocol = port.partition("/")
        found.setdefault(number, []).append(protocol or "tcp")
    if found:
        native["expose"] = {number: ",".join(sorted(protocols)) for number, protocols in found.items()}


def _stop_signal(native: Native, signal: str) -> None:
    if signal:
        native["stop_signal"] = process.signal_number(signal)


def _health(native: Native, check: Mapping[str, Any]) -> None:
    given = {key: value for key, value in check.items() if value}
    native["healthconfig"] = {**_CHECK_USUAL, **given}


def _namespace(key: str) -> Callable[[Native, Any], None]:
    def write(native: Native, mode: str) -> None:
        if mode:
            kind, _colon, value = mode.partition(":")
            native[key] = {"nsmode": kind, **({"value": value} if value else {})}

    return write


def _user_namespace(native: Native, mode: str) -> None:
    if mode:
        _namespace("userns")(native, mode)
        native["annotations"][_USER_NAMESPACE] = mode


def _restart(native: Native, policy: Mapping[str, Any]) -> None:
    if policy.get("Name"):
        native["restart_policy"] = policy["Name"]
        native["restart_tries"] = (policy.get("MaximumRetryCount") or 0) if policy["Name"] == "on-failure" else 0


def _ports(native: Native, published: Mapping[str, Iterable[Mapping[str, str]]]) -> None:
    found = []
    for port, ends in published.items():
        number, _slash, protocol = port.partition("/")
        for end in ends:
            entry: Native = {"container_port": int(number), "protocol": protocol or "tcp"}
            entry |= {"host_ip": end["HostIp"]} if end.get("HostIp") else {}
            entry |= {"host_port": int(end["HostPort"])} if end.get("HostPort") else {}
            found.append(entry)
    _to("portmappings")(native, found)


def _devices(native: Native, entries: Iterable[Mapping[str, str]]) -> None:
    found = [f"{one['PathOnHost']}:{one['PathInContainer']}:{one['CgroupPermissions']}" for one in entries]
    native.setdefault("devices", []).extend({"path": path} for path in found)


def _requests(native: Native, entries: Iterable[Mapping[str, Any]]) -> None:
    native.setdefault("devices", []).extend({"path": name} for one in entries for name in one["DeviceIDs"])


def _log(native: Native, log: Mapping[str, Any]) -> None:
    options = dict(log.get("Config") or {})
    found: Native = {"driver": log["Type"]} if log.get("Type") else {}
    if "max-size" in options:
        found["size"] = _bytes(options.pop("max-size"))
    if "path" in options:
        found["path"] = options.pop("path")
    native["log_configuration"] = {**found, "options": options}


def _bytes(size: str) -> int:
    """Of a log, thousands and not 1024s are meant."""
    match = _DECIMAL.fullmatch(size.strip())
    if not match:
        raise InvalidOption("log_options", f"max-size={size}", "this is no size.", "Write it like 10m or 1g.")
    return int(float(match[1]) * 1000 ** " kmgtp".index((match[2] or " ").lower()))


def _security(native: Native, options: Iterable[str]) -> None:
    for option in options:
        key, _equals, value = (option if "=" in option else option.replace(":", "=", 1)).partition("=")
        if key == "no-new-privileges":
            native["no_new_privileges"] = value in ("", "true", "True", "TRUE", "t", "T", "1")
        elif key in ("mask", "unmask"):
            native.setdefault(key, []).extend(value.split(":"))
        elif (key, value) == ("systempaths", "unconfined"):
            native.setdefault("unmask", []).append("ALL")
        elif key == "proc-opts":
            native["procfs_opts"] = value.split(",")
        elif (key, value) == ("label", "nested"):
            native["label_nested"] = True
        else:
            _profile(native, key, value)


def _profile(native: Native, key: str, value: str) -> None:
    if key == "label":
        labels = native.setdefault("selinux_opts", [])
        labels.append(value)
        value = ",label=".join(labels)
    elif key in ("apparmor", "seccomp"):
        native["apparmor_profile" if key == "apparmor" else "seccomp_profile_path"] = value
    else:
        raise InvalidOption(
            "security_opts", key, "Podman has no such option.",
            "Use apparmor, label, mask, no-new-privileges, proc-opts, seccomp, systempaths or unmask.",
        )  # fmt: skip
    native["annotations"][_SECURITY_ANNOTATION + key] = value


def _network(native: Native, body: Mapping[str, Any], in_pod: bool) -> None:
    """The namespace, and the networks of a bridge; of a pod's container, the pod's unless it says another one."""
    mode = str(body["HostConfig"].get("NetworkMode") or "")
    endpoints = (body.get("NetworkingConfig") or {}).get("EndpointsConfig") or {}
    if in_pod and mode in _DEFAULT_MODES and not endpoints:
        return
    kind, colon, rest = mode.partition(":")
    if kind in ("slirp4netns", "pasta"):
        native["netns"] = {"nsmode": kind}
        if colon:
            native["network_options"] = {kind: rest.split(",")}
    elif kind == "container" or (mode in _MODES and mode != "bridge"):
        _namespace("netns")(native, mode)
    else:
        named: Native = {} if mode in (*_DEFAULT_MODES, "bridge") else {mode: {}}
        native["netns"] = {"nsmode": "bridge"}
        native["Networks"] = {**named, **{name: _endpoint(one or {}) for name, one in endpoints.items()}}


def _endpoint(endpoint: Mapping[str, Any]) -> Native:
    fixed = endpoint.get("IPAMConfig") or {}
    addresses = [fixed[key] for key in ("IPv4Address", "IPv6Address") if fixed.get(key)]
    found = {
        "aliases": endpoint.get("Aliases"), "static_ips": addresses, "static_mac": endpoint.get("MacAddress"),
    }  # fmt: skip
    return {key: value for key, value in found.items() if value}


# What is written by somebody else than these tables.
_ELSEWHERE = frozenset({"Image", "Labels", "HostConfig", "NetworkingConfig", NATIVE, "Privileged", "OomScoreAdj"}) | {
    "NetworkMode", "ReadonlyRootfs",
}  # fmt: skip
_CONFIG: dict[str, Callable[[Native, Any], None]] = {
    "Cmd": _to("command"),
    "Entrypoint": _always("entrypoint"),
    "Env": _env,
    "ExposedPorts": _exposed,
    "Healthcheck": _health,
    "Hostname": _to("hostname"),
    "OpenStdin": _always("stdin"),
    "StopSignal": _stop_signal,
    "StopTimeout": _always("stop_timeout"),
    "Tty": _always("terminal"),
    "User": _to("user"),
    "Volumes": storage.anonymous_volumes,
    "WorkingDir": _to("work_dir"),
}
_HOST: dict[str, Callable[[Native, Any], None]] = {
    "AutoRemove": lambda native, value: native.update(remove=value, volatile=value),
    "Binds": storage.binds,
    "CapAdd": _to("cap_add"),
    "CapDrop": _to("cap_drop"),
    "CgroupParent": _to("cgroup_parent"),
    "CgroupnsMode": _namespace("cgroupns"),
    "DeviceCgroupRules": limits.device_rules,
    "DeviceRequests": _requests,
    "Devices": _devices,
    "Dns": _to("dns_server"),
    "DnsOptions": _to("dns_option"),
    "DnsSearch": _to("dns_search"),
    "ExtraHosts": _to("hostadd"),
    "GroupAdd": _to("groups"),
    "Init": _always("init"),
    "IpcMode": _namespace("ipcns"),
    "LogConfig": _log,
    "Mounts": storage.mounts,
    "NanoCpus": limits.cpus,
    "PidMode": _namespace("pidns"),
    "PidsLimit": limits.pids,
    "PortBindings": _ports,
    "PublishAllPorts": _always("publish_image_ports"),
    "RestartPolicy": _restart,
    "SecurityOpt": _security,
    "ShmSize": _to("shm_size"),
    "StorageOpt": _to("storage_opts"),
    "Sysctls": _to("sysctl"),
    "Tmpfs": storage.tmpfs,
    "UTSMode": _namespace("utsns"),
    "Ulimits": limits.ulimits,
    "UsernsMode": _user_namespace,
    "VolumesFrom": _to("volumes_from"),
}
