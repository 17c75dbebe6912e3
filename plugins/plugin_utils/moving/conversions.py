# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the value of a peer's option is written here, where it is not the same value.

A conversion gets the options of a task that it is about, by the peer's names, and gives ours. A value that it gives
back as it got it stays in the file as it is written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence

from ..dataclass import dataclass
from .values import Leaf, Value, has_template, leaf, texts, unquoted

Given = Mapping[str, Value]
Written = dict[str, Value]


class Impossible(Exception):
    """There is nothing of the kind here; the text says why, and what there is instead."""


class Depends(Exception):
    """What has to be written depends on a value that only a run knows; the text says how."""


class ByHand(Exception):
    """A person has to decide; the text says what, and ``lines`` how it may look then."""

    def __init__(self, text: str, lines: Sequence[str] = ()) -> None:
        super().__init__(text)
        self.lines = tuple(lines)


@dataclass(frozen=True)
class Conversion:
    """What options of a peer become together.

    :param options: the peer's options that it takes, of which a task has at least one.
    :param write: gives our options.
    :param also: further options of the task that it looks at, and that somebody else writes.
    :param always: it has something to say where a task has none of its options, too.
    """

    options: tuple[str, ...]
    write: Callable[[Given], Written]
    also: tuple[str, ...] = ()
    always: bool = False


def known(value: Value, why: str) -> Value:
    """A value that is no template.

    :raises Depends: it is one.
    """
    if has_template(value):
        raise Depends(why)
    return value


def flag(value: Value, why: str) -> bool:
    """A boolean that is no template."""
    found = known(value, why)
    return isinstance(found, Leaf) and found.true


def dropped(*options: str) -> Conversion:
    """Options that mean nothing here, whatever they say."""
    return Conversion(options, lambda _given: {})


def only(option: str, harmless: Callable[[Leaf], bool], text: str) -> Conversion:
    """An option that has no equal here and may be left out where its value changes nothing."""

    def write(given: Given) -> Written:
        value = known(given[option], text)
        if isinstance(value, Leaf) and (value.null or harmless(value)):
            return {}
        raise Impossible(text)

    return Conversion((option,), write)


def truth(option: str, harmless: bool, text: str) -> Conversion:
    return only(option, lambda value: value.true == harmless, text)


def renamed(option: str, ours: str) -> Conversion:
    return Conversion((option,), lambda given: {ours: given[option]})


def boolean(value: bool) -> Leaf:
    return unquoted("true" if value else "false")


def as_list(option: str, ours: str) -> Conversion:
    """A text that is one item of a list here."""

    def write(given: Given) -> Written:
        value = given[option]
        return {ours: value if isinstance(value, list) else [value]}

    return Conversion((option,), write)


def scalar(value: Value, option: str) -> Leaf:
    """A value that has to be a scalar.

    :raises Impossible: it is none.
    """
    if not isinstance(value, Leaf):
        raise Impossible(f"{option} is no text.")
    return value


def split_pairs(text: str) -> dict[str, str]:
    """``a=1,b`` as {a: 1, b: ''}; no comma between the braces of a template counts."""
    parts = re.split(r",(?![^{]*\}\})", text)
    pairs = (part.partition("=") for part in parts if part)
    return {name.strip(): value for name, _is, value in pairs}


def by_pairs(value: Value, option: str, sign: str = "=") -> dict[str, Leaf]:
    """A list of ``KEY=VALUE`` as a dictionary.

    :raises Depends: an item is a template whose key can't be seen.
    :raises Impossible: an item is no text.
    """
    if isinstance(value, Leaf) and value.templated:
        raise Depends(f"{option} is a dictionary here, and its value a template.")
    found = {}
    for item in texts(value):
        key, is_pair, text = item.value.partition(sign)
        if not is_pair or "{{" in key:
            raise Depends(f"{option}: {item.value} can't be taken apart.")
        found[key] = leaf(text)
    return found


def as_dict(option: str, ours: str) -> Conversion:
    def write(given: Given) -> Written:
        value = given[option]
        return {ours: value if isinstance(value, dict) else dict(by_pairs(value, option))}

    return Conversion((option,), write)


def json_list(text: str) -> list[Value] | None:
    """A list that is written as JSON in a text; None where it is none."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return [leaf(str(item)) for item in found] if isinstance(found, list) else None
