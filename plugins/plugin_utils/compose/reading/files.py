# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of the controller that a project is read from."""

from __future__ import annotations

import stat
from pathlib import Path as File

LARGEST = 4 * 1024 * 1024  # bytes of a file that people write

DEFAULT_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDE_NAMES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)


class NotReadable(Exception):
    """A file that is not there, or can't be used; the text says why."""


def text_of(path: str) -> str:
    """The text of a file.

    :raises NotReadable: see there.
    """
    try:
        there = File(path).stat()
        if stat.S_ISDIR(there.st_mode):
            raise NotReadable("is a directory.")
        if not stat.S_ISREG(there.st_mode):
            raise NotReadable("is no regular file.")
        if there.st_size > LARGEST:
            raise NotReadable(f"is larger than {LARGEST // 1024**2} MiB.")
        return File(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotReadable("is not there.") from None
    except (OSError, ValueError) as error:
        raise NotReadable(f"can't be read: {error}.") from error


def exists(path: str) -> bool:
    """Whether a file is there; a directory is none."""
    try:
        return File(path).is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: str) -> bool:
    """Whether a directory is there."""
    try:
        return File(path).is_dir()
    except (OSError, ValueError):
        return False


def found_in(folder: str) -> list[str]:
    """The compose file of a directory or the nearest one above it, and the override file beside that."""
    for place in (File(folder), *File(folder).parents):
        named = [str(place / name) for name in DEFAULT_NAMES if exists(str(place / name))]
        if named:
            return [named[0], *[str(place / name) for name in OVERRIDE_NAMES if exists(str(place / name))][:1]]
    return []
