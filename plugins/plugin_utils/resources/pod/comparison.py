# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The differences between the pod that a task wants and the one that is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ...engine.differences.engine import Engine
from ..container.options import ports
from ..shared.labels import CREATED_LABEL
from ..shared.plan import Difference, differing
from . import applied
from .options import Options

Pod = Mapping[str, Any]


def differences(options: Options, pod: Pod, engine: Engine) -> tuple[Difference, ...]:
    """What a task gives and the pod has otherwise; what the task leaves out is no difference."""
    return tuple(_differences(options, pod, engine))


def _differences(options: Options, pod: Pod, engine: Engine) -> Iterator[Difference]:
    labels = pod.get("Labels") or {}
    for name, wanted in options.given.items():
        if name == "labels":
            yield from differing("labels", wanted, labels)
        elif name == "published_ports":
            yield from _ports(wanted, pod, engine)
        elif name in applied.NOT_REPORTED:
            if CREATED_LABEL in labels and not applied.same(name, wanted, labels):
                yield Difference(name, "not reported by the engine", wanted)
        elif (found := _READERS[name](pod)) != (expected := _expected(name, wanted, engine)):
            yield Difference(name, found, expected)


def _expected(name: str, wanted: Any, engine: Engine) -> Any:
    """What the engine reports of what was asked for."""
    if name == "networks" and wanted in ([], ["bridge"]):
        return [engine.default_network]
    return wanted


def _ports(wanted: ports.Bindings, pod: Pod, engine: Engine) -> Iterator[Difference]:
    expected, actual = ports.canonical(wanted, engine), ports.canonical(published(pod, engine), engine)
    other = [
        port for port in sorted({*expected, *actual}) if not ports.equal(expected.get(port, []), actual.get(port, []))
    ]
    if other:
        before, after = ({port: ends[port] for port in other if port in ends} for ends in (actual, expected))
        yield Difference("published_ports", before, after)


def published(pod: Pod, engine: Engine) -> ports.Bindings:
    """The pod's ports, in the shape of ``container.options.ports``."""
    return ports.read({"HostConfig": {"PortBindings": _infra(pod).get("PortBindings")}}, engine)


def _infra(pod: Pod) -> Mapping[str, Any]:
    found: Mapping[str, Any] = pod.get("InfraConfig") or {}
    return found


def infra_name(pod: Pod) -> str:
    """The name of the pod's own container, '' where it has none."""
    own = pod.get("InfraContainerID")
    return next((str(one["Name"]) for one in pod.get("Containers") or () if own and one["Id"] == own), "")


def networks(pod: Pod) -> list[str]:
    """The names of the pod's networks, or in their place host or none; [] where it has no container of its own."""
    if not pod.get("CreateInfra"):
        return []
    if _infra(pod).get("HostNetwork"):
        return ["host"]
    return sorted(_infra(pod).get("Networks") or ()) or ["none"]


def hosts(pod: Pod) -> dict[str, str]:
    """{name: address} of what the pod adds to /etc/hosts."""
    pairs = (str(entry).partition(":") for entry in _infra(pod).get("HostAdd") or ())
    return {name: address for name, _colon, address in pairs}


_READERS: dict[str, Callable[[Pod], Any]] = {
    "infra": lambda pod: bool(pod.get("CreateInfra")),
    "infra_name": infra_name,
    "share": lambda pod: sorted(pod.get("SharedNamespaces") or ()),
    "networks": networks,
    "hostname": lambda pod: str(pod.get("Hostname") or ""),
    "dns_servers": lambda pod: list(_infra(pod).get("DNSServer") or ()),
    "dns_search_domains": lambda pod: list(_infra(pod).get("DNSSearch") or ()),
    "dns_opts": lambda pod: list(_infra(pod).get("DNSOption") or ()),
    "etc_hosts": hosts,
    "restart_policy": lambda pod: str(pod.get("RestartPolicy") or "no"),
    "exit_policy": lambda pod: str(pod.get("ExitPolicy") or "continue"),
}
