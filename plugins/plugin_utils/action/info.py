# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base of the actions that only read, which all have ``query``."""

from __future__ import annotations

from typing import Any

from ..resources.shared import query
from ..session.session import Session
from .base import RemoteAction

# What is no fact about the host, and so not for a query.
_NOT_ASKED = frozenset({"changed", "diff", "warnings"})


class InfoAction(RemoteAction):
    """Base of the actions of modules with ``query``: it picks from whatever they have read."""

    _query: query.Query | None = None

    def _validated(self) -> dict[str, Any]:
        params = super()._validated()
        self._query = query.parse(params)
        return params

    def _performed(self, session: Session, prepared: Any) -> dict[str, Any]:
        return self.queried(super()._performed(session, prepared))

    def queried(self, result: dict[str, Any]) -> dict[str, Any]:
        """The result. With a query, what that picks is added to it as ``result``."""
        if self._query is None:
            return result
        asked = {key: value for key, value in result.items() if key not in _NOT_ASKED}
        return {**result, "result": query.apply(self._query, asked)}
