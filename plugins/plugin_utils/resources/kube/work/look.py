# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what the plan needs, and looks for what a run needs of the host before anything is touched."""

from __future__ import annotations

from collections.abc import Iterator

from ....engine.protocol import Client
from ....errors import FleetError, InvalidOption
from ...container.options import port_uses
from ...pod.members import members
from ...shared.plan import Plan
from ...shared.work.needed import needed, tell_of_localhost
from ..application import Application
from ..comparison import Seen
from ..label import owner
from ..options import ABSENT, Options
from ..plan import Observed
from ..pods import NEVER, Pod

_MAKES = frozenset({"create", "recreate"})


def observe(client: Client, wanted: Application, options: Options) -> Observed:
    """What there is of all that the YAML asks for."""
    pods = observe_pods(client, wanted)
    images: dict[str, str] = {}
    for image in {name for pod in wanted.pods for name in pod.images} if options.state != ABSENT else ():
        if found := client.images.inspect(image):
            images[image] = str(found["Id"])
    return Observed(
        pods,
        {name: client.secrets.inspect(name) for name in wanted.secrets},
        {name: client.volumes.inspect(name) for name in sorted({*wanted.claims, *wanted.files})},
        images,
    )


def observe_pods(client: Client, wanted: Application) -> dict[str, Seen]:
    """The pods by name: those that are wanted, in their order, and others that its workloads once had."""
    listed = {str(one["Name"]): one for one in client.pods.list()}
    names = [pod.name for pod in wanted.pods if pod.name in listed]
    for name, one in listed.items():
        if name not in names and owner(one.get("Labels") or {}) in wanted.owners:
            names.append(name)
    seen = ((name, _seen(client, str(listed[name]["Id"]))) for name in names)
    return {name: one for name, one in seen if one is not None}


def _seen(client: Client, identity: str) -> Seen | None:
    pod = client.pods.inspect(identity)
    if pod is None:  # it has gone meanwhile
        return None
    found = members(client.pods.members(identity))
    inspects = {one.name: client.containers.inspect(one.id) for one in found if not one.infra}
    return Seen(pod, found, {name: one for name, one in inspects.items() if one is not None})


def missing(
    client: Client, wanted: Application, options: Options, observed: Observed, planned: Plan, check_mode: bool
) -> list[str]:
    """What is to be said in check mode about what a run needs and does not find.

    :raises InvalidOption: that is missing, but for check mode: an earlier task may have made it.
    """
    warnings: list[str] = []
    made = {step.resource.name for step in planned.steps if step.action in _MAKES and step.resource.kind == "pod"}
    pods = [pod for pod in wanted.pods if pod.name in made]
    for thing, error in _lacking(client, pods, wanted, options, observed):
        needed(thing, error, check_mode=check_mode, warn=warnings.append)
    for step in planned.steps if check_mode else ():
        if step.resource.kind == "image":
            tell_of_localhost(step.resource.name, warnings.append)
    for what, error in _taken(client, pods, observed, planned):
        if not check_mode:
            raise error
        warnings.append(f"{what}; a run needs it.")
    return warnings


def _lacking(
    client: Client, pods: list[Pod], wanted: Application, options: Options, observed: Observed
) -> Iterator[tuple[str, FleetError]]:
    for name in options.networks if pods else ():
        if client.networks.inspect(name) is None:
            error = InvalidOption("networks", name, "there is no such network on the host.", "Create it first.")
            yield f"network {name}", error
    for pod in pods:
        for image, policy in pod.images.items():
            if policy == NEVER and image not in observed.images:
                words = "imagePullPolicy is Never, and the host does not have it."
                yield f"image {image}", InvalidOption("image", image, words, "Put it there first, as by remote_image.")
        for name in pod.secrets:
            if name not in wanted.secrets and client.secrets.inspect(name) is None:
                words = f"{pod.of} needs it; it is neither in the YAML nor on the host."
                yield f"secret {name}", InvalidOption("secret", name, words, "Add it to the YAML.")


def _taken(client: Client, pods: list[Pod], observed: Observed, planned: Plan) -> Iterator[tuple[str, InvalidOption]]:
    """The ports of the host that others have. Those of pods that go are free by then."""
    if not any(pod.uses for pod in pods):
        return
    going = {step.resource.name for step in planned.steps if step.action in ("recreate", "remove")}
    own = {one.id for name in going if name in observed.pods for one in observed.pods[name].members}
    listed = (one for one in client.containers.list(all=True) if one["Id"] not in own and port_uses.is_running(one))
    others = [use for one in listed for use in port_uses.of_running(one)]
    for pod in pods:
        for use in pod.uses:
            for other in others:
                same = (use.protocol, use.port) == (other.protocol, other.port)
                if same and port_uses.clash(use.address, other.address):
                    remedy = "Use another port, or stop or remove that container first."
                    error = InvalidOption("hostPort", use.port, f"{other.by} has this port ({use.by}).", remedy)
                    yield f"{other.by[0].upper()}{other.by[1:]} has the port {use.port} of the host", error
