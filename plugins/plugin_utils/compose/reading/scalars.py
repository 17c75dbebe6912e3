# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a plain scalar of a compose file is: text, number, boolean, null or date.

Compose reads YAML as Go's yaml.v3 does: between YAML 1.1 and 1.2. ``yes`` and ``22:22`` are texts, ``0755`` is octal.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

_CONSTANTS: dict[str, Any] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_WHOLE = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_DATE = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|[ ]+)(\d{1,2}):(\d\d?):(\d\d?)(\.\d+)?[ ]*(Z|[-+]\d\d:\d\d)?)?"
)
_BASES = {"x": 16, "X": 16, "o": 8, "O": 8, "b": 2, "B": 2}
_LARGEST = 2**64
_LONGEST_WHOLE = 1e21  # from here on, JSON has an exponent
_LONGEST = 400  # characters: no number that means something is longer


class WrittenInt(int):
    """A whole number that is written otherwise than it is printed, such as 0755."""

    written: str = ""


class WrittenFloat(float):
    """A number that is written otherwise than it is printed, such as 1.10."""

    written: str = ""


class Date(str):
    """A date or moment, which compose takes for no text; the text is as JSON has it."""

    written: str = ""


def plain(text: str) -> Any:
    """What a scalar without quotes and without a tag is."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if not text or text[0] not in "+-.0123456789" or len(text) > _LONGEST:
        return text
    if (date := _DATE.fullmatch(text)) is not None:
        return _date(text, date)
    digits = text.replace("_", "")
    if _WHOLE.fullmatch(digits) and abs(number := _whole(digits)) < _LARGEST:
        return number if str(number) == text else _noted(WrittenInt(number), text)
    if _FLOAT.fullmatch(digits):
        value = float(digits)
        return text if value in (float("inf"), float("-inf")) else _noted(WrittenFloat(value), text)
    return text


def _whole(digits: str) -> int:
    sign = -1 if digits.startswith("-") else 1
    bare = digits.lstrip("+-")
    if len(bare) > 1 and bare[1] in _BASES:
        return sign * int(bare[2:], _BASES[bare[1]])
    return sign * int(bare, 8 if len(bare) > 1 and bare.startswith("0") else 10)


def _date(text: str, found: re.Match[str]) -> Any:
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31 and int(hour or 0) < 24 and int(minute or 0) < 60):
        return text
    moment = f"{year}-{int(month):02}-{int(day):02}T{int(hour or 0):02}:{int(minute or 0):02}:{int(second or 0):02}"
    return _noted(Date(moment + (fraction or "").rstrip("0").rstrip(".") + (zone or "Z")), text)


def _noted(value: Any, text: str) -> Any:
    value.written = text
    return value


def untagged(value: Any) -> Any:
    """A model of plain Python values; a whole number is none with a point, as JSON has it."""
    if isinstance(value, dict):
        return {key: untagged(item) for key, item in value.items()}
    if isinstance(value, list):
        return [untagged(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < _LONGEST_WHOLE:
        return int(value)
    for kind, base in ((WrittenInt, int), (WrittenFloat, float), (Date, str)):
        if isinstance(value, kind):
            return base(value)
    return value


def go_text(value: Any) -> str:
    """A value as Go prints it in a text: true, 1.5, 1e+06, map[a:1], <nil>."""
    if isinstance(value, str):
        return str(value)
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return _float_text(float(value))
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{go_text(value[key])}" for key in sorted(value)) + "]"
    return "[" + " ".join(map(go_text, value)) + "]"


def _float_text(value: float) -> str:
    """The fewest digits that tell the number, with an exponent below -4 and from 6 on."""
    if math.isnan(value):
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "+Inf" if value > 0 else "-Inf"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    figures = "".join(map(str, digits))
    power = int(exponent) + len(figures) - 1 if value else 0
    if -4 <= power < 6:
        return f"{Decimal(repr(value)).normalize():f}" if value else "0"
    rest = f".{figures[1:]}" if len(figures) > 1 else ""
    return f"{'-' * sign}{figures[0]}{rest}e{'-' if power < 0 else '+'}{abs(power):02}"
