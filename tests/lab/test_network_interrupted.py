# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The remaking of a network that is cut off at any request, on every engine: no container loses its place in it.

No engine loses an answer when a test wants it, so the real client is wrapped: the request is made, and its answer is
what is lost.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest
from recreate_place import Faulty
from resource_world import World, on_every_engine

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.places import (
    LOST,
    lost_places,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.journal import is_journal
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work import answering

NET = "rw-cut"
MOST_REQUESTS = 20


def made(world: World) -> None:
    """A network with a container that runs, under an address and a name of its own, and one that does not run."""
    pool = {"subnet": world.ip("9.0/24"), "gateway": world.ip("9.1")}
    world.run("network", name=NET, internal=True, ipam_config=[pool])
    fixed = {"IPv4Address": world.ip("9.200")}
    world.container("run", NET, endpoint={"Aliases": ["web"], "IPAMConfig": fixed})
    world.container("stop", NET, start=False, endpoint={"Aliases": ["db"]})


def require_places(world: World) -> None:
    """Both are in the network as they were, and nothing is left of what was cut."""
    running = world.endpoint("rw-run", NET)
    assert running["IPAddress"] == world.ip("9.200") and "web" in running["Aliases"]
    assert "db" in world.endpoint("rw-stop", NET)["Aliases"]
    assert [volume["Name"] for volume in world.client.volumes.list() if is_journal(volume)] == []


def asked(internal: bool) -> dict[str, Any]:
    return {"name": NET, "internal": internal, "keep_addresses": True}


def cut(world: World, at: int | str, happens: Callable[[], object], internal: bool) -> None:
    """A run in which that happens at a request."""
    with EngineClient(world.client.wire.socket_path, timeout=30) as client:
        faulty = world.with_client(Faulty(client, at, happens))
        faulty.run("network", **asked(internal))


def killed(world: World, at: int, internal: bool) -> bool:
    """A run that is killed (SIGKILL) after a request; False when it had ended before."""
    if (child := os.fork()) == 0:
        try:
            cut(world, at, lambda: os.kill(os.getpid(), signal.SIGKILL), internal)
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def lose() -> None:
    raise EngineError("No answer", kind="no_answer")


@pytest.mark.fault("The remaking of a network is killed after any request")
@on_every_engine
def test_killed_after_any_request_the_next_run_brings_all_back(world: World) -> None:
    made(world)
    internal = False
    for number in range(1, MOST_REQUESTS):
        if not killed(world, number, internal):
            break
        assert world.both("network", **asked(internal))["network"]["internal"] is internal, number
        require_places(world)
        internal = not internal
    assert 7 < number < MOST_REQUESTS - 1
    require_places(world)


@pytest.mark.fault("An answer is lost in the remaking of a network")
@on_every_engine
def test_an_answer_to_any_request_is_lost(world: World) -> None:
    """The run itself puts everything back, or the next one does."""
    made(world)
    for number in range(1, MOST_REQUESTS):
        try:
            cut(world, number, lose, internal=False)
            break
        except EngineError as error:
            if error.kind != "no_answer":  # the first and the last are about the journal only
                assert "The old one is back, with its containers" in error.message, number
                require_places(world)
        world.both("network", **asked(False))
        require_places(world)
        world.run("network", **asked(True))
    assert 7 < number < MOST_REQUESTS - 1


@pytest.mark.fault("The engine goes away in the remaking of a network")
@on_every_engine
def test_the_engine_goes_away_and_the_task_changes_its_mind(world: World) -> None:
    """The failure names the containers; and the old definition, too, has them back."""
    answering.PAUSE = 0.01  # in a process of its own
    made(world)

    class Gone(Faulty):
        def __getattr__(self, name: str) -> Any:
            if self._count >= 4:  # the journal, both containers and the network
                raise EngineError("No answer", kind="no_answer")
            return super().__getattr__(name)

    with pytest.raises(EngineError) as failed:
        world.with_client(Gone(world.client, -1, lose)).run("network", **asked(False))
    assert "rw-run, rw-stop" in failed.value.hint and "Run the task again" in failed.value.hint
    assert world.client.networks.inspect_native(NET) is None and world.networks_of("rw-run") == []
    warned = lost_places(world.client, world.client.containers.inspect("rw-run"))
    assert warned == [LOST.format(name="rw-run", network=NET)]
    done = world.both("network", **asked(True))
    assert [step["action"] for step in done["actions"]] == ["restore", "rejoin", "rejoin", "finish"]
    require_places(world)
