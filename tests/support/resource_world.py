# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One engine of one lab host, for tests of networks, volumes and pruning.

What the modules do runs here in processes of the test's, over a forwarded socket, which is much faster than Ansible,
and on all engines at once; each module also has a test that goes through Ansible.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from engine_cases import IMAGE, MAKE_IMAGE, engines_of, forwarded
from everywhere import everywhere
from lab_hosts import Lab

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action import catalogue
from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.base import failure
from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.validation import Validator
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.protocol import Client
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.result_format import Telling
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import Masker
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.module import Module
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.ownership import Owners
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.runner import Runner

PREFIX = "rw-"  # of everything that these tests make


def stand_in(
    log: Callable[[str], None], runner: Callable[..., Runner], check: bool = False, telling: Telling | None = None
) -> Any:
    """What a module may ask of its task, as far as it can be had without Ansible."""
    masker = Masker()
    return SimpleNamespace(
        check_mode=check,
        masker=masker,
        settings=SimpleNamespace(become=None),
        log=log,
        warn=log,
        tell=log,
        hide=lambda secrets: None,
        telling=telling or Telling(check=check),
        runner=runner,
        identity="one task",
        setting=lambda name, params: params.get(name),
        validated=_validated,
        failure=lambda error: failure(error, masker),
        find_file=str,
        beside_playbook=str,
        diff_limit=None,
    )


class World:
    """An engine as tests of modules see it. What begins with PREFIX is removed before and after each test."""

    def __init__(self, lab: Lab, host: str, engine: str, client: Client, owners: Owners | None = None) -> None:
        self.lab, self.host, self.engine, self.client, self.owners = lab, host, engine, client, owners
        self.podman = engine == "podman"
        self.logged: list[str] = []

    def with_client(self, client: Client, owners: Owners | None = None) -> World:
        """The same engine through another client, by default with nobody kept off."""
        return World(self.lab, self.host, self.engine, client, owners)

    def ip(self, rest: str) -> str:
        """An address or a network, "7.0/24"; both engines of a host work at once, and have no address in common."""
        return f"10.{213 if self.podman else 214}.{rest}"

    def run(self, module: str, check: bool = False, telling: Telling | None = None, **params: Any) -> dict[str, Any]:
        """What a module does with these options, but for its way to the host; "network" is remote_network. One that
        asks for more of its task or session than is here needs a test through Ansible.
        """
        entry = catalogue.module(f"remote_{module}")
        assert entry.perform is not None
        validation = ArgumentSpecValidator(entry.options, **entry.spec_rules).validate(params)
        assert not validation.error_messages, validation.error_messages
        self.client.warned.clear()
        task = stand_in(self.logged.append, self._runner, check, telling)
        session: Any = SimpleNamespace(
            client=self.client,
            identity=self.client.identity,
            transport=SimpleNamespace(connection_id="here"),
            socket="",
        )
        return entry.perform(task, session, entry.prepare(task, validation.validated_parameters))

    def _runner(self, _session: Any, client: Client | None = None, at_once: int = 1) -> Runner:
        return Runner(client or self.client, self.logged.append, owners=self.owners, at_once=at_once)

    def both(self, module: str, **params: Any) -> dict[str, Any]:
        """Check mode, then the run, which has to do what that said; then a second run, which changes nothing."""
        said = self.run(module, check=True, **params)
        done = self.run(module, **params)
        for key in ("changed", "actions", "diff", "space_reclaimed"):
            assert said.get(key) == done.get(key), key
        if not params.get("force") and params.get("recreate") != "always":
            again = self.run(module, **params)
            assert not again["changed"], again["actions"]
            assert again["actions"] == [] and again["diff"] in ({"before": {}, "after": {}}, {})
        return done

    def container(self, name: str, *networks: str, start: bool = True, **config: Any) -> str:
        """A container made by somebody else, in the first of the networks with its own alias, then in the others."""
        host = {"NetworkMode": networks[0] if networks else "none", **config.pop("HostConfig", {})}
        endpoints = config.pop("endpoint", {})
        body = {"Image": IMAGE, "Cmd": ["sleep", "600"], "StopTimeout": 1, "HostConfig": host, **config}
        if networks:
            body["NetworkingConfig"] = {"EndpointsConfig": {networks[0]: endpoints}}
        identity = self.client.containers.create(PREFIX + name, body)
        for network in networks[1:]:
            self.client.networks.connect(network, identity)
        if start:
            self.client.containers.start(identity)
        return str(identity)

    def stop(self, name: str) -> None:
        """Stop a container, and wait until the list of containers knows it: Docker 26's is a moment behind."""
        self.client.containers.stop(name, 0)
        found = {"name": [f"^{name}$"]}
        self.until(lambda: self.client.containers.list(all=True, filters=found)[0]["State"] != "running")

    def until(self, true: Callable[[], bool]) -> None:
        """Wait, a minute at most, until something is so."""
        deadline = time.monotonic() + 60
        while not true():
            assert time.monotonic() < deadline, "it did not come about within a minute"
            time.sleep(0.1)

    def endpoint(self, name: str, network: str) -> Mapping[str, Any]:
        inspect = self.client.containers.inspect(name)
        return (inspect or {})["NetworkSettings"]["Networks"][network]

    def networks_of(self, name: str) -> list[str]:
        inspect = self.client.containers.inspect(name)
        return sorted((inspect or {})["NetworkSettings"]["Networks"])

    def execute(self, name: str, *argv: str, check: bool = True) -> str:
        return self.lab.ssh(self.host, self.engine, "exec", name, *argv, check=check)

    def clear(self) -> None:
        """Also after a test that failed, in whatever order things need each other."""
        client = self.client
        for pod in client.pods.list() if client.engine.own_api else ():
            if pod["Name"].startswith((PREFIX, "sshfleet-trial-")):
                client.pods.remove(pod["Id"])
        containers = [
            entry["Id"]
            for entry in client.containers.list(all=True)
            if entry["Names"][0].lstrip("/").startswith(PREFIX)
        ]
        _remove(containers, lambda identity: client.containers.remove(identity, force=True, volumes=True))
        images = [
            image
            for image in client.images.list(all=True)
            if any(key.startswith(PREFIX) for key in image["Labels"] or {})
        ]
        tags = [tag for image in images for tag in _names(image) or [image["Id"]]]
        _remove(tags, lambda reference: client.images.remove(reference, prune=False))
        for network in self.client.networks.list_native():
            if (network.get("Name") or network.get("name", "")).startswith(PREFIX):
                self.client.networks.remove(network.get("Name") or network["name"])
        for secret in self.client.secrets.list() if client.engine.own_api else ():
            if secret["Spec"]["Name"].startswith((PREFIX, "sshfleet-trial-")):
                client.secrets.remove(secret["ID"])
        for volume in self.client.volumes.list():
            if volume["Name"].startswith((PREFIX, "sshfleet-journal-", "sshfleet-mark-")):
                self.client.volumes.remove(volume["Name"])


def _validated(module: Module[Any], params: Mapping[str, Any]) -> dict[str, Any]:
    return Validator(module.argument_spec, module.spec_rules, "a part", lambda secrets: None).validated(params)


def _names(image: Mapping[str, Any]) -> list[str]:
    """Docker before 23 has a name for having none."""
    return [tag for tag in image.get("RepoTags") or [] if tag != "<none>:<none>"]


def _remove(names: Sequence[str], remove: Callable[[str], None]) -> None:
    """Remove them, those that others need after these."""
    todo = list(names)
    while todo:
        left: list[str] = []
        for name in todo:
            try:
                remove(name)
            except EngineError as error:
                if error.kind not in ("container_missing", "image_missing"):
                    left.append(name)
        assert len(left) < len(todo), f"can't be removed: {left}"
        todo = left


@contextmanager
def open_world(lab: Lab, host: str, engine: str) -> Iterator[World]:
    """The engine without anything of these tests, before and after."""
    with forwarded(lab, host, engine) as client:
        world = World(lab, host, engine, client)
        world.clear()
        try:
            yield world
        finally:
            world.clear()


_WITH_IMAGE: set[str] = set()


def on_every_podman(examine: Callable[[World], None]) -> Callable[[Lab, pytest.FixtureRequest], None]:
    """As ``on_every_engine``, for what only Podman has."""
    return on_every_engine(examine, engine="podman")


def beside_another(examine: Callable[[World], None]) -> Any:
    """Makes a test for every Podman on which something else runs, too. Where nothing does, the end of Podman 4.3's
    cleaning up after a container takes the mount of its storage away, also from under one that is just being started.
    """

    @on_every_podman
    def examined(world: World) -> None:
        world.container("keeper", StopTimeout=0)
        examine(world)

    return examined


def on_every_engine(examine: Callable[[World], None], engine: str = "") -> Callable[[Lab, pytest.FixtureRequest], None]:
    """Makes a test of what is to be examined on one engine: it is, on all of them at once.

    :param engine: only on those of this name.
    """

    def one(lab: Lab, host: str, kind: str) -> None:
        with open_world(lab, host, kind) as world:
            examine(world)

    def test(session_lab: Lab, request: pytest.FixtureRequest) -> None:
        engines = [one for one in engines_of(request.node) if engine in ("", one[1])]
        for host in sorted({host for host, _engine in engines} - _WITH_IMAGE):
            session_lab.ssh(host, "sh", "-s", input=MAKE_IMAGE)
            _WITH_IMAGE.add(host)
        everywhere(partial(one, session_lab), engines)

    test.__name__, test.__doc__ = examine.__name__, examine.__doc__
    return test
