# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The short forms of a model's keys are written out: each key then has one form only.

The model has passed the schema; a file that only another one extends has not, so that nothing is taken for granted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..problems import Model, Path, Problems
from ..tables import Table, cloned, items_mapped, mapped
from .short_port import BadPort, parse_port
from .short_volume import BadVolume, parse_volume

_STARTED = {"condition": "service_started", "required": True}
# Where a list is left out when nothing is in it but empty texts.
_UNSAID = ("", None)


class Canonical:
    """Writes short forms out; what can't be read is noted in ``problems``."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._rows: Table[Callable[[Any, Path], Any]] = Table(
            {
                "services.*.build": self._build,
                "services.*.build.additional_contexts": self._contexts,
                "services.*.build.provenance": _as_text,
                "services.*.build.sbom": _as_text,
                "services.*.build.secrets.*": _mount,
                "services.*.build.ssh": self._ssh,
                "services.*.configs.*": _mount,
                "services.*.depends_on": self._depends_on,
                "services.*.devices.*": self.device,
                "services.*.develop.watch.*.ignore": _as_list,
                "services.*.develop.watch.*.include": _as_list,
                "services.*.dns": _said,
                "services.*.env_file": _env_files,
                "services.*.extends": lambda value, _path: {"service": value} if isinstance(value, str) else value,
                "services.*.gpus": lambda value, _path: [{"count": "all"}] if isinstance(value, str) else value,
                "services.*.label_file": _as_list,
                "services.*.models": _by_name,
                "services.*.networks": _by_name,
                "services.*.ports": self._ports,
                "services.*.secrets.*": _mount,
                "services.*.volumes.*": self._volume,
                "configs.*": self._external,
                "networks.*": self._external,
                "secrets.*": self._external,
                "volumes.*": self._external,
            }
        )

    def model(self, model: Model) -> Model:
        done: Model = mapped(model, (), self._rows)
        return done

    def _build(self, value: Any, path: Path) -> Any:
        return {"context": value} if isinstance(value, str) else items_mapped(value, path, self._rows)

    def _contexts(self, value: Any, path: Path) -> Any:
        if not isinstance(value, list):
            return value
        pairs = [str(item).partition("=") for item in value]
        for index, (name, sign, _context) in enumerate(pairs):
            if not sign:
                self._problems.add((*path, index), "has no =.", "Write NAME=CONTEXT.", name)
        return {name: context for name, _sign, context in pairs}

    def _ssh(self, value: Any, path: Path) -> Any:
        if not isinstance(value, list):
            return value
        made: dict[str, Any] = {}
        for index, item in enumerate(value):
            name, sign, where = str(item).partition("=")
            if not sign and name != "default":
                self._problems.add((*path, index), "is neither default nor NAME=PATH.", "Write NAME=PATH.", item)
            made[name] = where if sign else None
        return made

    def _depends_on(self, value: Any, path: Path) -> Any:
        if isinstance(value, list):
            return {str(name): dict(_STARTED) for name in value}
        if not isinstance(value, dict):
            return value
        made = {}
        for name, how in value.items():
            if not isinstance(how, dict):
                self._problems.add((*path, name), "has no condition.", "Write condition: service_started.")
                continue
            made[name] = {**_STARTED, **how}
        return made

    def device(self, value: Any, path: Path) -> Any:
        """A short device in its long form."""
        if not isinstance(value, str):
            return value
        source, *rest = value.split(":")
        if len(rest) > 2:
            self._problems.add(
                path, "has more than three parts.", "Write source, target, permissions as a mapping.", value
            )
            return {}
        if len(rest) == 1 and rest[0] and not set(rest[0]) - set("rwm"):
            problem = f"has {rest[0]!r} where compose expects the device's path in the container."
            self._problems.add(path, problem, f"Write {source}:{source}:{rest[0]}.", value)
        target = rest[0] if rest and rest[0] else source
        return {"source": source, "target": target, "permissions": rest[1] if len(rest) > 1 else "rwm"}

    def _ports(self, value: Any, path: Path) -> Any:
        if not isinstance(value, list):
            return value
        made: list[Any] = []
        for index, entry in enumerate(value):
            if isinstance(entry, dict):
                made.append(entry)
                continue
            try:
                made += parse_port(entry if isinstance(entry, str) else str(entry))
            except BadPort as error:
                self._problems.add((*path, index), error.problem, error.remedy, entry)
        return made

    def _volume(self, value: Any, path: Path) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return parse_volume(value)
        except BadVolume as error:
            self._problems.add(path, error.problem, error.remedy, value)
            return {"type": "volume", "target": value}

    def _external(self, value: Any, path: Path) -> Any:
        """``external: {name: N}`` is the old form of ``external: true`` with ``name: N``."""
        if not isinstance(value, dict) or not isinstance(value.get("external"), dict):
            return value
        made, old = cloned(value), value["external"].get("name")
        made["external"] = True
        if old is not None:
            self._problems.warn(f"{path[0]}.{path[1]}: external.name is deprecated; write name and external: true.")
            if made.setdefault("name", old) != old:
                self._problems.add((*path, "external"), "has another name than name says.", "Keep name only.", old)
        return made


def _as_text(value: Any, _path: Path) -> Any:
    return {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value


def _as_list(value: Any, _path: Path) -> Any:
    return [value] if isinstance(value, str) else value


def _said(value: Any, path: Path) -> Any:
    listed = _as_list(value, path)
    return [item for item in listed if item not in _UNSAID] if isinstance(listed, list) else listed


def _mount(value: Any, _path: Path) -> Any:
    return {"source": value} if isinstance(value, str) else value


def _by_name(value: Any, _path: Path) -> Any:
    return {str(name): None for name in value} if isinstance(value, list) else value


def _env_files(value: Any, path: Path) -> Any:
    files = _as_list(value, path)
    if not isinstance(files, list):
        return files
    return [{"required": True, **({"path": one} if isinstance(one, str) else one)} for one in files]
