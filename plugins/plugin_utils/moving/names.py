# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the peers' modules are called, and the options that they take.

``peers/MODULE.json`` is the interface of one, written by ``scripts/peer_options.py``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Any

from ..dataclass import dataclass
from . import modules

COLLECTIONS = {"docker": "community.docker", "podman": "containers.podman"}
_PREFIXES = {"docker": ("community.docker.", "community.general.", ""), "podman": ("containers.podman.", "")}
_FOLDER = Path(__file__).parent / "peers"
# What a file has that uses any of them: only such a file is looked at more closely.
MENTIONED = re.compile(
    r"\b(?:docker|podman)_[a-z_0-9]+|\bcommunity\.docker\b|\bcontainers\.podman\b|\bcurrent_container_facts\b"
)


@dataclass(frozen=True)
class Ours:
    """What this collection has.

    :param modules: the options of each module as argument specs, the connection's included.
    :param stands_for: by a peer's module, the module here.
    :param collection: where they are.
    """

    modules: Mapping[str, Mapping[str, Mapping[str, Any]]]
    stands_for: Mapping[str, str]
    collection: str = "sshfleet.containers"
    _known: dict[str, dict[str, str]] = field(default_factory=dict, compare=False)

    def canonical(self, module: str) -> dict[str, str]:
        """Every name and alias of an option, and the name that it has."""
        if module not in self._known:
            self._known[module] = _names(self.modules[module])
        return self._known[module]


def _names(options: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {name: key for key, facts in options.items() for name in (key, *facts.get("aliases", ()))}


@cache
def _interface(module: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((_FOLDER / f"{module}.json").read_text(encoding="utf-8"))
    return found


@cache
def options_of(module: str) -> dict[str, str]:
    """Every name and alias of an option of a peer's module, and the name that it has; the ways to the engine too."""
    found = _names(_interface(module)["options"])
    return {**way_options(), **found} if module.startswith("docker_") else found


@cache
def way_options() -> dict[str, str]:
    """The options with which community.docker's modules find the engine."""
    return _names(_interface("docker_container")["connection_options"])


def recorded() -> set[str]:
    """The modules whose options are known."""
    return {path.stem for path in _FOLDER.glob("*.json")}


@cache
def _known() -> frozenset[str]:
    return frozenset({*recorded(), *modules.NONE, *modules.OLD_NAMES})


def peer_called(name: str) -> str | None:
    """The module of a peer that a task calls by this name, with or without its collection; None for any other."""
    plain = name.rpartition(".")[2]
    plain = modules.OLD_NAMES.get(plain, plain)
    kind = "podman" if plain.startswith("podman_") else "docker"
    given = name[: len(name) - len(name.rpartition(".")[2])]
    if given == f"{COLLECTIONS[kind]}.":
        return plain if plain.isidentifier() else None
    if plain in _known() and given in _PREFIXES[kind] and (given or plain != "current_container_facts"):
        return plain
    return None
