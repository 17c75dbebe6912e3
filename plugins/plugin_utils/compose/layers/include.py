# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``include``: models of other files, each with its own folder and variables, join the one that includes them."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import Any

from ...dataclass import dataclass
from ..model.paths import is_remote, joined
from ..problems import Model, Path, Problems, Source
from ..reading.files import exists

_KINDS = ("services", "volumes", "networks", "secrets", "configs", "models")


@dataclass(frozen=True)
class Included:
    """One entry of ``include``: a file and what overrides it, their folder, and their files of variables."""

    files: list[str]
    folder: str
    env_files: list[str]


@dataclass
class Include:
    """Joins what a model includes into it.

    :param folder: what relative paths are relative to.
    :param load: gives the model of an entry.
    :param within: the files that this one is included by, and itself.
    :param source: the document that includes.
    """

    folder: str
    load: Callable[[Included], Model]
    problems: Problems
    within: tuple[str, ...]
    source: Source

    def apply(self, model: Model) -> None:
        entries = model.pop("include", None)
        if entries is None:
            return
        if not isinstance(entries, list):
            self.problems.add(("include",), "must be a list.", "Write - PATH.")
            return
        for index, entry in enumerate(entries):
            included = self._entry(entry, ("include", index))
            if included is not None:
                self._join(self.load(included), model)

    def _entry(self, entry: Any, path: Path) -> Included | None:
        written = {"path": entry} if isinstance(entry, str) else entry
        paths = _listed(written.get("path")) if isinstance(written, dict) else []
        if not paths:
            self.problems.add(path, "names no file.", "Write path: PATH.")
            return None
        if any(is_remote(one) or one.startswith("oci:") for one in paths):
            self.problems.add(path, "is no file of the controller.", "Fetch it, and name the file.", paths[0])
            return None
        files = [joined(self.folder, one) for one in paths]
        if files[0] in self.within:
            way = " → ".join(posixpath.basename(one) for one in (*self.within, files[0]))
            self.problems.add(path, f"goes round in a circle: {way}.", "Take one include out.")
            return None
        given = written.get("project_directory")
        folder = joined(self.folder, given) if given else posixpath.dirname(files[0])
        return Included(files, folder, self._env_files(written, folder, path))

    def _env_files(self, written: Model, folder: str, path: Path) -> list[str]:
        given = _listed(written.get("env_file"))
        if not given:
            own = f"{folder}/.env"
            return [own] if exists(own) else []
        return [joined(self.folder, one) for one in given]

    def _join(self, imported: Model, model: Model) -> None:
        for kind in _KINDS:
            source = imported.get(kind)
            if not isinstance(source, dict):
                continue
            target = model.get(kind)
            target = model[kind] = target if isinstance(target, dict) else {}
            for name, value in source.items():
                if name in target and target[name] != value:
                    remedy = "Rename one of them, or change it in a later file: path: [FILE, OVERRIDE]."
                    self.problems.add((kind, name), "is another one in an included file.", remedy, source=self.source)
                target.setdefault(name, value)


def _listed(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
