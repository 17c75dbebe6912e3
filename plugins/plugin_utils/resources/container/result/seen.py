# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task about a container has found, planned and done: all that a result is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from ....dataclass import dataclass
from ....engine.differences.engine import Engine
from ...shared.plan import Plan
from ...shared.secrets import Masker
from ..options.parsing import Options


@dataclass(frozen=True)
class Pull:
    """An image that was pulled, or would be: its name as the task gives it, and whether another one has come; None
    where only the pull would tell.
    """

    image: str
    brought: bool | None


@dataclass(frozen=True)
class Seen:
    """``before`` is the raw inspect of the container that was found, None where there was none, and ``container`` the
    one of afterwards; in check mode they are the same. ``outcome`` is {status, output} of a container that ran to its
    end within the task, and ``failure`` {failed, msg, error} of one whose command failed.
    """

    options: Options
    engine: Engine
    masker: Masker
    planned: Plan
    before: Mapping[str, Any] | None = None
    container: Mapping[str, Any] | None = None
    pull: Pull | None = None
    outcome: Mapping[str, Any] = field(default_factory=dict)
    failure: Mapping[str, Any] = field(default_factory=dict)
    warnings: Sequence[str] = ()
