# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A file of environment variables, as ``--env-file`` of both engines takes it; values are taken as they are."""

from __future__ import annotations

import codecs

from ....errors import InvalidOption

_FORM = "Write NAME=value: no spaces in the name or beside it, no 'export'."
_SAVE = "Save it as UTF-8."


def variables(option: str, path: str, data: bytes) -> dict[str, str]:
    """The variables of a file with lines NAME=value; lines that are empty or begin with # say nothing, and so does a
    byte order mark.

    :raises InvalidOption: naming the file and the line, whose text may be a secret.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(_decoded(option, path, data).split("\n"), start=1):
        where, stripped = f"{path}, line {number}", line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        name, equals, value = line.lstrip().partition("=")
        if not equals or not name:
            raise InvalidOption(option, where, "it is not of the form NAME=value.", _FORM)
        if not name.isprintable() or " " in name:
            raise InvalidOption(option, where, "no variable can have this name, with a space in it or unseen.", _FORM)
        if "\0" in value:
            raise InvalidOption(option, where, "it contains a NUL character.", "Leave it out.")
        found[name] = value.rstrip("\r")
    return found


def _decoded(option: str, path: str, data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InvalidOption(option, path, "it is UTF-16.", _SAVE)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidOption(option, f"{path}, line {line}", "it is not UTF-8.", _SAVE) from None
