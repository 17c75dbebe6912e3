# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters of things to be pruned: Docker's own, for both engines, so that check mode lists what a run removes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption
from ..shared.moments import GO_UNITS, Moment, read

KINDS = ("containers", "images", "networks", "volumes", "builder_cache")
_LABELS = ("label", "label!")
KNOWN: dict[str, tuple[str, ...]] = {
    "containers": ("until", *_LABELS),
    "images": ("dangling", "until", *_LABELS),
    "networks": ("until", *_LABELS),
    "volumes": ("all", *_LABELS),
    "builder_cache": ("until", "unused-for", "id", "parent", "type", "description", "inuse", "shared", "private"),
}
_FLAGS = frozenset({"all", "dangling", "inuse", "shared", "private"})
_TIMES = frozenset({"until", "unused-for"})
_MANY = frozenset(_LABELS)
_TRUE, _FALSE = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no"})
_TIME_REMEDY = "Write how long ago, such as 24h or 1h30m, a time such as 2026-01-31T12:00:00Z, or seconds since 1970."


@dataclass(frozen=True)
class Filters:
    """The filters of one kind. ``labels`` and ``without`` are (key, value), value None for any; ``given`` holds the
    rest, flags as bool, and ``texts`` all of it in the engine's words.
    """

    until: Moment | None = None
    labels: tuple[tuple[str, str | None], ...] = ()
    without: tuple[tuple[str, str | None], ...] = ()
    given: Mapping[str, Any] | None = None
    texts: Mapping[str, list[str]] | None = None

    def flag(self, name: str, default: bool) -> bool:
        return bool((self.given or {}).get(name, default))

    def match(self, labels: Mapping[str, str], created: float | None, now: float) -> bool:
        """Whether something with these labels and of this age (seconds since 1970, None where unknown) is meant: it has
        all labels, and none of those it is to be without.
        """
        if self.until is not None and (created is None or created > self.until.at(now)):
            return False
        return all(_has(labels, *one) for one in self.labels) and not any(_has(labels, *one) for one in self.without)


def _has(labels: Mapping[str, str], key: str, value: str | None) -> bool:
    return key in labels and value in (None, labels[key])


def parse(option: str, kind: str, given: Mapping[str, Any] | None) -> Filters:
    """Check the filters of one kind.

    :raises InvalidOption: a filter that there isn't, or a value that it can't have.
    """
    known = KNOWN[kind]
    texts: dict[str, list[str]] = {}
    for name, value in (given or {}).items():
        if name not in known:
            raise InvalidOption(option, name, "there is no such filter here.", f"Use {', '.join(known)}.")
        texts[name] = _texts(f"{option}.{name}", name, value)
    moments = [
        read(f"{option}.{name}", texts[name][0], GO_UNITS, _TIME_REMEDY)
        for name in ("until", "unused-for")
        if name in texts
    ]
    flags = {name: _flag(f"{option}.{name}", texts[name][0]) for name in texts if name in _FLAGS}
    others = {name: found[0] for name, found in texts.items() if name not in (*_FLAGS, *_TIMES, *_MANY)}
    labels, without = (tuple(_label(text) for text in texts.get(name, ())) for name in _LABELS)
    words = {name: [str(flags[name]).lower()] if name in flags else found for name, found in texts.items()}
    return Filters(moments[0] if moments else None, labels, without, {**flags, **others}, words)


def _texts(option: str, name: str, value: Any) -> list[str]:
    items = list(value) if isinstance(value, (list, tuple)) else [value]
    if any(isinstance(item, (dict, list)) or item is None for item in items) or not items:
        raise InvalidOption(option, value, "it is neither a value nor a list of values.", "Write a text, or texts.")
    if len(items) > 1 and name not in _MANY:
        raise InvalidOption(option, value, "there can be one value only.", "Name one.")
    return [str(item).lower() if isinstance(item, bool) else str(item) for item in items]


def _flag(option: str, text: str) -> bool:
    if text.lower() not in _TRUE | _FALSE:
        raise InvalidOption(option, text, "it is neither true nor false.", "Write true or false.")
    return text.lower() in _TRUE


def _label(text: str) -> tuple[str, str | None]:
    key, equals, value = text.partition("=")
    return key, value if equals else None
