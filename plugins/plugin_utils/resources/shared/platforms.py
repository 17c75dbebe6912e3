# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Platforms of images: os/architecture[/variant], in the words of the engines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import EngineError, InvalidOption
from . import parsers

_ARCHITECTURES = {"x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64", "armhf": "arm", "i386": "386"}


def parse_platform(value: Any, option: str = "platform") -> str:
    """os/architecture[/variant] in the engines' words; one word alone is an operating system or an architecture."""
    text = parsers.text(option, value).lower()
    parts = text.split("/")
    if len(parts) == 1 and text not in ("linux", "windows"):
        parts = ["linux", text]
    if len(parts) > 3 or not all(parts):
        raise InvalidOption(option, value, "this is no platform.", "Write it like linux/amd64 or linux/arm64/v8.")
    if len(parts) > 1:
        parts[1] = _ARCHITECTURES.get(parts[1], parts[1])
    return "/".join(parts)


def platform_of(image: Mapping[str, Any]) -> str:
    """The platform of an image, in the same words."""
    parts = [image.get("Os") or "linux", image.get("Architecture") or "", image.get("Variant") or ""]
    return "/".join(filter(None, parts))


def same_platform(wanted: str, found: str) -> bool:
    """Whether an image's platform is the wanted one; what is not said is not compared. Podman tells no variant, and
    many images have none.
    """
    parts, others = wanted.split("/"), found.split("/")
    return all(one == other for one, other in zip(parts, others, strict=False))


def require_platform(name: str, done: str, wanted: str | None, image: Mapping[str, Any]) -> None:
    """Refuse what came for another platform: not every engine does.

    :param done: pulled or built.
    :param wanted: None where any will do.
    :param image: the inspect of what has come under the name.
    :raises EngineError: naming both platforms.
    """
    if wanted and not same_platform(wanted, found := platform_of(image)):
        raise EngineError(
            f"The image {name} was {done} for {wanted}, and what came is for {found}.", hint=_OTHER_PLATFORM[done]
        )


_OTHER_PLATFORM = {
    "pulled": "The registry has no other under this name: name an image that is made for this platform.",
    "built": "The images in FROM decide: name such as are made for this platform, and set build.pull.",
}
