# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the steps of one container's plan share: the way to the engine, and what they find out on their way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ....engine.differences.engine import Engine
from ....engine.protocol import Client
from ....errors import EngineError
from ...shared.secrets import Masker
from ..options.parsing import Options
from ..result.hints import hint_for
from .log import log_end
from .ports import PortChoice
from .wait import Waiter

# Failures that no request has caused.
_ITS_OWN_END = frozenset({"container_ended", "not_in_time"})


@dataclass
class Context:
    """``name`` is the container's real name, also where the task gives its ID.

    ``made`` is the ID of a container that was created by this plan, and what it was created with; ``proven`` the ID of
    the one that has shown already what the task waits for, ``outcome`` is exit code and output of one that ran to its
    end within the task.
    """

    client: Client
    options: Options
    engine: Engine
    masker: Masker
    log: Callable[[str], None]
    sleep: Callable[[float], None]
    warn: Callable[[str], None]
    waiter: Waiter
    ports: PortChoice
    name: str
    made: tuple[str, Mapping[str, Any]] | None = None
    proven: str = ""
    outcome: dict[str, Any] = field(default_factory=dict)
    update_refused: bool = False
    keep_old: bool = False  # somebody else removes what was replaced, or brings it back

    def failure(self, what: str, error: EngineError, *, logs: bool = True) -> EngineError:
        """The engine's error with what was being done and the end of the container's log; masked."""
        image = f" (image {self.options.image})" if self.options.image and logs else ""
        words = error.words
        answered = error.status is not None or error.kind in _ITS_OWN_END
        ending = self.log_end(self.name) if logs and answered else ""
        message = self.masker.text(f"{what}{image}: {words}.{ending}")
        told = EngineError(message, error.status, error.hint or hint_for(words), error.kind)
        return told.known_as(error.peers_words)

    def log_end(self, name: str) -> str:
        """The last lines of a container's log, or why they can't be read; masked, '' when there is nothing to tell."""
        return self.masker.text(log_end(self.client, name, self.sleep))
