# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests that look at what containers do: usage, processes, changed files, events."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from . import shapes
from .failures import check
from .references import segment
from .streams import CHUNK, progress_entries
from .wire import Wire


class ObservationRequests(Wire):
    """What containers do, and have done."""

    def stats(self, name: str) -> dict[str, Any]:
        """The usage counters of a running container at this moment, as the engine gives them."""
        path, query = f"/containers/{segment(name)}/stats", {"stream": 0, "one-shot": 1}
        found: dict[str, Any] = self._get(f"stats of container {name}", path, shapes.STATS, query)
        return found

    def top(self, name: str, ps_args: str) -> dict[str, Any]:
        """The processes of a running container: {Titles: [...], Processes: [[...], ...]}."""
        path, query = f"/containers/{segment(name)}/top", {"ps_args": ps_args}
        found: dict[str, Any] = self._get(f"processes of container {name}", path, shapes.TOP, query)
        return found

    def changes(self, name: str) -> list[Any]:
        """What differs from the image: [{Path, Kind}]."""
        path = f"/containers/{segment(name)}/changes"
        found: list[Any] = self._get(f"changes of container {name}", path, shapes.CHANGES)
        return found

    def events(self, since: float, until: float, filters: Mapping[str, Sequence[str]]) -> Iterator[dict[str, Any]]:
        """The engine's events of a window (seconds since 1970) that has ended."""
        query = {"since": f"{since:.9f}", "until": f"{until:.9f}", "filters": json.dumps(dict(filters))}
        url = self._url("/events")
        with self._sending("events"), self._api.get(url, params=query, stream=True, timeout=self.timeout) as answer:
            check(answer)
            yield from progress_entries(answer.iter_content(CHUNK))
