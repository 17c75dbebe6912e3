# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an engine does not do with an option beside the others that a task gives: the table of modes, applied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ....engine.differences.modes import CONTAINER, MODES, OWN_NETWORK, VOID, ModeRow
from ....engine.differences.support import REFUSED
from ....errors import InvalidOption
from . import networks


def _modes(values: Mapping[str, Any], engine: Engine) -> set[tuple[str, str]]:
    """The given options as ``when`` of a row has them."""
    given = ((name, value) for name, value in values.items() if isinstance(value, (str, bool)))
    modes = {(name, str(value).lower().partition(":")[0]) for name, value in given}
    network = values.get("network_mode") or next(iter(values.get("networks") or ()), None)
    return modes | ({OWN_NETWORK} if network and networks.names_network(network, engine) else set())


def _met(values: Mapping[str, Any], engine: Engine) -> dict[str, ModeRow]:
    """{option: the first row that is about the given values}."""
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
        f"{engine.title} does nothing about {name} with {_shown(row)}. {row.instead}"
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
                name, _told(values[name]), f"{engine.title} does not do it with {_shown(row)}.", row.instead
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
