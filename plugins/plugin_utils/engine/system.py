# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests about the engine itself."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine import facts
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.failures import an_object, not_an_engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.identity import NO_ENGINE
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.wire import Wire

_RFC3339 = re.compile(r"([0-9T:-]{19})((?:\.\d+)?)(Z|[+-]\d\d:\d\d)")


class SystemRequests(Wire):
    """The engine itself."""

    def ping(self) -> None:
        """Return if the engine answers."""
        with self._sending("ping"):
            if self._api.ping() is not True:
                raise not_an_engine(f"{NO_ENGINE}: its ping is not OK.")

    def now(self) -> float:
        """The host's time in seconds since 1970, to the second: what the engine's answers carry."""
        with self._sending("ping"):
            answer = self._api.get(self._url("/_ping"), timeout=self.timeout)
            try:
                return parsedate_to_datetime(answer.headers["Date"]).timestamp()
            except (KeyError, TypeError, ValueError):
                raise not_an_engine(f"{NO_ENGINE}: its answers carry no time.") from None

    def clock(self) -> float:
        """The host's time in seconds since 1970, to the microsecond; it takes the engine longer to tell."""
        with self._sending("info"):
            found = _RFC3339.fullmatch(str(an_object(self._api.info(), "info").get("SystemTime")))
            if not found:
                raise not_an_engine(f"{NO_ENGINE}: it does not tell its time.")
            return datetime.fromisoformat(f"{found[1]}{found[2][:7]}{found[3]}").timestamp()

    def version(self) -> dict[str, Any]:
        """``GET /version`` as the engine gives it."""
        with self._sending("version"):
            return an_object(self._api.version(), "version")

    def info(self) -> dict[str, Any]:
        """``GET /info`` as the engine gives it; ``facts.engine_facts`` makes one shape of it."""
        with self._sending("info"):
            return an_object(self._api.info(), "info")

    def disk_usage(self) -> dict[str, Any]:
        """Disk usage in one shape for both engines, see ``facts.disk_usage``."""
        with self._sending("disk usage"):
            return facts.disk_usage(an_object(self._api.df(), "disk usage"))
