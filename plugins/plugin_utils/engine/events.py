# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an engine has done, and when."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .failures import check
from .streams import CHUNK, progress_entries
from .wire import Wire


class Events:
    """What has happened on the engine."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def list(self, since: float, until: float, filters: Mapping[str, Sequence[str]]) -> Iterator[dict[str, Any]]:
        """The engine's events of a window (seconds since 1970) that has ended."""
        query = {"since": f"{since:.9f}", "until": f"{until:.9f}", "filters": json.dumps(dict(filters))}
        url = self._wire.url("/events")
        with (
            self._wire.sending("events"),
            self._wire.api.get(url, params=query, stream=True, timeout=self._wire.timeout) as answer,
        ):
            check(answer)
            yield from progress_entries(answer.iter_content(CHUNK))
