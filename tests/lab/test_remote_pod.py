# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_pod and remote_pod_info on every Podman of the lab, and how Docker is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from engine_cases import IMAGE
from lab_hosts import Lab
from resource_world import World, beside_another
from tasks import through_ansible

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine import shapes
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption

pytestmark = pytest.mark.newest

POD = "rw-shop"


def actions(result: dict[str, Any]) -> list[str]:
    return [step["action"] for step in result["actions"]]


def member(world: World, name: str, *command: str, start: bool = True) -> str:
    """A container of the pod, made by somebody else; its ID."""
    body = {"name": f"rw-{name}", "image": IMAGE, "command": list(command or ("sleep", "600")), "pod": POD}
    request = world.client.wire.podman
    made = request("POST", "create", "/containers/create", body={**body, "stop_timeout": 0}, shape=shapes.CREATED)
    if start:
        world.client.containers.start(made["Id"])
    return str(made["Id"])


def ended(world: World, name: str, *command: str) -> None:
    """A container of the pod that has come to its end."""
    identity = member(world, name, *command)
    world.until(lambda: not (world.client.containers.inspect(identity) or {})["State"]["Running"])


def states(world: World) -> dict[str, str]:
    (pod,) = world.run("pod_info", name=[POD])["pods"]
    return {one["name"]: one["state"] for one in pod["containers"]}


@beside_another
def test_a_pod_is_created_changed_and_removed(world: World) -> None:
    world.run("network", name="rw-net")
    world.run("volume", name="rw-data")
    given: dict[str, Any] = {
        "labels": {"project": "shop"}, "published_ports": ["127.0.0.1:18080:80", "18081:81/udp"], "hostname": "shop",
        "networks": ["rw-net"], "dns_servers": ["192.0.2.53"], "dns_search_domains": ["example.com"],
        "dns_opts": ["ndots:1"], "etc_hosts": {"db": "192.0.2.7"}, "share": ["net", "ipc"], "exit_policy": "stop",
        "volumes": ["rw-data:/data:ro", "/srv:/srv"], "sysctls": {"net.ipv4.ip_unprivileged_port_start": 80},
        "infra_name": "rw-shop-own",
    }  # fmt: skip
    made = world.both("pod", name=POD, state="started", **given)
    assert actions(made) == ["create", "start"] and made["diff"]["after"] == {"exists": True}
    pod = made["pod"]
    assert (pod["name"], pod["state"], pod["containers"], pod["infra_container"]) == (POD, "running", [], "rw-shop-own")
    assert pod["labels"] == {"project": "shop", "sshfleet.containers.created": "true"} and pod["created_by_us"]
    assert {name: pod[name] for name in ("hostname", "networks", "dns_servers", "dns_opts", "etc_hosts")} == {
        name: given[name] for name in ("hostname", "networks", "dns_servers", "dns_opts", "etc_hosts")
    }
    assert pod["published_ports"]["80/tcp"] == ["127.0.0.1:18080"] and pod["shared_namespaces"] == ["ipc", "net"]
    changes: dict[str, Any] = {
        "labels": {"project": "other"}, "published_ports": ["18081:81/udp"], "hostname": "other", "networks": ["host"],
        "dns_servers": ["192.0.2.54"], "dns_search_domains": [], "dns_opts": ["ndots:2"], "etc_hosts": {},
        "share": ["net"], "exit_policy": "continue", "volumes": ["rw-data:/data"], "sysctls": {}, "infra": False,
        "infra_name": "rw-other", "infra_image": IMAGE, "infra_command": "sleep 600",
    }  # fmt: skip
    for name, value in changes.items():
        said = world.run("pod", check=True, name=POD, **{name: value})
        assert actions(said) == ["recreate"] + ["start"] * (name != "infra"), name  # without it, nothing is in it
        assert list(said["diff"]["after"]) == ["recreated", name], name
    other = {**given, "published_ports": ["127.0.0.1:18082:80"], "networks": ["bridge"], "infra_image": IMAGE,
             "infra_command": ["sleep", "600"]}  # fmt: skip
    done = world.both("pod", name=POD, **other)
    assert actions(done) == ["recreate", "start"] and done["pod"]["state"] == "running"
    assert done["pod"]["published_ports"] == {"80/tcp": ["127.0.0.1:18082"]} and done["pod"]["networks"] == ["podman"]
    assert not world.run("pod", name=POD)["changed"]  # what a task leaves out is no difference
    gone = world.both("pod", name=POD, state="absent")
    assert actions(gone) == ["remove"] and gone["pod"] is None
    assert world.client.volumes.inspect("rw-data") is not None


@beside_another
def test_states(world: World) -> None:
    assert actions(world.both("pod", name=POD)) == ["create"]
    assert actions(world.both("pod", name=POD, state="started")) == ["start"]
    member(world, "web")
    for state, wanted in (
        ("paused", ["pause"]), ("started", []), ("unpaused", ["unpause"]), ("stopped", ["stop"]),
        ("paused", ["start", "pause"]), ("stopped", ["unpause", "stop"]), ("started", ["start"]),
    ):  # fmt: skip
        done = world.both("pod", name=POD, state=state)
        assert actions(done) == wanted, state
    assert done["pod"]["state"] == "running" and states(world) == {"rw-web": "running"}
    started = (world.client.containers.inspect("rw-web") or {})["State"]["StartedAt"]
    assert actions(world.run("pod", name=POD, state="restarted")) == ["restart"]
    assert (world.client.containers.inspect("rw-web") or {})["State"]["StartedAt"] != started


@beside_another
def test_a_pod_of_which_not_all_runs(world: World) -> None:
    """Podman does not stop such a pod when it is asked to. What has done its work is not started again."""
    world.run("pod", name=POD, state="started")
    member(world, "web")
    member(world, "late", start=False)
    ended(world, "job", "true")
    ended(world, "failed", "false")
    said = world.run("pod", check=True, name=POD, state="started")
    assert [step["containers"] for step in said["actions"]] == [["rw-failed", "rw-late"]]
    world.client.containers.remove("rw-failed")
    done = world.both("pod", name=POD, state="started")
    assert done["pod"]["state"] == "degraded" and actions(done) == ["start"]
    assert states(world) == {"rw-web": "running", "rw-late": "running", "rw-job": "exited"}
    world.client.containers.pause("rw-late")
    stopped = world.both("pod", name=POD, state="stopped")
    assert actions(stopped) == ["unpause", "stop"] and stopped["pod"]["state"] == "exited"
    assert set(states(world).values()) == {"exited"}


@beside_another
def test_a_pod_with_containers_is_not_made_anew_unless_the_task_says_so(world: World) -> None:
    world.run("pod", name=POD, labels={"a": "b"})
    member(world, "web")
    member(world, "db")
    for check in (True, False):
        with pytest.raises(EngineError, match=r"can't be changed \(labels\).*rw-db, rw-web\. Nothing was") as refused:
            world.run("pod", check, name=POD, labels={"a": "c"})
        assert refused.value.kind == "dependents" and "force: true" in refused.value.hint
    assert states(world) == {"rw-web": "running", "rw-db": "running"}
    done = world.run("pod", name=POD, labels={"a": "c"}, force=True)
    assert done["actions"][0]["removed"] == ["rw-db", "rw-web"] and done["pod"]["containers"] == []
    assert done["diff"]["before"] == {"labels": {"a": "b"}, "recreated": False, "containers": ["rw-db", "rw-web"]}
    assert done["pod"]["state"] == "running"  # as it did before
    assert world.client.containers.inspect("rw-web") is None
    member(world, "web")
    assert actions(world.run("pod", name=POD, recreate=True)) == ["recreate", "start"]
    member(world, "web")
    gone = world.both("pod", name=POD, state="absent")
    assert gone["actions"][0]["removed"] == ["rw-web"] and world.client.containers.inspect("rw-web") is None


@beside_another
def test_what_podman_refuses_costs_nothing_and_leaves_nothing(world: World) -> None:
    world.run("pod", name=POD)
    with pytest.raises(EngineError, match=r"recreate was refused.*rw-none.*Nothing was changed.*correct volumes"):
        world.run("pod", name=POD, volumes=["/rw-none:/x"])
    with pytest.raises(EngineError, match="create was refused"):
        world.run("pod", name="rw-other", volumes=["/rw-none:/x"])
    with pytest.raises(InvalidOption, match=r"'networks'.*'rw-none'.*no such network"):
        world.run("pod", name=POD, networks=["rw-none"])
    assert "no network rw-none" in world.run("pod", check=True, name=POD, networks=["rw-none"])["warnings"][0]
    with pytest.raises(InvalidOption, match=r"'infra_name'.*'rw-keeper'.*another container"):
        world.run("pod", name=POD, infra_name="rw-keeper")
    assert world.client.pods.inspect(POD) is not None
    names = [one["Name"] for one in world.client.pods.list()]
    assert [name for name in names if name.startswith(("rw-", "sshfleet-"))] == [POD]
    with pytest.raises(EngineError, match=r"start was refused.*address already in use.*was made before") as taken:
        world.run("pod", name="rw-other", published_ports=["22:22"], state="started")
    assert taken.value.kind == "port_in_use" and taken.value.beside["changed"]
    world.both("pod", name="rw-host", networks=["host"], share=["net"])  # a second run changes nothing
    empty = world.both("pod", name="rw-empty", infra=False, state="started")
    assert actions(empty) == ["create"] and empty["pod"]["infra_container"] is None
    policy = {"name": "rw-policy", "restart_policy": "on-failure", "restart_retries": 3}
    if world.client.engine.pods_restart:
        assert world.both("pod", **policy)["pod"]["restart_policy"] == "on-failure"
    else:
        with pytest.raises(InvalidOption, match=r"restart_policy.*Podman 4\.3"):
            world.run("pod", **policy)
        world.client.pods.create({"name": "rw-policy", "restart_policy": "on-failure"})  # it says nothing
        assert "RestartPolicy" not in (world.client.pods.inspect("rw-policy") or {})


@beside_another
def test_a_port_that_is_taken(world: World) -> None:
    """By another container, it costs nothing; by a program of the host, the message tells what it has cost."""
    world.run("pod", name="rw-other", published_ports=["127.0.0.1:18205:80"], state="started")
    world.run("pod", name=POD, published_ports=["127.0.0.1:18201:80"], state="started")
    member(world, "web")
    given: dict[str, Any] = {"name": POD, "published_ports": ["18205:80"], "force": True}
    with pytest.raises(InvalidOption, match=r"'published_ports'.*18205.*the container \S+ has this port"):
        world.run("pod", **given)
    assert states(world) == {"rw-web": "running"}
    assert "has the port 18205/tcp" in world.run("pod", check=True, **given)["warnings"][0]
    with pytest.raises(EngineError, match=r"old pod and its containers \(rw-web\) are gone; the new one was") as lost:
        world.run("pod", **{**given, "published_ports": ["22:22"]})
    assert [step["action"] for step in lost.value.beside["actions"]] == ["recreate"] and lost.value.beside["changed"]
    assert (world.client.pods.inspect(POD) or {})["State"] == "Created"


@pytest.mark.provokes("pod_missing")
@beside_another
def test_a_pod_that_is_not_there(world: World) -> None:
    assert world.run("pod_info", name=["rw-none"])["missing"] == ["rw-none"]
    assert not world.run("pod", name="rw-none", state="absent")["changed"]
    with pytest.raises(EngineError) as refused:
        world.client.pods.start("rw-none")
    assert refused.value.kind == "pod_missing"


@beside_another
def test_a_pods_own_container_beside_the_other_modules(world: World) -> None:
    """It is shown as any container; pruning leaves it, and what shares its namespaces."""
    made = world.run("pod", name=POD, infra_name="rw-own", state="started")
    member(world, "web")
    found = {one["name"] for one in world.run("container_info")["containers"]}
    assert found >= {"rw-own", "rw-web"}
    world.run("pod", name=POD, state="stopped")
    done = world.run("prune", containers=True, only_ours=False, containers_filters={"label": ["rw-none"]})
    assert not done["changed"]
    with pytest.raises(EngineError):
        world.run("container", name="rw-own", state="absent")
    assert world.client.pods.inspect(made["pod"]["id"]) is not None


@pytest.mark.pairs("both")
def test_through_ansible_with_check_diff_and_query(lab: Lab, tmp_path: Path) -> None:
    wanted = {"name": POD, "labels": {"rw-tier": "b"}, "state": "started", "publish": ["18080:80"]}
    tasks: list[dict[str, Any]] = [
        {"remote_pod": wanted, "check_mode": True},
        {"remote_pod": wanted},
        {"remote_pod": wanted},
        {"remote_pod_info": {"name": [POD, "rw-none"], "query": "pods[].name"}},
        {"remote_pod_info": {"labels": {"rw-tier": ""}}},
        {"remote_pod": {"name": POD, "infra": False, "hostname": "x"}, "ignore_errors": True},
        {"remote_pod": {"name": POD, "state": "absent"}},
    ]
    refused = [{"remote_pod": wanted, "ignore_errors": True}, {"remote_pod_info": {}, "ignore_errors": True}]
    told = through_ansible(lab, tmp_path, lambda engine: tasks if engine == "podman" else refused, diff=True)
    for (_host, engine), results in told.results.items():
        if engine == "docker":
            assert all("is for podman" in one["msg"] and "Docker has no pods" in one["msg"] for one in results)
            continue
        said, done, again, found, labelled, wrong, gone = results
        assert said["changed"] and said["diff"] == done["diff"] == {
            "before": {"exists": False},
            "after": {"exists": True},
        }
        assert not again["changed"] and (found["result"], found["missing"]) == ([POD], ["rw-none"])
        assert labelled["pods"] == [again["pod"]] and gone["changed"]
        assert "'hostname'" in wrong["msg"] and "infra" in wrong["msg"]
