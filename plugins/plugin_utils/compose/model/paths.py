# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Relative paths of a model are those of a folder: of its project, or of the file that is extended or included."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from pathlib import Path as File
from typing import Any

from ..problems import Path
from ..tables import Table, mapped

_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\")
_REMOTE = ("https://", "http://", "git://", "ssh://", "github.com/", "git@")


def with_home(path: str) -> str:
    """``~`` at the beginning is the home directory of the user on the controller."""
    return posixpath.normpath(f"{File.home()}/{path[1:]}") if path.startswith("~") else path


def joined(folder: str, path: str) -> str:
    """A path from a folder; absolute ones stay as they are, relative ones are cleaned."""
    path = with_home(path)
    return path if not path or path.startswith("/") else posixpath.normpath(f"{folder}/{path}")


def on_engine(folder: str, path: str) -> str:
    """The same for a path that an engine may know otherwise: one of Windows is absolute, too."""
    return path if _WINDOWS.match(path) else joined(folder, path or ".")


def is_remote(context: str) -> bool:
    """Whether a build context is no directory of the controller."""
    return "://" in context or context.startswith(("service:", *_REMOTE))


class Paths:
    """Makes the paths of models absolute, or relative to where ``folder`` is.

    :param relative: gets the absolute paths of an engine's host that were written relative, or with ``~``.
    """

    def __init__(self, folder: str, relative: set[str]) -> None:
        self._folder = folder
        self._relative = relative
        self._rows: Table[Callable[[Any, Path], Any]] = Table(
            {
                "services.*.build.context": self._context,
                "services.*.build.additional_contexts.*": self._context,
                "services.*.build.ssh.*": self._engine_path,
                "services.*.env_file.*.path": self._path,
                "services.*.label_file.*": self._path,
                "services.*.extends.file": self._path,
                "services.*.develop.watch.*.path": self._watched,
                "services.*.volumes.*": self._volume,
                "configs.*.file": self._engine_path,
                "secrets.*.file": self._engine_path,
                "volumes.*": self._driver_opts,
            }
        )

    def model(self, model: Any) -> Any:
        return mapped(model, (), self._rows)

    def _path(self, value: Any, _path: Path) -> Any:
        return joined(self._folder, value) if isinstance(value, str) else value

    def _engine_path(self, value: Any, _path: Path) -> Any:
        return on_engine(self._folder, value) if isinstance(value, str) else value

    def _watched(self, value: Any, path: Path) -> Any:
        return posixpath.realpath(self._path(value, path)) if isinstance(value, str) and value else value

    def _context(self, value: Any, path: Path) -> Any:
        return value if not isinstance(value, str) or is_remote(value) else self._path(value, path)

    def _host_path(self, value: Any, path: Path) -> Any:
        made = self._engine_path(value, path)
        if made != value and isinstance(made, str):
            self._relative.add(made)
        return made

    def _volume(self, value: Any, path: Path) -> Any:
        if isinstance(value, dict) and value.get("type") == "bind" and "source" in value:
            return {**value, "source": self._host_path(value["source"], path)}
        return value

    def _driver_opts(self, value: Any, path: Path) -> Any:
        options = value.get("driver_opts") if isinstance(value, dict) else None
        if not options or value.get("driver") != "local" or options.get("o") != "bind" or "device" not in options:
            return value
        return {**value, "driver_opts": {**options, "device": self._host_path(options["device"], path)}}
