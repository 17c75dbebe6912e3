# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests about images."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine import streams
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.failures import check
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.references import split_reference
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.wire import Wire

Progress = Callable[[dict[str, Any]], None]
# Seconds without a word from the engine after which a pull counts as dead, unless the user's timeout is longer: Podman
# says nothing while it unpacks a layer.
PULL_SILENCE = 600.0


class ImageRequests(Wire):
    """Images, by reference or ID."""

    def inspect_image(self, ref: str) -> dict[str, Any] | None:
        """The engine's description of an image (reference or id), None when it is not there."""
        return self._found("image_missing", f"inspect image {ref}", lambda: self._api.inspect_image(ref))

    def pull_image(self, ref: str, progress: Progress | None = None, platform: str | None = None) -> None:
        """Pull an image without credentials. ``progress`` gets each entry of the engine's progress as it comes."""
        repository, tag = split_reference(ref)
        silence = max(self.timeout, PULL_SILENCE)
        with self._sending(f"pull image {ref}", silence):
            query = {"fromImage": repository, "tag": tag, **({"platform": platform} if platform else {})}
            with self._api.post(self._url("/images/create"), params=query, stream=True, timeout=silence) as answer:
                check(answer)
                for entry in streams.progress_entries(answer.iter_content(None)):
                    if progress is not None:
                        progress(entry)
