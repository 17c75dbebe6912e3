# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests about Kubernetes YAML, in Podman's own API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import shapes
from .bounds import BadAnswer
from .failures import check
from .wire import PATIENCE, Wire

_YAML = "application/yaml"


class Kube:
    """Kubernetes YAML; all raise EngineError of kind ``unsupported`` on an engine that is not Podman."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def play(self, name: str, documents: bytes, query: Mapping[str, Any]) -> Sequence[str]:
        """Make what the YAML describes; what the engine says of containers that did not start, a text for each. A pod
        that is there already is an error, and so is a volume. What was made before an error stays.

        :param name: what is played, for messages.
        :param query: the API's: ``network`` (a list), ``start`` (true or false), ``logDriver``, ``logOptions``.
        """
        played = self._wire.podman(
            "POST",
            f"play {name}",
            "/play/kube",
            query=query,
            body=documents,
            timeout=PATIENCE,
            shape=shapes.PLAYED,
            kind=_YAML,
        )
        return [said for pod in played.get("Pods") or () for said in pod.get("ContainerErrors") or ()]

    def generate(self, names: Sequence[str], *, service: bool = False) -> str:
        """The YAML that describes pods, containers or volumes of these names.

        :param service: with a Service of their ports, too.
        """
        request = f"generate YAML of {', '.join(names)}"
        self._wire.require_own_api(request)
        query = {"names": list(names), "service": str(service).lower()}
        with self._wire.sending(request):
            answer = self._wire.api.get(
                self._wire.podman_url("/generate/kube"), params=query, timeout=self._wire.timeout
            )
            check(answer)
            try:
                return bytes(answer.content).decode()
            except UnicodeDecodeError:
                raise BadAnswer("it is not UTF-8") from None
