# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of images: a repository with a tag, or an ID; and the registry that a name leads to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import InvalidOption
from . import image_grammar, parsers

HUB = "docker.io"


def reference(option: str, name: Any, tag: str) -> str:
    """A name with its tag, the one in the name before the option's; IDs and digests stay as they are.

    :raises InvalidOption: this can't be the name of an image, or the tag none.
    """
    text = parsers.image(option, name)
    if not image_grammar.TAG.fullmatch(tag):
        raise InvalidOption("tag", tag, "this is no tag.", "Use up to 128 letters, digits, '_', '.' and '-'.")
    last = text.rpartition("/")[2]
    return text if is_id(text) or ":" in last or "@" in last else f"{text}:{tag}"


def name_with_tag(option: str, name: Any, tag: str, purpose: str) -> str:
    """A name with its tag, as :func:`reference` gives it, where an ID or a digest won't do.

    :raises InvalidOption: it is one.
    """
    text = reference(option, name, tag)
    if is_id(text) or "@" in text:
        raise InvalidOption(option, name, f"{purpose} needs a name and a tag.", "Write it like name:tag.")
    return text


def registry_of(ref: str) -> str:
    """The registry's host in a reference; ``docker.io`` where it has none."""
    first, slash, _rest = ref.partition("/")
    host = "." in first or ":" in first or first == "localhost" or first != first.lower()
    return first if slash and host else HUB


def same(one: str, other: str) -> bool:
    """Whether two references are the same name."""
    return full_name(one) == full_name(other)


def told_by(name: str, image: Mapping[str, Any]) -> str:
    """What means the image that was found by a name without a doubt: its ID, or where it has several names, this one
    in full.

    :param image: its inspect.
    """
    names = image.get("RepoTags") or []
    found = next((one for one in names if full_name(one) in map(full_name, possible_names(name))), None)
    return found if found and len(names) > 1 else str(image["Id"])


def possible_names(name: str) -> tuple[str, ...]:
    """What a name without a registry stands for where ``localhost/`` comes before Docker Hub, in this order; any other
    name or ID stands for itself.
    """
    if is_id(name) or registry_of(name) != HUB or name.startswith(f"{HUB}/"):
        return (name,)
    return f"localhost/{name}", f"{HUB}/{name}" if "/" in name else f"{HUB}/library/{name}"


def repository_of(ref: str) -> str:
    """A reference without its tag or digest, and without Docker Hub's name."""
    return repository(full_name(ref))


_HUB_PREFIXES = (f"{HUB}/library/", f"{HUB}/")


def is_id(reference: str) -> bool:
    return bool(image_grammar.ID.fullmatch(reference))


def short_id(image_id: str) -> str:
    """The bare digits of an image ID, whichever way an engine writes it."""
    return image_id.removeprefix("sha256:")


def full_name(reference: str) -> str:
    """A reference with what engines imply: no registry means Docker Hub's, no tag means latest, and beside a digest the
    tag means nothing.
    """
    for prefix in _HUB_PREFIXES:
        if reference.startswith(prefix):
            reference = reference.removeprefix(prefix)
            break
    _name, at, digest = reference.partition("@")
    if at:
        return f"{repository(reference)}@{digest}"
    return reference if ":" in reference.rpartition("/")[2] else f"{reference}:latest"


def repository(full: str) -> str:
    """A full name without its tag or digest."""
    name = full.partition("@")[0]
    folder, slash, last = name.rpartition("/")
    return folder + slash + last.partition(":")[0]
