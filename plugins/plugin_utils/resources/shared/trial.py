# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names under which things are made and removed again, to see whether an engine takes them."""

from __future__ import annotations

import hashlib

from ...errors import EngineError


def trial_name(name: str) -> str:
    """The name of the trial for what has this one; short and plain, whatever that is."""
    return f"sshfleet-trial-{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def refused(error: EngineError, name: str, unchanged: str) -> EngineError:
    """What an engine has refused of the trial, told of the thing itself.

    :param unchanged: what is still as it was, as a sentence without its full stop.
    """
    words = error.message.replace(trial_name(name), name).strip().rstrip(".")
    return EngineError(f"{words}. {unchanged}", error.status, error.hint, error.kind)
