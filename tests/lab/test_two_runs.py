# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two runs at once, of one controller and of two: both end well, the last one's value stands, and nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from engine_cases import ENGINES, IMAGE, SOCKETS
from everywhere import everywhere
from lab_hosts import Lab
from recreate_place import NAME, Faulty, Place, briefly, opened, ready
from resource_world import World, on_every_engine
from two_runs import Run, at_once, killed, no_marks, owners, validated

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.protocol import Client
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import parse
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.run import run_container
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image import options as image_options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.work.run import run_image
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network import options as network_options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.work.run import run_network
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.ownership import Thing
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.ownership import Owners, Pace
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.runner import Runner

__all__ = ["ready"]  # a fixture

ROUNDS = 2


def of_controllers(number: int, where: Path, runs: list[Run]) -> list[tuple[Path, Run]]:
    """The runs with their controllers, which are two in every other round."""
    names = ("one", "two" if number % 2 else "one")
    return [(where / name, run) for name, run in zip(names, runs, strict=True)]


def recreated(place: Place, command: list[str], client: Client, own: Owners | None) -> dict[str, Any]:
    given = {**place.base(), "command": command}
    runner = Runner(client, lambda _line: None, owners=own)
    result = run_container(client, parse(given), sleep=briefly, listeners=place.listeners, runner=runner)
    return {"changed": result["changed"], "value": command, "actions": result["actions"]}


def dies_at_its_stop(place: Place, command: list[str], client: Client, own: Owners) -> dict[str, Any]:
    faulty = Faulty(client, "containers.stop", lambda: os.kill(os.getpid(), signal.SIGKILL))
    return recreated(place, command, faulty, own)


@pytest.mark.fault("Two runs recreate one container")
def test_two_runs_recreate_a_container(ready: Lab, tmp_path: Path) -> None:
    """The first round creates it. Odd rounds are of two controllers."""

    def examine(host: str, engine: str) -> None:
        here = tmp_path / f"{host}-{engine}"
        here.mkdir()
        with opened(ready, host, engine) as place, place.client() as client:
            for number in range(ROUNDS):
                values = [["sleep", f"6{number}{letter}"] for letter in "12"]
                runs = of_controllers(number, here, [partial(recreated, place, value) for value in values])
                done = at_once(place.forward.socket(engine), runs)
                assert [one["changed"] for one in done] == [True, True]
                place.require_service(done[-1]["value"])
                assert no_marks(client)
            assert [one.name for one in (here / "one").iterdir()] == ["salt"]

    everywhere(examine)


HELD = "rc-held"
NET, BUILT, LIVE = "rw-two", "localhost/rw-two:built", "localhost/rw-two:live"


def remade(value: str, client: Client, own: Owners) -> dict[str, Any]:
    options = network_options.parse(validated(network_options, name=NET, labels={"rw-value": value}))
    return {**run_network(Runner(client, own.log, owners=own), options), "value": value}


@pytest.mark.fault("Two runs remake one network")
@on_every_engine
def test_two_runs_remake_a_network(world: World) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world.run("network", name=NET)
        world.container("run", NET, endpoint={"Aliases": ["web"]})
        for number in range(ROUNDS):
            runs = of_controllers(number, Path(folder), [partial(remade, f"{number}{letter}") for letter in "ab"])
            done = at_once(world.client.wire.socket_path, runs)
            assert [one["changed"] for one in done] == [True, True]
            found = world.run("network", name=NET)["network"]
            assert found["labels"]["rw-value"] == done[-1]["value"]
            assert "web" in world.endpoint("rw-run", NET)["Aliases"]
            assert [one["Name"] for one in world.client.volumes.list() if one["Name"].startswith("sshfleet-")] == []


def built(folder: Path, value: str, client: Client, own: Owners) -> dict[str, Any]:
    context = folder / value
    context.mkdir()
    (context / "Dockerfile").write_text(f"FROM {IMAGE}\nLABEL rw-value={value}\n")
    given = {"name": BUILT, "source": "build", "force_source": True, "build": {"path": str(context)}}
    options = image_options.parse(validated(image_options, **given, repository=LIVE, force_tag=True))
    return {**run_image(Runner(client, own.log, owners=own), options), "value": value}


@pytest.mark.fault("Two runs build one image")
@on_every_engine
def test_two_runs_build_and_name_an_image(world: World) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS):
            builds = [partial(built, Path(folder), f"{number}{letter}") for letter in "ab"]
            done = at_once(world.client.wire.socket_path, of_controllers(number, Path(folder), builds))
            assert [one["image"]["labels"]["rw-value"] for one in done] == [one["value"] for one in done]
            for name in (BUILT, LIVE):
                found = world.client.images.inspect(name)
                assert found and found["Config"]["Labels"]["rw-value"] == done[-1]["value"], name
            assert no_marks(world.client)


@pytest.mark.fault("Who has begun a change is killed")
def test_an_owner_that_is_killed(ready: Lab, tmp_path: Path) -> None:
    """Runs of its own controller know that at once, others when it has been silent for long enough."""

    def examine(host: str, engine: str) -> None:
        here = tmp_path / f"{host}-{engine}"
        here.mkdir()
        with opened(ready, host, engine) as place, place.client() as client:
            place.run()
            for number, controller in enumerate(("one", "two")):
                killed(
                    place.forward.socket(engine),
                    here / "one",
                    partial(dies_at_its_stop, place, ["sleep", "610"]),
                )
                assert not no_marks(client) and len(place.names()) == 2
                said: list[str] = []
                wanted = ["sleep", f"62{number}"]
                assert recreated(place, wanted, client, owners(client, here / controller, said))["changed"]
                assert any("is being changed by" in line for line in said) is (controller == "two"), said
                place.require_service(wanted)
                assert no_marks(client)

    everywhere(examine)


@pytest.mark.fault("Who has begun a change does not end")
@pytest.mark.provokes("busy")
def test_who_waits_says_for_whom_and_not_for_ever(ready: Lab, tmp_path: Path) -> None:
    """An owner that lives is waited for however long its requests take: it shows that by itself."""

    def examine(host: str, engine: str) -> None:
        here = tmp_path / f"{host}-{engine}"
        here.mkdir()
        with opened(ready, host, engine) as place, place.client() as client, place.client() as other:
            place.run()
            holder = owners(client, here / "one", [], Pace(beat=0.2, lapse=60, look=0.1, patience=90))
            impatient = Pace(beat=0.5, lapse=0.9, look=0.05, patience=2.5)
            with holder.owning([Thing("container", NAME)]):
                for controller, who in (("one", "process"), ("two", "@")):
                    said: list[str] = []
                    with pytest.raises(EngineError, match=f"is being changed by .*{who}.*, still after") as failed:
                        recreated(place, ["sleep", "611"], other, owners(other, here / controller, said, impatient))
                    assert failed.value.kind == "busy" and "waiting for that" in said[0]
            assert place.require_service()["Name"].endswith(NAME)
            assert no_marks(client)

    everywhere(examine)


def held(own: Owners, begun: threading.Event, said: list[str]) -> None:
    """Change the network until somebody says something, or for long."""
    with own.owning([Thing("network", HELD)]):
        begun.set()
        for _look in range(600):
            if said:
                break
            time.sleep(0.05)


def test_a_container_waits_for_another_controller_that_changes_its_network(ready: Lab, tmp_path: Path) -> None:
    """Else it would be connected to a network that is about to go."""

    def examine(host: str, engine: str) -> None:
        here = tmp_path / f"{host}-{engine}"
        here.mkdir()
        with opened(ready, host, engine) as place, place.client() as client, place.client() as other:
            client.networks.create({"Name": HELD, "Driver": "bridge"})
            said: list[str] = []
            begun = threading.Event()
            changes = threading.Thread(target=held, args=(owners(other, here / "one", []), begun, said))
            try:
                changes.start()
                assert begun.wait(60)
                options = parse({**place.base(), "networks": [{"name": HELD}]})
                runner = Runner(client, said.append, owners=owners(client, here / "two", said))
                result = run_container(client, options, sleep=briefly, runner=runner)
                assert f"The network {HELD} is being changed by" in said[0]
                assert list(result["container"]["networks"]) == [HELD]
                assert no_marks(client)
            finally:
                changes.join()
                place.clear()
                client.networks.remove(HELD)

    everywhere(examine)


@pytest.mark.fault("Two playbooks change one container")
def test_two_playbooks_at_once(ready: Lab, tmp_path: Path) -> None:
    """A network and three containers in it on every engine, and two runs that want each of them otherwise."""
    hosts = sorted({host for host, _engine in ENGINES})
    names = [f"rc-{number}" for number in range(3)]

    def playbook(value: str) -> subprocess.CompletedProcess[str]:
        network = {"name": "rc-plays", "labels": {"value": value}, "keep_addresses": True}
        container = {
            "name": "{{ item }}", "image": IMAGE, "command": "sleep 3000", "env": {"VALUE": value}, "stop_timeout": 0,
            "networks": [{"name": "rc-plays"}],
        }  # fmt: skip
        module = "sshfleet.containers.remote_"
        plays = [
            {
                "hosts": hosts, "gather_facts": False,
                "tasks": [
                    {f"{module}network": {**network, "engine": engine}},
                    {f"{module}container": {**container, "engine": engine}, "loop": names},
                ],
            }
            for engine in SOCKETS
        ]  # fmt: skip
        folder = tmp_path / value
        folder.mkdir(exist_ok=True)
        return ready.playbook(plays, folder)

    def require(host: str, engine: str) -> None:
        with opened(ready, host, engine, clear=False) as place, place.client() as client:
            try:
                found = [client.containers.inspect(name) for name in names]
                assert all(one and one["State"]["Running"] for one in found)
                assert all("rc-plays" in one["NetworkSettings"]["Networks"] for one in found if one)
                assert [one["Name"] for one in client.volumes.list() if one["Name"].startswith("sshfleet-")] == []
                assert sorted(place.names()) == names
            finally:
                place.clear()
                client.networks.remove("rc-plays")

    with ThreadPoolExecutor(2) as executor:
        runs = list(executor.map(playbook, ("left", "right")))
    assert [one.returncode for one in runs] == [0, 0], "\n".join(one.stdout + one.stderr for one in runs)
    everywhere(require)
