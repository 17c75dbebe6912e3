# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a container that is to be replaced is part of: who uses its namespaces or volumes (on Podman that matters for a
removal, too), and its pod.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ....engine.protocol import Client
from ....errors import EngineError
from ....telling import listed
from ...shared.plan import Plan
from ...shared.states import container_name
from ..options.row import NATIVE
from ..plan.dependents import uses

_REMEDIES = {
    "recreate": "Remove those first, and create them again afterwards.",
    "remove": "Remove those first: put their tasks before this one, also where Docker would take either order.",
}


def require_no_dependents(
    client: Client,
    planned: Plan,
    container: Mapping[str, Any] | None,
    engine: Engine,
    besides: Container[str] = (),
) -> None:
    """Refuse before anything is touched.

    :param besides: the names of containers that don't count, because somebody takes care of them.

    :raises EngineError: kind ``dependents``, naming them, or ``in_pod``, naming the pod.
    """
    ends = {"recreate", "remove"} if engine.remove_refuses_dependents else {"recreate"}
    steps = [step for step in planned.steps if step.action in ends]
    if not steps:
        return
    old = steps[0].args.get("old", container)
    if old is None:
        return
    if steps[0].action == "recreate" and engine.has_pods and "pod" not in (steps[0].args["body"].get(NATIVE) or {}):
        _require_no_pod(client, old)
    found = []
    for entry in client.containers.list(all=True):
        if entry["Id"] != old["Id"] and (how := _uses(client, entry["Id"], old, engine)):
            name = container_name({"Name": entry["Names"][0]})
            found += [f"{name} ({', '.join(how)})"] if name not in besides else []
    if found:
        doing = "recreated" if steps[0].action == "recreate" else "removed"
        raise EngineError(
            f"The container {container_name(old)} can't be {doing}: others use it: {listed(sorted(found), '; ')}. "
            "Nothing was changed.",
            hint=_REMEDIES[steps[0].action],
            kind="dependents",
        )


def _uses(client: Client, identity: str, old: Mapping[str, Any], engine: Engine) -> list[str]:
    """The options by which a container uses the old one; of one of them, only Podman's own description tells."""
    if found := uses(client.containers.inspect(identity) or {}, old):
        return found
    own = client.containers.inspect_native(identity) if engine.own_api else None
    return ["requires"] if old["Id"] in ((own or {}).get("Dependencies") or ()) else []


def _require_no_pod(client: Client, old: Mapping[str, Any]) -> None:
    """A new container would be in no pod: in another network, and without the others at localhost."""
    if pod := client.containers.pod_of(str(old["Id"])):
        raise EngineError(
            f"The container {container_name(old)} can't be recreated: it is in the pod {pod}, and the new one would "
            "be in none. Nothing was changed.",
            hint=f"Give pod: {pod} in its task, or remove it first where it shall not be in the pod any more.",
            kind="in_pod",
        )
