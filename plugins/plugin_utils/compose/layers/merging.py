# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A file's model laid over what earlier files say, key by key, with the rules of the Compose Specification ("Merge").

Both models stand as they are written, or as ``model.canonical`` writes them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..problems import Model, Path, Problems, Source
from ..reading.scalars import go_text
from ..tables import Table, cloned

STARTED = {"condition": "service_started", "required": True}


class Merging:
    """Merges models; what doesn't fit together is noted in ``problems``.

    :param source: the document that is laid over the rest.
    """

    def __init__(self, problems: Problems, source: Source | None = None) -> None:
        self._problems, self._source = problems, source
        networks = self._mapping_of_names(None)
        self._special: Table[Callable[[Any, Any, Path], Any]] = Table(
            {
                **dict.fromkeys(_SEQUENCES, _joined),
                **dict.fromkeys(_REPLACED, lambda _base, over, _path: over),
                "networks.*.ipam.config": self._ipam,
                "services.*.build": self._build,
                "services.*.build.extra_hosts": _hosts,
                "services.*.extra_hosts": _hosts,
                "services.*.depends_on": self._depends_on,
                "services.*.logging": self._logging,
                "services.*.models": networks,
                "services.*.networks": networks,
                "services.*.ulimits.*": lambda _base, over, _path: over,
            }
        )

    def merged(self, base: Any, over: Any, path: Path = ()) -> Any:
        """``over`` laid over ``base``, which is used up by it."""
        special = self._special.at(path)
        if special is not None:
            return special(base, over, path)
        if over is None:
            return base
        if isinstance(base, dict):
            return self._mappings(base, over, path) if isinstance(over, dict) else self._refuse(base, path)
        if isinstance(base, list):
            return [*base, *over] if isinstance(over, list) else self._refuse(base, path)
        return over

    def _refuse(self, base: Any, path: Path) -> Any:
        problem = "can't be merged with what an earlier file has: one is no mapping, or no list."
        remedy = "Write both in the same form, or the later one with !override."
        self._problems.add(path, problem, remedy, source=self._source)
        return base

    def _mappings(self, base: Model, over: Model | None, path: Path) -> Model:
        for key, value in (over or {}).items():
            base[key] = self.merged(base[key], value, (*path, key)) if key in base else value
        return base

    def _mapping_of_names(self, default: Model | None) -> Callable[[Any, Any, Path], Any]:
        def merge(base: Any, over: Any, path: Path) -> Any:
            return self._mappings(by_name(base, default), by_name(over, default), path)

        return merge

    def _depends_on(self, base: Any, over: Any, path: Path) -> Any:
        """A list stands for ``service_started``, and must not undo a condition without saying so."""
        before = by_name(base, STARTED)
        if isinstance(over, list):
            for index, name in enumerate(over):
                self._undone(before.get(name), (*path, index), name)
        return self._mappings(before, by_name(over, STARTED), path)

    def _undone(self, before: Any, path: Path, name: str) -> None:
        if not isinstance(before, dict):
            return
        condition = before.get("condition", "service_started")
        undone = [f"condition: {condition}"] if condition != "service_started" else []
        undone += ["required: false"] if before.get("required") is False else []
        if undone:
            problem = f"stands in a list, which takes back {' and '.join(undone)} of an earlier file or service."
            remedy = "Leave it out of the list, or write a mapping with the condition."
            self._problems.add(path, problem, remedy, name, self._source)

    def _build(self, base: Any, over: Any, path: Path) -> Any:
        return self._mappings(_as_build(base), _as_build(over), path)

    def _logging(self, base: Any, over: Any, path: Path) -> Any:
        """Options of another driver are none of this one's."""
        if not (isinstance(base, dict) and isinstance(over, dict)):
            return base if over is None else over
        if "driver" in base and "driver" in over and base["driver"] != over["driver"]:
            return over
        return self._mappings(base, over, path)

    def _ipam(self, base: Any, over: Any, path: Path) -> Any:
        """One entry for each subnet."""
        if not (isinstance(base, list) and isinstance(over, list)):
            return self._refuse(base, path)
        entries: list[Model] = []
        for original in base:
            for later in over:
                same = later.get("subnet") == original.get("subnet")
                if not same and not any(entry.get("subnet") == later.get("subnet") for entry in entries):
                    entries.append(later)
                    continue
                merged = self._mappings(original, later, path)
                at = [index for index, entry in enumerate(entries) if entry.get("subnet") == merged.get("subnet")]
                if at:
                    entries[at[0]] = merged
                else:
                    entries.append(merged)
        return entries


_WORDS_SEQUENCES = (
    "networks.*.labels volumes.*.labels services.*.annotations services.*.build.args "
    "services.*.build.additional_contexts services.*.build.labels services.*.deploy.labels services.*.dns "
    "services.*.dns_opt services.*.dns_search services.*.env_file services.*.label_file services.*.environment "
    "services.*.labels services.*.volumes.*.volume.labels services.*.sysctls services.*.tmpfs"
)
_SEQUENCES = _WORDS_SEQUENCES.split()
_REPLACED = ("services.*.command", "services.*.entrypoint", "services.*.healthcheck.test")


def by_name(value: Any, default: Model | None) -> Model:
    """A mapping, also where there is a list of its keys."""
    if isinstance(value, dict):
        return value
    return {str(name): cloned(default) for name in value} if isinstance(value, list) else {}


def sequence(value: Any) -> list[Any]:
    """A list, also where there is one text, or a mapping of what is ``KEY=VALUE`` in a list."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        items = [text for key, item in value.items() for text in _assignments(key, item)]
        return sorted(items)
    return [value] if isinstance(value, str) else []


def _assignments(key: str, value: Any) -> list[str]:
    if value is None:
        return [key]
    return [f"{key}={go_text(item)}" for item in (value if isinstance(value, list) else [value])]


def _joined(base: Any, over: Any, _path: Path) -> list[Any]:
    return [*sequence(base), *sequence(over)]


def _hosts(base: Any, over: Any, _path: Path) -> list[Any]:
    before = sequence(base)
    return [*before, *(item for item in sequence(over) if item not in before)]


def _as_build(value: Any) -> Model:
    if isinstance(value, dict):
        return value
    return {"context": value} if isinstance(value, str) else {}


def reset(model: Any, resets: tuple[Path, ...], path: Path = ()) -> Any:
    """Take away from a model what a file says to reset or to override."""
    if isinstance(model, dict):
        for key in list(model):
            if any(_fits((*path, key), pattern) for pattern in resets):
                del model[key]
            else:
                reset(model[key], resets, (*path, key))
    elif isinstance(model, list):
        for index, item in enumerate(model):
            reset(item, resets, (*path, index))
    return model


def _fits(path: Path, pattern: Path) -> bool:
    return len(path) == len(pattern) and all(wanted in ("*", part) for part, wanted in zip(path, pattern, strict=True))
