# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Podman's generator says of quadlets: the units that it makes of them, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field

from ...dataclass import dataclass
from .unit_text import words

_UNIT = re.compile(r"---(.+\.service)---")
_SAID = re.compile(r"quadlet-generator\[\d+\]: ")
# Lines that tell what it does, and what is no more than an echo of others.
_CHATTER = ("Loading source ", "No files parsed from", "processing encountered some errors")
_WARNING = "Warning: "
_LACKS = re.compile(
    r"(?i)(?:requested quadlet \w+|quadlet pod unit|unable to translate dependency for) ([\w.@-]+\.\w+)"
)
_COMMANDS = ("ExecStartPre=", "ExecStart=")
_RUN, _POD, _PLAY = ("run",), ("pod", "create"), ("kube", "play")
# What systemd makes of its specifiers in the name of a container; one with others is not known.
_SPECIFIER = re.compile(r"%(.)")
_UNREADABLE = re.compile(r'error loading "([^"]+)(?<!\.conf)"')
_BOOT = ("WantedBy=", "RequiredBy=", "UpheldBy=")


@dataclass(frozen=True)
class Unit:
    """A unit as it would be. ``source`` is its quadlet's path beside the others; ``boot`` is whether something starts
    it; ``once`` is whether it does its work and is gone, as a build is. ``container`` and ``pod`` are the names of what
    it makes, '' where it makes none or the name is not known, ``yaml`` is the path of the Kubernetes YAML that it
    plays, and ``text`` all of it.
    """

    name: str
    source: str
    boot: bool = False
    once: bool = False
    container: str = ""
    pod: str = ""
    yaml: str = ""
    text: str = ""


@dataclass(frozen=True)
class Generated:
    """What the generator made of a directory. ``units`` go by their source; errors and warnings are its own words."""

    units: Mapping[str, Unit] = field(default_factory=dict)
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def about(self, *names: str) -> list[str]:
        """The errors that name one of these files."""
        return [error for error in self.errors if any(_names(error, name) for name in names)]

    def lacking(self, *names: str) -> str:
        """The quadlet that one of these files names, and that is not there; '' where nothing of the kind is wrong."""
        found = (_LACKS.search(error) for error in self.about(*names))
        return next((one[1] for one in found if one), "")

    def unreadable(self) -> str:
        """The first quadlet that it can't read, which keeps it from reading all others; '' for none."""
        found = (_UNREADABLE.search(error) for error in self.errors)
        return next((one[1] for one in found if one), "")


def _names(error: str, name: str) -> bool:
    return re.search(rf"""(?:^|[\s"/]){re.escape(name)}(?:$|[\s",;:])""", error) is not None


def read(output: str, errors: str, folder: str, place: str) -> Generated:
    """What a dry run has printed.

    :param folder: where the quadlets lay for it.
    :param place: where they are otherwise, for people.
    """
    units: dict[str, Unit] = {}
    name, lines = "", list[str]()
    for line in [*output.split("\n"), "---.service---"]:
        found = _UNIT.fullmatch(line)
        if found is None and line != "---.service---":
            lines.append(line)
            continue
        if name and (unit := _unit(name, lines, folder)):
            units[unit.source] = unit
        name, lines = found[1] if found else "", []
    said = [line.replace(folder, place) for line in map(_without_who, errors.split("\n")) if line.strip()]
    told = [line for line in said if not line.startswith(_CHATTER) and not line.startswith("time=")]
    wrong = [line for line in told if not line.startswith(_WARNING)]
    warnings = [line.removeprefix(_WARNING) for line in told if line.startswith(_WARNING)]
    return Generated(units, tuple(wrong), tuple(warnings))


def _without_who(line: str) -> str:
    found = _SAID.match(line)
    return line[found.end() :] if found else line


def _unit(name: str, lines: list[str], folder: str) -> Unit | None:
    """The unit; None of one that somebody else's quadlet is the source of."""
    source = next((line.removeprefix("SourcePath=") for line in lines if line.startswith("SourcePath=")), "")
    if not source.startswith(f"{folder}/"):
        return None
    boot = any(line.startswith(key) and line.removeprefix(key).strip() for line in lines for key in _BOOT)
    once = "Type=oneshot" in lines and "RemainAfterExit=yes" not in lines
    return Unit(
        name, source.removeprefix(f"{folder}/"), boot, once, container=_named(name, lines, _RUN),
        pod=_named(name, lines, _POD), yaml=(_words_of(lines, _PLAY) or [""])[-1], text="\n".join(lines),
    )  # fmt: skip


def _words_of(lines: list[str], verb: tuple[str, ...]) -> list[str]:
    """What is behind ``podman VERB``, of which there is one in a unit at most."""
    for line in lines:
        key = next((key for key in _COMMANDS if line.startswith(key)), "")
        given = [word.text for word in words(line.removeprefix(key))] if key else []
        if tuple(given[1 : 1 + len(verb)]) == verb:
            return given[1 + len(verb) :]
    return []


def _named(unit: str, lines: list[str], verb: tuple[str, ...]) -> str:
    """The name behind ``--name`` of ``podman VERB``."""
    flags = iter(_words_of(lines, verb))
    for word in flags:
        if word == "--name" or word.startswith("--name="):
            return _resolved(next(flags, "") if word == "--name" else word.removeprefix("--name="), unit)
    return ""


def _resolved(name: str, unit: str) -> str:
    stem = unit.removesuffix(".service")
    known = {"%": "%", "n": unit, "N": stem, "p": stem.partition("@")[0], "i": ""}
    if "@" in unit or any(found not in known for found in _SPECIFIER.findall(name)):
        return ""
    return _SPECIFIER.sub(lambda found: known[found[1]], name)
