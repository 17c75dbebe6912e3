# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an engine does not do with an option while another one has a certain value: one table.

*void*: the engine takes it, drops it, and nothing is lost by that: it is not compared, or each run would find it
missing. *refused*: it can't be done. Each line was found by trying every option in every mode on every engine, which
``tests/lab/test_drift_modes.py`` does again.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from ....errors import InvalidOption
from ...shared.engines import Engine
from . import networks
from .support import REFUSED, Row, title

VOID = "void"
# Options with a value, without what is behind its colon.
HOST, NONE, CONTAINER = ("network_mode", "host"), ("network_mode", "none"), ("network_mode", "container")
PRIVILEGED, AUTO_REMOVE = ("privileged", "true"), ("auto_remove", "true")
OWN_NETWORK = ("network_mode", "NETWORK")  # one that somebody has created
PIDS_OF_OTHERS = (("pid_mode", "host"), ("pid_mode", "container"))


def _always(value: Any) -> bool:
    return True


def _renamed(devices: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether a device has another path in the container than on the host."""
    return any(device["source"] != target for target, device in devices.items())


def _restarts(policy: str) -> bool:
    return policy != "no"


def _of_the_network(sysctls: Mapping[str, str]) -> bool:
    return any(name.startswith("net.") for name in sysctls)


@dataclass(frozen=True)
class ModeRow(Row):
    """One fact; ``when`` is the other option with its value, ``instead`` the remedy, or of what is void what is to be
    said about it, and ``asks(value)`` tells which values of the option it is about: ``what``, in the documentation.
    """

    when: tuple[str, str] = ("", "")
    asks: Callable[[Any], bool] = _always
    what: str = "it"

    def meets(self, value: Any, modes: Container[tuple[str, str]], engine: Engine) -> bool:
        return bool(value) and self.when in modes and self.holds_for(engine) and self.asks(value)


def _modes(values: Mapping[str, Any], engine: Engine) -> set[tuple[str, str]]:
    """The given options as ``when`` of a row has them."""
    given = ((name, value) for name, value in values.items() if isinstance(value, (str, bool)))
    modes = {(name, str(value).lower().partition(":")[0]) for name, value in given}
    network = values.get("network_mode") or next(iter(values.get("networks") or ()), None)
    return modes | ({OWN_NETWORK} if network and networks.names_network(network, engine) else set())


def _rows(
    options: str, engines: str, level: str, *whens: tuple[str, str], instead: str = "", **more: Any
) -> Iterator[ModeRow]:
    for option, engine, when in product(options.split(), engines.split(), whens):
        yield ModeRow(option, engine, level, instead, when=when, **more)


_P, _D, _BOTH = "podman", "docker", "podman docker"
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
    *_rows("mac_address", _D, REFUSED, NONE, instead=_MAC, since=(25, 0)),
    *_rows("init", _P, REFUSED, *PIDS_OF_OTHERS, instead="Leave it out: its process would not be the first one."),
    *_rows("shm_size", _P, REFUSED, ("ipc_mode", "host"), ("ipc_mode", "none"), instead=_ONE),
    *_rows("sysctls", _BOTH, REFUSED, HOST, asks=_of_the_network, what="one of C(net)",
           instead="Set those of net on the host."),
    *_rows("hostname", _BOTH, REFUSED, ("uts", "host"), instead=_ONE),
    *_rows("restart_policy", _BOTH, REFUSED, AUTO_REMOVE, asks=_restarts, what="any but V(no)", instead=_ONE),
)  # fmt: skip


def _met(values: Mapping[str, Any], engine: Engine) -> dict[str, ModeRow]:
    """By option, the first row that is about the given values."""
    found: dict[str, ModeRow] = {}
    modes = _modes(values, engine)
    for row in MODES:
        if row.option not in found and row.meets(values.get(row.option), modes, engine):
            found[row.option] = row
    return found


def void(values: Mapping[str, Any], engine: Engine) -> frozenset[str]:
    """The options of which the engine does nothing, beside the others that are given."""
    return frozenset(name for name, row in _met(values, engine).items() if row.level == VOID)


def remarks(values: Mapping[str, Any], engine: Engine) -> list[str]:
    """What is to be said about them where a container is made."""
    return [
        f"{title(engine)} does nothing about {name} with {_shown(row)}. {row.instead}"
        for name, row in _met(values, engine).items()
        if row.level == VOID and row.instead
    ]


def require(values: Mapping[str, Any], engine: Engine) -> None:
    """Refuse what can't be done beside the other options.

    :raises InvalidOption: naming both options.
    """
    for name, row in _met(values, engine).items():
        if row.level == REFUSED:
            raise InvalidOption(
                name, _told(values[name]), f"{title(engine)} does not do it with {_shown(row)}.", row.instead
            )


def _told(value: Any) -> Any:
    return sorted(value) if isinstance(value, Mapping) else value


def _shown(row: ModeRow) -> str:
    return "=".join(row.when)


def sentences(option: str) -> list[str]:
    """What the documentation of an option says about modes, in the order of the table."""
    whens: dict[tuple[str, str, str], list[str]] = {}
    for row in MODES:
        if row.option == option:
            whens.setdefault((row.level, row.what, row.versions()), []).append(_in_documents(row))
    engines: dict[tuple[str, str, str], list[str]] = {}
    for (level, what, versions), found in whens.items():
        listed = " or ".join(filter(None, (", ".join(found[:-1]), found[-1])))
        engines.setdefault((level, what, listed), []).append(versions)
    return [
        f"On {' and '.join(versions)}, {what} {'has no effect' if level == VOID else 'is refused'} with {listed}."
        for (level, what, listed), versions in engines.items()
    ]


def _in_documents(row: ModeRow) -> str:
    if row.when == OWN_NETWORK:
        return "a network that somebody has created"
    option, mode = row.when
    return f"O({option}={mode}{':NAME' if mode == CONTAINER[1] else ''})"
