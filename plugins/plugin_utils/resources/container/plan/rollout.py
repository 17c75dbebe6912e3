# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replacing a container by one that is started beside it: where that is possible, and how the new one is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ....dataclass import dataclass
from ....errors import InvalidOption

OPTION = "rollout"
_USE = "Use rollout=stop_first for it."


@dataclass(frozen=True)
class Rollout:
    """The new one is started first; ``delay`` are seconds in which both serve, before the old one is stopped."""

    delay: float = 0


def require_possible(values: Mapping[str, Any], inspect: Mapping[str, Any]) -> None:
    """Refuse what two containers can't have at the same time.

    :param values: the normalised options of the new one.
    :param inspect: the old one's.
    :raises InvalidOption: naming what it is.
    """
    ends = [end for ends in (values.get("published_ports") or {}).values() for end in ends]
    fixed = sorted({end for end in ends if end.rpartition(":")[2].isdigit()})
    if fixed:
        raise InvalidOption(
            OPTION, "start_first", f"two containers can't publish the same port of the host at a time: {fixed[0]}.",
            f"{_USE} Or let a proxy publish the port, and reach this one by its network.",
        )  # fmt: skip
    for name, endpoint in (values.get("networks") or {}).items():
        for key in ("ipv4_address", "ipv6_address", "mac_address"):
            if endpoint.get(key):
                problem = f"two containers can't have one address at a time: {endpoint[key]} in {name}."
                raise InvalidOption(OPTION, "start_first", problem, f"{_USE} Or leave out {key}.")
    if not values.get("networks"):
        mode = values.get("network_mode") or "the usual one"
        raise InvalidOption(
            OPTION, "start_first", f"nobody finds the new one by a name, for it is in no network of its own: {mode}.",
            f"{_USE} Or name networks, with aliases by which others reach it.",
        )  # fmt: skip
    if (inspect.get("HostConfig") or {}).get("AutoRemove"):
        raise InvalidOption(OPTION, "start_first", "the engine removes the old one when it stops (auto_remove).", _USE)


def unfound(made: Mapping[str, Any]) -> dict[str, Any]:
    """What a new container is made with so that nobody finds it yet: no aliases.

    :param made: ``body``, ``connect`` and ``disconnect`` of a creation.
    """
    body = dict(made["body"])
    if networking := body.get("NetworkingConfig"):
        inside = {name: _without_aliases(one) for name, one in (networking.get("EndpointsConfig") or {}).items()}
        body["NetworkingConfig"] = {**networking, "EndpointsConfig": inside}
    connect = {name: _without_aliases(one) for name, one in made["connect"].items()}
    return {"body": body, "connect": connect, "disconnect": made["disconnect"]}


def endpoints(made: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(network, settings) of all networks that a container is made in."""
    yield from ((made["body"].get("NetworkingConfig") or {}).get("EndpointsConfig") or {}).items()
    yield from made["connect"].items()


def _without_aliases(endpoint: Mapping[str, Any] | None) -> dict[str, Any]:
    return {key: value for key, value in (endpoint or {}).items() if key != "Aliases"}
