# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests about the images of a host: what is there, what comes from a registry or goes there, builds and archives.

Of a body that carries an image, nothing is held in memory but one piece.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ..errors import EngineError
from . import shapes, streams
from .build_query import namespaced
from .failures import check
from .protocol import Auth, Descriptions, Progress
from .references import found_by_beginning, image_path, image_reference, registry_of, split_reference
from .registries import PULLED, PUSHED, auth_header, encoded, naming_registry
from .wire import PATIENCE, Wire

# Seconds without a word from the engine after which a pull counts as dead, unless the user's timeout is longer: Podman
# says nothing while it unpacks a layer.
PULL_SILENCE = 600.0
TAR = {"Content-Type": "application/x-tar"}


class Images:
    """Images, by reference or ID. They are pulled and pushed with no credentials but those that are handed in, or that
    a login left: {username, password, serveraddress}, which travels in a header of the request.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def inspect(self, ref: str) -> dict[str, Any] | None:
        """The engine's description of an image (reference or id), None when it is not there."""
        return self._wire.found(
            "image_missing",
            f"inspect image {ref}",
            lambda: self._wire.api.inspect_image(image_reference(ref)),
            shapes.IMAGE,
            lambda found: not found_by_beginning(ref, found["Id"], found.get("RepoTags") or []),
        )

    def list(self, *, all: bool = False, filters: Mapping[str, Any] | None = None) -> Descriptions:
        """``GET /images/json``: the images that have a name, or had one; ``all`` adds those that are only parents of
        others. ``filters`` are the API's.
        """
        with self._wire.sending("list images"):
            listed = self._wire.api.images(all=all, filters=dict(filters or {}))
            found: Descriptions = shapes.require(listed, shapes.IMAGES)
            return found

    def tag(self, ref: str, new: str) -> None:
        """Give an image one more name; another image that has it loses it."""
        repository, tag = split_reference(new)
        path = f"/images/{image_path(ref)}/tag"
        self._wire.post(f"tag image {ref} as {new}", path, query={"repo": repository, "tag": tag})

    def remove(self, ref: str, *, force: bool = False, prune: bool = True) -> None:
        """Take a name from an image, and remove the image when it has no other; ``prune`` removes parents without a
        name too.
        """
        query = {"force": str(force).lower(), "noprune": str(not prune).lower()}
        with self._wire.sending(f"remove image {ref}"):
            url = self._wire.url(f"/images/{image_path(ref)}")
            check(self._wire.api.delete(url, params=query, timeout=self._wire.timeout))

    def pull(
        self, ref: str, progress: Progress | None = None, platform: str | None = None, auth: Auth | None = None
    ) -> None:
        """Pull an image. ``progress`` gets each entry of the engine's progress as it comes."""
        repository, tag = split_reference(ref)
        query = {"fromImage": repository, "tag": tag, **({"platform": platform} if platform else {})}
        with naming_registry(ref, "Pulling", PULLED):
            self._progressing(f"pull image {ref}", "/images/create", query, self._auth(ref, auth), progress)

    def push(self, ref: str, progress: Progress | None = None, auth: Auth | None = None) -> None:
        """Push an image to the registry in its name."""
        repository, tag = split_reference(ref)
        path = f"/images/{image_path(repository)}/push"
        with naming_registry(ref, "Pushing", PUSHED):
            self._progressing(f"push image {ref}", path, {"tag": tag}, self._auth(ref, auth), progress, body=b"{}")

    def registry_digest(self, ref: str, auth: Auth | None = None) -> str | None:
        """The digest under which the registry has the image now: ``sha256:…``.

        None where this engine asks no registry, or no digest comes of it: what is wrong, a pull or a push says better.
        """
        if not self._wire.engine.asks_registries:
            return None
        try:
            with self._wire.sending(f"digest of image {ref}", PULL_SILENCE):
                url = self._wire.url(f"/distribution/{image_path(ref)}/json")
                answer = self._wire.api.get(url, headers=auth_header(self._auth(ref, auth)), timeout=self._wire.timeout)
                check(answer)
                found = self._wire.read(answer, shapes.DIGEST)
        except EngineError as error:
            if error.status is None:
                raise
            return None
        return (found.get("Descriptor") or {}).get("digest")

    def build(
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
        plain = {registry: dict(auth) for registry, auth in (auths or {}).items()}
        headers = {**TAR, **({"X-Registry-Config": encoded(plain)} if plain else {})}
        query = namespaced(query) if self._wire.engine.build_takes_namespaces else query
        self._progressing(
            "build image", "/build", query, None, progress, body=context, headers=headers, silence=silence
        )

    def load(self, archive: Iterable[bytes], progress: Progress | None = None) -> None:
        """Load the images of an archive (a tar in pieces)."""
        self._progressing("load image", "/images/load", {"quiet": "true"}, None, progress, body=archive, headers=TAR)

    @contextmanager
    def save(self, refs: Sequence[str]) -> Iterator[Iterator[bytes]]:
        """An archive of images (docker-archive), in pieces as they come."""
        silence = max(self._wire.timeout, PULL_SILENCE)
        with self._wire.sending(f"save image {', '.join(refs)}", silence):
            query = {"names": list(refs)}
            url = self._wire.url("/images/get")
            with self._wire.api.get(url, params=query, stream=True, timeout=silence) as answer:
                check(answer)
                yield answer.iter_content(streams.CHUNK)

    def prune_builds(self, query: Mapping[str, Any]) -> dict[str, Any]:
        """Remove from Docker's build cache; {CachesDeleted: [ID] or None, SpaceReclaimed: bytes}."""
        request = "prune the build cache"
        patience = max(self._wire.timeout, PATIENCE)
        filters = {"filters": json.dumps(query["filters"])} if "filters" in query else {}
        done: dict[str, Any] = self._wire.post(
            request, "/build/prune", query={**query, **filters}, timeout=patience, shape=shapes.PRUNED
        )
        return done

    def _auth(self, ref: str, given: Auth | None) -> Auth | None:
        return given if given is not None else self._wire.credentials(registry_of(ref))

    def _progressing(
        self,
        request: str,
        path: str,
        query: Mapping[str, Any],
        auth: Auth | None,
        progress: Progress | None,
        *,
        body: bytes | Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        silence: float | None = None,
    ) -> None:
        """A request that is answered with a stream of progress, up to its end."""
        silence = max(self._wire.timeout, PULL_SILENCE if silence is None else silence)
        data = body if body is None or isinstance(body, bytes) else iter(body)  # a list would be taken for a form
        with self._wire.sending(request, silence):
            options = {"params": dict(query), "headers": {**auth_header(auth), **(headers or {})}, "timeout": silence}
            with self._wire.api.post(self._wire.url(path), data=data, stream=True, **options) as answer:
                check(answer)
                for entry in streams.progress_entries(answer.iter_content(streams.CHUNK)):
                    if progress is not None:
                        progress(entry)
