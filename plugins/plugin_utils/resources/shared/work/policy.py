# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Holds the policy of a host against every plan and step, before the first request of either goes out."""

from __future__ import annotations

from collections.abc import Mapping

from ....engine.protocol import Client
from ....errors import EngineError, PolicyError
from ..plan import Plan, Resource, Step
from ..policy import CREATING, Policy, refusal


class PolicyHook:
    """A hook of the runner's, for one host and module.

    :param client: reads the labels of what is to be changed, where an exemption asks for them.
    """

    def __init__(self, policy: Policy, host: str, module: str, client: Client | None) -> None:
        self._policy = policy
        self._host = host
        self._module = module
        self._client = client
        self._made: set[Resource] = set()

    def planned(self, plan: Plan) -> None:
        """:raises PolicyError: one of the steps is not allowed; none of them is done then."""
        self._require(plan.steps)

    def before(self, step: Step) -> None:
        """:raises PolicyError: the step is not allowed."""
        self._require((step,))

    def after(self, step: Step, error: BaseException | None) -> None:
        """Keep in mind what was made here: it may be removed again."""
        if step.action in CREATING and error is None:
            self._made.add(step.resource)

    def _require(self, steps: tuple[Step, ...]) -> None:
        if found := refusal(self._policy, self._host, self._module, steps, self._labels, self._made):
            raise PolicyError(found.message, found.hint)

    def _labels(self, step: Step) -> Mapping[str, str]:
        if self._client is None:
            return {}
        try:
            return _LABELS[step.resource.kind](self._client, step.resource.name)
        except (EngineError, KeyError):  # what can't be read has none
            return {}


def _of_container(client: Client, name: str) -> Mapping[str, str]:
    return (client.containers.inspect(name) or {}).get("Config", {}).get("Labels") or {}


def _of_network(client: Client, name: str) -> Mapping[str, str]:
    return (client.networks.inspect(name) or {}).get("Labels") or {}


def _of_volume(client: Client, name: str) -> Mapping[str, str]:
    return (client.volumes.inspect(name) or {}).get("Labels") or {}


def _of_secret(client: Client, name: str) -> Mapping[str, str]:
    return ((client.secrets.inspect(name) or {}).get("Spec") or {}).get("Labels") or {}


def _of_pod(client: Client, name: str) -> Mapping[str, str]:
    return (client.pods.inspect(name) or {}).get("Labels") or {}


_LABELS = {
    "container": _of_container, "network": _of_network, "volume": _of_volume, "secret": _of_secret, "pod": _of_pod,
}  # fmt: skip
