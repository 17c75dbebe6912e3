# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task demands of the image beside its being there: its platform, and labels that nobody has named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....errors import InvalidOption
from ....telling import listed
from ...shared.plan import Difference
from ...shared.platforms import platform_of, same_platform
from ..options.parsing import Options

BUILDER_LABEL = "io.buildah.version"  # Podman's builder puts it on every image


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
    more = sorted(set((image.get("Config") or {}).get("Labels") or {}) - {*named, BUILDER_LABEL})
    if more:
        quoted = ", ".join(f'"{label}"' for label in more)
        raise InvalidOption(
            "image_label_mismatch", "fail", f"the image has labels that the task does not name: {listed(more)}.",
            "Name them in labels, or set image_label_mismatch to ignore.",
        ).known_as(
            "Some labels should be removed but are present in the base image. You can set image_label_mismatch to "
            f"'ignore' to ignore this error. Labels: {quoted}"
        )  # fmt: skip


def platform_difference(options: Options, image: Mapping[str, Any] | None) -> Difference | None:
    """Whether a container is made for another platform.

    :param image: the inspect of the image that it was made from.
    """
    wanted = options.behaviour.platform
    if not wanted or image is None or options.comparisons["platform"] == "ignore":
        return None
    found = platform_of(image)
    return None if same_platform(wanted, found) else Difference("platform", found, wanted)
