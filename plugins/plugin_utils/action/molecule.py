# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action of the module ``molecule``: what the playbooks for Molecule ask between their other tasks. It reads
Molecule's environment, and writes into its ephemeral directory.
"""

from __future__ import annotations

import json
import os
import shlex
import socket
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import yaml

from ..errors import FleetError, InvalidOption, InvalidOptions
from ..hosts.login_name import login_name
from ..resources.molecule import left_over, plan, told
from ..resources.molecule.plan import Place
from ..resources.molecule.platform import Platform
from ..resources.molecule.scenario import Scenario
from ..resources.project.work import remote_containers
from ..resources.shared import moments
from ..seam.host import Host, Inventory
from ..session.session import Session
from ..ssh.address import argv
from .base import RemoteAction

STEPS = ("create", "created", "destroy", "destroyed", "sweep")
_LISTED = {"type": "list", "elements": "dict", "default": []}
_NOT_MOLECULE = "Molecule did not start this. Import the playbook in create.yml or destroy.yml of a scenario."
_ELSEWHERE = "Take it out of there, and name a file that has it in SSHFLEET_MOLECULE_INVENTORY."
_MACHINE = Path("/etc/machine-id")


class MoleculeAction(RemoteAction):
    """Plans the containers of a scenario, and tells Molecule of them."""

    _requires_connection = False
    ARGUMENT_SPEC: Mapping[str, Mapping[str, Any]] = {
        "step": {"type": "str", "choices": list(STEPS), "required": True},
        "made": {"type": "dict", "default": {}},
        "containers": _LISTED,
        "networks": _LISTED,
        "volumes": _LISTED,
        "older_than": {"type": "str", "default": "1d"},
    }

    def _find_settings(self, params: Mapping[str, Any]) -> None:
        """It speaks with no engine."""

    def _find_target(self) -> None:
        """Nor with a host."""

    def perform(self, session: Session, prepared: Any) -> dict[str, Any]:
        raise NotImplementedError("it opens no session")

    def work(self, prepared: Any) -> dict[str, Any]:
        found: dict[str, Any] = getattr(self, f"_{prepared['step']}")(prepared)
        return found

    def _create(self, _params: Mapping[str, Any]) -> dict[str, Any]:
        """Check all platforms, and say what is to be made where."""
        here = _Here()
        wanted = plan.platforms(here.platforms, here.scenario, here.host)
        sources: dict[str, tuple[str, ...]] = {}
        for one in wanted:
            if one.host not in sources:
                sources[one.host] = here.inventory(one.host)
                self._require(one, sources[one.host], [other.name for other in wanted])
        places = plan.to_create(wanted, here.scenario, sources)
        for place in places:
            self._check(place, wanted)
        if not self.check_mode:
            here.remember(places, [one.container for one in wanted])
        return self._places(here, places, [one.name for one in wanted])

    def _created(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Tell Molecule and Ansible how the instances are reached."""
        here = _Here()
        wanted = plan.platforms(here.platforms, here.scenario, here.host)
        sources = {one.host: here.inventory(one.host) for one in wanted}
        places = plan.to_create(wanted, here.scenario, sources)
        shown = plan.shown(places, [one.name for one in wanted])
        engines = {place.key: params["made"][name] for place, name in zip(places, shown, strict=True)}
        logins = {
            (one.host, one.container): self._login(one, sources[one.host], engines[one.host, one.engine])
            for one in wanted
        }
        if not self.check_mode:
            here.write(here.instances, told.inventory(wanted, places))
            here.write(here.instance_config, told.instance_config(wanted, logins))
        return {"changed": True}

    def _destroy(self, _params: Mapping[str, Any]) -> dict[str, Any]:
        """Say where something of the scenario may be."""
        here = _Here()
        earlier, containers = here.remembered()
        places = plan.to_destroy(here.platforms, here.scenario, here.host, earlier, containers)
        places = [place if place.inventory else here.at(place) for place in places]
        for place in places:
            self._found(place.host, place.inventory)
        return self._places(here, places, [str(one.get("name")) for one in here.platforms if isinstance(one, Mapping)])

    def _destroyed(self, _params: Mapping[str, Any]) -> dict[str, Any]:
        """Forget the instances."""
        if not self.check_mode:
            _Here().forget()
        return {"changed": True}

    def _sweep(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Say which scenarios have left something on the task's host."""
        until = moments.read("older_than", params["older_than"])
        listed = (params["containers"], params["networks"], params["volumes"])
        return {"scenarios": left_over.projects(*listed, until, time.time())}

    @staticmethod
    def _places(here: _Here, places: list[Place], instances: list[str]) -> dict[str, Any]:
        """The result. What is to be done there may have secrets, and goes by a file, because Ansible shows results."""
        named = dict(zip(plan.shown(places, instances), places, strict=True))
        here.write(here.plan, {name: place.projects for name, place in named.items()})
        return {
            "plan": str(here.plan),
            "places": [
                {"name": name, "host": place.host, "engine": place.engine, "inventory": list(place.inventory)}
                for name, place in named.items()
            ],
        }

    def _require(self, one: Platform, sources: tuple[str, ...], instances: Collection[str]) -> None:
        """Refuse a host that tests could change, that no inventory knows, or that is not reached over ssh."""
        try:
            if one.host in self.hostvars and one.host not in instances:
                problem = "it is in the scenario's own inventory, so that a play with hosts: all would change it, too."
                raise InvalidOption("host", one.host, problem, _ELSEWHERE)
            found = self._found(one.host, sources)
            found.target(found.settings({}).client)
        except FleetError as error:
            raise InvalidOptions(f"Platform {one.name}: {error}", plan.UNTOUCHED) from error

    def _found(self, name: str, sources: tuple[str, ...]) -> Host:
        inventory: Inventory = self.hosts.elsewhere(sources)
        if name not in inventory:
            remedy = f"Take a host of {', '.join(sources)}, or name another inventory in SSHFLEET_MOLECULE_INVENTORY."
            raise InvalidOption("host", name, "the inventory has no such host.", remedy)
        return inventory.host(name)

    def _check(self, place: Place, wanted: list[Platform]) -> None:
        """Refuse what the task that makes the containers would refuse, before any host is touched."""
        module = remote_containers.MODULE
        try:
            for project in place.projects.values():
                module.prepare(self, self.validated(module, project))
        except InvalidOptions as error:
            message = error.message
            for one in wanted:
                message = message.replace(f"containers: {one.container}: ", f"Platform {one.name}: ")
                message = message.replace(one.container, one.name)
            raise InvalidOptions(message, plan.UNTOUCHED) from error

    def _login(self, one: Platform, sources: tuple[str, ...], engine: Mapping[str, Any]) -> str:
        host = self._found(one.host, sources)
        become = host.settings({}).become
        words = [] if become is None else [become.exe, "-u", become.user]
        return shlex.join(argv.terminal(host.target(), told.shell_in(one.container, engine, words)))


class _Here:
    """The scenario that Molecule's environment names, and its files."""

    def __init__(self) -> None:
        try:
            self._ephemeral = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"])
            self.instance_config = Path(os.environ["MOLECULE_INSTANCE_CONFIG"])
            config = yaml.safe_load(Path(os.environ["MOLECULE_FILE"]).read_text(encoding="utf-8"))
            self._directory = os.environ["MOLECULE_PROJECT_DIRECTORY"]
            name = os.environ["MOLECULE_SCENARIO_NAME"]
        except KeyError as missing:
            raise InvalidOption(
                "step", str(missing), "this variable of Molecule's is not set.", _NOT_MOLECULE
            ) from None
        self.platforms: list[Any] = config.get("platforms") or []
        self.host = os.environ.get("SSHFLEET_MOLECULE_HOST", "")
        self.instances = self._ephemeral / "inventory" / "sshfleet_instances.yml"
        self.plan = self._ephemeral / "sshfleet_plan.json"
        self._places = self._ephemeral / "sshfleet_places.json"
        machine = _MACHINE.read_text(encoding="ascii") if _MACHINE.exists() else ""
        self.scenario = Scenario(
            name=name,
            owner=os.environ.get("SSHFLEET_MOLECULE_OWNER") or f"{login_name() or os.getuid()}@{socket.gethostname()}",
            controller=f"{socket.gethostname()} {os.getuid()} {machine.strip()}",
            directory=self._directory,
            ephemeral=str(self._ephemeral),
            run=os.environ.get("SSHFLEET_MOLECULE_RUN", ""),
        )

    def inventory(self, host: str) -> tuple[str, ...]:
        """The sources that have the host's entry; without any, it is what ssh knows by this name."""
        given = os.environ.get("SSHFLEET_MOLECULE_INVENTORY") or os.environ.get("ANSIBLE_INVENTORY") or ""
        sources = [source.strip() for source in given.split(",") if source.strip()]
        return tuple(str(Path(self._directory) / Path(source).expanduser()) for source in sources) or (f"{host},",)

    def at(self, place: Place) -> Place:
        return Place(place.host, place.engine, self.inventory(place.host), place.projects)

    def remember(self, places: list[Place], containers: list[str]) -> None:
        """Write down where something is about to be made, beside what was made earlier."""
        earlier, names = self.remembered()
        all_places = {place.key: place for place in (*earlier, *places)}
        kept = [{"host": one.host, "engine": one.engine, "inventory": one.inventory} for one in all_places.values()]
        self.write(self._places, {"places": kept, "containers": sorted({*names, *containers})})

    def remembered(self) -> tuple[list[Place], list[str]]:
        """(places, names of containers)."""
        try:
            kept = json.loads(self._places.read_text(encoding="utf-8"))
            places = [Place(one["host"], one["engine"], tuple(one["inventory"])) for one in kept["places"]]
            return places, [str(name) for name in kept["containers"]]
        except (OSError, ValueError, KeyError, TypeError):
            return [], []

    def forget(self) -> None:
        for path in (self.instances, self.instance_config, self.plan, self._places):
            path.unlink(missing_ok=True)

    def write(self, path: Path, content: Any) -> None:
        """As JSON, which is YAML; in one piece, for the reader's sake."""
        beside = self._ephemeral / f".{path.name}.new"
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(json.dumps(content, indent=2) + "\n")
        beside.replace(path)
