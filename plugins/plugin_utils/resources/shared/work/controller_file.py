# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of the controller that a task names, found where a role's or a playbook's files are."""

from __future__ import annotations

from pathlib import Path

from ....errors import InvalidOption
from .module import FileNotThere, Task


def read(task: Task, option: str, path: str) -> tuple[str, bytes]:
    """The path of a file, and what is in it.

    :raises InvalidOption: there is none, or it can't be read.
    """
    try:
        found = path if Path(path).is_absolute() else task.find_file(path)
        return found, Path(found).read_bytes()
    except (OSError, FileNotThere) as error:
        problem = getattr(error, "strerror", None) or "it could not be read."
        raise InvalidOption(option, path, f"{problem}".rstrip(".") + ".", "It is a file of the controller.") from None


def text_of(option: str, path: str, data: bytes, encoding: str = "utf-8") -> str:
    """The text that is in a file.

    :raises InvalidOption: it is none.
    """
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise InvalidOption(option, path, "it is not UTF-8.", "Save it as UTF-8.") from None
