# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_network and remote_network_info on every engine of the lab."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lab_hosts import Lab
from resource_world import World, on_every_engine
from tasks import through_ansible

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption

pytestmark = pytest.mark.newest

NET = "rw-net"
MTU = "com.docker.network.driver.mtu"
CREATED = "sshfleet.containers.created"


def pool(world: World, **changes: str) -> dict[str, str]:
    ends = {"subnet": "7.0/24", "gateway": "7.5", "iprange": "7.128/25", **changes}
    return {key: world.ip(end) for key, end in ends.items()}


def actions(result: dict[str, Any]) -> list[str]:
    return [" ".join([step["action"], *([step["container"]] if "container" in step else [])])
            for step in result["actions"]]  # fmt: skip


@on_every_engine
def test_a_network_is_created_as_the_task_says_and_stays(world: World) -> None:
    bridge = f"rwbr-{world.engine}"
    given = {
        "ipam_config": [pool(world)], "labels": {"project": "shop"}, "internal": True, "attachable": True,
        "ipam_driver": "default", "scope": "local", "ingress": False, "config_only": False, "enable_ipv4": True,
        "driver_options": {MTU: 1400, "com.docker.network.bridge.name": bridge},
    }  # fmt: skip
    done = world.both("network", name=NET, **given)
    found = done["network"]
    assert actions(done) == ["create"]
    assert (found["name"], found["driver"], found["internal"], found["interface"]) == (NET, "bridge", True, bridge)
    assert found["ipam_config"] == [{**pool(world), "aux_addresses": None}]
    assert found["labels"] == {"project": "shop", CREATED: "true"} and found["created_by_us"]
    assert "1400" in found["driver_options"].values()
    assert found["created_at"] and found["dns_enabled"] and found["containers"] == []
    assert world.both("network", name=NET, state="absent")["network"] is None


@on_every_engine
def test_what_the_engine_assigns_is_no_difference(world: World) -> None:
    done = world.both("network", name=NET)
    assert done["network"]["ipam_config"][0]["gateway"]
    assert not world.run("network", name=done["network"]["id"])["changed"]
    with pytest.raises(InvalidOption):
        world.run("network", name=NET, connected=["rw-none"])
    said = world.run("network", name=NET, connected=["rw-none"], check=True)
    assert actions(said) == ["connect rw-none"] and "rw-none" in said["warnings"][0]


def changes(world: World) -> dict[str, dict[str, Any]]:
    """By name, options with which the network of the next test is to differ."""
    ipv6 = {"subnet": f"fd00:{213 if world.podman else 214}:7::/64"}
    return {
        "labels": {"labels": {"project": "new"}},
        "mtu": {"driver_options": {MTU: "1300"}},
        "internal": {"internal": True},
        "pool": {"ipam_config": [{"subnet": world.ip("8.0/24")}]},
        "gateway": {"ipam_config": [pool(world, gateway="7.9")]},
        "range": {"ipam_config": [pool(world, iprange="7.192/26")]},
        "ipv6": {"enable_ipv6": True, "ipam_config": [{"subnet": world.ip("7.0/24")}, ipv6]},
    }


@on_every_engine
def test_each_option_that_differs_recreates_and_what_is_left_out_stays(world: World) -> None:
    for name, change in changes(world).items():
        world.run(
            "network", name=NET, ipam_config=[pool(world)], labels={"project": "shop"}, driver_options={MTU: "1400"}
        )
        done = world.both("network", name=NET, **change)
        assert actions(done) == ["recreate"], name
        assert set(done["diff"]["after"]) == {"recreated", *change}, name
        found = done["network"]
        if "ipam_config" not in change:
            assert found["ipam_config"] == [{**pool(world), "aux_addresses": None}], name
        if name != "labels":
            assert found["labels"]["project"] == "shop", name
        if name != "mtu":
            assert "1400" in found["driver_options"].values(), name
        world.run("network", name=NET, state="absent")


@on_every_engine
def test_containers_are_connected_exactly_or_as_well(world: World) -> None:
    world.run("network", name=NET)
    world.container("a", NET)
    world.container("b", NET, start=False)
    world.container("c", "bridge" if not world.podman else "podman")
    with_c = world.both("network", name=NET, connected=["rw-c"], appends=True)
    assert actions(with_c) == ["connect rw-c"]
    assert with_c["diff"] == {
        "before": {"connected": ["rw-a", "rw-b"]}, "after": {"connected": ["rw-a", "rw-b", "rw-c"]},
    }  # fmt: skip
    assert [one["name"] for one in with_c["network"]["containers"]] == ["rw-a", "rw-b", "rw-c"]
    assert [one["running"] for one in with_c["network"]["containers"]] == [True, False, True]
    exact = world.both("network", name=NET, connected=["rw-b", "rw-c"])
    assert actions(exact) == ["disconnect rw-a"]
    assert not world.run("network", name=NET, connected=[])["changed"]
    assert NET not in world.networks_of("rw-a")


@on_every_engine
def test_absent_takes_all_containers_off_those_that_do_not_run_too(world: World) -> None:
    world.run("network", name=NET)
    world.container("a", NET)
    world.container("b", NET)
    world.stop("rw-b")
    gone = world.both("network", name=NET, state="absent")
    assert actions(gone) == ["disconnect rw-a", "disconnect rw-b", "remove"]
    world.client.containers.start("rw-b")  # on Docker it could not, if it were still in the network
    assert world.networks_of("rw-b") in ([], ["none"])


@on_every_engine
def test_recreation_brings_every_container_back(world: World) -> None:
    world.run("network", name=NET, ipam_config=[pool(world)])
    world.run("network", name="rw-other")
    fixed = {"Aliases": ["web"], "IPAMConfig": {"IPv4Address": world.ip("7.200")}}
    world.container("run", NET, "rw-other", endpoint=fixed)
    world.container("stop", NET, endpoint={"Aliases": ["db"], "IPAMConfig": {"IPv4Address": world.ip("7.201")}})
    world.stop("rw-stop")
    world.container("new", NET, start=False, endpoint={"Aliases": ["later"]})
    done = world.both("network", name=NET, internal=True, keep_addresses=True)
    assert actions(done) == ["recreate"] and done["actions"][0]["reconnected"] == ["rw-new", "rw-run", "rw-stop"]
    assert world.networks_of("rw-run") == [NET, "rw-other"]
    running = world.endpoint("rw-run", NET)
    assert running["IPAddress"] == world.ip("7.200") and "web" in running["Aliases"]
    for name, alias in (("rw-stop", "db"), ("rw-new", "later")):
        world.client.containers.start(name)
        assert alias in world.endpoint(name, NET)["Aliases"]
    assert world.endpoint("rw-stop", NET)["IPAddress"] == world.ip("7.201") or world.podman
    world.until(lambda: world.ip("7.200") in world.execute("rw-new", "nslookup", "web", check=False))
    assert not world.run("network", name=NET, internal=True)["changed"]


@on_every_engine
def test_podman_says_whose_addresses_change_and_docker_keeps_fixed_ones(world: World) -> None:
    world.run("network", name=NET, ipam_config=[pool(world)])
    world.container("a", NET, endpoint={"IPAMConfig": {"IPv4Address": world.ip("7.200")}})
    done = world.both("network", name=NET, labels={"a": "b"})
    assert any("rw-a" in text for text in done["warnings"]) == world.podman
    assert world.podman or world.endpoint("rw-a", NET)["IPAddress"] == world.ip("7.200")
    moved = world.both("network", name=NET, ipam_config=[{"subnet": world.ip("9.0/24")}])
    assert world.endpoint("rw-a", NET)["IPAddress"].startswith(world.ip("9."))
    assert any(world.ip("7.200") in text for text in moved["warnings"]) == (not world.podman)


@on_every_engine
def test_podman_leaves_a_paused_container_where_it_is(world: World) -> None:
    world.run("network", name=NET)
    world.container("a", NET)
    world.container("b", "podman" if world.podman else "bridge")
    for name in ("rw-a", "rw-b"):
        world.client.containers.pause(name)
    wanted: list[dict[str, Any]] = [{"force": True}, {"connected": ["rw-b"], "appends": True}, {"state": "absent"}]
    for given in wanted:
        if not world.podman:
            assert world.both("network", name=NET, **given)["changed"]
            continue
        for check in (True, False):
            with pytest.raises(EngineError, match=r"paused: rw-[ab]\. Nothing was changed"):
                world.run("network", check, name=NET, **given)
    if world.podman:
        found = world.run("network", name=NET)
        assert not found["changed"] and [one["name"] for one in found["network"]["containers"]] == ["rw-a"]
    for name in ("rw-a", "rw-b"):
        world.client.containers.unpause(name)


@on_every_engine
def test_a_refused_network_gives_way_to_the_old_one(world: World) -> None:
    world.run("network", name=NET, ipam_config=[pool(world)], labels={"project": "shop"})
    world.run("network", name="rw-other", ipam_config=[{"subnet": world.ip("8.0/24")}])
    world.container("a", NET, endpoint={"Aliases": ["web"]})
    world.container("b", NET, start=False)
    before = world.run("network", name=NET)["network"]
    with pytest.raises(EngineError, match=r"could not be recreated.*The old one is back, with its containers") as said:
        world.run("network", name=NET, ipam_config=[{"subnet": world.ip("8.0/25")}])
    assert "Give a subnet in ipam_config" in said.value.hint
    after = world.run("network", name=NET)["network"]
    for key in ("ipam_config", "labels", "internal", "interface" if world.podman else "driver", "driver_options"):
        assert before[key] == after[key], key
    assert [one["name"] for one in after["containers"]] == ["rw-a", "rw-b"]
    assert "web" in world.endpoint("rw-a", NET)["Aliases"]
    world.client.containers.start("rw-b")


@on_every_engine
def test_the_engines_own_network_stays(world: World) -> None:
    own = "podman" if world.podman else "bridge"
    world.container("a", own)
    for wanted in ({"state": "absent"}, {"force": True}, {"internal": True}):
        with pytest.raises(InvalidOption, match="engine's own"):
            world.run("network", name=own, **wanted)
    assert own in world.networks_of("rw-a")
    world.run("network", name=NET)
    world.container("b", NET)
    assert actions(world.both("network", name=own, connected=["rw-b"], appends=True)) == ["connect rw-b"]


def refused(world: World) -> dict[str, dict[str, Any]]:
    """By option, what Podman can't do."""
    auxiliary = {"subnet": world.ip("7.0/24"), "aux_addresses": {"a": world.ip("7.9")}}
    return {
        "driver_options": {"driver_options": {"com.docker.network.bridge.enable_icc": False}},
        "ipam_driver": {"ipam_driver": "other"},
        "ipam_driver_options": {"ipam_driver_options": {"a": "b"}},
        "ipam_config.aux_addresses": {"ipam_config": [auxiliary]},
        "enable_ipv4": {"enable_ipv4": False},
        "ingress": {"ingress": True},
        "scope": {"scope": "swarm"},
        "config_only": {"config_only": True},
        "config_from": {"config_from": "rw-other"},
    }


@on_every_engine
def test_what_podman_would_drop_is_refused_with_its_version(world: World) -> None:
    wrong = refused(world)
    for option, given in wrong.items():
        if world.podman or (option == "enable_ipv4" and world.client.engine.version < (28,)):
            said = rf"{option.partition('.')[0]}.*{world.client.identity.version[:4]}"
            with pytest.raises(InvalidOption, match=said):
                world.run("network", name=NET, **given)
    if not world.podman:
        done = world.both("network", name=NET, **wrong["driver_options"], **wrong["ipam_config.aux_addresses"])
        assert done["network"]["ipam_config"][0]["aux_addresses"] == {"a": world.ip("7.9")}
        world.both("network", name="rw-conf", ipam_config=[{"subnet": world.ip("8.0/24")}], **wrong["config_only"])
        world.both("network", name="rw-user", config_from="rw-conf")
        world.both("network", name="rw-user", state="absent")


@on_every_engine
def test_a_network_is_remade_without_ipv4_where_the_engine_can(world: World) -> None:
    if world.podman or world.client.engine.version < (28,):  # refused, see above
        return
    world.run("network", name=NET)
    world.container("a", NET)
    without = {"name": NET, "enable_ipv4": False, "enable_ipv6": True}
    done = world.both("network", **without)
    assert actions(done) == ["recreate"] and done["diff"]["before"]["enable_ipv4"] is True
    assert [pool["subnet"].count(":") > 0 for pool in done["network"]["ipam_config"]] == [True]
    place = world.endpoint("rw-a", NET)
    assert place["GlobalIPv6Address"] and not place["IPAddress"]
    world.both("network", name=NET, labels={"a": "b"})
    assert world.run("network", **without)["changed"] is False, "what a task leaves out stays"
    assert world.both("network", name=NET, enable_ipv4=True)["network"]["enable_ipv4"] is True


@on_every_engine
def test_a_container_that_holds_an_earlier_network_is_connected_anew(world: World) -> None:
    if world.podman:  # holds networks by their names
        world.run("network", name=NET)
        world.container("a", NET)
        assert world.run("network", name=NET, connected=["rw-a"])["actions"] == []
        return
    world.run("network", name=NET)
    world.container("a", NET, endpoint={"Aliases": ["web"]})
    world.stop("rw-a")
    world.client.networks.remove(NET)  # as anybody's "docker network rm" would
    world.run("network", name=NET)
    with pytest.raises(EngineError):
        world.client.containers.start("rw-a")
    assert actions(world.both("network", name=NET, connected=["rw-a"])) == ["reconnect rw-a"]
    world.client.containers.start("rw-a")
    assert "web" in world.endpoint("rw-a", NET)["Aliases"]


@pytest.mark.pairs("both")
def test_through_ansible_with_check_diff_and_query(lab: Lab, tmp_path: Path) -> None:
    labelled = {"name": NET, "labels": {"rw-tier": "b"}}
    tasks: list[dict[str, Any]] = [
        {"remote_network": labelled, "check_mode": True},
        {"remote_network": labelled},
        {"remote_network_info": {"name": [NET, "rw-none"], "query": 'networks[].labels."rw-tier"'}},
        {"remote_network_info": {"labels": {"rw-tier": ""}, "query": "length(networks)"}},
        {"remote_network_info": {"query": "networks[].foo(@)"}, "ignore_errors": True},
        {"remote_engine_info": {"query": "engine.name"}},
        {"remote_network": {"name": NET, "state": "absent"}},
    ]
    told = through_ansible(lab, tmp_path, lambda _engine: tasks, diff=True)
    for said, done, found, everything, wrong, asked, gone in told.results.values():
        expected = {"before": {"exists": False}, "after": {"exists": True}}
        assert said["changed"] and said["diff"] == done["diff"] == expected
        assert said["network"] is None and done["network"]["name"] == NET
        assert (found["result"], found["missing"], found["exists"]) == (["b"], ["rw-none"], True)
        assert everything["result"] == 1 and everything["networks"] == found["networks"] == [done["network"]]
        words = "at character 12: there is no function foo()"
        assert wrong["error"]["option"] == "query" and words in wrong["msg"]
        assert asked["result"] == asked["engine"]["name"]
        assert gone["changed"]
