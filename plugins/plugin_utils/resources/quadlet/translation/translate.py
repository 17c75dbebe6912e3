# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a container → the text of a quadlet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ....errors import InvalidOption
from ...container.options.parsing import ARGUMENT_SPEC, Options
from .. import unit_text
from . import keys, values
from .keys import LINE, QUOTED, WORD, Row

HEADER = "# Made by Ansible, of the options of a container (sshfleet.containers.remote_quadlet).\n"
CONTAINER, SERVICE, INSTALL = "Container", "Service", "Install"
_SECTION = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_ONE_LINE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")
_FITS = {LINE: unit_text.is_line, WORD: unit_text.is_word}

_NAMES = {alias: name for name, spec in ARGUMENT_SPEC.items() for alias in spec.get("aliases", ())}

Lines = list[tuple[str, str]]  # keys and what stands behind the equals sign


def require_meaning(given: Mapping[str, Any]) -> None:
    """
    :param given: the options that a task names.
    :raises InvalidOption: one that no quadlet can have, or that is not about the container.
    """
    for alias, value in given.items():
        if value is None:
            continue
        name = _NAMES.get(alias, alias)
        if name in keys.WITHOUT_MEANING:
            raise InvalidOption(
                f"container.{name}",
                value,
                "it says how a task goes about it, and a quadlet is a file.",
                "Leave it out.",
            )
        if name in keys.REFUSED:
            raise InvalidOption(f"container.{name}", value, "a quadlet has nothing for it.", keys.REFUSED[name])


def text(options: Options, boot: str, sections: Mapping[str, Mapping[str, Any]] | None = None) -> str:
    """A .container.

    :param options: checked, with the container's name; with an image.
    :param boot: the targets that start it, '' for none.
    :param sections: by section and key, what the task adds as it stands, a text or several.
    :raises InvalidOption: an option that a quadlet can't have.
    """
    policy = options.values.get("restart_policy")
    written: dict[str, Lines] = {
        "Unit": [],
        CONTAINER: list(_container(options)),
        SERVICE: [("Restart", keys.RESTART[policy])] if policy else [],
        INSTALL: [("WantedBy", boot)] if boot else [],
    }
    for section, lines in _added(sections or {}):
        written[section] = [*written.get(section, []), *lines]
    return HEADER + "".join(_section(name, lines) for name, lines in written.items() if lines)


def _section(name: str, lines: Lines) -> str:
    return f"\n[{name}]\n" + "".join(f"{key}={value}\n" for key, value in lines)


def _container(options: Options) -> Iterator[tuple[str, str]]:
    if not options.image:
        raise InvalidOption("container.image", None, "a quadlet needs it.", "Name the image.")
    yield "ContainerName", unit_text.doubled(options.name)
    yield "Image", unit_text.doubled(options.image)
    if options.pull != "missing":
        yield "Pull", options.pull
    if options.behaviour.platform:
        yield _flag("platform", options.behaviour.platform)
    mode, networks = options.values.get("network_mode"), options.values.get("networks")
    for network in values.networks(mode, networks):
        yield _line(Row("networks", "network", key="Network"), network)
    for row in keys.ROWS:
        if row.option in options.values:
            for value in row.values(options.values[row.option]):
                yield _line(row, value)
    if command := options.values.get("command"):
        yield "Exec", " ".join(unit_text.argument("container.command", one) for one in command)
    _require_known(options.values)


def _require_known(given: Iterable[str]) -> None:
    """
    :raises InvalidOption: an option that has no row; it would be lost without a word.
    """
    known = {row.option for row in keys.ROWS} | keys.OWN
    for name in given:
        if name not in known:
            remedy = keys.REFUSED.get(name, "Leave it out, or write the quadlet yourself (content).")
            raise InvalidOption(f"container.{name}", "…", "a quadlet has nothing for it.", remedy)


def _line(row: Row, value: str) -> tuple[str, str]:
    if row.key and row.form == QUOTED:
        return row.key, unit_text.word(value)
    if row.key and _FITS[row.form](value):
        return row.key, unit_text.doubled(value)
    return _flag(row.flag, value)


def _flag(flag: str, value: str) -> tuple[str, str]:
    return "PodmanArgs", unit_text.word(f"--{flag}={value}")


def _added(sections: Mapping[str, Any]) -> Iterator[tuple[str, Lines]]:
    """
    :raises InvalidOption: what is no section, no key, or more than a line.
    """
    for section, entries in sections.items():
        if not isinstance(section, str) or not _SECTION.fullmatch(section) or not isinstance(entries, Mapping):
            remedy = "Write it like {Service: {TimeoutStartSec: 300}}."
            raise InvalidOption("sections", section, "this is no section with keys.", remedy)
        lines = []
        for key, given in entries.items():
            several = given if isinstance(given, (list, tuple)) else [given]
            lines += [(_key(section, key), _added_value(f"sections.{section}.{key}", one)) for one in several]
        yield section, lines


def _key(section: str, key: Any) -> str:
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise InvalidOption(f"sections.{section}", key, "there is no such key.", "Use letters and digits.")
    return key


def _added_value(option: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, (str, int, float)) or not _ONE_LINE.fullmatch(str(value)) or str(value).endswith("\\"):
        raise InvalidOption(option, value, "it is no text of one line.", "Write it as it stands in a unit's file.")
    return str(value)
