# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to copy where, between the controller and a container: from a task's options to a decided :class:`Copy`."""

from __future__ import annotations

import base64
import binascii
import posixpath
from collections.abc import Mapping
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption
from ..shared import parsers

INTO, OUT_OF = "into", "out_of"
ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "container": {"type": "str", "required": True, "aliases": ["name"]},
    "direction": {"type": "str", "choices": [INTO, OUT_OF], "default": INTO},
    "path": {"type": "path"},
    "content": {"type": "str", "no_log": False},  # else Ansible would blot out a short one all over the result
    "content_is_b64": {"type": "bool", "default": False},
    "container_path": {"type": "str", "required": True},
    "follow": {"type": "bool", "default": False},
    "local_follow": {"type": "bool", "default": True},
    "owner_id": {"type": "int"},
    "group_id": {"type": "int"},
    "mode": {"type": "raw"},
    "mode_parse": {"type": "str", "choices": ["legacy", "modern", "octal_string_only"], "default": "modern"},
    "directory_mode": {"type": "raw"},
    "force": {"type": "bool"},
}
SPEC_RULES: dict[str, Any] = {
    "mutually_exclusive": [("path", "content")],
    "required_one_of": [("path", "content")],
    "required_together": [("owner_id", "group_id")],
    "required_by": {"content": ["mode"]},
}
HIGHEST_MODE = 0o7777


@dataclass(frozen=True)
class Copy:
    """``force`` None compares, True copies without comparing, False copies only what is not there yet.

    ``path`` is the controller's side as it was given, ``content`` is instead of it. Modes are numbers, None for the
    source's own.
    """

    container: str
    direction: str
    path: str | None
    content: bytes | None
    container_path: str
    follow: bool
    local_follow: bool
    owner: tuple[int, int] | None
    mode: int | None
    directory_mode: int | None
    force: bool | None


def parse(params: Mapping[str, Any]) -> Copy:
    """Check the options beyond their types.

    :raises InvalidOption: for the first value that can't be used.
    """
    out = params["direction"] == OUT_OF
    for option in ("content", "owner_id", "group_id"):
        if out and params[option] is not None:
            shown = "********" if option == "content" else params[option]
            raise InvalidOption(option, shown, "it is for copying into a container only.", "Leave it out.")
    for option in ("owner_id", "group_id"):
        if (params[option] or 0) < 0:
            raise InvalidOption(option, params[option], "it is negative.", "Use 0 or more.")
    if params["path"] == "":
        raise InvalidOption("path", "", "it is empty.", "Name a file or a directory of the controller.")
    owner = None if params["owner_id"] is None else (params["owner_id"], params["group_id"])
    return Copy(
        parsers.name("container", params["container"]), params["direction"], params["path"], _content(params),
        container_path(params["container_path"]), params["follow"], params["local_follow"], owner,
        _mode("mode", params["mode"], params["mode_parse"]),
        _mode("directory_mode", params["directory_mode"], params["mode_parse"]), params["force"],
    )  # fmt: skip


def container_path(value: str) -> str:
    """An absolute path without '.' and doubled '/'.

    :raises InvalidOption: it is not absolute, or leads upwards.
    """
    if not value.startswith("/"):
        raise InvalidOption("container_path", value, "it is not an absolute path.", f"Write it as '/{value}'.")
    if "\0" in value:
        raise InvalidOption("container_path", value, "it contains a NUL character.", "Leave it out.")
    if ".." in value.split("/"):
        raise InvalidOption("container_path", value, "it leads upwards ('..').", "Write where it really is.")
    return posixpath.normpath("/" + value.strip("/"))


def _content(params: Mapping[str, Any]) -> bytes | None:
    text: str | None = params["content"]
    if text is None or not params["content_is_b64"]:
        return None if text is None else text.encode(errors="surrogateescape")
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        problem = f"it is not Base64: {error}."
        raise InvalidOption("content", "********", problem, "Encode it, or set content_is_b64 to false.") from None


def _mode(option: str, value: Any, how: str) -> int | None:
    """``modern`` is how Ansible's own modules read it; ``legacy``, the peer's default, takes the text '0644' for a
    decimal number.
    """
    if value is None:
        return None
    remedy = 'Write it as "0644"' + (", with mode_parse: modern." if how == "legacy" else ".")
    try:
        number = _number(value, how)
    except (TypeError, ValueError) as error:
        raise InvalidOption(option, value, f"this is no mode: {error}.", remedy) from None
    if not 0 <= number <= HIGHEST_MODE:
        raise InvalidOption(option, value, f"as a number it is {number}, and no file has such a mode.", remedy)
    return number


def mistaken_modes(params: Mapping[str, Any]) -> list[str]:
    """Warnings about modes that are hardly meant as ``legacy`` reads them."""
    return [
        f"{option} '{value}' was read as the decimal number that it is with mode_parse=legacy, which is the mode "
        f"{int(value):04o}. Set mode_parse to modern."
        for option in ("mode", "directory_mode")
        if params["mode_parse"] == "legacy"
        and isinstance(value := params[option], str)
        and value.isdecimal()
        and (value.startswith("0") or int(value) > 0o777)
    ]


def _number(value: Any, how: str) -> int:
    if isinstance(value, str):
        return int(value) if how == "legacy" else int(value, 8)
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"it is of type {type(value).__name__}")
    if how == "octal_string_only":
        raise TypeError("it is a number, and mode_parse allows texts only")
    return value
