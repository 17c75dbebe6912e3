# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that an engine applies without ever reporting them: a label keeps digests of what was asked for at creation.

The label is a JSON object, {option: [digest, …]}: of a dict one digest per key, of a set one per element. A container
that we did not make has none: what cannot be known is then no difference. Of an option that is reported in part, the
label has the rest in plain words.

Labels are shown to many, and a short secret is found by trying: of a value that is one, the digest is of its mask only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from ....engine.differences.engine import Engine
from ....engine.differences.support import APPLIED, level
from ...shared.labels import APPLIED_LABEL, CREATED_LABEL
from ...shared.secrets import mask_env
from .row import Inspect, Option

NOT_REPORTED = "not reported by the engine"


def is_applied(row: Option, engine: Engine) -> bool:
    return level(row.name, engine) == APPLIED


def digests(row: Option, value: Any, engine: Engine) -> list[str]:
    """The digests of a normalised value."""
    value = row.canonical(value, engine)
    if row.secret:
        value = mask_env(value)
    if row.kind == "dict":
        return sorted(_digest([row.name, key, _told(item)]) for key, item in value.items())
    return sorted(_digest([row.name, item]) for item in value) if row.kind == "set" else [_digest([row.name, value])]


def _told(item: Any) -> Any:
    """The suboptions that ask for something: a false or empty one is as good as none."""
    return {key: value for key, value in item.items() if value} if isinstance(item, dict) else item


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def label(given: Iterable[tuple[Option, Any]], engine: Engine) -> str | None:
    """The label's text for the given options; None when the engine reports all of them."""
    kept: dict[str, list[str]] = {}
    for row, value in given:
        if is_applied(row, engine):
            kept[row.name] = digests(row, value, engine)
        elif row.keeps is not None and (told := row.keeps(value, engine)):
            kept[row.name] = told
    return json.dumps(kept, sort_keys=True, separators=(",", ":")) if kept else None


class Kept(tuple[str, ...]):
    """The digests of an option's value at creation; empty when it was not given then."""


class Unknown:
    """Stands in the place of a value that nobody can know."""

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN = Unknown()


def kept_of(row: Option, kept: dict[str, list[str]] | None) -> Kept | Unknown:
    """What :func:`read` gives, of one option."""
    return UNKNOWN if kept is None else Kept(kept.get(row.name, ()))


def read(inspect: Inspect) -> dict[str, list[str]] | None:
    """What was asked for at creation, by option; None when nobody can know it."""
    labels = (inspect.get("Config") or {}).get("Labels") or {}
    if CREATED_LABEL not in labels:
        return None
    try:
        kept = json.loads(labels.get(APPLIED_LABEL) or "{}")
    except ValueError:
        return None
    return kept if isinstance(kept, dict) else None


def same(row: Option, desired: Any, kept: Kept, comparison: str, engine: Engine) -> bool:
    """Whether a desired value is what was asked for at creation."""
    wanted = digests(row, desired, engine)
    if comparison == "allow_more_present" and row.kind in ("dict", "set"):
        return set(wanted) <= set(kept)
    return wanted == list(kept)
