# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Image archives: docker-archive (``docker save``) and OCI layouts, as far as their indexes tell what is in them."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any

from ...dataclass import dataclass
from ..shared.image_names import is_id, same, short_id
from ..shared.platforms import same_platform
from . import likeness as image_likeness

MANIFEST, INDEX = "manifest.json", "index.json"
_DIGEST = re.compile(r"(?:^|/)([0-9a-f]{64})(?:\.json)?$")
_NAMES = ("io.containerd.image.name", "org.opencontainers.image.ref.name")
DEEPEST = 4  # indexes in indexes; real ones have one in another
_ATTESTATION = "vnd.docker.reference.type"
_INDEX_TYPES = ("application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json")

# Gives a JSON document of an archive by the path of its entry, None when there is no such entry.
Read = Callable[[str], Any]


@dataclass(frozen=True)
class Archived:
    """One image in an archive. ``id`` is its configuration's digest, bare; ``ids`` are all an engine may call it by;
    ``config`` and ``layers`` are the paths of their entries; ``platform`` is what an index says of it, '' for nothing;
    ``likeness`` is what is compared where IDs do not tell.
    """

    id: str
    tags: tuple[str, ...] = ()
    ids: frozenset[str] = frozenset()
    config: str = ""
    layers: tuple[str, ...] = field(default=(), repr=False)
    platform: str = ""
    likeness: str = field(default="", repr=False)

    def is_same(self, image: Mapping[str, Any]) -> bool:
        """Whether an engine's image is this one.

        :param image: the engine's inspect of it.
        """
        return image_likeness.is_same(image, self.ids, self.likeness)


def contents(read: Read) -> tuple[Archived, ...] | None:
    """The images of an archive; None when it is none.

    :param read: raises KeyError, TypeError, ValueError or AttributeError for what it can't give.
    """
    try:
        manifest = read(MANIFEST)
        if manifest is not None:
            named = _ids_in_index(read)
            return tuple(_docker(entry, read, named) for entry in manifest)
        index = read(INDEX)
        return None if index is None else tuple(_oci(index["manifests"], read))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def find(archived: Sequence[Archived], name: str) -> Archived | None:
    """The image of this name or ID. An archive of one image without any name has it, whatever it is called."""
    if is_id(name):
        wanted = short_id(name)
        return next((one for one in archived if any(known.startswith(wanted) for known in one.ids)), None)
    if len(archived) == 1 and not archived[0].tags:
        return archived[0]
    return next((one for one in archived if any(same(tag, name) for tag in one.tags)), None)


def for_platform(archived: Sequence[Archived], platform: str) -> tuple[Archived, ...]:
    """An archive's images without those that it has for this platform too; the engine takes that one.

    :param platform: the engine's, such as linux/amd64.
    """
    fitting = {one.tags for one in archived if one.platform and same_platform(platform, one.platform)}
    return tuple(
        one for one in archived
        if one.tags not in fitting or not one.platform or same_platform(platform, one.platform)
    )  # fmt: skip


def _docker(entry: Mapping[str, Any], read: Read, named: Mapping[str, frozenset[str]]) -> Archived:
    config = str(entry["Config"])
    identity = _digest(config)
    tags = tuple(str(tag) for tag in entry.get("RepoTags") or ())
    layers = tuple(str(layer) for layer in entry["Layers"])
    ids = named.get(identity, frozenset()) | {identity}
    return Archived(identity, tags, ids, config, layers, likeness=image_likeness.of_config(read(config) or {}))


def _ids_in_index(read: Read) -> dict[str, frozenset[str]]:
    """The IDs of images by their configurations' digests, where a docker-archive is an OCI layout as well."""
    with contextlib.suppress(KeyError, TypeError, ValueError, AttributeError):
        index = read(INDEX)
        return {one.id: one.ids for one in _oci(index["manifests"], read)} if index is not None else {}
    return {}


def _digest(path: str) -> str:
    found = _DIGEST.search(path)
    if not found:
        raise ValueError(f"{path} names no digest")
    return found[1]


def _oci(
    descriptors: Sequence[Mapping[str, Any]], read: Read, names: tuple[str, ...] = (), within: tuple[str, ...] = ()
) -> list[Archived]:
    """The images of an index, those of the indexes in it included; names stand in the outermost one.

    :param within: the digests of the indexes that it is in.
    :raises ValueError: an index is in too many others, or in itself.
    """
    if len(within) > DEEPEST:
        raise ValueError("indexes in indexes")
    found: list[Archived] = []
    for descriptor in descriptors:
        notes = descriptor.get("annotations") or {}
        tags = names or tuple(str(notes[key]) for key in _NAMES if _is_name(str(notes.get(key, ""))))[:1]
        platform = descriptor.get("platform") or {}
        if _ATTESTATION in notes or platform.get("architecture") == "unknown":  # docker buildx's, about another image
            continue
        document = read(blob(str(descriptor["digest"])))
        if document is None:  # an index may name platforms whose images were left out
            continue
        if descriptor.get("mediaType") in _INDEX_TYPES or "manifests" in document:
            found += _oci(document["manifests"], read, tags, (*within, str(descriptor["digest"])))
            continue
        config = str(document["config"]["digest"])
        identity = short_id(config)
        layers = tuple(blob(str(layer["digest"])) for layer in document["layers"])
        ids = frozenset({identity, *(short_id(digest) for digest in (*within, str(descriptor["digest"])))})
        parts = (str(platform.get(key) or "") for key in ("os", "architecture", "variant"))
        told = image_likeness.of_config(read(blob(config)) or {})
        found.append(Archived(identity, tags, ids, blob(config), layers, "/".join(filter(None, parts)), told))
    return found


def _is_name(text: str) -> bool:
    """Many tools write a bare tag where others write the whole name."""
    return ":" in text or "/" in text


def blob(digest: str) -> str:
    """The entry of a digest in an OCI layout."""
    algorithm, _colon, value = digest.partition(":")
    return f"blobs/{algorithm}/{value}"


def as_docker(archived: Sequence[Archived]) -> list[dict[str, Any]]:
    """The manifest.json that makes a docker-archive of an OCI layout: the entries can stay where they are."""
    return [{"Config": one.config, "RepoTags": list(one.tags), "Layers": list(one.layers)} for one in archived]


@dataclass(frozen=True)
class Cargo:
    """What is shipped. ``id`` is its configuration's digest, bare, ``ids`` are all that an engine may call it by;
    ``entries`` are, by layer from the lowest up, the names that its content may have in the archive; empty where that
    is not known. ``size`` is in bytes. ``likeness`` is what is compared where IDs do not tell, as between an engine
    that keeps it ``by_manifest`` and another one.
    """

    id: str
    ids: frozenset[str]
    layers: tuple[str, ...] = ()
    entries: tuple[frozenset[str], ...] = ()
    size: int = 0
    likeness: str = field(default="", repr=False)
    by_manifest: bool = False

    def is_same(self, image: Mapping[str, Any]) -> bool:
        """Whether an engine's image is this one.

        :param image: the engine's inspect of it.
        """
        return image_likeness.is_same(image, self.ids, self.likeness, by_manifest=self.by_manifest)
