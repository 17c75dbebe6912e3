# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A pod and the result of its task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...engine.differences.engine import Engine
from ..shared.labels import CREATED_LABEL
from ..shared.moments import timestamp
from ..shared.plan import Plan
from .comparison import hosts, infra_name, networks, published
from .members import Member
from .plan import OWN_LABELS


def pod_result(pod: Mapping[str, Any], members: Sequence[Member], engine: Engine) -> dict[str, Any]:
    """The public shape of a pod."""
    labels = dict(pod.get("Labels") or {})
    infra = pod.get("InfraConfig") or {}
    return {
        "id": pod["Id"],
        "name": pod["Name"],
        "state": str(pod.get("State") or "").lower(),
        "containers": [
            {
                "id": one.id,
                "name": one.name,
                "state": one.state,
                "exit_code": one.exit_code if one.idle and one.state != "created" else None,
            }
            for one in members
            if not one.infra
        ],
        "infra_container": infra_name(pod) or None,
        "shared_namespaces": sorted(pod.get("SharedNamespaces") or ()),
        "networks": networks(pod),
        "published_ports": published(pod, engine),
        "hostname": pod.get("Hostname") or None,
        "dns_servers": list(infra.get("DNSServer") or ()),
        "dns_search_domains": list(infra.get("DNSSearch") or ()),
        "dns_opts": list(infra.get("DNSOption") or ()),
        "etc_hosts": hosts(pod),
        "exit_policy": pod.get("ExitPolicy") or None,
        "restart_policy": pod.get("RestartPolicy") or None,
        "labels": {key: value for key, value in labels.items() if key not in OWN_LABELS},
        "created_at": timestamp(pod.get("Created")),
        "created_by_us": CREATED_LABEL in labels,
    }


def task_result(planned: Plan, pod: Mapping[str, Any] | None) -> dict[str, Any]:
    """The module's result.

    :param pod: its public shape, as it is afterwards.
    """
    return {
        "changed": planned.changed,
        "actions": planned.actions(),
        "pod": pod,
        "diff": planned.diff(),
        "warnings": list(planned.warnings),
    }
