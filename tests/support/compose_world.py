# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One engine of one lab host, for tests of remote_compose: what the module does there, but for its way to the host."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from resource_world import World

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.validation import Validator
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.compose.work.remote_compose import MODULE
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.result_format import Telling
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import Masker
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.module import Module
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.runner import Runner


class ComposeWorld:
    """A project in a directory of the controller, on an engine.

    :param name: of the project.
    """

    def __init__(self, world: World, folder: Path, name: str) -> None:
        self.world, self.folder, self.name = world, folder, name
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, text: str) -> None:
        """The project's compose file from now on."""
        (self.folder / "compose.yml").write_text(text)

    def run(self, check: bool = False, **params: Any) -> dict[str, Any]:
        """What the module does with the project's file and these options.

        :raises FleetError: the task fails.
        """
        client, log = self.world.client, self.world.logged
        client.warned.clear()

        def checked(module: Module[Any], given: dict[str, Any]) -> dict[str, Any]:
            validator = Validator(module.options, module.spec_rules, "remote_compose", lambda _secrets: None)
            return validator.validated(given)

        task: Any = SimpleNamespace(
            check_mode=check,
            masker=Masker(),
            settings=SimpleNamespace(become=None),
            telling=Telling(check=check),
            log=log.append,
            warn=log.append,
            tell=log.append,
            beside_playbook=lambda path: str(self.folder / path),
            validated=checked,
            setting=lambda name, given: given[name],
            runner=lambda _session, _client=None, at_once=1: Runner(client, log.append, at_once=at_once),
            failure=lambda error: {"error": {"kind": error.kind}},
        )
        session: Any = SimpleNamespace(client=client, identity=client.identity, transport=None)
        params = checked(MODULE, {"path": ["compose.yml"], "project_name": self.name, **params})
        assert MODULE.perform is not None
        return MODULE.perform(task, session, MODULE.prepare(task, params))

    def both(self, **params: Any) -> dict[str, Any]:
        """Check mode, then the run, which has to do what that said; then a second run, which changes nothing."""
        said = self.run(check=True, **params)
        done = self.run(**params)
        assert sorted(map(_told, said["actions"])) == sorted(map(_told, done["actions"]))  # some are done at once
        again = self.run(**params)
        assert not again["changed"] and not again["actions"] and not again["warnings"], (
            again["actions"],
            again["diff"],
        )
        return done

    def ids(self) -> dict[str, str]:
        """The IDs of the project's containers, by name."""
        listed = self.world.client.containers.list(all=True)
        names = {one["Names"][0].lstrip("/"): str(one["Id"]) for one in listed}
        return {name: identity for name, identity in names.items() if name.startswith(f"{self.name}-")}


def _told(action: dict[str, Any]) -> str:
    return f"{action['resource']} {action['action']} {action['reason']}"


def outcomes(result: dict[str, Any]) -> dict[str, str]:
    """What became of each part of a project, by name."""
    return {one["name"]: one["outcome"] for kind in ("containers", "networks", "volumes") for one in result[kind]}
