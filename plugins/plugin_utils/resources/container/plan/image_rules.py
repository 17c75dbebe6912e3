# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task demands of the image beside its being there: its platform, and labels that nobody has named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....errors import EngineError, InvalidOption
from ....telling import listed
from ...shared.plan import Difference
from ..options.behaviour import platform_of, same_platform
from ..options.parsing import Options


def require_image(options: Options, image: Mapping[str, Any] | None) -> None:
    """Refuse an image that is not what the task demands.

    :param image: the inspect of the image that the container is or would be made from, None when it is not known.
    :raises InvalidOption: its platform is another one, or it brings labels of its own and must not.
    """
    if image is None:
        return
    _require_no_labels(options, image)
    wanted, found = options.behaviour.platform, platform_of(image)
    if wanted and options.comparisons["platform"] != "ignore" and not same_platform(wanted, found):
        raise InvalidOption(
            "platform", wanted, f"the image {options.image} on the host is for {found}.",
            "Pull the image for this platform (pull=always), or name another one.",
        )  # fmt: skip


def _require_no_labels(options: Options, image: Mapping[str, Any]) -> None:
    if options.behaviour.image_label_mismatch != "fail" or options.comparisons["labels"] != "strict":
        return
    named = options.values.get("labels") or {}
    more = sorted(set((image.get("Config") or {}).get("Labels") or {}) - set(named))
    if more:
        raise InvalidOption(
            "image_label_mismatch", "fail", f"the image has labels that the task does not name: {listed(more)}.",
            "Name them in labels, or set image_label_mismatch to ignore.",
        )  # fmt: skip


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


def platform_difference(options: Options, image: Mapping[str, Any] | None) -> Difference | None:
    """Whether a container is made for another platform.

    :param image: the inspect of the image that it was made from.
    """
    wanted = options.behaviour.platform
    if not wanted or image is None or options.comparisons["platform"] == "ignore":
        return None
    found = platform_of(image)
    return None if same_platform(wanted, found) else Difference("platform", found, wanted)
