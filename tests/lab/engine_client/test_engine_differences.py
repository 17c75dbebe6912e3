# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables of what engines differ in, against what each engine does."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from engine_cases import IMAGE, Case, Make

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine import shapes
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import DIFFERENCES, Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.reports import EVENED_OUT
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

# In the order of their numbers (capability.h), as far as an engine gives them by itself.
CAPABILITIES = """
CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE
NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN
SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP
"""


def _observe_env(case: Case, make: Make) -> dict[str, Any]:
    """With a terminal Podman adds TERM, before 5 also without; 4.3 adds HOME on some hosts and not on others."""
    config = (case.client.containers.inspect(make(Tty=True)) or {})["Config"]
    names = {entry.partition("=")[0] for entry in config["Env"] or []}
    signal = config.get("StopSignal", "")
    return {
        "added_env": names | ({"HOME"} & case.client.engine.added_env),
        "default_working_dir": config["WorkingDir"],
        "stop_signal_is_number": signal.isdigit(),
    }


def _observe_capabilities(case: Case, make: Make) -> dict[str, Any]:
    name = make("cat", "/proc/self/status")
    bits = int(case.wait_for_log(name, "CapBnd").partition("CapBnd:")[2].split()[0], 16)
    capabilities = CAPABILITIES.split()
    assert bits >> len(capabilities) == 0
    return {"default_capabilities": {name for number, name in enumerate(capabilities) if bits >> number & 1}}


def _observe_reported_capabilities(case: Case, make: Make) -> dict[str, Any]:
    host_config = (case.client.containers.inspect(make(HostConfig={"CapDrop": ["ALL"]})) or {})["HostConfig"]
    dropped = set(host_config["CapDrop"])
    return {"capabilities_relative_to": None if dropped == {"ALL"} else dropped}


def _observe_read_only(case: Case, make: Make) -> dict[str, Any]:
    host_config = (case.client.containers.inspect(make(HostConfig={"ReadonlyRootfs": True})) or {})["HostConfig"]
    return {"read_only_adds_tmpfs": set(host_config.get("Tmpfs") or {})}


def _observe_mounts(case: Case, make: Make) -> dict[str, Any]:
    found = case.client.containers.inspect(make(HostConfig={"Tmpfs": {"/t": ""}, "Binds": ["/srv:/srv:z"]})) or {}
    (bind,) = (mount for mount in found["Mounts"] if mount["Destination"] == "/srv")
    return {
        "added_tmpfs_options": set(filter(None, found["HostConfig"]["Tmpfs"]["/t"].split(","))),
        "reports_bind_labels": bind["Mode"] == "z",
        "keeps_words": found["HostConfig"]["Binds"] == ["/srv:/srv:z"],
    }


def _observe_ports(case: Case, make: Make) -> dict[str, Any]:
    bindings = {"80/tcp": [{"HostIp": "", "HostPort": ""}]}
    found = case.client.containers.inspect(make(HostConfig={"PortBindings": bindings})) or {}
    (reported,) = found["HostConfig"]["PortBindings"]["80/tcp"]
    return {
        "binds_to_zones": _binds_to_zones(case, make),
        "reports_assigned_ports": reported["HostPort"] != "",
        "any_address": reported["HostIp"],
        "publishes_only_exposed": not found["NetworkSettings"]["Ports"],
    }


def _binds_to_zones(case: Case, make: Make) -> bool:
    """An engine may take it, and publish the port elsewhere."""
    shown = case.ssh("ip", "-6", "-o", "address", "show", "scope", "link", "up").splitlines()
    device, address = next(line for line in shown if " veth" not in line).split()[1:4:2]
    zoned = {"HostIp": f"{address.partition('/')[0]}%{device}", "HostPort": "9345"}
    try:
        name = make(HostConfig={"PortBindings": {"80/tcp": [zoned]}}, ExposedPorts={"80/tcp": {}})
    except EngineError:
        return False
    found = (case.client.containers.inspect(name) or {})["NetworkSettings"]["Ports"]["80/tcp"]
    return all("%" in end["HostIp"] for end in found)


def _observe_network_mode(case: Case, make: Make) -> dict[str, Any]:
    name = f"engine-test-{uuid.uuid4().hex[:8]}"
    case.ssh(case.engine, "network", "create", name)
    try:
        container = make(HostConfig={"NetworkMode": name})
        mode = (case.client.containers.inspect(container) or {})["HostConfig"]["NetworkMode"]
        case.client.containers.remove(container, force=True)
        endpoints = {"EndpointsConfig": {name: {"Aliases": ["other"]}, case.client.engine.default_network: {}}}
        both = {"HostConfig": {"NetworkMode": name}, "NetworkingConfig": endpoints}
        refused = _refused(lambda: case.client.containers.remove(make(start=False, **both)))
        return {"network_mode_hides_name": mode == "bridge", "create_refuses_networks": refused}
    finally:
        case.ssh(case.engine, "network", "rm", name)


def _observe_macs(case: Case, make: Make) -> dict[str, Any]:
    """Where it is asked for of the network, it is the container's as well."""
    if case.engine == "podman":
        return {}
    address = "92:d0:c6:0a:29:33"
    network = {"EndpointsConfig": {"bridge": {"MacAddress": address}}}
    config = (case.client.containers.inspect(make(start=False, NetworkingConfig=network)) or {})["Config"]
    return {"mac_is_of_container": config.get("MacAddress") != address}


def _observe_sysctls(case: Case, make: Make) -> dict[str, Any]:
    name = "net.ipv4.conf.eth0.log_martians"
    return {"takes_interface_sysctls": not _refused(lambda: make(HostConfig={"Sysctls": {name: "1"}}))}


def _observe_stop_timeout(case: Case, make: Make) -> dict[str, Any]:
    config = (case.client.containers.inspect(make(start=False)) or {})["Config"]
    return {"default_stop_timeout": config.get("StopTimeout")}


def _observe_limits(case: Case, make: Make) -> dict[str, Any]:
    """Podman 4.3 adds ulimits to those that are asked for, 5.4 to every container when it starts."""
    asked = [{"Name": "core", "Soft": 0, "Hard": 0}]  # with it, 4.3 starts none in an unprivileged guest
    limits = {"NanoCpus": 123_456_789} if case.has_limits else {}
    made = make(start=False, HostConfig={**limits, "Ulimits": asked})
    host, running = ((case.client.containers.inspect(name) or {})["HostConfig"] for name in (made, make()))
    observed = {"adds_ulimits": len(host["Ulimits"]) > len(asked) or bool(running["Ulimits"])}
    if limits:
        observed["cpus_step"] = {123_456_789: 1, 123_450_000: 10_000}.get(host["NanoCpus"])
        observed["unlimited_pids"] = 0 if _refused(lambda: make(HostConfig={"PidsLimit": -1})) else -1
    return observed


def _observe_user_modes(case: Case, make: Make) -> dict[str, Any]:
    """Whoever knows no such mode looks for a network of its name."""
    modes = []
    for mode in ("slirp4netns", "pasta"):
        try:
            make(start=False, HostConfig={"NetworkMode": mode})
            modes.append(mode)
        except EngineError as error:
            if "only supported for rootless" in error.message or "slirp4netns binary" in error.message:
                modes.append(mode)
    return {"user_modes": tuple(modes)} if case.engine == "podman" else {}


def _observe_own_networks(case: Case, make: Make) -> dict[str, Any]:
    found = {one["name" if case.client.engine.own_api else "Name"] for one in case.client.networks.list_native()}
    refused = {name for name in found & {"bridge", "host", "none", "podman"} if _refused_to_remove(case, name)}
    return {"own_networks": refused}


def _refused_to_remove(case: Case, name: str) -> bool:
    return _refused(lambda: case.client.networks.remove(name))


def _refused(action: Callable[[], Any]) -> bool:
    try:
        action()
    except EngineError:
        return True
    return False


def _observe_refusals(case: Case, make: Make) -> dict[str, Any]:
    base = make(StopTimeout=0)
    make(StopTimeout=0, HostConfig={"NetworkMode": f"container:{base}"})
    paused = make(StopTimeout=0)
    case.client.containers.pause(paused)
    nobody = {"Cmd": ["true"], "User": "nosuch"}
    observed = {
        "exec_creation_looks_for_user": _refused(lambda: case.client.execs.create(base, nobody)),
        "stop_refuses_paused": _refused(lambda: case.client.containers.stop(paused, 0)),
        "rename_refuses_same": _refused(lambda: case.client.containers.rename(base, base)),
        "remove_refuses_dependents": _refused(lambda: case.client.containers.remove(base, force=True)),
        "guesses_registries": case.client.images.inspect("busybox") is not None,
    }
    if case.state(paused) == "paused":
        case.client.containers.unpause(paused)
    return observed


def _observe_secrets(case: Case, make: Make) -> dict[str, Any]:
    if case.engine != "podman":
        return {}
    secrets, name = case.client.secrets, "engine-test-secret"
    made = []

    def refused(called: str, **more: Any) -> bool:
        return _refused(lambda: made.append(secrets.create(called, b"x", labels={"a": "b"}, **more)))

    try:
        assert not refused(name)
        plain = refused(f"{name} and more")
        longest = 64 if not refused("x" * 64) and refused("x" * 65) else 253
        listed = case.client.wire.podman("GET", "list secrets", "/secrets/json", shape=[shapes.SECRET])
        (labels,) = (one["Spec"].get("Labels") for one in listed if one["Spec"]["Name"] == name)
        replaced = not refused(name, replace=True)
    finally:
        for one in made:
            _refused(lambda one=one: secrets.remove(one))  # the one that was replaced is not there
    return {
        "plain_secret_names": longest if plain else 0,
        "replaces_secrets": replaced,
        "lists_secret_labels": labels == {"a": "b"},
    }


def _observe_pods(case: Case, make: Make) -> dict[str, Any]:
    if case.engine != "podman":
        return {}
    pods, names = case.client.pods, ("engine-test-pod", "engine-test-failed")
    try:
        pods.create({"name": names[0], "restart_policy": "always"})
        described = pods.inspect(names[0]) or {}
        assert _refused(lambda: pods.create({"name": names[1], "Networks": {"engine-test-none": {}}}))
        left = pods.inspect(names[1]) is not None
    finally:
        for found in filter(None, map(pods.inspect, names)):
            pods.remove(found["Id"])
    return {"pods_restart": described.get("RestartPolicy") == "always", "leaves_failed_pods": left}


def _observe_kube(case: Case, make: Make) -> dict[str, Any]:
    if case.engine != "podman":
        return {}
    spec = {"containers": [{"name": "main", "image": IMAGE, "imagePullPolicy": "Never", "command": ["/bin/true"]}]}
    deployment = {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "engine-test"},
        "spec": {"replicas": 2, "template": {"metadata": {"labels": {"engine-test": "kube"}}, "spec": spec}},
    }  # fmt: skip
    case.client.kube.play("engine-test", json.dumps(deployment).encode(), {"start": "false", "network": ["none"]})
    made = [one for one in case.client.pods.list() if "engine-test" in (one["Labels"] or {})]
    for one in made:
        case.client.pods.remove(one["Id"])
    return {"numbers_deployments": sorted(one["Name"] for one in made) == ["engine-test-pod-0", "engine-test-pod-1"]}


OBSERVATIONS = [
    _observe_env, _observe_capabilities, _observe_reported_capabilities, _observe_read_only, _observe_mounts,
    _observe_ports, _observe_network_mode, _observe_stop_timeout, _observe_refusals, _observe_limits,
    _observe_user_modes, _observe_own_networks, _observe_macs, _observe_sysctls,
    _observe_secrets,
    _observe_pods, _observe_kube,
]  # fmt: skip


def _told(engine: Engine, name: str) -> Any:
    """What the tables say of an engine: a fact, or the value of a row of what is evened out."""
    rows = [row.value for row in EVENED_OUT if row.name == name and row.holds_for(engine)]
    return rows[0] if rows else getattr(engine, name, None)


@pytest.mark.parametrize("observe", OBSERVATIONS, ids=lambda observe: observe.__name__.removeprefix("_observe_"))
def test_the_tables_say_what_the_engine_does(case: Case, make: Make, observe: Callable[..., dict[str, Any]]) -> None:
    observed = observe(case, make)
    named = {row.name for row in (*DIFFERENCES, *EVENED_OUT)}
    assert named.issuperset(observed)
    told = {name: _told(case.client.engine, name) for name in observed}
    assert told == {name: value or (None if told[name] is None else value) for name, value in observed.items()}
