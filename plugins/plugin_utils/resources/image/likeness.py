# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether an engine's image is one that comes from elsewhere.

An image's ID is its configuration's digest, the same wherever it is; but where Docker keeps its images in containerd's
store, it is the digest of a manifest, which is written anew for what comes in another kind of archive. There, what the
configuration says is compared, its layers among that.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from ..shared.image_names import short_id

# What a configuration and an engine's inspect say in the same words.
_OF_CONTAINERS = (
    *("Cmd", "Entrypoint", "Env", "ExposedPorts", "Labels", "StopSignal", "User", "Volumes", "WorkingDir"),
)


def kept_by_manifest(image: Mapping[str, Any]) -> bool:
    """Whether an image's ID is the digest of a manifest.

    :param image: the engine's inspect of it.
    """
    digests = {str(entry).rpartition("@")[2] for entry in image.get("RepoDigests") or []}
    digests.add(str((image.get("Descriptor") or {}).get("digest")))
    return short_id(str(image["Id"])) in {short_id(digest) for digest in digests}


def of_config(config: Mapping[str, Any]) -> str:
    """What is compared of an image, by its configuration as archives and registries have it."""
    layers = (config.get("rootfs") or {}).get("diff_ids")
    return _text(layers, config.get("created"), config.get("architecture"), config.get("os"), config.get("config"))


def of_image(image: Mapping[str, Any]) -> str:
    """The same by an engine's inspect."""
    layers = (image.get("RootFS") or {}).get("Layers")
    return _text(layers, image.get("Created"), image.get("Architecture"), image.get("Os"), image.get("Config"))


def _text(layers: Any, created: Any, architecture: Any, system: Any, containers: Any) -> str:
    """'' without layers, by which nothing could be told apart."""
    if not layers:
        return ""
    told = {key: (containers or {}).get(key) or None for key in _OF_CONTAINERS}
    return json.dumps([layers, created, architecture, system, told], sort_keys=True)


def is_same(image: Mapping[str, Any], ids: Collection[str], likeness: str, *, by_manifest: bool = False) -> bool:
    """Whether an engine's image is the one that is meant.

    :param ids: bare, all by which an engine may call the one that is meant.
    :param likeness: what is compared of it, '' where that is not known.
    :param by_manifest: whether ``ids`` are digests of manifests only.
    """
    if short_id(str(image["Id"])) in ids:
        return True
    return bool(likeness) and (by_manifest or kept_by_manifest(image)) and of_image(image) == likeness
