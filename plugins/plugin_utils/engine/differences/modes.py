# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an engine does not do with an option of a container while another one has a certain value: one table.

*void*: the engine takes it, drops it, and nothing is lost by that: it is not compared, or each run would find it
missing. *refused*: it can't be done. Each line was found by trying every option in every mode on every engine, which
``tests/lab/test_drift_modes.py`` does again.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from itertools import product
from typing import Any

from ...dataclass import dataclass
from .behaviour import USER_MODES
from .rows import DOCKER, PODMAN, Versioned
from .support import REFUSED, OptionRow

VOID = "void"
# Options with a value, without what is behind its colon.
HOST, NONE, CONTAINER = ("network_mode", "host"), ("network_mode", "none"), ("network_mode", "container")
PRIVILEGED, AUTO_REMOVE = ("privileged", "true"), ("auto_remove", "true")
OWN_NETWORK = ("network_mode", "NETWORK")  # one that somebody has created
OWN_MODES = tuple(("network_mode", mode) for mode in USER_MODES)
PIDS_OF_OTHERS = (("pid_mode", "host"), ("pid_mode", "container"))


def _always(value: Any) -> bool:
    return True


def _renamed(devices: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether a device has another path in the container than on the host."""
    return any(device["source"] != target for target, device in devices.items())


def _restarts(policy: str) -> bool:
    return policy != "no"


def _are_none(cgroups: str) -> bool:
    return cgroups == "disabled"


def _of_the_network(sysctls: Mapping[str, str]) -> bool:
    return any(name.startswith("net.") for name in sysctls)


@dataclass(frozen=True)
class ModeRow(OptionRow):
    """One fact; ``when`` is the other option with its value, ``instead`` the remedy, or of what is void what is to be
    said about it, and ``asks(value)`` tells which values of the option it is about: ``what``, in the documentation.
    """

    when: tuple[str, str] = ("", "")
    asks: Callable[[Any], bool] = _always
    what: str = "it"

    def meets(self, value: Any, modes: Container[tuple[str, str]], engine: Versioned) -> bool:
        return bool(value) and self.when in modes and self.holds_for(engine) and self.asks(value)


def _rows(
    options: str, engines: str, level: str, *whens: tuple[str, str], instead: str = "", **more: Any
) -> Iterator[ModeRow]:
    for option, engine, when in product(options.split(), engines.split(), whens):
        yield ModeRow(option=option, engine=engine, level=level, instead=instead, when=when, **more)


_P, _D, _BOTH = PODMAN, DOCKER, f"{PODMAN} {DOCKER}"
_ONE = "Leave one of the two out."
_THERE = "Give it to the container whose network is used."
_NO_PORTS = "The container has no network of its own, so no port is published."
_MAC = "Leave it out: the container has no network of its own."
MODES: tuple[ModeRow, ...] = (
    *_rows("published_ports", _P, VOID, HOST, NONE, instead=_NO_PORTS),
    # Of HOST, Docker itself warns; it keeps the ports, of which nothing comes.
    *_rows("published_ports", _D, VOID, NONE, instead=_NO_PORTS),
    *_rows("published_ports", _P, REFUSED, CONTAINER, instead=_THERE),
    *_rows("exposed_ports", _P, VOID, HOST, NONE, CONTAINER),
    *_rows("etc_hosts", _P, REFUSED, CONTAINER, instead=_THERE),
    *_rows("devices", _P, REFUSED, PRIVILEGED, asks=_renamed, what="a device with another path in the container",
           instead="A privileged container has all devices under their own paths: use these, or leave out privileged."),
    *_rows("devices", _P, VOID, PRIVILEGED),
    *_rows("published_ports publish_all_ports exposed_ports hostname dns_servers etc_hosts", _D, REFUSED, CONTAINER,
           instead=_THERE),
    *_rows("links", _D, REFUSED, HOST, CONTAINER, instead="Leave it out, or use another network_mode."),
    *_rows("links", _D, REFUSED, OWN_NETWORK, instead="Use links of the network, in networks."),
    *_rows("mac_address", _D, REFUSED, HOST, CONTAINER, instead=_MAC),
    *_rows("mac_address", _P, REFUSED, HOST, CONTAINER, NONE, *OWN_MODES, instead=_MAC),
    *_rows("mac_address", _D, REFUSED, NONE, instead=_MAC, since=(25, 0)),
    *_rows("init", _P, REFUSED, *PIDS_OF_OTHERS, instead="Leave it out: its process would not be the first one."),
    *_rows("shm_size", _P, REFUSED, ("ipc_mode", "host"), ("ipc_mode", "none"), instead=_ONE),
    *_rows("sysctls", _BOTH, REFUSED, HOST, asks=_of_the_network, what="one of C(net)",
           instead="Set those of net on the host."),
    *_rows("hostname", _BOTH, REFUSED, ("uts", "host"), instead=_ONE),
    *_rows("cgroups", _P, REFUSED, PIDS_OF_OTHERS[1], asks=_are_none, what="V(disabled)", instead=_ONE),
    *_rows("volumes_from", _P, REFUSED, ("image_volumes", "tmpfs"), before=(5, 0), instead=_ONE),
    *_rows("restart_policy", _BOTH, REFUSED, AUTO_REMOVE, asks=_restarts, what="any but V(no)", instead=_ONE),
)  # fmt: skip
