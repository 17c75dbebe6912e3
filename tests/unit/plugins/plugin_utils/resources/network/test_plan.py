# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a network as the engines report it to the steps that lead to the one that is wanted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network import ipam
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.actual import (
    Member,
    Network,
    found_by,
    members,
    network,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.comparison import differences
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.endpoints import (
    settings,
    with_endpoint,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.journal import written
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.options import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.plan import (
    Observed,
    body_of,
    inherited,
    plan,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.result import network_result

DOCKER, PODMAN = Engine("docker", (26, 1, 5)), Engine("podman", (4, 3, 1))
DOCKER_28 = Engine("docker", (28, 5, 2))
ENGINES = pytest.mark.parametrize("engine", [DOCKER, PODMAN], ids=["docker", "podman"])
POOL = {"subnet": "10.99.1.0/24", "iprange": "10.99.1.128/25", "gateway": "10.99.1.5"}
ID = "3ccfa0c573f9b824573c229c7bdc93d59481ffae2746580b5107c9cba63a4aa9"
# The same network, as the engines described it.
AS_DOCKER: dict[str, Any] = {
    "Name": "net", "Id": ID, "Created": "2026-11-21T12:35:11.737693087Z", "Scope": "local", "Driver": "bridge",
    "EnableIPv6": False,
    "IPAM": {"Driver": "default", "Options": {}, "Config": [
        {"Subnet": "10.99.1.0/24", "IPRange": "10.99.1.128/25", "Gateway": "10.99.1.5"}]},
    "Internal": False, "Attachable": False, "Ingress": False, "ConfigFrom": {"Network": ""}, "ConfigOnly": False,
    "Containers": {}, "Labels": {"a": "b"},
    "Options": {"com.docker.network.bridge.name": "xpbr0", "com.docker.network.driver.mtu": "1400"},
}  # fmt: skip
AS_PODMAN: dict[str, Any] = {
    "name": "net", "id": ID, "driver": "bridge", "network_interface": "xpbr0",
    "created": "2026-11-21T12:34:14.223466152Z",
    "subnets": [{"subnet": "10.99.1.0/24", "gateway": "10.99.1.5",
                 "lease_range": {"start_ip": "10.99.1.129", "end_ip": "10.99.1.255"}}],
    "ipv6_enabled": False, "internal": False, "dns_enabled": True, "labels": {"a": "b"},
    "options": {"isolate": "true", "mtu": "1400"}, "ipam_options": {"driver": "host-local"},
}  # fmt: skip


def found(engine: Engine, **changes: Any) -> Network:
    return network({**(AS_PODMAN if engine.name == "podman" else AS_DOCKER), **changes}, engine)


# What the task gives that the network has.
SAME: list[dict[str, Any]] = [
    {},
    {"driver_options": {"com.docker.network.driver.mtu": "1400"}},
    {"driver_options": {"com.docker.network.bridge.name": "xpbr0"}},
    {"ipam_driver": "default"},
    {"ipam_config": (POOL,)},
    {"ipam_config": ({"subnet": "10.99.1.0/24"},)},
    {"flags": {"internal": False, "enable_ipv6": False, "enable_ipv4": True, "ingress": False, "config_only": False}},
    {"scope": "local", "labels": {"a": "b"}},
]
# What it has otherwise: the options, the option that differs, before, after.
OTHER: list[tuple[dict[str, Any], str, Any, Any]] = [
    ({"driver": "macvlan"}, "driver", "bridge", "macvlan"),
    (
        {"driver_options": {"com.docker.network.driver.mtu": "1300"}}, "driver_options",
        {"com.docker.network.driver.mtu": "1400"}, {"com.docker.network.driver.mtu": "1300"},
    ),
    ({"ipam_config": ({"subnet": "10.98.0.0/24"},)}, "ipam_config", [POOL], [{"subnet": "10.98.0.0/24"}]),
    ({"ipam_config": ({**POOL, "gateway": "10.99.1.6"},)}, "ipam_config", [POOL], [{**POOL, "gateway": "10.99.1.6"}]),
    ({"flags": {"internal": True}}, "internal", False, True),
    ({"flags": {"enable_ipv6": True}}, "enable_ipv6", False, True),
    ({"labels": {"a": "c", "d": "e"}}, "labels", {"a": "b"}, {"a": "c", "d": "e"}),
]  # fmt: skip


@ENGINES
@pytest.mark.parametrize("given", SAME, ids=str)
def test_what_is_as_wanted_is_no_difference(engine: Engine, given: dict[str, Any]) -> None:
    assert differences(Options("net", **given), found(engine), engine) == ()


@ENGINES
@pytest.mark.parametrize(("given", "option", "before", "after"), OTHER, ids=lambda value: str(value)[:40])
def test_what_differs_recreates(engine: Engine, given: Any, option: str, before: Any, after: Any) -> None:
    planned = plan(Options("net", **given), Observed(found(engine)), engine)
    assert [step.action for step in planned.steps] == ["recreate"]
    anew = {"before": {"recreated": False}, "after": {"recreated": True}}
    assert planned.diff() == {"before": {**anew["before"], option: before}, "after": {**anew["after"], option: after}}
    assert planned.steps[0].reason == f"{option} differs"


def test_secrets_in_driver_options_are_masked() -> None:
    (differs,) = differences(Options("net", driver_options={"password": "x"}), found(DOCKER), DOCKER)
    assert (differs.before, differs.after) == ({}, {"password": "********"})
    there = found(DOCKER, Options={"password": "y"}, IPAM={"Driver": "default", "Options": {"token": "z"}})
    wanted = Options("net", driver_options={"password": "x"}, ipam_driver_options={"token": "x"})
    options, ipam = differences(wanted, there, DOCKER)
    assert (options.before, options.after) == ({"password": "******** (old)"}, {"password": "******** (new)"})
    assert (ipam.before, ipam.after) == ({"token": "******** (old)"}, {"token": "******** (new)"})
    told = network_result(there, ())
    assert (told["driver_options"], told["ipam_driver_options"]) == ({"password": "********"}, {"token": "********"})
    assert body(DOCKER, wanted)["Options"]["password"] == "x"


def test_attachable_is_compared_where_it_is_reported() -> None:
    wanted = Options("net", flags={"attachable": True})
    assert differences(wanted, found(PODMAN), PODMAN) == ()
    assert [one.option for one in differences(wanted, found(DOCKER), DOCKER)] == ["attachable"]


def body(engine: Engine, options: Options, **changes: Any) -> dict[str, Any]:
    (step,) = plan(options, Observed(found(engine, **changes)), engine).steps
    wanted: dict[str, Any] = step.args["body"]
    return wanted


SIX = {"Subnet": "fd00:9::/64", "Gateway": "fd00:9::1"}
WITHOUT_IPV4 = {"EnableIPv4": False, "EnableIPv6": True, "IPAM": {"Driver": "default", "Config": [SIX]}}


def test_a_network_loses_ipv4_and_stays_without_it() -> None:
    flags = {"enable_ipv4": False, "enable_ipv6": True}
    wanted = body(DOCKER_28, Options("net", flags=flags))
    assert (wanted["EnableIPv4"], wanted["EnableIPv6"], wanted["IPAM"]["Config"]) == (False, True, [])
    assert differences(Options("net", flags=flags), found(DOCKER_28, **WITHOUT_IPV4), DOCKER_28) == ()
    kept = body(DOCKER_28, Options("net", labels={"c": "d"}), **WITHOUT_IPV4)
    assert (kept["EnableIPv4"], kept["IPAM"]["Config"]) == (False, [SIX])
    assert "EnableIPv4" not in body(DOCKER_28, Options("net", flags={"enable_ipv4": True}), **WITHOUT_IPV4)
    assert body_of(found(DOCKER_28, **WITHOUT_IPV4))["EnableIPv4"] is False
    assert "EnableIPv4" not in body_of(found(DOCKER_28))


@ENGINES
def test_recreating_keeps_what_the_task_leaves_out(engine: Engine) -> None:
    wanted = body(
        engine, Options("net", labels={"c": "d"}), **{"internal" if engine.name == "podman" else "Internal": True}
    )
    mtu = "mtu" if engine.name == "podman" else "com.docker.network.driver.mtu"
    assert wanted["Options"] == {"com.docker.network.bridge.name": "xpbr0", mtu: "1400"}
    assert wanted["Labels"] == {"a": "b", "c": "d", "sshfleet.containers.created": "true"}
    assert wanted["IPAM"]["Config"] == ipam.request([POOL]) and wanted["Internal"] is True
    changed = body(engine, Options("net", driver_options={"com.docker.network.driver.mtu": "1300"}))
    assert changed["Options"] == {"com.docker.network.bridge.name": "xpbr0", mtu: "1300"}
    other = body(engine, Options("net", driver="macvlan"))
    assert other["Options"] == {} and "IPAM" not in other


def test_a_configuration_from_elsewhere_stays_unless_the_task_gives_its_own() -> None:
    old = found(DOCKER, ConfigFrom={"Network": "conf"}, EnableIPv6=True)
    kept = inherited(Options("net", flags={"internal": True}), old, DOCKER)
    assert (kept.config_from, kept.ipam_config, dict(kept.labels), dict(kept.flags)) == (
        "conf",
        (),
        {},
        {"internal": True},
    )
    own = inherited(Options("net", labels={"c": "d"}), old, DOCKER)
    assert own.config_from is None and own.ipam_config == (POOL,)
    assert set(body_of(old)) == {"Name", "CheckDuplicate", "Driver", "ConfigFrom"}


def test_a_configuration_for_others_stays_one() -> None:
    conf = {"ConfigOnly": True, "Driver": "null"}
    assert differences(Options("net"), found(DOCKER, **conf), DOCKER) == ()
    again = body(DOCKER, Options("net", labels={"c": "d"}), **conf)
    assert again["ConfigOnly"] is True and again["Driver"] == "null" and again["IPAM"]["Config"] == ipam.request([POOL])
    real = Options("net", flags={"config_only": False})
    assert [one.option for one in differences(real, found(DOCKER, **conf), DOCKER)] == ["driver", "config_only"]


def test_an_old_docker_network_is_made_again_as_it_was() -> None:
    again = body_of(found(DOCKER, Internal=True, Attachable=True))
    assert again["IPAM"] == AS_DOCKER["IPAM"] and again["Options"] == AS_DOCKER["Options"]
    assert again["Labels"] == {"a": "b"} and again["Internal"] and again["Attachable"] and "EnableIPv6" not in again


RANGES = [
    ("172.23.27.129", "172.23.27.255", "172.23.27.128/25"),
    ("10.0.0.1", "10.255.255.255", "10.0.0.0/8"),
    ("10.0.0.0", "10.0.0.255", "10.0.0.0/24"),
    ("10.0.0.5", "10.0.0.9", "10.0.0.5-10.0.0.9"),
    ("fd00::1", "fd00::ffff:ffff:ffff:ffff", "fd00::/64"),
]


@pytest.mark.parametrize(("start", "end", "text"), RANGES)
def test_podmans_ranges(start: str, end: str, text: str) -> None:
    subnet = "fd00::/16" if ":" in start else "0.0.0.0/0"
    (pool,) = ipam.from_podman([{"subnet": subnet, "lease_range": {"start_ip": start, "end_ip": end}}])
    assert pool["iprange"] == text


def member(name: str, **endpoint: Any) -> Member:
    return Member(name * 64, name, True, endpoint)


A, B, C = (member(name) for name in "abc")
NAMED = {"a": (A.id, "a"), "b": (B.id, "b"), "c": (C.id, "c"), "gone": None}
# who is in it, connected, appends, the steps
CONNECTED: list[tuple[list[Member], tuple[str, ...], bool, list[str]]] = [
    ([A, B], (), False, []),
    ([A, B], ("a", "b"), False, []),
    ([A, B], ("b",), False, ["disconnect a"]),
    ([A, B], ("b",), True, []),
    ([A], ("c", "b"), False, ["disconnect a", "connect b", "connect c"]),
    ([A], ("c",), True, ["connect c"]),
]


def told(steps: Any) -> list[str]:
    return [
        " ".join([step.action, *([step.shown["container"]] if "container" in step.shown else [])]) for step in steps
    ]


@pytest.mark.parametrize(("inside", "connected", "appends", "steps"), CONNECTED)
def test_connected_is_exact_unless_it_appends(inside: Any, connected: Any, appends: bool, steps: list[str]) -> None:
    wanted = Options("net", connected=connected, appends=appends)
    planned = plan(wanted, Observed(found(DOCKER), tuple(inside), NAMED), DOCKER)
    assert told(planned.steps) == steps


def test_a_recreated_network_gets_back_those_that_stay() -> None:
    wanted = Options("net", connected=("b", "c"), force=True)
    planned = plan(wanted, Observed(found(DOCKER), (A, B), NAMED), DOCKER)
    assert told(planned.steps) == ["disconnect a", "recreate", "connect c"]
    assert planned.steps[1].args["members"] == (B,) and planned.steps[1].shown == {"reconnected": ["b"]}
    assert planned.diff() == {
        "before": {"connected": ["a", "b"], "recreated": False}, "after": {"connected": ["b", "c"], "recreated": True},
    }  # fmt: skip


def test_a_container_that_does_not_exist_is_an_error_but_in_check_mode() -> None:
    wanted = Options("net", connected=("gone",))
    for there in (None, found(DOCKER)):
        with pytest.raises(InvalidOption, match="no such container"):
            plan(wanted, Observed(there, (), NAMED), DOCKER)
        said = plan(wanted, Observed(there, (), NAMED), DOCKER, check_mode=True)
        assert told(said.steps)[-1] == "connect gone" and "gone" in said.warnings[0]


def test_plans_as_text(golden: Any) -> None:
    lost = Observed(
        found(DOCKER), (A,), NAMED, journal=written("1", found(DOCKER), (A, B), None), lost=(B,)
    )  # fmt: skip
    there, nothing = Observed(found(DOCKER), (A, B), NAMED), Observed(named=NAMED)
    earlier = Observed(found(DOCKER), (replace(A, earlier=True),), NAMED)
    cases: dict[str, tuple[dict[str, Any], Observed]] = {
        "as it is": ({}, there),
        "create and connect": ({"connected": ("c", "b")}, nothing),
        "connect and disconnect": ({"connected": ("b", "c")}, there),
        "reconnect": ({"connected": ("a",)}, earlier),
        "recreate": ({"labels": {"a": "c"}, "flags": {"internal": True}}, there),
        "recreate without some and with others": ({"force": True, "connected": ("b", "c")}, there),
        "finish an interrupted remaking": ({}, lost),
        "restore what an interrupted remaking has removed": ({}, replace(lost, network=None, members=(), lost=(A, B))),
        "remake what an interrupted remaking has left": ({"force": True}, lost),
        "remove": ({"state": "absent"}, there),
        "remove what an interrupted remaking has left": ({"state": "absent"}, replace(lost, network=None, members=())),
        "nothing to remove": ({"state": "absent"}, nothing),
    }
    golden("plans.txt", {title: plan(Options("net", **given), seen, DOCKER) for title, (given, seen) in cases.items()})


def test_absent_takes_all_off_first() -> None:
    planned = plan(Options("net", state="absent"), Observed(found(PODMAN), (A, B)), PODMAN)
    assert told(planned.steps) == ["disconnect a", "disconnect b", "remove"]
    assert plan(Options("net", state="absent"), Observed(), PODMAN).steps == ()


@pytest.mark.parametrize(
    ("engine", "name"), [(DOCKER, "bridge"), (DOCKER, "host"), (DOCKER, "none"), (PODMAN, "podman")]
)
def test_the_engines_own_networks_are_never_removed(engine: Engine, name: str) -> None:
    own = found(engine, **{"name" if engine.name == "podman" else "Name": name})
    for wanted in (Options(name, state="absent"), Options(name, force=True), Options(name, labels={"c": "d"})):
        with pytest.raises(InvalidOption, match="engine's own"):
            plan(wanted, Observed(own, (A,)), engine)
    assert told(plan(Options(name, connected=("b",), appends=True), Observed(own, (A,), NAMED), engine).steps) == [
        "connect b"
    ]


def entry(name: str, state: str = "running", **networks: Any) -> dict[str, Any]:
    return {"Id": name * 64, "Names": [f"/{name}"], "State": state, "NetworkSettings": {"Networks": networks}}


def test_who_is_in_a_network() -> None:
    held = {"NetworkID": ID}
    listed = [
        entry("b", "exited", net=held), entry("a", net=held), entry("c", "created", net={"NetworkID": ""}),
        entry("d", "exited", net={"NetworkID": "e" * 64}), entry("e", other=held), entry("f", net={"NetworkID": "net"}),
    ]  # fmt: skip
    inside = members(listed, found(DOCKER))
    assert [(one.name, one.running, one.earlier) for one in inside] == [
        ("a", True, False), ("b", False, False), ("c", False, False), ("d", False, True), ("f", True, False),
    ]  # fmt: skip
    wanted = Options("net", connected=("d",), appends=True)
    planned = plan(wanted, Observed(found(DOCKER), inside, {"d": ("d" * 64, "d")}), DOCKER)
    assert told(planned.steps) == ["reconnect d"]


ENDPOINT = {
    "Aliases": ["web", "a" * 12], "IPAMConfig": {"IPv4Address": "10.99.1.200"}, "IPAddress": "10.99.1.200",
    "GlobalIPv6Address": "fd00::5", "Links": None, "DriverOpts": {"x": "y"},
}  # fmt: skip
# pools, keep_addresses, the addresses that are kept
KEPT: list[tuple[Any, bool, dict[str, str]]] = [
    (None, False, {"IPv4Address": "10.99.1.200"}),
    ((POOL,), False, {"IPv4Address": "10.99.1.200"}),
    (({"subnet": "10.98.0.0/24"},), False, {}),
    (None, True, {"IPv4Address": "10.99.1.200", "IPv6Address": "fd00::5"}),
    ((POOL,), True, {"IPv4Address": "10.99.1.200"}),
]


@pytest.mark.parametrize(("pools", "keep", "kept"), KEPT)
def test_what_a_container_takes_along(pools: Any, keep: bool, kept: dict[str, str]) -> None:
    config = settings(member("a", **ENDPOINT), pools, keep)
    assert config.pop("IPAMConfig", {}) == kept
    assert config == {"Aliases": ["web"], "DriverOpts": {"x": "y"}}


def test_a_container_that_knows_the_network_by_its_id_is_named() -> None:
    inspect = {"HostConfig": {"NetworkMode": ID}, "NetworkSettings": {"Networks": {"net": ENDPOINT}}}
    bound = with_endpoint(A, inspect, found(DOCKER))
    assert bound.by_id and bound.endpoint == ENDPOINT
    assert not with_endpoint(A, {"HostConfig": {"NetworkMode": "net"}}, found(DOCKER)).by_id
    (said,) = plan(Options("net", force=True), Observed(found(DOCKER), (bound,)), DOCKER).warnings
    assert said.startswith("a was created with the network's ID")


# What the task wants, and of whom (a is in the network, x is not) Podman says no because they are paused.
PAUSED: list[tuple[dict[str, Any], set[str], str]] = [
    ({}, {"a", "x"}, ""),
    ({"force": True}, {"a", "x"}, "a"),
    ({"state": "absent"}, {"a"}, "a"),
    ({"connected": ("x",)}, {"a", "x"}, "a, x"),
    ({"connected": ("x",), "appends": True}, {"a", "x"}, "x"),
    ({"connected": ("x",), "appends": True}, {"a"}, ""),
]


@ENGINES
@pytest.mark.parametrize(("given", "paused", "named"), PAUSED)
def test_podman_moves_no_paused_container(engine: Engine, given: dict[str, Any], paused: set[str], named: str) -> None:
    asleep = {name * 64: name for name in paused}
    observed = Observed(found(engine), (A,), {"x": ("x" * 64, "x")}, asleep)
    if engine.name != "podman" or not named:
        plan(Options("net", **given), observed, engine)
        return
    with pytest.raises(EngineError, match=f"paused: {named}. Nothing was changed") as refused:
        plan(Options("net", **given), observed, engine)
    assert "4.3.1" in refused.value.message and "Unpause" in refused.value.hint


def test_warnings_name_what_is_lost() -> None:
    fixed = member("a", **ENDPOINT)
    moved = Options("net", ipam_config=({"subnet": "10.98.0.0/24"},))
    (said,) = plan(moved, Observed(found(DOCKER), (fixed, B)), DOCKER).warnings
    assert said.startswith("a had the fixed address 10.99.1.200")
    (said,) = plan(Options("net", force=True), Observed(found(PODMAN), (A, B)), PODMAN).warnings
    assert "these containers get new ones in the network net: a, b." in said
    assert "Set keep_addresses" not in said  # nobody's address is known
    (said,) = plan(Options("net", force=True), Observed(found(PODMAN), (fixed, B)), PODMAN).warnings
    assert said.endswith("a, b. Set keep_addresses to true to keep those of running containers.")
    (_lost, said) = plan(moved, Observed(found(PODMAN), (fixed, B)), PODMAN).warnings
    assert said.endswith("a, b.")  # the new network holds none of them anyway
    assert not plan(Options("net", force=True, keep_addresses=True), Observed(found(PODMAN), (A,)), PODMAN).warnings
    assert not plan(Options("net", force=True), Observed(found(DOCKER), (fixed,)), DOCKER).warnings


@pytest.mark.parametrize(
    ("name", "is_it"), [("net", True), (ID, True), (ID[:12], True), (ID[:11], False), ("3", False)]
)
def test_the_beginning_of_an_id_is_no_name(name: str, is_it: bool) -> None:
    assert found_by(name, found(DOCKER)) is is_it
    assert found_by(name, None) is False
