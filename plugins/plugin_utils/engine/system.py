# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests about the engine itself."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from . import facts, shapes
from .failures import check, not_an_engine
from .identity import NO_ENGINE
from .wire import PATIENCE, Wire

_RFC3339 = re.compile(r"([0-9T:-]{19})((?:\.\d+)?)(Z|[+-]\d\d:\d\d)")


def _to_microseconds(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2][:7]}{found[3]}"


class System:
    """The engine itself."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def ping(self, timeout: float | None = None) -> None:
        """Return if the engine answers, within so many seconds where they are fewer than for any other answer."""
        patience = self._wire.timeout if timeout is None else min(timeout, self._wire.timeout)
        with self._wire.sending("ping", patience):
            answer = self._wire.api.get(self._wire.url("/_ping"), timeout=patience)
            check(answer)
            if answer.content != b"OK":
                raise not_an_engine(f"{NO_ENGINE}: its ping is not OK.")

    def now(self) -> float:
        """The host's time in seconds since 1970, to the second: what the engine's answers carry."""
        with self._wire.sending("ping"):
            answer = self._wire.api.get(self._wire.url("/_ping"), timeout=self._wire.timeout)
            try:
                return parsedate_to_datetime(answer.headers["Date"]).timestamp()
            except (KeyError, TypeError, ValueError):
                raise not_an_engine(f"{NO_ENGINE}: its answers carry no time.") from None

    def clock(self) -> float:
        """The host's time in seconds since 1970, to the microsecond; it takes the engine longer to tell."""
        told = str(self.info().get("SystemTime"))
        with self._wire.sending("info"):
            try:
                return datetime.fromisoformat(_RFC3339.sub(_to_microseconds, told)).timestamp()
            except ValueError:
                raise not_an_engine(f"{NO_ENGINE}: it does not tell its time.") from None

    def version(self) -> dict[str, Any]:
        """``GET /version`` as the engine gives it."""
        found: dict[str, Any] = self._wire.get("version", "/version", shapes.VERSION)
        return found

    def info(self) -> dict[str, Any]:
        """``GET /info`` as the engine gives it; ``facts.engine_facts`` makes one shape of it."""
        found: dict[str, Any] = self._wire.get("info", "/info", shapes.INFO)
        return found

    def disk_usage(self) -> dict[str, Any]:
        """Disk usage in one shape for both engines, see ``facts.disk_usage``."""
        return facts.disk_usage(self._wire.get("disk usage", "/system/df", shapes.DISK_USAGE))

    def disk_usage_report(self) -> dict[str, Any]:
        """``GET /system/df`` as the engine gives it."""
        patience = max(self._wire.timeout, PATIENCE)
        found: dict[str, Any] = self._wire.get("disk usage", "/system/df", shapes.DISK_USAGE, timeout=patience)
        return found
