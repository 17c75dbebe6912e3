# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the files of a run: beside their places first, and into these when the run is over."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from pathlib import Path

from ... import run_mark
from ...errors import InvalidOption
from ..files import OUTPUT, RESULTS, SUMMARIES, file_name

_WRITE = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
_BEFORE = {OUTPUT: ("", ""), RESULTS: ("[\n", ",\n")}  # the first piece of a file, and each further one
_AFTER = {OUTPUT: "", RESULTS: "\n]\n"}


class OutputDir:
    """One run's directory. Files have mode 0600; a directory that is made here has 0700."""

    def __init__(self, path: str, overwrite: bool) -> None:
        """Make it, and the place beside the files; raises InvalidOption."""
        self._path = Path(path)
        self._overwrite = overwrite
        self._begun: dict[str, str] = {}  # a file's name: its suffix
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            names = [path.name for path in self._path.iterdir()]
            found = sorted(set(SUMMARIES) & set(names))
            if found and not overwrite:
                remedy = "Name another directory, or set output_overwrite."
                raise InvalidOption("output_dir", path, f"it has the {found[0]} of an earlier run.", remedy)
            self._sweep(names)
            self._parts = self._path / run_mark.beside("fleet")
            self._parts.mkdir(mode=0o700)
        except OSError as error:
            raise InvalidOption("output_dir", path, f"it can't be written to: {error.strerror}.") from None

    def add(self, host: str, suffix: str, text: str) -> None:
        """Add a piece to a host's file: text as it is, or one element of a list in JSON."""
        name = file_name(host, suffix)
        between = _BEFORE[suffix][name in self._begun]
        self._begun[name] = suffix
        self._append(name, between + text)

    def finish(self, summaries: dict[str, str]) -> list[str]:
        """Put all into place. The names that were there already, and so stayed as they were."""
        for name, suffix in self._begun.items():
            if _AFTER[suffix]:
                self._append(name, _AFTER[suffix])
        for name, text in summaries.items():
            self._append(name, text)
        kept = [name for name in (*self._begun, *summaries) if not self._put(name)]
        self.forget()
        return kept

    def forget(self) -> None:
        """Remove what has not been put into place."""
        shutil.rmtree(self._parts, ignore_errors=True)

    def _append(self, name: str, text: str) -> None:
        descriptor = os.open(self._parts / name, _WRITE, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(_encoded(text))

    def _put(self, name: str) -> bool:
        part, place = self._parts / name, self._path / name
        if self._overwrite:
            part.replace(place)
            return True
        try:
            os.link(part, place, follow_symlinks=False)
        except FileExistsError:
            return False
        except OSError:  # a file system without hard links
            if os.path.lexists(place):
                return False
            part.replace(place)
        return True

    def _sweep(self, names: list[str]) -> None:
        """Remove what runs have left that were killed."""
        for name in names:
            with contextlib.suppress(OSError):
                if run_mark.is_left_over(name, time.time() - (self._path / name).lstat().st_mtime):
                    shutil.rmtree(self._path / name)


def _encoded(text: str) -> bytes:
    """The bytes that a text came from. Halves of characters, which none came from, are written as JSON has them."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace")
