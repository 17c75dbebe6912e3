# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests in which the engine talks to a registry, with no credentials but those that are handed in.

``auth`` is {username, password, serveraddress}; it travels in a header of the request, to the engine on the target.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..errors import EngineError
from . import shapes, streams
from .failures import check
from .references import image_path, registry_of, split_reference
from .wire import UNSAID, Wire

Progress = Callable[[dict[str, Any]], None]
Auth = Mapping[str, str]
# Seconds without a word from the engine after which a pull counts as dead, unless the user's timeout is longer: Podman
# says nothing while it unpacks a layer.
PULL_SILENCE = 600.0


_ON_THE_HOST = "In this name localhost is a registry on the host itself."
_PULLED = "An image that is in no registry is built, loaded or shipped: see remote_image and remote_image_ship."
_PUSHED = "An image is pushed to the registry in its name: name another one in repository."
_NO_ANSWER = re.compile(r"connection refused|no route to host|no such host|i/o timeout|network is unreachable")


@contextmanager
def _naming_registry(ref: str, doing: str, otherwise: str) -> Iterator[None]:
    """Podman 5 says "connection refused", and not of whom.

    :param otherwise: for people, what helps where there is no registry.
    """
    try:
        yield
    except EngineError as error:
        registry = registry_of(ref)
        if error.kind not in UNSAID:
            if registry not in error.message:
                error.message = f"{doing} {ref}, asking {registry}: {error.message}"
            where = _where(registry, error.message)
            error.hint = " ".join(filter(None, (error.hint, where, where and otherwise)))
        raise


def _where(registry: str, said: str) -> str:
    """Which registry it is that did not answer, '' where it is plain."""
    if registry == "localhost":
        return _ON_THE_HOST
    if not _NO_ANSWER.search(said):
        return ""
    return f"As seen from the host, no registry answers at {registry}: check the name, and whether the registry runs."


class RegistryRequests(Wire):
    """Pulling, pushing and logging in."""

    # Gives the credentials for a registry (its host), where there was a login; see remote_login.
    credentials: Callable[[str], Auth | None] = staticmethod(lambda _registry: None)

    def pull_image(
        self, ref: str, progress: Progress | None = None, platform: str | None = None, auth: Auth | None = None
    ) -> None:
        """Pull an image. ``progress`` gets each entry of the engine's progress as it comes."""
        repository, tag = split_reference(ref)
        query = {"fromImage": repository, "tag": tag, **({"platform": platform} if platform else {})}
        with _naming_registry(ref, "Pulling", _PULLED):
            self._progressing(f"pull image {ref}", "/images/create", query, self._auth(ref, auth), progress)

    def push_image(self, ref: str, progress: Progress | None = None, auth: Auth | None = None) -> None:
        """Push an image to the registry in its name."""
        repository, tag = split_reference(ref)
        path = f"/images/{image_path(repository)}/push"
        with _naming_registry(ref, "Pushing", _PUSHED):
            self._progressing(f"push image {ref}", path, {"tag": tag}, self._auth(ref, auth), progress, body=b"{}")

    def registry_digest(self, ref: str, auth: Auth | None = None) -> str | None:
        """The digest under which the registry has the image now: ``sha256:…``.

        None where this engine asks no registry, or no digest comes of it: what is wrong, a pull or a push says better.
        """
        if not self.dialect.asks_registries:
            return None
        try:
            with self._sending(f"digest of image {ref}", PULL_SILENCE):
                url = self._url(f"/distribution/{image_path(ref)}/json")
                answer = self._api.get(url, headers=_header(self._auth(ref, auth)), timeout=self.timeout)
                check(answer)
                found = self._json(answer, shapes.DIGEST)
        except EngineError as error:
            if error.status is None:
                raise
            return None
        return (found.get("Descriptor") or {}).get("digest")

    def log_in(self, auth: Auth) -> None:
        """Let the engine try credentials at their registry.

        :raises EngineError: kind ``registry_denied`` where the registry does not take them.
        """
        with self._sending(f"log in to {auth['serveraddress']}"):
            answer = self._api.post(
                self._url("/auth"), data=json.dumps(dict(auth)), headers={"Content-Type": "application/json"},
                timeout=self.timeout,
            )  # fmt: skip
            check(answer)

    def _auth(self, ref: str, given: Auth | None) -> Auth | None:
        return given if given is not None else self.credentials(registry_of(ref))

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
        silence = max(self.timeout, PULL_SILENCE if silence is None else silence)
        data = body if body is None or isinstance(body, bytes) else iter(body)  # a list would be taken for a form
        with self._sending(request, silence):
            options = {"params": dict(query), "headers": {**_header(auth), **(headers or {})}, "timeout": silence}
            with self._api.post(self._url(path), data=data, stream=True, **options) as answer:
                check(answer)
                for entry in streams.progress_entries(answer.iter_content(streams.CHUNK)):
                    if progress is not None:
                        progress(entry)


def _header(auth: Auth | None) -> dict[str, str]:
    return {} if auth is None else {"X-Registry-Auth": encoded(dict(auth))}


def encoded(value: Mapping[str, Any]) -> str:
    """A value as the engines take it in a header: JSON in URL-safe base64."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()
