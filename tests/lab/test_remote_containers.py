# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Projects on all engines: they are made, changed, stopped and removed in their order, and nothing else is touched."""

from __future__ import annotations

from typing import Any

import pytest
from engine_cases import IMAGE
from project_world import (
    HEALTHY,
    IN_NET,
    NET,
    PROJECT,
    actions,
    both,
    container,
    ending,
    failing,
    ids,
    outcomes,
    run,
    there,
)
from resource_world import PREFIX, World, on_every_engine

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOptions
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.labels import PROJECT_LABEL

DATA = f"{PREFIX}data"
SHOP: dict[str, Any] = {"networks": [{"name": NET}], "volumes": [{"name": DATA}]}


def before(result: dict[str, Any], first: str, second: str) -> None:
    done = actions(result)
    assert done.index(first) < done.index(second), done


@on_every_engine
def test_made_then_unchanged_then_changed(world: World) -> None:
    db = container("db", volumes=[f"{DATA}:/data"], **IN_NET, **HEALTHY)
    fill = ending("fill", 0, {"db": "healthy"}, **IN_NET)
    web = container("web", {"db": "started", "fill": "completed"}, **IN_NET)
    made = both(world, web, fill, db, **SHOP)
    assert set(outcomes(made).values()) == {"created"}, outcomes(made)
    before(made, "network net: create", "container db: create")
    before(made, "container db: start", "container db: await")
    before(made, "container db: await", "container fill: start")
    before(made, "container fill: await", "container web: start")
    (inspect,) = (world.client.containers.inspect(f"{PREFIX}web"),)
    volume = world.client.volumes.inspect(DATA)
    network = world.client.networks.inspect(NET)
    assert inspect and volume and network
    for labels in (inspect["Config"]["Labels"], volume["Labels"], network["Labels"]):
        assert labels[PROJECT_LABEL] == PROJECT
    old = ids(world, "db", "web")
    changed = both(world, web, fill, {**db, "env": {"A": "1"}}, **SHOP)
    assert outcomes(changed) == {**dict.fromkeys(outcomes(changed), "unchanged"), "db": "recreated"}
    new = ids(world, "db", "web")
    assert old[0] != new[0] and old[1] == new[1]


@on_every_engine
def test_states_in_their_order(world: World) -> None:
    own = (container("web", ["db"], **IN_NET), container("db", **IN_NET), container("idle", state="present"))
    made = both(world, *own, state="present", **SHOP)
    assert outcomes(made) == {**dict.fromkeys(("web", "db", "idle", "network net", "volume data"), "created")}
    started = both(world, *own, **SHOP)
    assert actions(started) == ["container db: start", "container web: start"]
    again = run(world, *own, state="restarted", **SHOP)
    before(again, "container db: restart", "container web: restart")
    assert outcomes(again)["idle"] == "started", "what restarts all heeds no state of one"
    stopped = both(world, *own, state="stopped", **SHOP)
    before(stopped, "container web: stop", "container db: stop")
    assert sum(action.endswith(": stop") for action in actions(stopped)) == 3
    other = (own[0], {**own[1], "state": "absent"}, own[2])
    one_goes = both(world, *other, **SHOP)
    assert outcomes(one_goes)["db"] == "removed" and there(world) == {"web", "idle"}
    gone = both(world, *own, state="absent", **SHOP)
    before(gone, "container web: remove", "network net: remove")
    assert there(world) == set() and world.client.networks.inspect(NET) is None
    assert world.client.volumes.inspect(DATA), "what is in volumes is kept"
    assert actions(both(world, *own, state="absent", remove_volumes=True, **SHOP)) == ["volume data: remove"]


@on_every_engine
def test_what_others_have_made_is_taken_over_and_never_purged(world: World) -> None:
    theirs = {key: value for key, value in container("db", **IN_NET).items() if key != "depends_on"}
    world.run("network", name=NET)
    world.run("container", **theirs)
    world.container("stranger", Labels={PROJECT_LABEL: f"{PROJECT}2"})
    (db,) = ids(world, "db")
    web, job = container("web", ["db"], **IN_NET), container("job", **IN_NET)
    own = (container("db", **IN_NET), web, job)
    more = f"{PREFIX}more"
    done = both(world, *own, networks=[{"name": NET}, {"name": more}], volumes=[{"name": DATA}], purge=True)
    assert {name: word for name, word in outcomes(done).items() if word == "unchanged"}.keys() == {"db", "network net"}
    assert ids(world, "db") == [db]
    less = both(world, container("web", **IN_NET), networks=[{"name": NET}], purge=True)
    assert actions(less) == ["container job: remove", "network more: remove"] or actions(less) == [
        "container job: stop", "container job: remove", "network more: remove",
    ]  # fmt: skip
    assert there(world) == {"db", "web", "stranger"} and world.client.volumes.inspect(DATA)
    assert actions(both(world, purge=True, remove_volumes=True, state="absent"))[-1] == "volume data: remove"
    assert there(world) == {"db", "stranger"} and world.client.networks.inspect(NET), "it has no label of the project"


@on_every_engine
def test_ports_of_the_host_change_hands(world: World) -> None:
    one, two, three = (str(port) for port in (range(18620, 18623) if world.podman else range(18630, 18633)))

    def serving(name: str, port: str, on: Any = None, **more: Any) -> dict[str, Any]:
        return container(name, on, published_ports=[f"{port}:80"], **more)

    both(world, serving("a", one), serving("b", two))
    handed_on = both(world, serving("a", two), serving("b", three))
    before(handed_on, "container b: recreate", "container a: recreate")
    swapped = both(world, serving("a", three), serving("b", two))
    assert outcomes(swapped) == {"a": "recreated", "b": "recreated"}
    known = ids(world, "a", "b")
    error, result = failing(world, serving("a", two), serving("b", three, command=["/nope"]))
    assert outcomes(result) == {"a": "failed", "b": "failed"}, error.message
    assert ids(world, "a", "b") == known, "the one that was stopped for the other has come back"
    both(world, serving("a", two, ["front"]), serving("front", three), purge=True)
    ids(world, "a", "front")


@on_every_engine
def test_a_network_that_is_made_anew_under_its_containers(world: World) -> None:
    own = (container("a", **IN_NET), container("b", ["a"], networks=[{"name": NET, "aliases": ["bee"]}]))
    both(world, *own, networks=[{"name": NET}])
    known = ids(world, "a", "b")
    done = both(world, *own, container("c", **IN_NET), networks=[{"name": NET, "labels": {"a": "b"}}])
    assert outcomes(done) == {"a": "unchanged", "b": "unchanged", "c": "created", "network net": "recreated"}
    assert ids(world, "a", "b") == known
    assert "bee" in world.endpoint(f"{PREFIX}b", NET)["Aliases"]
    other = f"{PREFIX}other"
    moving = tuple({**one, "networks": [{"name": other}], "comparisons": {"networks": "strict"}} for one in own)
    stays = both(world, {**own[0], "env": {"A": "1"}}, purge=True)
    assert "network net: remove" not in actions(stays), "a container names it"
    leaving = {**own[0], "networks": [{"name": other}], "env": {"A": "2"}}
    both(world, leaving, networks=[{"name": other}], purge=True)
    both(world, *own, networks=[{"name": NET}, {"name": other}])
    moved = both(world, *moving, networks=[{"name": other}], purge=True)
    assert not [action for action in actions(moved) if action.startswith("network net: disconnect")]
    assert world.client.networks.inspect(NET) is None
    assert world.networks_of(f"{PREFIX}a") == world.networks_of(f"{PREFIX}b") == [other]


@on_every_engine
def test_those_who_share_are_made_anew_with_the_owner(world: World) -> None:
    data = {"volumes": ["/data"]}
    own = (
        container("top", network_mode=f"container:{PREFIX}side"),
        container("side", network_mode=f"container:{PREFIX}owner"),
        container("owner", **data),
        container("reader", volumes_from=[f"{PREFIX}owner:ro"]),
        container("alone"),
    )
    made = both(world, *own)
    before(made, "container owner: start", "container side: create")
    before(made, "container owner: create", "container reader: create")
    (alone,) = ids(world, "alone")
    changed = both(world, *own[:2], {**own[2], "env": {"A": "1"}}, *own[3:])
    assert outcomes(changed) == {**dict.fromkeys(("top", "side", "owner", "reader"), "recreated"), "alone": "unchanged"}
    (owner, kept) = ids(world, "owner", "alone")
    side = world.client.containers.inspect(f"{PREFIX}side")
    assert kept == alone and side and side["HostConfig"]["NetworkMode"] == f"container:{owner}"
    spaces = {world.execute(f"{PREFIX}{name}", "readlink", "/proc/self/ns/net") for name in ("side", "owner", "top")}
    assert len(spaces) == 1
    stopped = both(world, *own, state="stopped")
    before(stopped, "container side: stop", "container owner: stop")
    both(world, *own, state="absent")
    assert there(world) == set()


@on_every_engine
def test_many_at_once_are_what_they_are_one_by_one(world: World) -> None:
    """Eight here, so that the test stays short; by hand it was a hundred."""
    own = [container(f"m{number}", [f"m{number - 4}"] if number >= 4 else [], **IN_NET) for number in range(8)]
    found = []
    for parallel in (1, 8):
        done = run(world, *own, networks=[{"name": NET}], parallel=parallel)
        for number in range(4, 8):
            before(done, f"container m{number - 4}: start", f"container m{number}: start")
        found.append((sorted(actions(done)), outcomes(done)))
        gone = run(world, *own, networks=[{"name": NET}], parallel=parallel, state="absent")
        found.append((sorted(actions(gone)), outcomes(gone)))
        assert there(world) == set()
    assert found[:2] == found[2:]


@on_every_engine
def test_all_that_is_wrong_is_told_and_nothing_is_touched(world: World) -> None:
    known = run(world, container("db"))
    assert known["changed"]
    with world.client.another(60) as client:
        fresh = world.with_client(client)
        with pytest.raises(InvalidOptions) as caught:
            run(
                fresh, container("db", env={"A": "1"}), container("db"), container("a", ["b"]), container("b", ["a"]),
                container("c", memory="many"), container("d", ["nobody"], nmae="d"),
                container("e", published_ports=["80:80"]), container("f", published_ports=["80:80"]),
                networks=[{"name": NET, "ipam_config": [{"subnet": "nonsense"}]}, {"name": NET, "external": True}],
                volumes=[{"name": "a/b"}],
            )  # fmt: skip
        words = ("db is there twice", "in a circle", "many", "nobody", "nmae", "both publish", "nonsense", "a/b")
        assert [word for word in words if word not in caught.value.message] == [], caught.value.message
        assert not client.answered, "nothing was asked"
        with pytest.raises(InvalidOptions) as caught:
            run(
                fresh, container("db", env={"A": "1"}), container("a", image="localhost/none:1", pull="never"),
                container("b", networks=[{"name": f"{PREFIX}none"}]), volumes=[{"name": DATA, "external": True}],
                networks=[{"name": f"{PREFIX}theirs", "external": True}],
            )  # fmt: skip
        words = ("localhost/none:1", f"{PREFIX}none", DATA, f"{PREFIX}theirs")
        assert [word for word in words if word not in caught.value.message] == [], caught.value.message
        assert not client.may_have_changed and there(world) == {"db"}
        error, _none = failing(fresh, container("db", env={"A": "1"}), container("a", image="localhost:9/none:1"))
        assert "localhost:9/none:1" in error.message
        assert outcomes(run(world, container("db"))) == {"db": "unchanged"}, "a pull that fails comes before the rest"
    assert IMAGE
