# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests that look at what containers do: usage, processes, changed files, events."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.failures import an_object, check
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.references import segment
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.streams import CHUNK, progress_entries
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.wire import Wire


class ObservationRequests(Wire):
    """What containers do, and have done."""

    def stats(self, name: str) -> dict[str, Any]:
        """The usage counters of a running container at this moment, as the engine gives them."""
        return an_object(
            self._get_json(
                f"stats of container {name}", f"/containers/{segment(name)}/stats", {"stream": 0, "one-shot": 1}
            ),
            "stats",
        )

    def top(self, name: str, ps_args: str) -> dict[str, Any]:
        """The processes of a running container: {Titles: [...], Processes: [[...], ...]}."""
        return an_object(
            self._get_json(f"processes of container {name}", f"/containers/{segment(name)}/top", {"ps_args": ps_args}),
            "top",
        )

    def changes(self, name: str) -> list[Any]:
        """What differs from the image: [{Path, Kind}]."""
        found = self._get_json(f"changes of container {name}", f"/containers/{segment(name)}/changes", {})
        return list(found or [])

    def events(self, since: float, until: float, filters: Mapping[str, Sequence[str]]) -> Iterator[dict[str, Any]]:
        """The engine's events of a window (seconds since 1970) that has ended."""
        query = {"since": f"{since:.9f}", "until": f"{until:.9f}", "filters": json.dumps(dict(filters))}
        url = self._url("/events")
        with self._sending("events"), self._api.get(url, params=query, stream=True, timeout=self.timeout) as answer:
            check(answer)
            yield from progress_entries(answer.iter_content(CHUNK))

    def _get_json(self, request: str, path: str, query: Mapping[str, Any]) -> Any:
        with self._sending(request):
            answer = self._api.get(self._url(path), params=dict(query), timeout=self.timeout)
            check(answer)
            return answer.json()
