# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The networks and volumes of a project: their part of its plan, and how that is done."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from ....engine.protocol import Client
from ....errors import InvalidOption
from ....session.session import Session
from ...container.options.mounts import named_volumes
from ...container.options.networks import of as networks_of
from ...container.options.parsing import Options as ContainerOptions
from ...network.actual import network
from ...network.options import Options as NetworkOptions
from ...network.plan import Observed as NetworkObserved
from ...network.result import Seen as NetworkSeen
from ...network.work.run import NetworkRun
from ...network.work.steps import Steps
from ...shared.ownership import Thing
from ...shared.plan import Plan, Resource, Step
from ...shared.work.module import Task
from ...volume import plan as volume_plan
from ...volume.options import Options as VolumeOptions
from ...volume.result import Seen as VolumeSeen
from ...volume.result import users
from ...volume.work.run import do as do_volume
from ...volume.work.run import things as volume_things
from ..options import Wanted
from ..orphans import belongs
from ..plan import Part
from .view import View

# Does something about one part, such as ``network shop``, with these arguments, and keeps what is wrong with it.
Try = Callable[..., None]
_ABSENT = "absent"


class SharedParts:
    """Networks and volumes. What is looked at and planned is kept by name until it is told."""

    def __init__(self, task: Task, session: Session, wanted: Wanted, view: View) -> None:
        self._task = task
        self._wanted = wanted
        self._control = wanted.how
        self._view = view
        self._looking = task.runner(session, view)
        self._networks: dict[str, NetworkRun] = {}
        self._network_plans: dict[str, tuple[NetworkObserved, Plan]] = {}
        self._steps: dict[str, Steps] = {}
        self._volume_plans: dict[str, tuple[VolumeOptions, volume_plan.Observed, Plan]] = {}

    def look(self, leaving: Collection[str], coming_out: Callable[[str], set[str]], attempt: Try) -> None:
        """Find out what is to be done.

        :param leaving: the names of containers that go.
        :param coming_out: gives those that come out of a network by their own plan.
        """
        self._steps.clear()
        options = {**self._wanted.networks, **self._orphaned_networks()}
        self._networks = {
            name: NetworkRun(
                self._looking,
                one,
                self._task.check_mode,
                besides={*leaving, *(coming_out(name) if one.state == _ABSENT else ())},
            )
            for name, one in options.items()
        }
        for name in options:
            attempt(f"network {name}", self._look_at_network, name)
        self._look_at_volumes(leaving, attempt)

    def _look_at_network(self, name: str) -> None:
        self._network_plans[name] = self._networks[name].looked()

    def _orphaned_networks(self) -> dict[str, NetworkOptions]:
        if not self._control.purge:
            return {}
        engine = self._view.engine
        found = (network(one, engine) for one in self._view.networks.list_native())
        named = {one.name for one in self._wanted.application.networks}
        named.update(
            *(
                networks_of(one.values.get("network_mode"), one.values.get("networks"), engine)
                for one in self._staying()
            )
        )
        names = [one.name for one in found if belongs(one.labels, self._wanted.application) and one.name not in named]
        return {name: NetworkOptions(name, state=_ABSENT) for name in names}

    def _staying(self) -> list[ContainerOptions]:
        """The containers that are there afterwards: what they name is not purged."""
        return [one for one in self._wanted.containers.values() if one.state != _ABSENT]

    def _look_at_volumes(self, leaving: Collection[str], attempt: Try) -> None:
        self._volume_plans.clear()
        external = [name for kind, name in self._wanted.external if kind == "volume"]
        goes = self._control.remove_volumes and (self._control.purge or self._control.state == _ABSENT)
        if not (self._wanted.volumes or external or goes):
            return
        there = {one["Name"]: one for one in self._view.volumes.list()}
        wanted = dict(self._wanted.volumes) if goes or self._control.state != _ABSENT else {}
        if goes and self._control.purge:
            named = {one.name for one in self._wanted.application.volumes}
            named.update(*(named_volumes(one.values) for one in self._staying()))
            mine = (one for one in there.values() if belongs(one.get("Labels"), self._wanted.application))
            wanted |= {
                one["Name"]: VolumeOptions(one["Name"], state=_ABSENT) for one in mine if one["Name"] not in named
            }
        if self._control.state != _ABSENT:
            for name in external:
                attempt(f"volume {name}", _require, "volume", name, there.get(name))
        used_by = users(self._view.list())
        for name, options in wanted.items():
            used = tuple(one for one in used_by.get(name, ()) if one not in leaving)
            observed = volume_plan.Observed(there.get(name), used if name in there else ())
            attempt(f"volume {name}", self._look_at_volume, options, observed)

    def _look_at_volume(self, options: VolumeOptions, observed: volume_plan.Observed) -> None:
        apart = self._view.engine.noquota_apart
        planned = volume_plan.plan(options, observed, noquota_apart=apart)
        self._volume_plans[options.name] = options, observed, planned

    def require_external(self, attempt: Try) -> None:
        """Networks that somebody else makes have to be there."""
        for kind, name in self._wanted.external:
            if kind == "network" and self._control.state != _ABSENT:
                attempt(f"network {name}", _require, "network", name, self._view.networks.inspect(name))

    def parts(self) -> list[Part]:
        """The parts of the plan of all."""
        networks = [Part(Resource("network", name), one) for name, (_seen, one) in self._network_plans.items()]
        volumes = [Part(Resource("volume", name), one) for name, (_own, _seen, one) in self._volume_plans.items()]
        return [*networks, *volumes]

    def things(self) -> list[Thing]:
        """What has to be owned."""
        found: list[Thing] = []
        for name, (observed, planned) in self._network_plans.items():
            found += self._networks[name].things(observed, planned) if planned.changed else []
        for _options, seen, planned in self._volume_plans.values():
            found += volume_things(seen, planned)
        return found

    def do(self, client: Client, step: Step) -> None:
        """Do a step."""
        if step.resource.kind == "volume":
            do_volume(client, step)
            return
        name = step.resource.name
        if name not in self._steps:
            self._steps[name] = self._networks[name].steps(self._network_plans[name][0])
        now = _as_it_is_now(client, name, step) if step.action == "disconnect" else step
        if now is not None:
            self._steps[name].do(client, now)

    def told(self, changed: bool) -> tuple[dict[str, NetworkSeen], dict[str, VolumeSeen]]:
        """What was found, and what there is now.

        :param changed: whether anything was done, so that it has to be looked at again.
        """
        if changed:
            self._view.forget()
        networks = {
            name: self._networks[name].told(*plans, anew=changed) for name, plans in self._network_plans.items()
        }
        volumes = {}
        for name, (options, observed, planned) in self._volume_plans.items():
            after = observed
            if changed and planned.changed:
                after = replace(observed, volume=self._view.volumes.inspect(name))
            volumes[name] = VolumeSeen(options, planned, observed, after, ())
        return networks, volumes


def _as_it_is_now(client: Client, network: str, step: Step) -> Step | None:
    """A disconnection of a container that may be another one by now; None where it is in the network no more."""
    member = step.args["member"]
    inspect = client.containers.inspect(member.name)
    if inspect is None or network not in (inspect["NetworkSettings"].get("Networks") or {}):
        return None
    return replace(step, args={"member": replace(member, id=str(inspect["Id"]))})


def _require(kind: str, name: str, found: Any) -> None:
    if found is None:
        raise InvalidOption(
            f"{kind}s", name, f"it is external, and there is no such {kind} on the host.", f"Create the {kind} first."
        )
