# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the sections of the page show, as dicts that the template only writes down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ..places import EVERYWHERE, containers, short_id
from ..totals import failed_hosts
from .shape import Snapshot

# States of a host, in the order of the legend: what it means, and a mark for those who see no colours.
STATES = {
    "failed": ("not reached", "✕"),
    "partial": ("read in part", "◐"),
    "trouble": ("with containers in trouble", "!"),
    "idle": ("nothing runs", "○"),
    "well": ("all well", "✓"),
}
IN_TROUBLE = frozenset(("restarting", "dead"))
DISK = ("images", "containers", "volumes", "build_cache")
_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


def views(snapshot: Snapshot) -> dict[str, Any]:
    """All that the template needs of a snapshot."""
    shown_hosts = [_host(host) for host in snapshot["hosts"]]
    return {
        "totals": _totals(snapshot),
        "hosts": shown_hosts,
        "legend": [(state, *STATES[state], count) for state, count in _by_state(shown_hosts) if count],
        "failed": failed_hosts(snapshot["hosts"]),
        "images": _images(snapshot),
        "disk": _disk(snapshot),
        "ports": _ports(snapshot),
    }


def size(number: float) -> str:
    """1.5 GB, as engines write sizes: a kilobyte is 1,000 bytes."""
    value, unit = float(number), 0
    while value >= 999.95 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.0f} {_UNITS[unit]}" if unit == 0 else f"{value:.1f} {_UNITS[unit]}"


def count(number: int, one: str, many: str = "") -> str:
    """1 host, 1,000 hosts."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


# The sections ---------------------------------------------------------------------------------------------------------


def _totals(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Tiles: a number, what it counts, what more there is to say, and whether that is bad."""
    totals = snapshot["totals"]
    hosts, found = totals.get("hosts", {}), totals.get("containers", {})
    images = totals.get("images", [])
    several = sum(len(image["versions"]) > 1 for image in images)
    others = [f"{found[state]:,} {state}" for state in ("paused", "created", "exited") if found.get(state)]
    wrong = [f"{found[state]:,} {state}" for state in ("unhealthy", "restarting", "dead") if found.get(state)]
    # One may be restarting and unhealthy at once.
    trouble = sum(_in_trouble(container) for host in snapshot["hosts"] for _place, container in containers(host))
    unread = f"{hosts.get('failed', 0):,} failed"
    tiles = [(hosts.get("all", 0), "hosts", unread if hosts.get("failed") else "all read", bool(hosts.get("failed")))]
    if "containers" in totals:
        tiles.append((found.get("all", 0), "containers", f"{found.get('running', 0):,} running", False))
        tiles.append((trouble, "in trouble", ", ".join(wrong) or "none", bool(wrong)))
        tiles.append((found.get("all", 0) - found.get("running", 0), "not running", ", ".join(others) or "", False))
    if "images" in totals:
        tiles.append((len(images), "images in use", f"{several:,} in several versions" if several else "", False))
    return [{"number": f"{n:,}", "what": what, "more": more, "bad": bad} for n, what, more, bad in tiles]


def _host(host: Mapping[str, Any]) -> dict[str, Any]:
    found = [container for _place, container in containers(host)]
    running = sum(container["status"] == "running" for container in found)
    trouble = sum(_in_trouble(container) for container in found)
    state = (
        "failed" if not host["reached"]
        else "partial" if not host["complete"]
        else "trouble" if trouble
        else "well" if running or not any("containers" in part for part in host["engines"])
        else "idle"
    )  # fmt: skip
    told = [f"{running:,}/{len(found):,} running", *([f"{trouble:,} in trouble"] if trouble else [])] if found else []
    more = " · ".join(told) or {"failed": "", "partial": ""}.get(state, "no containers")
    meaning, mark = STATES[state]
    return {"name": host["host"], "state": state, "meaning": meaning, "mark": mark, "more": more}


def _in_trouble(container: Mapping[str, Any]) -> bool:
    return container["status"] in IN_TROUBLE or container.get("health") == "unhealthy"


def _by_state(hosts: list[dict[str, Any]]) -> list[tuple[str, int]]:
    counted = Counter(host["state"] for host in hosts)
    return [(state, counted[state]) for state in STATES]


def _images(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Those in several versions first: these are what one looks for."""
    images = []
    for image in snapshot["totals"].get("images", ()):
        versions = sorted(image["versions"], key=lambda version: (-len(version["hosts"]), version["id"] or ""))
        told = [{**version, "short": short_id(version["id"])} for version in versions]
        images.append({"name": image["image"] or "(no name)", "versions": told})
    return sorted(images, key=lambda image: (-(len(image["versions"]) > 1), image["name"]))


def _disk(snapshot: Snapshot) -> dict[str, Any]:
    """Of each engine what lies on the disk, the fullest first, and the sum."""
    rows = []
    for host in snapshot["hosts"]:
        for part in host["engines"]:
            if used := {kind: value["size"] for kind, value in (part.get("disk") or {}).items()}:
                sizes = [used.get(kind, 0) for kind in DISK]
                rows.append({"host": host["host"], "engine": part["engine"]["name"], "sizes": sizes, "all": sum(sizes)})
    rows.sort(key=lambda row: -row["all"])
    sums = [sum(column) for column in zip(*(row["sizes"] for row in rows), strict=True)]
    return {"rows": rows, "sums": sums, "all": sum(sums), "most": rows[0]["all"] if rows else 0}


def _ports(snapshot: Snapshot) -> list[dict[str, Any]]:
    """The published ports, each with the containers behind it and on which hosts."""
    found: dict[tuple[Any, ...], dict[str, None]] = {}
    for port in snapshot["totals"].get("ports", ()):
        if port["host_port"] not in (None, ""):
            address = port.get("host_ip") or ""
            inside = port["port"].partition("/")
            key = (
                _number(port["host_port"]),
                inside[2],
                "" if address in EVERYWHERE else address,
                port["container"],
                inside[0],
            )
            found.setdefault(key, {})[port["host"]] = None
    names = ("host_port", "protocol", "address", "container", "port")
    keys = sorted(found, key=lambda key: (*_sortable(key[0]), *map(str, key[1:])))
    return [{**dict(zip(names, key, strict=True)), "hosts": list(found[key])} for key in keys]


def _number(text: Any) -> int | str:
    """A port as a number, where it is one."""
    return int(text) if str(text).isascii() and str(text).isdecimal() and len(str(text)) < 6 else str(text)


def _sortable(port: int | str) -> tuple[int, int, str]:
    return (0, port, "") if isinstance(port, int) else (1, 0, port)
