# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An image as this collection returns it: one shape for both engines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..shared.environment import split_env
from ..shared.image_names import full_name
from ..shared.moments import timestamp
from ..shared.secrets import Masker

_NO_NAME = "<none>"


def image_result(inspect: Mapping[str, Any], masker: Masker | None = None) -> dict[str, Any]:
    """The public shape of an image, from the engine's raw inspect."""
    masker = masker or Masker()
    config = inspect.get("Config") or {}
    env = split_env(config.get("Env"))
    masker.learn(env)
    masker.leave(inspect.get("RepoTags") or ())
    return {
        "id": prefixed(str(inspect["Id"])),
        "tags": names_of(inspect),
        "digests": sorted(digest for digest in inspect.get("RepoDigests") or [] if _NO_NAME not in digest),
        "created_at": timestamp(inspect.get("Created")),
        "size": inspect.get("Size") or inspect.get("VirtualSize") or 0,
        "os": inspect.get("Os") or "linux",
        "architecture": inspect.get("Architecture") or "",
        "variant": inspect.get("Variant") or "",
        "layers": list((inspect.get("RootFS") or {}).get("Layers") or []),
        "command": [masker.text(word) for word in config.get("Cmd") or []],
        "entrypoint": [masker.text(word) for word in config.get("Entrypoint") or []],
        "env": masker.env(env),
        "labels": {key: masker.text(value) for key, value in (config.get("Labels") or {}).items()},
        "user": config.get("User") or "",
        "working_dir": config.get("WorkingDir") or "/",
        "exposed_ports": sorted(config.get("ExposedPorts") or {}),
        "volumes": sorted(config.get("Volumes") or {}),
        "healthcheck": [masker.text(word) for word in (config.get("Healthcheck") or {}).get("Test") or []],
    }


def names_of(inspect: Mapping[str, Any]) -> list[str]:
    """The names of an image, with what engines imply."""
    return sorted(full_name(tag) for tag in inspect.get("RepoTags") or [] if _NO_NAME not in tag)


def prefixed(image_id: str) -> str:
    """An image's ID as ``sha256:`` and its digits, whichever way an engine writes it."""
    return image_id if image_id.startswith("sha256:") else f"sha256:{image_id}"
