# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests about the images of a host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import shapes
from .failures import check
from .references import found_by_beginning, image_path, image_reference, split_reference
from .wire import Wire


class ImageRequests(Wire):
    """Images, by reference or ID."""

    def inspect_image(self, ref: str) -> dict[str, Any] | None:
        """The engine's description of an image (reference or id), None when it is not there."""
        return self._found(
            "image_missing",
            f"inspect image {ref}",
            lambda: self._api.inspect_image(image_reference(ref)),
            shapes.IMAGE,
            lambda found: not found_by_beginning(ref, found["Id"], found.get("RepoTags") or []),
        )

    def list_images(self, filters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """``GET /images/json``: the images that have a name, or had one; ``filters`` as the API has them."""
        with self._sending("list images"):
            found: list[dict[str, Any]] = shapes.require(self._api.images(filters=dict(filters or {})), shapes.IMAGES)
            return found

    def tag_image(self, ref: str, new: str) -> None:
        """Give an image one more name; another image that has it loses it."""
        repository, tag = split_reference(new)
        path = f"/images/{image_path(ref)}/tag"
        self._post(f"tag image {ref} as {new}", path, query={"repo": repository, "tag": tag})

    def remove_image(self, ref: str, *, force: bool = False, prune: bool = True) -> None:
        """Take a name from an image, and remove the image when it has no other; ``prune`` removes parents without a
        name too.
        """
        query = {"force": str(force).lower(), "noprune": str(not prune).lower()}
        with self._sending(f"remove image {ref}"):
            url = self._url(f"/images/{image_path(ref)}")
            check(self._api.delete(url, params=query, timeout=self.timeout))
