# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the engines can't do with a network's options, or do in their own way: one table, for code and documentation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from ...dataclass import dataclass
from .rows import DOCKER, PODMAN
from .support import REFUSED, OptionRow

Values = Mapping[str, Any]

# Podman's names of the drivers' options that it knows, by the names that it takes; it drops others without an error.
PODMAN_DRIVER_OPTIONS = {
    "mtu": "mtu",
    "com.docker.network.driver.mtu": "mtu",
    "com.docker.network.bridge.name": "interface",
    "parent": "interface",
    "mode": "mode",
}
# By driver, which of the names that mean an interface it takes.
PODMAN_INTERFACE = {"bridge": "com.docker.network.bridge.name", "macvlan": "parent", "ipvlan": "parent"}
PODMAN_IPAM_DRIVERS = ("default", "host-local")


_OR_DOCKER = "Leave it out on this host, or use Docker there."
_NONE = "Podman does not support it."


@dataclass(frozen=True)
class NetworkRow(OptionRow):
    """An option with a value that an engine can't do. ``asked`` gives what of a network's options (all by name, the
    switches only where a task gives them) that is, None for nothing; ``sentence`` is what the documentation says.
    """

    level: str = REFUSED
    instead: str = _OR_DOCKER
    asked: Callable[[Values], Any] = field(kw_only=True)
    sentence: str = field(kw_only=True)


def _switched(name: str, value: bool) -> Callable[[Values], Any]:
    return lambda given: value if given.get(name) is value else None


def _given(name: str, *but: Any) -> Callable[[Values], Any]:
    """An option that is given, but for these values."""
    return lambda given: given[name] if given[name] and given[name] not in but else None


def _foreign_options(given: Values) -> Any:
    allowed = {name for name, meaning in PODMAN_DRIVER_OPTIONS.items() if meaning != "interface"}
    allowed.add(PODMAN_INTERFACE.get(given["driver"], ""))
    if given["driver"] == "bridge":
        allowed.discard("mode")
    return sorted(set(given["driver_options"]) - allowed) or None


def _auxiliary(given: Values) -> Any:
    return next((pool["aux_addresses"] for pool in given["ipam_config"] if "aux_addresses" in pool), None)


# pylint: disable=redundant-keyword-arg  # it overlooks that the first two fields are inherited
# Read in the source of Podman 4.3 and 5.4, and tried there. Whatever an engine refuses by itself is not here.
REFUSALS: tuple[NetworkRow, ...] = (
    NetworkRow(
        "driver_options", PODMAN, asked=_foreign_options,
        sentence="Podman knows C(mtu) (or C(com.docker.network.driver.mtu)), C(com.docker.network.bridge.name) for "
        "bridges, and C(parent) and C(mode) for C(macvlan) and C(ipvlan); others are refused there.",
        instead="Podman takes mtu, com.docker.network.driver.mtu, com.docker.network.bridge.name (bridge), parent and "
        "mode (macvlan, ipvlan).",
    ),
    NetworkRow(
        "ipam_driver", PODMAN, asked=_given("ipam_driver", *PODMAN_IPAM_DRIVERS),
        sentence="Podman supports V(default) only, and V(host-local), which is the same there.",
    ),
    NetworkRow("ipam_driver_options", PODMAN, asked=_given("ipam_driver_options"), sentence=_NONE),
    NetworkRow(
        "ipam_config.aux_addresses", PODMAN, asked=_auxiliary, sentence=_NONE,
        instead="Keep these addresses out of reach with iprange.",
    ),
    NetworkRow(
        "enable_ipv4", PODMAN, asked=_switched("enable_ipv4", False), sentence="Podman does not support V(false)."
    ),
    NetworkRow(
        "enable_ipv4", DOCKER, asked=_switched("enable_ipv4", False), instead="Leave it out.", before=(28, 0),
        sentence="Docker before 28 does not support V(false).",
    ),
    NetworkRow("ingress", PODMAN, asked=_switched("ingress", True), sentence="Podman does not support V(true)."),
    NetworkRow("scope", PODMAN, asked=_given("scope", "local"), sentence="Podman supports V(local) only."),
    NetworkRow(
        "config_only", PODMAN, asked=_switched("config_only", True), sentence="Podman does not support V(true)."
    ),
    NetworkRow("config_from", PODMAN, asked=_given("config_from"), sentence=_NONE),
)  # fmt: skip
