# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the label of a pod keeps of the YAML that it was made of: a digest of each part, by which a later task knows it
again. The containers of the pod have the same label, and one that somebody has made anew has not.

What is secret is in a digest of its own, with a salt: see ``secret.digest``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ..secret import digest
from ..shared.labels import OWN_PREFIX
from .pods import Pod

KUBE_LABEL = f"{OWN_PREFIX}kube"
SECRET_PART = "secrets"  # noqa: S105 - the name of a part


def label(pod: Pod) -> str:
    """The label's text; with another salt each time."""
    kept = {"of": pod.of, "parts": _digests(pod.parts)}
    return json.dumps({**kept, **({SECRET_PART: digest.label(pod.hidden)} if pod.hidden else {})}, sort_keys=True)


def owner(labels: Mapping[str, str]) -> str | None:
    """The workload that a pod with these labels was made for; None where none of ours has made it."""
    return None if (kept := _read(labels)) is None else str(kept.get("of", ""))


def differing(labels: Mapping[str, str], pod: Pod) -> list[str]:
    """The names of the parts that are otherwise than when the pod was made, ``secrets`` among them."""
    kept = _read(labels) or {}
    before, wanted = kept.get("parts") or {}, _digests(pod.parts)
    other = sorted(name for name in {*before, *wanted} if before.get(name) != wanted.get(name))
    hidden = str(kept.get(SECRET_PART) or "")
    same = digest.is_of(hidden, pod.hidden) if pod.hidden else not hidden
    return other if same else [*other, SECRET_PART]


def _read(labels: Mapping[str, str]) -> dict[str, Any] | None:
    try:
        kept = json.loads(labels.get(KUBE_LABEL) or "null")
    except ValueError:
        return None
    return kept if isinstance(kept, dict) and isinstance(kept.get("parts"), dict) else None


def _digests(parts: Mapping[str, Any]) -> dict[str, str]:
    texts = {name: json.dumps(value, sort_keys=True) for name, value in parts.items()}
    return {name: hashlib.sha256(text.encode()).hexdigest()[:16] for name, text in texts.items()}
