# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parsers of plain option values: each gives the normalised value or raises InvalidOption."""

from __future__ import annotations

import ipaddress
import re
import shlex
from collections.abc import Mapping
from typing import Any

from ...errors import InvalidOption
from . import image_grammar
from .labels import OWN_PREFIX
from .secrets import MASK, looks_secret

NAME_PATTERN = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]*")
_SIZE_PATTERN = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgtp]?)(?:i?b)?", re.IGNORECASE)
_UNITS = {unit: 1024**power for power, unit in enumerate(("", "k", "m", "g", "t", "p"))}
_HOSTNAME_PATTERN = re.compile(r"(?!-)[a-zA-Z0-9._-]{1,253}")
NANO = 10**9
_LONGEST_NUMBER = 20  # digits
IPV6_PARTS = 8
_QUOTE = "Put it in quotes, or make a text of it with the filter string."


def name(option: str, value: Any) -> str:
    return object_name("container", option, value)


def object_name(kind: str, option: str, value: Any) -> str:
    """A name that an object of this kind can have.

    :raises InvalidOption: there can be none of this name.
    """
    text = str(value)
    if not NAME_PATTERN.fullmatch(text):
        raise InvalidOption(
            option, value, f"no {kind} can have this name.",
            "Start with a letter or a digit and go on with letters, digits, '_', '.', '-'.",
        )  # fmt: skip
    return text


def image(option: str, value: Any) -> str:
    text = str(value)
    if not image_grammar.ID.fullmatch(text) and not image_grammar.NAME.fullmatch(text):
        raise InvalidOption(
            option, value, "this is no image reference.",
            "Write it like name, name:tag, registry.example.com:5000/path/name:tag, name@sha256:… or as an image ID; "
            "the name is in lower case.",
        )  # fmt: skip
    return text


def unquoted(value: Any, parts: int) -> str:
    """The remedy for a text of so many parts between colons that YAML has read as a number to the base of 60, such as
    2222:22 (133342) or a MAC address without letters; '' for what can't be one.
    """
    text = str(value)
    if not text.isascii() or not text.isdigit() or len(text) > _LONGEST_NUMBER:
        return ""
    found: list[str] = []
    rest = int(text)
    for _part in range(parts - 1):
        rest, last = divmod(rest, 60)
        found.insert(0, f"{last:02}")
    written = ":".join([str(rest), *found])
    return f"Where it is {written}, put it in quotes: without them, YAML reads the number {text}." if rest else ""


def text(option: str, value: Any) -> str:
    result = str(value)
    if any(ord(character) < 32 for character in result):
        raise InvalidOption(option, value, "it contains a control character.", "Write it on one line.")
    return result


def hostname(option: str, value: Any) -> str:
    if not _HOSTNAME_PATTERN.fullmatch(str(value)):
        raise InvalidOption(option, value, "this is no host name.", "Use letters, digits, '-' and '.'.")
    return str(value)


def directory(option: str, value: Any) -> str:
    if value and not str(value).startswith("/"):
        raise InvalidOption(option, value, "it is not an absolute path.", f"Write it as '/{value}'.")
    return text(option, value)


def boolean(option: str, value: Any) -> bool:
    return bool(value)


def count(option: str, value: Any) -> int:
    number = int(value)
    if number < 0:
        raise InvalidOption(option, value, "it is negative.", "Use 0 or more.")
    return number


def size(option: str, value: Any) -> int:
    """Bytes, from a number with an optional unit: 512m, 1.5G, 536870912. 0 means no limit."""
    match = _SIZE_PATTERN.fullmatch(str(value).strip())
    if not match:
        raise InvalidOption(
            option, value, "this is no size.", "Write a number and one of the units B, K, M, G, T, P, such as '512M'."
        )
    return int(float(match[1]) * _UNITS[match[2].lower()])


def cpus(option: str, value: Any) -> int:
    """Billionths of a CPU. 0 means no limit."""
    if value < 0:
        raise InvalidOption(option, value, "it is negative.", "Use a number of CPUs such as 0.5 or 2.")
    return round(float(value) * NANO)


def command(option: str, value: Any) -> list[str]:
    """A text is split as a shell would, without running one; a list is taken as it is."""
    if isinstance(value, str):
        try:
            return shlex.split(value)
        except ValueError as problem:
            raise InvalidOption(option, value, f"{problem}.", "Close the quotation, or write a list.") from None
    if not isinstance(value, (list, tuple)) or any(isinstance(item, (dict, list)) or item is None for item in value):
        raise InvalidOption(option, value, "it is neither a text nor a list of texts.", "Write one of these two.")
    return [str(item) for item in value]


def env(option: str, value: Mapping[str, Any]) -> dict[str, str]:
    """Texts and whole numbers: 1.10 or yes would otherwise become 1.1 and True on its way through YAML."""
    for key, item in value.items():
        if not isinstance(key, str) or not key or "=" in key or "\0" in key:
            raise InvalidOption(option, key, "no variable can have this name.", "Leave out '=' and use a text.")
        if not _is_whole(item):
            _require_text(f"{option}.{key}", key, item, "Non-string value found for env option. It is")
    return {key: plain_text(item) for key, item in value.items()}


def labels(option: str, value: Mapping[str, Any]) -> dict[str, str]:
    """Texts and whole numbers, as with env."""
    for key, item in value.items():
        if not isinstance(key, str) or not key:
            raise InvalidOption(option, key, "no label can have this name.", "Use a text that is not empty.")
        if not _is_whole(item):
            _require_text(f"{option}.{key}", key, item)
    return {key: plain_text(item) for key, item in value.items()}


def labels_not_ours(option: str, value: Mapping[str, Any]) -> dict[str, str]:
    """Labels, none of them one in which this collection keeps what it knows: it would differ in every run."""
    for key in value:
        if str(key).startswith(OWN_PREFIX):
            raise InvalidOption(
                option, key, f"labels that begin with {OWN_PREFIX} are those of this collection.", "Use another name."
            )
    return labels(option, value)


def plain_text(value: Any) -> str:
    """A number or boolean as the engines' command lines would send it; a text as it is."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_whole(value: Any) -> bool:
    """A number that a template may have made of a text that was given."""
    return isinstance(value, int) and not isinstance(value, bool)


def _require_text(option: str, key: str, value: Any, begin: str = "it is") -> None:
    shown = MASK if looks_secret(key) else value
    if not isinstance(value, str):
        words = (
            f"The value {shown!r} for {key!r} of labels is not a string or something than can be safely converted to"
        )
        refused = InvalidOption(option, shown, f"{begin} of type {_type(value)}, not a text.", _QUOTE)
        raise refused.known_as(f"{words} a string!" if option == f"labels.{key}" else "")
    if "\0" in value:
        raise InvalidOption(option, shown, "it contains a NUL character.", "Leave it out.")


def _type(value: Any) -> str:
    """The plain type of a value, which Ansible may have made one of its own."""
    return next(one.__name__ for one in type(value).__mro__ if one.__module__ == "builtins")


def texts(option: str, value: Any) -> list[str]:
    return [text(option, item) for item in value]


def address(option: str, value: Any) -> str:
    try:
        return str(ipaddress.ip_address(str(value)))
    except ValueError:
        remedy = unquoted(value, IPV6_PARTS) or "Write an IPv4 or IPv6 address."
        raise InvalidOption(option, value, "this is no IP address.", remedy) from None


def driver_options(option: str, value: Mapping[str, Any] | None) -> dict[str, str]:
    """A dict of driver options as the engines want it: true and false in lower case, numbers as text.

    :raises InvalidOption: a value that is a list or a dict.
    """
    found = {}
    for key, item in (value or {}).items():
        if isinstance(item, (dict, list)):
            raise InvalidOption(f"{option}.{key}", item, "it is neither a text nor a number.", "Give one value.")
        found[str(key)] = "" if item is None else plain_text(item)
    return found
