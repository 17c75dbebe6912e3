# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names and references as parts of a request. Whether they are good ones is checked long before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from ..errors import EngineError


def plain_name(name: str) -> str:
    """The name, if it can be one segment of a path: with '/', '.' or '..' it would reach another request."""
    if not name.strip(".") or "/" in name:
        hint = "Use a name of letters, digits, '_', '.' and '-'."
        raise EngineError(f"{name!r} cannot be the name of anything.", hint=hint)
    return name


def segment(name: str) -> str:
    """A name, quoted as one segment of a path."""
    return quote(plain_name(name), safe="")


def split_reference(ref: str) -> tuple[str, str]:
    """(repository, tag) of an image reference; a digest stands in the tag's place, 'latest' where neither is given."""
    repository, at, digest = ref.partition("@")
    folder, slash, last = repository.rpartition("/")
    name, _colon, tag = last.partition(":")
    return folder + slash + name, digest if at else tag or "latest"


_WHOLE_ID = re.compile(r"[0-9a-f]{64}")


def image_reference(ref: str) -> str:
    """A reference as all engines take it: Podman calls a whole ID without its ``sha256:`` malformed where it is not
    there.
    """
    return f"sha256:{ref}" if _WHOLE_ID.fullmatch(ref) else ref


_BEGINNING = re.compile(r"(?:sha256:)?[0-9a-f]{1,63}")


def found_by_beginning(ref: str, identity: str, tags: Sequence[str]) -> bool:
    """Whether an engine found an image only because its ID begins so, and not by one of its names.

    :param tags: the image's names, with their tags.
    """
    if not _BEGINNING.fullmatch(ref):
        return False
    begins = identity.removeprefix("sha256:").startswith(ref.removeprefix("sha256:"))
    return begins and f"{ref}:latest" not in (tag.rpartition("/")[2] for tag in tags)


def image_path(ref: str) -> str:
    """An image reference as the part of a request's path that may have slashes."""
    if any(not part.strip(".") for part in ref.split("/")):
        raise EngineError(f"{ref!r} cannot be the name of an image.")
    return quote(image_reference(ref), safe="/:@")


def registry_of(ref: str) -> str:
    """The registry's host in an image reference; 'docker.io' where it has none."""
    first, slash, _rest = ref.partition("/")
    host = "." in first or ":" in first or first == "localhost" or first != first.lower()
    return first if slash and host else "docker.io"
