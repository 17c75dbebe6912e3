# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The corners of compose files: cases as data in tests/unit/data/compose/corners, and how one is resolved.

A case has a ``name`` and

- ``web``: the keys of one service "web", as text; ``image`` is x unless it says another one, or
- ``A`` and ``B``: its keys in two files, the second over the first; ``more`` and ``more_b`` stand at their top level,
  and ``services_a`` beside the service in A;
- ``files``: the files of the project by their name; compose.yml is the one that is resolved, or those in ``paths``. A
  directory there is the one that docker compose runs in;
- ``env``, ``env_files``, ``profiles``, ``services``, ``project``, ``folder``: the options;
- ``gives``: what the result has ``at`` a path ("" for nothing at all), for us and for docker compose alike, or
- ``refused``: a part of our message. ``compose`` is then a part of docker compose's message, or what it gives instead.
  Beside ``gives`` it is the same, where docker compose does something else;
- ``warns``: a part of one of our warnings.

``{folder}`` stands for the project's directory, in what is expected, ``{parent}`` for the one above.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from checkout import CHECKOUT

from ansible_collections.sshfleet.containers.plugins.plugin_utils.compose.project import Resolved, Wanted, resolve
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import looks_secret

DATA = CHECKOUT / "tests" / "unit" / "data" / "compose"
FOLDER, PROJECTS = DATA / "corners", DATA / "projects"
NOTHING = "(nothing)"


@dataclass(frozen=True, kw_only=True)
class Corner:
    """See the module's docstring."""

    name: str
    topic: str
    web: str | None = None
    A: str | None = None
    B: str | None = None
    more: str = ""
    more_b: str = ""
    services_a: str = ""
    image: str = "x"
    files: dict[str, str] = field(default_factory=dict)
    paths: list[str] = field(default_factory=lambda: ["compose.yml"])
    env: dict[str, str] = field(default_factory=dict)
    env_files: list[str] = field(default_factory=list)
    profiles: list[str] | None = None
    services: list[str] = field(default_factory=list)
    project: str = ""
    folder: str = ""
    at: str = ""
    gives: Any = NOTHING
    refused: str = ""
    compose: Any = None
    warns: str = ""

    def write(self, place: Path) -> None:
        """Make the case's files in a directory."""
        files = dict(self.files)
        if self.web is not None:
            files["compose.yml"] = self._one(self.web)
        if self.A is not None:
            files["A.yml"] = self._one(self.A) + f"  {self.services_a}\n{self.more}\n"
            files["B.yml"] = f"services:\n  web:\n    {self.B}\n{self.more_b}\n" if self.B else f"{self.more_b}\n"
        for name, text in files.items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (place / self.folder).mkdir(parents=True, exist_ok=True)

    def _one(self, keys: str) -> str:
        image = "" if "image:" in keys else f"    image: {self.image}\n"
        return f"services:\n  web:\n{image}    {keys}\n"

    @property
    def of(self) -> list[str]:
        """The files to resolve, one over the other."""
        return ["A.yml", "B.yml"] if self.A is not None else self.paths

    def wanted(self, place: Path) -> Wanted:
        return Wanted(
            paths=[str(place / path) for path in self.of],
            folder=str(place / self.folder) if self.folder else "",
            name=self.project,
            profiles=self.profiles,
            services=self.services,
            variables=self.env,
            env_files=[str(place / path) for path in self.env_files],
            secret=looks_secret,
        )

    def resolved(self, place: Path) -> Resolved:
        return resolve(self.wanted(place))

    def arguments(self, place: Path, *how: str) -> list[str]:
        """The same, for docker compose.

        :param how: what it prints of the project; without it, the model.
        """
        argv = [word for path in self.of if (place / path).is_file() for word in ("-f", str(place / path))]
        argv += [word for path in self.env_files for word in ("--env-file", str(place / path))]
        argv += [word for profile in self.profiles or () for word in ("--profile", profile)]
        argv += ["-p", self.project] if self.project else []
        argv += ["--project-directory", str(place / self.folder)] if self.folder else []
        return [*argv, "config", *(how or ("--format", "json")), *self.services]


def filled(value: Any, place: Path) -> Any:
    """What is expected, with the directory put in."""
    if isinstance(value, dict):
        return {key: filled(item, place) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, place) for item in value]
    return (
        value.replace("{folder}", str(place)).replace("{parent}", str(place.parent))
        if isinstance(value, str)
        else value
    )


def corners() -> list[Corner]:
    """All cases."""
    return [
        Corner(**{"topic": path.stem, **case})
        for path in sorted(FOLDER.glob("*.yml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def projects() -> list[Corner]:
    """All ways to resolve the projects that are whole files; they give what docker compose gives."""
    ways = yaml.safe_load((DATA / "projects.yml").read_text(encoding="utf-8"))
    names = sorted(path.name for path in PROJECTS.iterdir())
    assert set(ways) <= set(names)
    return [
        Corner(**{"name": f"{name} {number}", "topic": name, "paths": ["compose.yml"], **way})
        for name in names
        for number, way in enumerate(ways.get(name, [{}]), 1)
    ]


def at(value: Any, path: str) -> Any:
    """What a result has at ``services.web.ports``; a list's item by its number."""
    for part in filter(None, path.split(".")):
        value = value[int(part)] if isinstance(value, list) else (value or {}).get(part)
    return value
