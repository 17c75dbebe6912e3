# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Containers of the peers and of ours in one playbook: nobody recreates what the other has made and means the same."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from beside_cases import FIXED, Cases, compose, docker_container, podman_container, project, subnet
from container_place import APP, NAME, Place, at_places, places
from engine_cases import forwarded
from lab_hosts import Lab
from peers import COLLECTIONS, DOCKER, PODMAN, Project, docker_compose, peers, podman_program
from tasks import run_tasks

__all__ = ["places"]  # a fixture
PREFIX = f"{NAME}-"
PROJECT = f"{NAME}-project"
STRICT = {"comparisons": {"*": "strict"}}


def of(engine: str, places: Sequence[Place]) -> list[Place]:
    return [place for place in places if place.engine == engine]


def able(place: Place, cases: Cases) -> Cases:
    """The cases but for limits on a host that can't limit anything."""
    limits = place.client.system.info().get("MemoryLimit")
    return {name: case for name, case in cases.items() if limits or name != "limits"}


def ours(options: Mapping[str, Any]) -> dict[str, Any]:
    return {"image": APP, "state": "started", **options}


@contextmanager
def prepared(place: Place, cases: Cases) -> Iterator[None]:
    """A network with a subnet; afterwards, the containers that use others go first."""
    place.cli("network", "rm", FIXED, check=False)  # what a run has left that was killed
    place.cli("network", "create", "--subnet", subnet(place.engine), FIXED)
    try:
        yield
    finally:
        remove(place, cases)
        place.cli("network", "rm", FIXED)


def remove(place: Place, cases: Cases) -> None:
    there = place.names()
    for name in (f"{PREFIX}{name}" for name in reversed(list(cases))):
        if name in there:
            place.cli("rm", "--force", "--volumes", *(["--time", "0"] if place.engine == "podman" else []), name)


def unchanged(place: Place, cases: Mapping[str, tuple[str, Mapping[str, Any]]]) -> None:
    """Our tasks find nothing to do at containers of others, also where everything is compared strictly.

    :param cases: a name and our options for each.
    """
    for case, (name, options) in cases.items():
        before = place.client.containers.inspect(name)
        assert before is not None, name
        given = ours({**options, "name": name})
        for result in (place.run(check=True, **given, **STRICT), place.run(**given)):
            assert not result.get("failed") and not result["changed"], (case, result)
            assert not result["diff"]["before"] and not result["diff"]["after"], (case, result["diff"])
        after = place.client.containers.inspect(name)
        assert after is not None and after["Id"] == before["Id"]
        assert after["State"]["StartedAt"] == before["State"]["StartedAt"]


def test_what_docker_container_has_made_and_the_reverse(places: list[Place]) -> None:
    at_places(_docker_container, of("docker", places))


def _docker_container(place: Place) -> None:
    cases = able(place, docker_container("docker", PREFIX, place.port))
    way = {"docker_host": f"unix://{place.client.wire.socket_path}", "api_version": "auto"}
    tasks = [{**ours(given), **way, "name": f"{PREFIX}{name}"} for name, (given, _ours) in cases.items()]
    with prepared(place, cases):
        peers(DOCKER, tasks)
        unchanged(place, {name: (f"{PREFIX}{name}", options) for name, (_given, options) in cases.items()})
        remove(place, cases)
        for name, (_given, options) in cases.items():
            made = place.run(**ours({**options, "name": f"{PREFIX}{name}"}))
            assert not made.get("failed"), made
        # our label says who has made it
        strict = {"comparisons": {"*": "strict", "labels": "allow_more_present"}}
        for task, result in zip(tasks, peers(DOCKER, [{**task, **strict} for task in tasks], check=True), strict=True):
            assert not result.get("failed") and not result["changed"], (task["name"], result.get("diff"), result)


def test_what_podman_container_has_made(places: list[Place]) -> None:
    at_places(_podman_container, of("podman", places))


def _podman_container(place: Place) -> None:
    cases = able(place, podman_container("podman", PREFIX, place.port))
    with (
        prepared(place, cases),
        tempfile.TemporaryDirectory(prefix="podman-", dir="/tmp") as directory,
        podman_program(place.lab, place.host, Path(directory)) as program,
    ):
        way = {"executable": program, "image": APP, "state": "started"}
        peers(PODMAN, [{**given, **way, "name": f"{PREFIX}{name}"} for name, (given, _ours) in cases.items()])
        unchanged(place, {name: (f"{PREFIX}{name}", options) for name, (_given, options) in cases.items()})


def test_what_compose_has_made(places: list[Place], session_lab: Lab, tmp_path: Path) -> None:
    program = docker_compose(session_lab, "trixie1")

    def examine(place: Place) -> None:
        directory = tmp_path / f"{place.host}-{place.engine}"
        directory.mkdir()
        cases = able(place, compose(place.engine, PROJECT, place.port))
        described = project(cases, place.engine, PROJECT, APP)
        with Project(program, place.client.wire.socket_path, directory, described) as compose_project:
            unchanged(place, {name: (f"{PROJECT}-{name}-1", options) for name, (_given, options) in cases.items()})
            said = compose_project("up", "--detach", "--no-recreate")
            assert "Recreate" not in said

    at_places(examine, places)


def test_in_one_playbook(places: list[Place], session_lab: Lab, tmp_path: Path) -> None:
    """docker_container on the controller, over a socket that leads to the host; and remote_container for the host."""
    (place,) = (place for place in places if (place.host, place.engine) == ("trixie1", "docker"))
    task = ours({"volumes": ["lab-volume:/data", "/srv/:/srv:ro"], "networks": [{"name": "lab-back"}]})
    with forwarded(session_lab, place.host, "docker") as client:
        way = {"docker_host": f"unix://{client.wire.socket_path}"}
        here = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}

        def theirs(number: int) -> dict[str, Any]:
            return {DOCKER: {**numbered(number), **way}, "delegate_to": "localhost", "vars": here}

        def mine(number: int) -> dict[str, Any]:
            return {"remote_container": {**numbered(number), "engine": "docker"}}

        def numbered(number: int) -> dict[str, Any]:
            return {**task, "name": f"{PREFIX}{number}", "published_ports": [f"{place.port + number}:80"]}

        collections = f"{session_lab.environment().get('ANSIBLE_COLLECTIONS_PATH', './.dev')}:{COLLECTIONS}"
        env = {**session_lab.env, "ANSIBLE_COLLECTIONS_PATH": collections}
        lab = Lab(session_lab.directory, session_lab.runtime, env)
        results = run_tasks(lab, place.host, [theirs(1), mine(1), mine(2), theirs(2)], tmp_path)
    place.clear()
    assert not [result for result in results if result.get("failed")]
    assert [result["changed"] for result in results] == [True, False, True, False], results
