# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of differences between the engines, row by row, against what each engine does."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from engine_cases import Case, Make

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

# In the order of their numbers (capability.h), as far as an engine gives them by itself.
CAPABILITIES = """
CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE
NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN
SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP
"""


def _observe_env(case: Case, make: Make) -> dict[str, Any]:
    config = (case.client.containers.inspect(make()) or {})["Config"]
    names = {entry.partition("=")[0] for entry in config["Env"] or []}
    if "HOME" not in case.client.dialect.added_env:
        names.discard("HOME")  # Podman 4.3 adds it on some hosts and not on others
    signal = config.get("StopSignal", "")
    return {"added_env": names, "default_working_dir": config["WorkingDir"], "stop_signal_is_number": signal.isdigit()}


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
    name = make(HostConfig={"Tmpfs": {"/t": ""}, "Binds": ["/etc:/e"]})
    host_config = (case.client.containers.inspect(name) or {})["HostConfig"]
    options = f"{host_config['Tmpfs']['/t']},{host_config['Binds'][0].removeprefix('/etc:/e').removeprefix(':')}"
    return {"added_mount_options": set(filter(None, options.split(",")))}


def _observe_ports(case: Case, make: Make) -> dict[str, Any]:
    bindings = {"80/tcp": [{"HostIp": "", "HostPort": ""}]}
    found = case.client.containers.inspect(make(HostConfig={"PortBindings": bindings})) or {}
    (reported,) = found["HostConfig"]["PortBindings"]["80/tcp"]
    return {
        "reports_assigned_ports": reported["HostPort"] != "",
        "any_address": reported["HostIp"],
        "publishes_only_exposed": not found["NetworkSettings"]["Ports"],
    }


def _observe_network_mode(case: Case, make: Make) -> dict[str, Any]:
    name = f"engine-test-{uuid.uuid4().hex[:8]}"
    case.ssh(case.engine, "network", "create", name)
    try:
        container = make(HostConfig={"NetworkMode": name})
        mode = (case.client.containers.inspect(container) or {})["HostConfig"]["NetworkMode"]
        case.client.containers.remove(container, force=True)
        endpoints = {"EndpointsConfig": {name: {}, case.client.dialect.default_network: {}}}
        both = {"HostConfig": {"NetworkMode": name}, "NetworkingConfig": endpoints}
        refused = _refused(lambda: case.client.containers.remove(make(start=False, **both)))
        return {"network_mode_hides_name": mode == "bridge", "create_takes_networks": not refused}
    finally:
        case.ssh(case.engine, "network", "rm", name)


def _observe_stop_timeout(case: Case, make: Make) -> dict[str, Any]:
    config = (case.client.containers.inspect(make(start=False)) or {})["Config"]
    reported = config.get("StopTimeout", 10)
    return {"default_stop_timeout": None if reported == 10 else reported}


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
    observed = {
        "stop_refuses_paused": _refused(lambda: case.client.containers.stop(paused, 0)),
        "rename_refuses_same": _refused(lambda: case.client.containers.rename(base, base)),
        "remove_refuses_dependents": _refused(lambda: case.client.containers.remove(base, force=True)),
        "resolves_short_names": case.client.images.inspect("busybox") is not None,
    }
    if case.state(paused) == "paused":
        case.client.containers.unpause(paused)
    return observed


OBSERVATIONS = [
    _observe_env, _observe_capabilities, _observe_reported_capabilities, _observe_read_only, _observe_mounts,
    _observe_ports, _observe_network_mode, _observe_stop_timeout, _observe_refusals,
]  # fmt: skip


@pytest.mark.parametrize("observe", OBSERVATIONS, ids=lambda observe: observe.__name__.removeprefix("_observe_"))
def test_the_dialect_says_what_the_engine_does(case: Case, make: Make, observe: Callable[..., dict[str, Any]]) -> None:
    observed = observe(case, make)
    assert {field: getattr(case.client.dialect, field) for field in observed} == observed
