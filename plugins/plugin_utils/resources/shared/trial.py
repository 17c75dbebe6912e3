# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names under which things are made and removed again, to see whether an engine takes them."""

from __future__ import annotations

import hashlib


def trial_name(name: str) -> str:
    """The name of the trial for what has this one; short and plain, whatever that is."""
    return f"sshfleet-trial-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
