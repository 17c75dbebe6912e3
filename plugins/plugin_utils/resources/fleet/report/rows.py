# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The containers as the script in the page reads them: each text once, and rows of numbers."""

from __future__ import annotations

import json
from typing import Any

from ....telling import visible
from ..places import containers, published
from .shape import Snapshot

# What page.js makes of a row, in this order, after the number of its host.
COLUMNS = ("name", "engine", "image", "state", "health", "said", "ports")
# What would end the element, begin another, or end a line of the script for an old browser.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


class _Texts:
    """Texts by number, each kept once."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def __call__(self, text: Any) -> int:
        return self.numbers.setdefault(str(text or ""), len(self.numbers))

    def all(self) -> list[str]:
        return list(map(visible, self.numbers))


def rows(snapshot: Snapshot) -> str:
    """JSON that is safe inside of an element ``script``: ``{texts, hosts: [[name, [groups]]], rows}``.

    A row is the number of its host in ``hosts``, and of each of :data:`COLUMNS` the number of its text in ``texts``.
    """
    texts = _Texts()
    hosts = [[texts(host["host"]), [texts(group) for group in host["groups"]]] for host in snapshot["hosts"]]
    found = [
        [number, *map(texts, _cells(place.name, place.engine, container))]
        for number, host in enumerate(snapshot["hosts"])
        for place, container in containers(host)
    ]
    made = {"texts": texts.all(), "hosts": hosts, "rows": found}
    return json.dumps(made, separators=(",", ":"), allow_nan=False).translate(_ESCAPES)


def _cells(name: str, engine: str, container: Any) -> tuple[Any, ...]:
    said, health, state = container.get("said"), container.get("health"), container["status"]
    return name, engine, container["image"], state, health, said, published(container)
