# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of a peer's module as a whole, and what the tables of both peers have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ..dataclass import dataclass
from .conversions import Conversion, Depends, Given, Impossible, Written, flag
from .values import Leaf, Value, texts

NOTHING = "There is nothing of the kind here."
ON_CONTROLLER = "Here the path is one of the controller, there of the target: move what it names to the controller."


@dataclass(frozen=True)
class Moves:
    """What becomes of a peer's module.

    :param conversions: of options whose values are written otherwise.
    :param none: options that have no equal here, and why, or what there is instead.
    :param added: what is written beside them in any case.
    :param paths: options that name a file or directory of the controller here, and one of the target there.
    """

    conversions: tuple[Conversion, ...] = ()
    none: Mapping[str, str] = field(default_factory=dict)
    added: Mapping[str, Value] = field(default_factory=dict)
    paths: tuple[str, ...] = ()


def one_of(option: str, ours: str, many: str) -> Conversion:
    """A list of one, which is one text here."""

    def write(given: Given) -> Written:
        value = given[option]
        if isinstance(value, Leaf) and value.templated:
            raise Depends(many)
        if len(texts(value)) != 1:
            raise Impossible(many)
        return {ours: texts(value)[0]}

    return Conversion((option,), write)


def if_true(option: str, ours: str, value: Value, why: str) -> Conversion:
    return Conversion((option,), lambda given: {ours: value} if flag(given[option], why) else {})
