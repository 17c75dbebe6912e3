# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests that carry an image in a body: a build's context, an archive into the engine, an archive out of it.

Nothing is held in memory but one piece of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from . import streams
from .failures import check
from .registries import PULL_SILENCE, Auth, Progress, RegistryRequests, encoded

# Names of the network that a build gets where it gets one of its own.
_OWN_NETWORKS = frozenset({"bridge", "default", "private"})
TAR = {"Content-Type": "application/x-tar"}


class ImageStreamRequests(RegistryRequests):
    """Building, loading and saving."""

    def build_image(
        self,
        query: Mapping[str, Any],
        context: Iterable[bytes],
        progress: Progress,
        *,
        auths: Mapping[str, Auth] | None = None,
        silence: float | None = None,
    ) -> None:
        """Build an image from a context (a tar archive in pieces); ``query`` is the API's.

        ``auths`` are credentials by registry, for the images that the build pulls. ``silence`` is how many seconds the
        engine may say nothing; a pull's where it is None.
        """
        headers = {**TAR, **({"X-Registry-Config": encoded(_plain(auths))} if auths else {})}
        query = namespaced(query) if self.dialect.build_takes_namespaces else query
        self._progressing(
            "build image", "/build", query, None, progress, body=context, headers=headers, silence=silence
        )

    def load_images(self, archive: Iterable[bytes], progress: Progress | None = None) -> None:
        """Load the images of an archive (a tar in pieces)."""
        self._progressing("load image", "/images/load", {"quiet": "true"}, None, progress, body=archive, headers=TAR)

    @contextmanager
    def saved_images(self, refs: Sequence[str]) -> Iterator[Iterator[bytes]]:
        """An archive of images (docker-archive), in pieces as they come."""
        silence = max(self.timeout, PULL_SILENCE)
        with self._sending(f"save image {', '.join(refs)}", silence):
            query = {"names": list(refs)}
            with self._api.get(self._url("/images/get"), params=query, stream=True, timeout=silence) as answer:
                check(answer)
                yield answer.iter_content(streams.CHUNK)


def namespaced(query: Mapping[str, Any]) -> dict[str, Any]:
    """A build's query in Podman's words, where it would ignore or refuse Docker's.

    ``networkmode`` is Buildah's policy (1 for no network, 2 for one); which network it is stands in ``nsoptions``.
    """
    full = dict(query)
    if "extrahosts" in full:
        full["extrahosts"] = json.dumps(full["extrahosts"])
    network = full.pop("networkmode", None)
    if network == "none":
        full["networkmode"] = "1"
    elif network is not None:
        path = "" if network in _OWN_NETWORKS else network
        space = {"Name": "network", "Host": network == "host", "Path": "" if network == "host" else path}
        full |= {"networkmode": "2", "nsoptions": json.dumps([space])}
    return full


def _plain(auths: Mapping[str, Auth]) -> dict[str, Any]:
    return {registry: dict(auth) for registry, auth in auths.items()}
