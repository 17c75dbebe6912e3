# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a pod as Podman describes it to the steps that lead to the one that is wanted."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.pod.body import body
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.pod.members import members
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.pod.options import (
    ARGUMENT_SPEC,
    Options,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.pod.plan import Observed, plan

ENGINE = Engine("podman", (5, 4, 2))
GIVEN = {name: rule.get("default") for name, rule in ARGUMENT_SPEC.items()}
INFRA: dict[str, Any] = {
    "PortBindings": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}]},  # noqa: S104 - Podman's word for all
    "Networks": ["b", "a"], "HostNetwork": False, "DNSServer": ["192.0.2.53"], "DNSSearch": None,
    "DNSOption": ["ndots:1"], "HostAdd": ["db:192.0.2.7"],
}  # fmt: skip


def pod(**more: Any) -> dict[str, Any]:
    return {
        "Id": "1", "Name": "shop", "CreateInfra": True, "InfraContainerID": "i", "InfraConfig": INFRA,
        "Hostname": "shop", "SharedNamespaces": ["net", "ipc"], "ExitPolicy": "continue", "Labels": {"a": "b"},
        "Containers": [{"Id": "i", "Name": "own", "State": "running"}], **more,
    }  # fmt: skip


def observed(*states: str, **more: Any) -> Observed:
    """A pod with its own container in the first state, and others; ``exited:1`` has an exit code."""
    listed = []
    for index, state in enumerate(states):
        word, _colon, code = state.partition(":")
        name = chr(ord("a") + index)
        listed.append({"Id": name, "Names": [name], "State": word, "ExitCode": int(code or 0), "IsInfra": index == 0})
    return Observed(pod(**more), members(listed))


def options(**given: Any) -> Options:
    return parse({**GIVEN, "name": "shop", **given})


# what a task gives, and whether it differs from the pod
CASES: list[tuple[dict[str, Any], bool]] = [
    ({}, False), ({"infra": True}, False), ({"infra": False}, True), ({"infra_name": "own"}, False),
    ({"infra_name": "other"}, True), ({"share": ["ipc", "net"]}, False), ({"share": ["net"]}, True),
    ({"share": ["none"]}, True), ({"published_ports": ["8080:80"]}, False), ({"published_ports": ["80"]}, False),
    ({"published_ports": ["127.0.0.1:8080:80"]}, True), ({"published_ports": []}, True),
    ({"published_ports": ["8080:80", "81:81"]}, True), ({"networks": ["a", "b"]}, False), ({"networks": ["a"]}, True),
    ({"networks": ["host"]}, True), ({"networks": ["bridge"]}, True), ({"hostname": "shop"}, False),
    ({"hostname": "x"}, True), ({"dns_servers": ["192.0.2.53"]}, False), ({"dns_servers": []}, True),
    ({"dns_search_domains": []}, False), ({"dns_opts": ["ndots:2"]}, True), ({"etc_hosts": {"db": "192.0.2.7"}}, False),
    ({"etc_hosts": {}}, True), ({"exit_policy": "continue"}, False), ({"exit_policy": "stop"}, True),
    ({"restart_policy": "no"}, False), ({"restart_policy": "always"}, True), ({"labels": {"a": "b"}}, False),
    ({"labels": {"a": "c"}}, True), ({"labels": {"d": "e"}}, True), ({"volumes": ["x:/x"]}, False),  # not ours
]  # fmt: skip


@pytest.mark.parametrize(("given", "differs"), CASES)
def test_what_differs(given: dict[str, Any], differs: bool) -> None:
    planned = plan(options(**given), observed("created"), ENGINE)
    assert [step.action for step in planned.steps] == (["recreate"] if differs else [])
    assert [one.option for one in planned.found] == list(given) * differs


def test_a_namespace_that_is_shared_is_reported_with_the_hosts_network_too() -> None:
    """As Podman 4.3, 5.4 and 5.8 do."""
    found = observed("created", InfraConfig={**INFRA, "HostNetwork": True}, SharedNamespaces=["net"])
    assert plan(options(networks=["host"], share=["net"]), found, ENGINE).steps == ()
    assert [one.option for one in plan(options(share=["ipc"]), found, ENGINE).found] == ["share"]


def test_what_is_not_reported_is_compared_with_what_was_asked_for() -> None:
    given: dict[str, Any] = {"volumes": ["x:/x"], "infra_image": "pause:1", "infra_command": "a b", "sysctls": {"n": 1}}
    labels = body(options(**given))["labels"]
    same = observed("created", Labels=labels)
    assert plan(options(**given), same, ENGINE).steps == ()
    assert plan(options(**{**given, "infra_command": ["a", "b"]}), same, ENGINE).steps == ()
    for name, value in {"volumes": ["x:/y"], "infra_image": "pause:2", "infra_command": "a", "sysctls": {}}.items():
        assert [one.option for one in plan(options(**{name: value}), same, ENGINE).found] == [name]
    plain = observed("created", Labels=body(options())["labels"])
    assert [one.option for one in plan(options(volumes=["x:/x"]), plain, ENGINE).found] == ["volumes"]
    assert plan(options(sysctls={}), plain, ENGINE).steps == ()


# states of the pod's own container and of others, the wanted state, and the steps
STATES: list[tuple[tuple[str, ...], str, list[str]]] = [
    (("created",), "present", []),
    (("created",), "started", ["start"]),
    (("running", "running"), "started", []),
    (("running", "exited", "running"), "started", []),
    (("running", "exited:1", "created", "exited"), "started", ["start b c"]),
    (("exited", "exited"), "started", ["start"]),
    (("paused", "paused"), "started", []),
    (("running", "paused"), "started", []),
    (("running", "paused"), "unpaused", ["unpause"]),
    (("running", "paused", "created"), "unpaused", ["unpause", "start c"]),
    (("running", "running"), "stopped", ["stop"]),
    (("running", "running", "exited"), "stopped", ["stop b a"]),
    (("running", "paused"), "stopped", ["unpause", "stop b a"]),
    (("paused", "paused"), "stopped", ["unpause", "stop b a"]),
    (("created",), "stopped", []),
    (("running", "paused"), "restarted", ["unpause", "restart"]),
    (("exited",), "restarted", ["start"]),
    (("running", "exited"), "paused", ["pause"]),
    (("exited",), "paused", ["start", "pause"]),
    ((), "started", []),
]


@pytest.mark.parametrize(("states", "wanted", "steps"), STATES)
def test_states(states: tuple[str, ...], wanted: str, steps: list[str]) -> None:
    planned = plan(options(state=wanted), observed(*states), ENGINE)
    told = [" ".join([step.action, *(one.name for one in step.args["members"])]) for step in planned.steps]
    assert told == steps


def test_a_pod_with_containers_is_not_made_anew_unless_the_task_says_so() -> None:
    found = observed("running", "running", "exited")
    with pytest.raises(
        EngineError, match=r"can't be changed \(hostname\).*containers: b, c\. Nothing was changed"
    ) as no:
        plan(options(hostname="x"), found, ENGINE)
    assert no.value.kind == "dependents" and "force: true" in no.value.hint
    for given in ({"hostname": "x", "force": True}, {"recreate": True}):
        planned = plan(options(**given), found, ENGINE)
        assert [step.action for step in planned.steps] == ["recreate", "start"]
        assert planned.steps[0].shown == {"removed": ["b", "c"]} and planned.diff()["after"]["containers"] == []
    assert plan(options(force=True), found, ENGINE).steps == ()


def test_what_a_task_leaves_out_is_lost_but_for_labels() -> None:
    (step,) = plan(options(hostname="x", labels={"c": "d"}), observed("created"), ENGINE).steps
    assert step.args["body"]["labels"].items() >= {"a": "b", "c": "d"}.items()


def test_creating_and_removing() -> None:
    assert str(plan(options(state="started"), Observed(), ENGINE)).splitlines() == [
        "1. pod shop: create (there is no such pod)", "2. pod shop: start (it does not run), after 1",
    ]  # fmt: skip
    assert [s.action for s in plan(options(state="started", infra=False), Observed(), ENGINE).steps] == ["create"]
    gone = plan(options(state="absent"), observed("running", "running"), ENGINE)
    assert gone.diff()["before"] == {"exists": True, "containers": ["b"]} and gone.actions()[0]["removed"] == ["b"]
    assert plan(options(state="absent"), Observed(), ENGINE).steps == ()
