# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The four engines of the lab, for tests of remote_container: the fixtures ``places`` (all) and ``place`` (each).

A task is run by the module's own code in this process, over a forwarded socket, which takes a tenth of the time that
Ansible takes; :func:`ansible_at_places` runs it through Ansible.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from engine_cases import LIMITLESS, engines_of, forwarded
from everywhere import everywhere
from lab_hosts import Lab
from tasks import through_ansible

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.base import failure
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import FleetError, InvalidOptions
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import (
    ARGUMENT_SPEC,
    Options,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.run import run_container
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import Masker

APP = "localhost/lab-app:1"
NAME = "lab-app"
NETWORKS = ("lab-front", "lab-back")
VOLUMES = ("lab-volume", "lab-other")
VALIDATOR = ArgumentSpecValidator(ARGUMENT_SPEC)

# An image with defaults of every kind, made of the host's own busybox.
MAKE_IMAGE = """
set -e
directory=$(mktemp -d)
mkdir -p $directory/bin $directory/etc $directory/srv $directory/tmp
cp /bin/busybox $directory/bin/busybox
for applet in sh sleep echo cat httpd true; do ln -s busybox $directory/bin/$applet; done
printf 'root:x:0:0:root:/:/bin/sh\\nweb:x:33:33:web:/srv:/bin/sh\\n' > $directory/etc/passwd
printf 'root:x:0:\\nweb:x:33:\\n' > $directory/etc/group
tar -C $directory -c . | ENGINE import --change 'ENV COLOR=blue' --change 'ENV PATH=/bin' \
    --change 'CMD ["sleep","1000"]' --change 'WORKDIR /srv' --change 'USER web' --change 'LABEL vendor=acme' \
    --change 'EXPOSE 8080' --change 'VOLUME /data' - IMAGE
rm -rf $directory
"""


def image_script(engine: str, image: str) -> str:
    return MAKE_IMAGE.replace("ENGINE", engine).replace("IMAGE", image)


def quietly(engine: str, *commands: str) -> str:
    """A script of commands of an engine that may fail."""
    return "".join(f"{engine} {command} >/dev/null 2>&1\n" for command in commands) + "true\n"


def options_of(params: Mapping[str, Any]) -> Options:
    """The options of a task, through the argument spec as in an action.

    :raises InvalidOptions: as an action does.
    """
    validated = VALIDATOR.validate(dict(params))
    if validated.error_messages:
        raise InvalidOptions(str(validated.error_messages))
    return parse(validated.validated_parameters)


def briefly(seconds: float) -> None:
    """What these tests wait for takes much less than what users do."""
    time.sleep(seconds / 5)


class Place:
    """One engine of one host: tasks of the module there, and the engine's own command line."""

    def __init__(self, lab: Lab, host: str, engine: str, client: EngineClient) -> None:
        self.lab, self.host, self.engine, self.client = lab, host, engine, client
        self.limits = host not in LIMITLESS  # whether containers can have limits there
        self.port = 18300 if engine == "podman" else 18350  # both engines share the host's ports
        self.common = {"name": NAME, "keep_volumes": False}

    def run(self, *, check: bool = False, **params: Any) -> dict[str, Any]:
        """One task; a failure is a result as Ansible shows it."""
        masker = Masker()
        try:
            options = options_of({**self.common, **params})
            return run_container(self.client, options, check_mode=check, masker=masker, sleep=briefly)
        except FleetError as error:
            return {"changed": False, **failure(error, masker)}

    def steps(self, steps: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """One task after the other, as Ansible runs them.

        ``_check`` of a step is its check mode, ``_fails`` says that it may fail.
        """
        results = []
        for step in steps:
            results.append(self.run(check=step.get("_check", False), **_params(step)))
            assert step.get("_fails") or not results[-1].get("failed"), results
        return results

    def cli(self, *argv: str, check: bool = True) -> str:
        return self.lab.ssh(self.host, self.engine, *argv, check=check)

    def names(self) -> list[str]:
        return [name.lstrip("/") for entry in self.client.containers.list() for name in entry["Names"]]

    def anonymous_volumes(self) -> set[str]:
        return {name for name in self.cli("volume", "ls", "-q").split() if len(name) == 64}

    def clear(self) -> None:
        for name in self.names():
            if name.startswith(NAME):
                self.client.containers.remove(name, force=True, volumes=True)


def _params(step: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in step.items() if key not in ("_check", "_fails")}


@contextmanager
def _opened(lab: Lab, host: str, engine: str) -> Iterator[Place]:
    with forwarded(lab, host, engine) as client:
        place = Place(lab, host, engine, client)
        clear = quietly(engine, f"network rm {' '.join(NETWORKS)}", f"volume rm {' '.join(VOLUMES)}")
        make = quietly(engine, *(f"network create {network}" for network in NETWORKS))
        place.clear()
        lab.ssh(host, "sh", input=clear + image_script(engine, APP) + make)
        yield place
        place.clear()
        lab.ssh(host, "sh", input=clear + quietly(engine, f"rmi {APP}"))


def at_places(does: Callable[[Place], Any], places: Sequence[Place]) -> list[Any]:
    """What a function returns for each engine, at the same time, as ``everywhere`` does it; each over its own
    connections.
    """
    known = {(place.host, place.engine): place for place in places}

    def examine(host: str, engine: str) -> Any:
        place = known[host, engine]
        with EngineClient(place.client.wire.socket_path, timeout=60) as client:
            return does(Place(place.lab, host, engine, client))

    return everywhere(examine, tuple(known))


def cleared(places: Sequence[Place]) -> Sequence[Place]:
    """The places, without containers of these tests."""
    for place in places:
        place.clear()
    return places


def ansible_at_places(
    places: Sequence[Place], tmp_path: Path, steps: Callable[[Place], Sequence[Mapping[str, Any]]], *options: str
) -> tuple[list[list[dict[str, Any]]], str]:
    """The tasks of a playbook at all places, with diff mode: the results of each, and all that Ansible has said.

    :param steps: those for an engine, as :meth:`Place.steps` takes them; all of its places get the same.
    """
    one_of = {place.engine: place for place in places}

    def tasks(engine: str) -> list[dict[str, Any]]:
        return [
            {"remote_container": {**one_of[engine].common, **_params(step)},
             "check_mode": step.get("_check", False), "ignore_errors": step.get("_fails", False)}
            for step in steps(one_of[engine])
        ]  # fmt: skip

    keys = [(place.host, place.engine) for place in places]
    told = through_ansible(places[0].lab, tmp_path, tasks, *options, engines=keys, diff=True)
    return [told.results[key] for key in keys], told.said


@pytest.fixture(scope="module")
def places(session_lab: Lab, request: pytest.FixtureRequest) -> Iterator[list[Place]]:
    opened = [_opened(session_lab, *engine) for engine in engines_of(request.node)]
    with ThreadPoolExecutor(len(opened)) as executor:
        try:
            yield list(executor.map(lambda one: one.__enter__(), opened))
        finally:
            list(executor.map(lambda one: one.__exit__(None, None, None), opened))


def on_every_place(test: Callable[..., None]) -> Callable[..., None]:
    """``test(place, what parametrize gives…)`` at all places at once, each without containers of these tests."""
    names = [name for name in inspect.signature(test).parameters if name != "place"]

    def run(places: list[Place], **given: Any) -> None:
        def examine(place: Place) -> None:
            place.clear()
            try:
                test(place, **given)
            finally:
                place.clear()

        at_places(examine, places)

    run.__name__, run.__doc__, run.__module__ = test.__name__, test.__doc__, test.__module__
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in ("places", *names)]
    )
    return run


@pytest.fixture
def place(one_engine: tuple[str, str], places: list[Place]) -> Iterator[Place]:
    (one,) = (place for place in places if (place.host, place.engine) == one_engine)
    one.clear()
    yield one
    one.clear()


def actions(result: Mapping[str, Any]) -> list[str]:
    return [action["action"] for action in result["actions"]]


def predicted(check: Mapping[str, Any], done: Mapping[str, Any]) -> None:
    for key in ("failed", "changed", "actions", "diff"):
        assert check.get(key) == done.get(key), key
