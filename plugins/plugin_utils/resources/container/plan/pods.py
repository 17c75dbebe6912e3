# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a container in a pod leaves to the pod: the options of the namespaces that the pod shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....errors import InvalidOption

_OWNED = {
    "cgroup": ("cgroupns_mode",),
    "ipc": ("ipc_mode", "shm_size"),
    "net": (
        "dns_opts", "dns_search_domains", "dns_servers", "etc_hosts", "mac_address", "network_mode", "networks",
        "publish_all_ports", "published_ports",
    ),
    "pid": ("init", "pid_mode"),
    "user": ("gidmap", "uidmap", "userns_mode"),
    "uts": ("hostname", "uts"),
}  # fmt: skip
# Those that are options of remote_pod, too.
_OF_PODS = frozenset(
    {"dns_opts", "dns_search_domains", "dns_servers", "etc_hosts", "hostname", "networks", "published_ports"}
)
# With a container of its own, a pod has a user namespace in which mappings can't be others.
_OF_INFRA = ("gidmap", "uidmap")


def require_own(values: Mapping[str, Any], pod: Mapping[str, Any]) -> None:
    """Refuse what the pod has instead of its containers.

    :param values: the normalised options of a container.
    :param pod: Podman's description of its pod.
    :raises InvalidOption: naming the option and the pod.
    """
    shared = pod.get("SharedNamespaces") or []
    owned = {option: namespace for namespace in shared for option in _OWNED.get(namespace, ())}
    if pod.get("InfraContainerID"):
        owned |= dict.fromkeys(_OF_INFRA, "user")
    for option, namespace in owned.items():
        if values.get(option):
            _refuse(option, values[option], namespace, str(pod["Name"]))
    network = next((name for name in values.get("sysctls") or {} if name.startswith("net.")), None)
    if network and "net" in shared:
        _refuse("sysctls", network, "net", str(pod["Name"]))


def _refuse(option: str, value: Any, namespace: str, pod: str) -> None:
    given = option in _OF_PODS or option == "sysctls"
    raise InvalidOption(
        option, sorted(value) if isinstance(value, Mapping) else value,
        f"its pod {pod} shares the {namespace} namespace, of which this is.",
        f"Give {option} to the pod (remote_pod)." if given else "Leave it out, or leave that out of share of the pod.",
    )  # fmt: skip
