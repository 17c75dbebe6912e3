# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page itself: one HTML file with its style, its script and its data in it, which loads nothing from anywhere."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from ....telling import visible
from ..places import short_id
from .comparison import compared
from .drift import drift
from .rows import rows
from .shape import Snapshot, checked
from .views import DISK, count, size, views

DATA = Path(__file__).parent / "data"
# Rows of a section beside the table of containers. What is more is counted; a browser has to lay out all of them.
MOST_ROWS = 500


def page(snapshot: Snapshot, before: Snapshot | None = None, *, title: str, made_at: str) -> str:
    """The text of an HTML file about a fleet.

    :param snapshot: what ``remote_fleet_info`` returned.
    :param before: an earlier one, to tell what appeared, vanished and changed since.
    :param title: of the page, a text for people.
    :param made_at: when that was read, or the page made of it, a text for people.
    :raises InvalidOption: of the option ``snapshot`` or ``before``, where it is none.
    """
    now = checked(snapshot, "snapshot")
    changes = None if before is None else compared(checked(before, "before"), now)
    style, script = _file("page.css"), _file("page.js")
    return _template().render(
        title=title,
        made_at=made_at,
        policy=_policy(style, script),
        style=style,
        script=script,
        data=rows(now),
        drift=drift(now),
        changes=changes,
        **views(now),
    )


def _policy(style: str, script: str) -> str:
    """The Content-Security-Policy: this style and this script, and nothing else, neither loaded nor sent."""
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _file(name: str) -> str:
    return (DATA / name).read_text(encoding="utf-8")


@cache
def _template() -> jinja2.Template:
    """Whatever is written into it is escaped, but for what is marked safe there; control characters are visible."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, finalize=_shown, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(size=size, count=count, short_id=short_id)
    environment.globals.update(most_rows=MOST_ROWS, disk_kinds=[kind.replace("_", " ") for kind in DISK])
    return environment.from_string(_file("page.html.j2"))


def _shown(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
