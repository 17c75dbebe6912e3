# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the engines can't do with a network's options, or do in their own way: one table, for code and documentation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...errors import InvalidOption
from ..container.options.support import title
from ..shared.engines import Engine
from .options import Options

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


@dataclass(frozen=True)
class Refused:
    """An option with a value that an engine can't do. ``asked`` gives what of the options that is, None for nothing;
    ``sentence`` is what the documentation says.
    """

    option: str
    engine: str
    asked: Callable[[Options], Any]
    sentence: str
    instead: str = "Leave it out on this host, or use Docker there."


def _flag(name: str, value: bool) -> Callable[[Options], Any]:
    return lambda options: value if options.flags.get(name) is value else None


def _foreign_options(options: Options) -> Any:
    allowed = {name for name, meaning in PODMAN_DRIVER_OPTIONS.items() if meaning != "interface"}
    allowed.add(PODMAN_INTERFACE.get(options.driver, ""))
    if options.driver == "bridge":
        allowed.discard("mode")
    return sorted(set(options.driver_options) - allowed) or None


# Read in the source of Podman 4.3 and 5.4, and tried there. Whatever an engine refuses by itself is not here.
REFUSED: tuple[Refused, ...] = (
    Refused(
        "driver_options", "podman", _foreign_options,
        "Podman knows C(mtu) (or C(com.docker.network.driver.mtu)), C(com.docker.network.bridge.name) for bridges, and "
        "C(parent) and C(mode) for C(macvlan) and C(ipvlan); others are refused there.",
        "Podman takes mtu, com.docker.network.driver.mtu, com.docker.network.bridge.name (bridge), parent and mode "
        "(macvlan, ipvlan).",
    ),
    Refused(
        "ipam_driver", "podman",
        lambda options: options.ipam_driver if options.ipam_driver not in (None, *PODMAN_IPAM_DRIVERS) else None,
        "Podman supports V(default) only, and V(host-local), which is the same there.",
    ),
    Refused(
        "ipam_driver_options", "podman", lambda options: options.ipam_driver_options or None,
        "Podman does not support it.",
    ),
    Refused(
        "ipam_config.aux_addresses", "podman",
        lambda options: next((pool["aux_addresses"] for pool in options.ipam_config if "aux_addresses" in pool), None),
        "Podman does not support it.", "Keep these addresses out of reach with iprange.",
    ),
    Refused(
        "enable_ipv4", "podman", _flag("enable_ipv4", False), "Podman does not support V(false).",
    ),
    Refused(
        "enable_ipv4", "docker", _flag("enable_ipv4", False),
        "Docker would need API 1.47 for V(false), and this collection speaks 1.45 at most, so it is refused.",
        "Leave it out.",
    ),
    Refused("ingress", "podman", _flag("ingress", True), "Podman does not support V(true)."),
    Refused(
        "scope", "podman", lambda options: options.scope if options.scope not in (None, "local") else None,
        "Podman supports V(local) only.",
    ),
    Refused("config_only", "podman", _flag("config_only", True), "Podman does not support V(true)."),
    Refused("config_from", "podman", lambda options: options.config_from, "Podman does not support it."),
)  # fmt: skip


def require_supported(options: Options, engine: Engine) -> None:
    """Refuse what the engine would drop or misunderstand.

    :raises InvalidOption: naming the option, the engine and its version.
    """
    for row in REFUSED:
        if row.engine == engine.name and (asked := row.asked(options)) is not None:
            raise InvalidOption(row.option, asked, f"{title(engine)} does not support it.", row.instead)
