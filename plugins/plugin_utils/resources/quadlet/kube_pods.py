# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pods that Podman makes of a Kubernetes YAML."""

from __future__ import annotations

from typing import Any

import yaml

# Of these, Podman makes a pod of another name.
_SUFFIXED = ("Deployment", "DaemonSet", "Job")
_SUFFIX = "-pod"


def pods(text: str) -> list[str]:
    """Their names; none of a text that Podman will not take anyway."""
    try:
        documents = list(yaml.safe_load_all(text))
    except (yaml.YAMLError, ValueError, RecursionError):
        return []
    return [name for one in documents if (name := _pod(one))]


def _pod(document: Any) -> str:
    if not isinstance(document, dict) or not isinstance(meta := document.get("metadata"), dict):
        return ""
    name, kind = meta.get("name"), document.get("kind")
    if not isinstance(name, str) or not (kind == "Pod" or kind in _SUFFIXED):
        return ""
    return name if kind == "Pod" else f"{name}{_SUFFIX}"
