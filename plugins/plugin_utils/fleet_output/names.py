# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of many hosts in little space, and the pattern that selects them again.

``web[1-40,42]`` stands for 41 names. What is folded comes back exactly: ``unfolded(folded(names)) == sorted names``.
"""

from __future__ import annotations

import json
import re
import shlex
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from ..telling import visible

# What else is in a name could be taken for a fold, or for its end: it is written in quotes, by itself.
_PLAIN = re.compile(r'[^\s\[\],"\\]+')
# Longer ones are serial numbers, which nobody counts.
_NUMBER = re.compile(r"(?<![0-9])([0-9]{1,18})(?![0-9])")
_ITEM = re.compile(r'("(?:[^"\\]|\\.)*")|([^\[\],"]*)(?:\[([0-9,-]+)\]([^\[\],"]*))?')
# What means the same in a host pattern, in a regular expression and in a shell.
_LITERAL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")

Numbers = tuple[str, ...]


def folded(names: Iterable[str]) -> str:
    """The names, each once, in natural order: ``db1,web[1-40,42]``. Without names, an empty text."""
    plain: defaultdict[tuple[str, ...], set[Numbers]] = defaultdict(set)
    quoted = set()
    for name in set(names):
        if _PLAIN.fullmatch(name) and visible(name) == name:
            parts = _NUMBER.split(name)
            plain[tuple(parts[::2])].add(tuple(parts[1::2]))
        else:
            quoted.add(json.dumps(name))
    found = [fold for texts, numbers in plain.items() for fold in _folds(texts, numbers)]
    return ",".join([*(text for _key, text in sorted(found)), *sorted(quoted)])


def unfolded(text: str) -> list[str]:
    """The names that a folded text stands for, in the order in which it names them."""
    names: list[str] = []
    position = 0
    while position < len(text):
        match = _ITEM.match(text, position)
        if match is None or match.end() == position or text[match.end() : match.end() + 1] not in ("", ","):
            raise ValueError(f"no folded names at {position}: {text[position : position + 20]!r}")
        quoted, before, ranges, after = match.groups()
        if quoted:
            names.append(json.loads(quoted))
        else:
            names += [f"{before}{number}{after or ''}" for number in _numbers(ranges)] if ranges else [before]
        position = match.end() + 1
    return names


def natural(name: str) -> tuple[Any, ...]:
    """The key by which web2 comes before web10."""
    parts = _NUMBER.split(name)
    return tuple((int(part), part) if index % 2 else part for index, part in enumerate(parts))


def limit_pattern(names: Iterable[str]) -> str:
    """What selects these hosts behind ``--limit``, quoted for a shell where it must be.

    A name that a host pattern would read otherwise (``db:1``, ``@file``, ``web*``) is written as a regular expression
    without any sign that has a meaning there.
    """
    patterns = [name if _LITERAL.fullmatch(name) else _expression(name) for name in sorted(set(names), key=natural)]
    return shlex.quote(",".join(patterns)) if patterns else ""


def _expression(name: str) -> str:
    signs = (sign if sign.isascii() and sign.isalnum() else _escaped(ord(sign)) for sign in name)
    return rf"~{''.join(signs)}\Z"


def _escaped(number: int) -> str:
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _folds(texts: tuple[str, ...], all_numbers: set[Numbers]) -> Iterator[tuple[Any, str]]:
    """Names that differ in numbers only, folded over the number that differs most; with the key to sort them by."""
    count = len(texts) - 1
    if not count:
        yield natural(texts[0]), texts[0]
        return
    where = max(range(count), key=lambda place: (len({numbers[place] for numbers in all_numbers}), place))
    alike: defaultdict[Numbers, set[str]] = defaultdict(set)
    for numbers in all_numbers:
        alike[(*numbers[:where], "", *numbers[where + 1 :])].add(numbers[where])
    for others, values in alike.items():
        spans = sorted(_spans(values))
        text = ",".join(span for _first, span in spans)
        written = list(others)
        written[where] = text if len(values) == 1 else f"[{text}]"
        yield (
            natural(_joined(texts, (*others[:where], min(values, key=int), *others[where + 1 :]))),
            _joined(texts, written),
        )


def _joined(texts: tuple[str, ...], numbers: Iterable[str]) -> str:
    return texts[0] + "".join(f"{number}{text}" for number, text in zip(numbers, texts[1:], strict=True))


def _spans(values: set[str]) -> Iterator[tuple[tuple[int, int], str]]:
    """Numbers as ranges; those with leading zeros keep their width, and so do those of that width beside them."""
    widths = {len(value) for value in values if value[0] == "0" and len(value) > 1}
    classes: defaultdict[int, list[int]] = defaultdict(list)
    for value in values:
        classes[len(value) if len(value) in widths else 0].append(int(value))
    for width, numbers in classes.items():
        numbers.sort()
        first = numbers[0]
        for number, following in zip(numbers, [*numbers[1:], None], strict=True):
            if following != number + 1:
                last = "" if number == first else f"-{number:0{width}}"
                yield (first, width), f"{first:0{width}}{last}"
                first = following if following is not None else first


def _numbers(ranges: str) -> Iterator[str]:
    for one in ranges.split(","):
        first, _dash, last = one.partition("-")
        width = len(first) if first[0] == "0" else 0
        yield from (f"{number:0{width}}" for number in range(int(first), int(last or first) + 1))
