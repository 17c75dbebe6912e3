# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Snapshots of made-up fleets, in the shape of what ``remote_fleet_info`` returns."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

EVERYWHERE = "0.0.0.0"  # noqa: S104 - told, not bound
STATES = ("running", "running", "paused", "restarting", "exited", "created", "dead")
APPS = ("nginx", "api", "worker", "redis", "postgres", "cron", "metrics", "mail", "queue", "proxy")


def identity(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode(errors="replace")).hexdigest()


def container(name: str, image: str = "localhost/app:1", *, version: str = "1", **others: Any) -> dict[str, Any]:
    """A running container; ``version`` makes the ID of its image."""
    made = {
        "id": identity(name),
        "name": name,
        "image": image,
        "image_id": identity(f"{image} {version}"),
        "command": "serve",
        "labels": {},
        "status": "running",
        "health": None,
        "created_at": "2026-11-30T08:00:00Z",
        "said": "Up 5 minutes",
        "ports": {},
        "networks": {"bridge": {"ipv4_address": "10.88.0.2"}},
        "stats": None,
    }
    made.update(others)
    return {**made, "running": made["status"] == "running"}


def host(name: str, containers: Iterable[dict[str, Any]] = (), groups: Iterable[str] = ("web",)) -> dict[str, Any]:
    """A host with Podman that was read completely."""
    engine = {"name": "podman", "version": "5.4.2", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
    sizes = {"images": 1_500_000_000, "containers": 20_000, "volumes": 300_000_000, "build_cache": 0}
    disk = {kind: {"count": 1, "size": size, "reclaimable": 0} for kind, size in sizes.items()}
    part = {"engine": engine, "containers": list(containers), "disk": disk}
    made = {"host": name, "groups": sorted(groups), "reached": True, "complete": True, "seconds": 0.03}
    return {**made, "engines": [part]}


def failed(name: str, groups: Iterable[str] = ("web",), *, reached: bool = False) -> dict[str, Any]:
    """A host that could not be read."""
    error = {"kind": "unreachable", "message": f"{name} does not answer.", "hint": "Look whether it is up."}
    made = {"host": name, "groups": sorted(groups), "reached": reached, "complete": False, "seconds": 5.0}
    return {**made, "engines": [], "error": error}


def snapshot(*hosts: dict[str, Any]) -> dict[str, Any]:
    """All of it, with the totals of these hosts."""
    found = [(one["host"], c) for one in hosts for part in one["engines"] for c in part["containers"]]
    states = [c["status"] for _host, c in found] + [c["health"] for _host, c in found]
    named = ("running", "paused", "restarting", "exited", "created", "dead", "healthy", "unhealthy")
    images: dict[str, dict[str, list[str]]] = {}
    for name, c in found:
        images.setdefault(c["image"], {}).setdefault(c["image_id"], []).append(name)
    bad = [one for one in hosts if "error" in one]
    return {
        "hosts": list(hosts),
        "failed_hosts": [{"host": one["host"], **one["error"]} for one in bad],
        "complete": not bad,
        "totals": {
            "hosts": {"all": len(hosts), "reached": sum(one["reached"] for one in hosts), "failed": len(bad)},
            "containers": {"all": len(found), **{state: states.count(state) for state in named}},
            "images": [
                {"image": image, "versions": [_version(*one) for one in sorted(versions.items())]}
                for image, versions in sorted(images.items())
            ],
            "ports": [
                {"host": name, "engine": "podman", "container": c["name"], "port": port, **binding}
                for name, c in found
                for port, bindings in c["ports"].items()
                for binding in bindings
            ],
        },
    }


def _version(image_id: str, hosts: list[str]) -> dict[str, Any]:
    return {"id": image_id, "hosts": list(dict.fromkeys(hosts)), "containers": len(hosts)}


def fleet(hosts: int, containers: int) -> dict[str, Any]:
    """A fleet of some size with something of everything in it, the same each time."""
    return snapshot(*(_host_of_fleet(number, containers) for number in range(1, hosts + 1)))


def _host_of_fleet(number: int, containers: int) -> dict[str, Any]:
    groups = (("web", "db", "edge")[number % 3], ("eu", "us")[number % 2])
    name = f"{groups[0]}{number}.{groups[1]}.example"
    if number % 23 == 0:
        return failed(name, groups, reached=number % 2 == 0)
    made = host(name, (_container_of_fleet(number, index) for index in range(containers)), groups)
    made["engines"][0]["disk"]["images"]["size"] += number * 7_000_000
    return made


def _container_of_fleet(number: int, index: int) -> dict[str, Any]:
    app = APPS[index % len(APPS)]
    odd = (number * 31 + index * 17) % 97
    status = STATES[odd % len(STATES)] if odd < 7 and number % 4 else "running"
    health = None if index % 3 == 0 or status != "running" else "unhealthy" if odd < 8 else "healthy"
    return container(
        f"{app}-{index // len(APPS) + 1}",
        f"registry.example/shop/{app}:{2 if odd < 3 else 1}.4.0",
        version="1" if odd % 12 else str(odd % 5),
        status=status,
        health=health,
        said=f"Up {odd % 50 + 2} hours" if status == "running" else f"Exited (1) {odd + 2} minutes ago",
        ports={f"{8000 + index}/tcp": [{"host_ip": EVERYWHERE, "host_port": str(18000 + index)}]}
        if index % 4 == 0
        else {},
    )
