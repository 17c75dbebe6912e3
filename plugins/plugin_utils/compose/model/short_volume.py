# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The short form of a volume: ``[SOURCE:]TARGET[:MODE]``."""

from __future__ import annotations

import posixpath
import re
from typing import Any

PROPAGATIONS = frozenset({"private", "rprivate", "shared", "rshared", "slave", "rslave"})
SELINUX = frozenset({"z", "Z"})
# Words for Docker on a Mac, which mean nothing on Linux.
CONSISTENCIES = frozenset({"cached", "consistent", "delegated"})
_LONG = "Write it in the long form: type, source, target."


class BadVolume(Exception):
    """A text that is no volume, or none that would do what it says."""

    def __init__(self, problem: str, remedy: str = _LONG) -> None:
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


def parse_volume(text: str) -> dict[str, Any]:
    """A short volume in the long form.

    :raises BadVolume: also for what compose would take for something else than is meant.
    """
    fields = _fields(text)
    if len(fields) > 3:
        raise BadVolume("has more than three parts.")
    if not all(fields):
        raise BadVolume("has an empty part.", "Write [SOURCE:]TARGET[:MODE].")
    source, target = (fields[0], fields[1]) if len(fields) > 1 else ("", fields[0])
    if len(source) == 1 and source.isalpha():
        raise BadVolume(f"begins with one letter, which compose takes for a drive of Windows: {source}:")
    volume: dict[str, Any] = {"type": "bind" if is_path(source) else "volume"}
    if source:
        volume["source"] = source
    volume["target"] = clean(target)
    for word in fields[2].split(",") if len(fields) > 2 else ():
        _mode(volume, word)
    if volume["type"] == "bind":
        volume.setdefault("bind", {})["create_host_path"] = True
    elif len(text) > 2:
        volume.setdefault("volume", {})
    return volume


def _fields(text: str) -> list[str]:
    """The parts between colons, but for those of a variable that is still in the text."""
    if "${" not in text:
        return text.split(":")
    pieces = re.findall(r"((?:\$\{[^}]*\}|[^:])*)(?::|$)", text)
    return pieces[:-1] if len(pieces) > 1 and not pieces[-1] and not text.endswith(":") else pieces


def _mode(volume: dict[str, Any], word: str) -> None:
    if word in ("ro", "rw"):
        volume.pop("read_only", None)
        if word == "ro":
            volume["read_only"] = True
    elif word == "nocopy":
        volume["volume"] = {"nocopy": True}
    elif word in PROPAGATIONS:
        volume.setdefault("bind", {})["propagation"] = word
    elif word in SELINUX:
        volume.setdefault("bind", {})["selinux"] = word
    elif word not in CONSISTENCIES:
        known = ", ".join(("ro", "rw", "nocopy", *sorted(SELINUX), *sorted(PROPAGATIONS)))
        raise BadVolume(f"has the mode {word!r}, which compose drops without a word.", f"There are {known}.")


def is_path(source: str) -> bool:
    """Whether a source is a path, and not a volume's name."""
    return source.startswith((".", "/", "~", "\\\\"))


def clean(path: str) -> str:
    """A path without doubled slashes and ``.`` and ``..``, as Go's path.Clean has it."""
    if not path:
        return path
    cleaned = posixpath.normpath(path)
    return "/" + cleaned.lstrip("/") if cleaned.startswith("//") else cleaned
