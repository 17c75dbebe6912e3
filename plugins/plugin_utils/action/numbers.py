# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refuses numbers that can't be used: YAML and Python know .nan and .inf, and nothing can be done so often or for so
long.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import InvalidOption

LARGEST = 2**63 - 1  # of an engine's numbers
LONGEST = 10**9  # seconds, 31 years

Spec = Mapping[str, Mapping[str, Any]]


def require_numbers(spec: Spec, arguments: Any) -> None:
    """Check every option that is a number. What is no number at all is left to the argument spec.

    :param arguments: the task's arguments, before anything has made numbers of texts.
    :raises InvalidOption: the first that is not finite or too large, or a time below 0.
    """
    for option, kind, value in _numbers(spec, arguments, ""):
        if isinstance(value, bool):
            continue
        try:
            number = value if kind == "int" and isinstance(value, int) else float(value)
        except (TypeError, ValueError):
            continue
        except OverflowError:
            number = math.copysign(math.inf, value > 0 or -1)
        is_time = option.endswith("timeout")
        if not abs(number) <= LARGEST:
            raise InvalidOption(option, value, "nothing can be counted with this number.", _remedy(number, is_time))
        if is_time and not 0 <= number <= LONGEST:
            raise InvalidOption(option, value, "this is no time to wait.", f"Give seconds from 0 to {LONGEST}.")


def _remedy(number: float, is_time: bool) -> str:
    """What to give instead of a number that is too large, too small, or none."""
    if number > 0:
        return "Give a smaller one."
    if number < 0:
        return "Give 0 or more."
    return "Give a number in seconds." if is_time else "Give a number."


def _numbers(spec: Spec, arguments: Any, prefix: str) -> Iterator[tuple[str, str, Any]]:
    """(option, type, value) of every number, also inside of dictionaries and lists."""
    if not isinstance(arguments, Mapping):
        return
    for name, rule in spec.items():
        kind, inner = rule.get("type", "str"), rule.get("options")
        for given in (name, *rule.get("aliases", ())):
            if (value := arguments.get(given)) is None:
                continue
            several = value if isinstance(value, list) else [value]
            kind = rule.get("elements", kind) if kind == "list" else kind
            for one in several:
                if inner:
                    yield from _numbers(inner, one, f"{prefix}{name}.")
                elif kind in ("int", "float"):
                    yield f"{prefix}{given}", kind, one
