# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of a pod that Podman does not report, or not in the words in which they were given: a label of the pod keeps
digests of what was asked for at its creation. A pod that was made in another way has none, and is not compared in them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ..shared.labels import APPLIED_LABEL

NOT_REPORTED = frozenset({"infra_image", "infra_command", "volumes", "sysctls", "restart_retries"})


def label(given: Mapping[str, Any]) -> str:
    """The label's text for the options of a task; '' where all of them are reported."""
    kept = {name: _digest(given[name]) for name in sorted(NOT_REPORTED & set(given))}
    return json.dumps(kept, separators=(",", ":")) if kept else ""


def same(name: str, wanted: Any, labels: Mapping[str, str]) -> bool:
    """Whether an option was asked for at the creation of a pod of ours as it is now; also where nobody can know."""
    try:
        kept = json.loads(labels.get(APPLIED_LABEL) or "{}")
    except ValueError:
        return True
    return not isinstance(kept, dict) or kept.get(name, _digest(None)) == _digest(wanted or None)


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value or None, sort_keys=True).encode()).hexdigest()[:16]
