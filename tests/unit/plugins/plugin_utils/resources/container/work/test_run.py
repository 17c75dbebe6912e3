# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The executor over the engine made of dicts: which requests are sent, in which order, and what failures leave."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from dict_engine import Engine, done, run

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption


@pytest.fixture
def engine() -> Engine:
    return Engine()


def test_created_started_and_then_left_alone(engine: Engine) -> None:
    result = run(engine, env={"A": "1"})
    assert done(result) == ["create", "start"]
    assert engine.changes() == ["containers.create", "containers.start"]
    assert result["container"]["running"] is True
    again = run(engine, env={"A": "1"})
    assert (again["changed"], again["actions"]) == (False, [])
    assert engine.requests() == ["containers.inspect", "images.inspect"]


def test_without_image_and_inherited_options_one_request_is_enough(engine: Engine) -> None:
    run(engine)
    engine.calls.clear()
    run(engine, image=None, hostname=None, memory="0")
    assert engine.requests() == ["containers.inspect"]


@pytest.mark.parametrize(
    "params",
    [
        {"command": "x"}, {"memory": "64M"}, {"state": "stopped"}, {"state": "paused"}, {"state": "absent"},
        {"networks": [{"name": "back"}]}, {"image": "other:1"}, {"recreate": True}, {"restart": True},
    ],
)  # fmt: skip
def test_check_mode_tells_what_a_run_does_and_sends_nothing(engine: Engine, params: dict[str, Any]) -> None:
    run(engine)
    engine.image_dicts["other:1"] = {"Id": "sha256:" + "c" * 64, "Config": {}}
    engine.changes()
    predicted = run(engine, check_mode=True, **params)
    assert engine.changes() == []
    happened = run(engine, **params)
    assert engine.changes()
    for key in ("changed", "actions", "diff"):
        assert predicted[key] == happened[key]
    assert predicted["changed"]


RECREATION = ["containers.rename", "containers.create", "containers.stop", "containers.start", "containers.remove"]


def test_recreation_keeps_the_old_one_until_the_new_one_runs(engine: Engine) -> None:
    run(engine)
    engine.changes()
    run(engine, command="x")
    assert engine.changes() == RECREATION
    assert [c["Name"] for c in engine.container_dicts.values()] == ["/app"]


def test_the_old_ones_restart_policy_is_off_meanwhile(engine: Engine) -> None:
    run(engine, restart_policy="always")
    engine.calls.clear()
    run(engine, restart_policy="always", command="x")
    updates = [call[2] for call in engine.calls if call[0] == "containers.update"]
    assert updates == [{"RestartPolicy": {"Name": "no", "MaximumRetryCount": 0}}]


FAILING = [
    "containers.stop",
    "containers.rename",
    "containers.create",
    "networks.connect",
    "containers.start",
]


@pytest.mark.parametrize("where", FAILING)
@pytest.mark.parametrize("state", ["started", "paused", "stopped"])
def test_whatever_fails_the_old_one_is_back(where: str, state: str) -> None:
    engine = Engine(version="20.10.24" if where == "networks.connect" else "26.1.5")
    if state == "stopped" and where in ("containers.stop", "containers.start"):
        return
    networks = [{"name": "front"}, {"name": "back"}]
    run(engine, state=state, networks=networks, restart_policy="always")
    before = copy.deepcopy(engine.container_dicts)
    engine.fail[where] = EngineError("the engine's words", 500)
    engine.log = "last line"
    with pytest.raises(EngineError) as failed:
        run(engine, state=state, networks=networks, restart_policy="always", command="x")
    assert "the engine's words" in failed.value.message
    assert "The old container app is back" in failed.value.message
    assert engine.container_dicts.keys() == before.keys()
    (old,) = engine.container_dicts.values()
    assert old["Name"] == "/app"
    assert old["HostConfig"]["RestartPolicy"]["Name"] == "always"
    wanted = {"started": (True, False), "paused": (True, True), "stopped": (False, False)}[state]
    assert (old["State"]["Running"], old["State"]["Paused"]) == wanted


def test_a_new_one_that_ends_with_an_error_has_failed(engine: Engine) -> None:
    run(engine, env={"API_TOKEN": "old-secret"})
    engine.ends, engine.log = 3, "my token is new-secret"
    with pytest.raises(EngineError) as failed:
        run(engine, env={"API_TOKEN": "new-secret"})
    assert "exit code 3" in failed.value.message
    assert "my token is ********" in failed.value.message
    assert "secret" not in str(failed.value)


def test_a_new_one_that_has_done_its_work_has_not_failed(engine: Engine) -> None:
    run(engine)
    engine.ends = 0
    result = run(engine, command="x")
    assert done(result) == ["recreate"]
    assert "exit code 0" in result["warnings"][0]


def test_a_failure_to_come_back_is_told(engine: Engine) -> None:
    run(engine)
    engine.fail["containers.create"] = EngineError("first", 500)
    rename = engine.containers_rename

    def rename_once(name: str, new: str) -> None:
        engine.fail["containers.rename"] = EngineError("second", 500)
        rename(name, new)

    engine.containers_rename = rename_once  # type: ignore[method-assign]
    with pytest.raises(EngineError) as failed:
        run(engine, command="x")
    assert "first" in failed.value.message
    assert "could not be brought back: second" in failed.value.message
    assert ".sshfleet-old-" in failed.value.message


def test_auto_removed_containers_cannot_come_back_and_the_result_says_so(engine: Engine) -> None:
    run(engine)
    next(iter(engine.container_dicts.values()))["HostConfig"]["AutoRemove"] = True
    engine.changes()
    result = run(engine, command="x")
    assert engine.changes() == RECREATION
    assert "could not be kept" in result["warnings"][0]


def test_a_refused_creation_costs_no_downtime(engine: Engine) -> None:
    run(engine)
    engine.changes()
    engine.fail["containers.create"] = EngineError("no", 400)
    with pytest.raises(EngineError, match="is back and is running again"):
        run(engine, command="x")
    assert engine.changes() == ["containers.rename", "containers.create", "containers.rename"]


@pytest.mark.parametrize("takes", [True, False])
def test_a_live_update_is_looked_at_again(engine: Engine, takes: bool) -> None:
    run(engine)
    engine.update_takes = takes
    engine.changes()
    result = run(engine, memory="64M")
    assert engine.changes() == ["containers.update"] + ([] if takes else RECREATION)
    assert done(result) == ["update"] + ([] if takes else ["recreate"])
    assert result["container"]["memory"] == 64 * 1024**2


def test_an_update_that_is_refused_recreates(engine: Engine) -> None:
    run(engine)
    engine.fail["containers.update"] = EngineError("no", 409)
    assert done(run(engine, memory="64M")) == ["update", "recreate"]


def test_a_container_that_takes_no_update_is_replaced_all_the_same(engine: Engine) -> None:
    """Podman 5.4 on cgroup v1 refuses every update of one whose processors it could not widen."""
    run(engine, restart_policy="always")
    engine.fail["containers.update"] = EngineError("cpuset.cpus: permission denied", 500)
    result = run(engine, restart_policy="always", command="good")
    assert done(result) == ["recreate"]
    (container,) = engine.container_dicts.values()
    assert container["Name"] == "/app" and container["Config"]["Cmd"] == ["good"]
    told = result.get("warnings", [])
    expected = "The restart policy of the old container app could not be set: cpuset.cpus: permission denied."
    assert told == ([expected] if engine.engine.sets_policy_live else [])


def test_a_container_that_takes_no_update_has_its_name_again_when_the_new_one_fails() -> None:
    """Podman keeps what it was asked for, and then asks the kernel."""
    engine = Engine("podman", "5.4.2")
    run(engine, restart_policy="always")

    def refuse(name: str, body: dict[str, Any]) -> None:
        engine.find(name)["HostConfig"].update(body)
        raise EngineError("cpuset.cpus: permission denied", 500)

    engine.containers_update = refuse  # type: ignore[method-assign]
    engine.fail["containers.create"] = EngineError("no room", 500)
    with pytest.raises(EngineError, match=r"no room.* The old container app is back"):
        run(engine, restart_policy="always", command="good")
    (container,) = engine.container_dicts.values()
    assert container["Name"] == "/app" and container["State"]["Running"]


def test_a_refused_update_recreates_although_it_is_reported_as_done() -> None:
    engine = Engine("podman", "5.4.2")  # it keeps what it was asked for, and then asks the kernel
    run(engine)

    def refuse(name: str, body: dict[str, Any]) -> None:
        engine.find(name)["HostConfig"].update(body)
        raise EngineError("device or resource busy", 500)

    engine.containers_update = refuse  # type: ignore[method-assign]
    result = run(engine, memory="64M")
    assert done(result) == ["update", "recreate"]
    assert result["actions"][1]["reason"] == "the update was refused"


WEIGHT = {"blkio_weight": 300}


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize("exists", [True, False])
def test_what_the_hosts_kernel_cannot_do_is_refused(engine: Engine, check_mode: bool, exists: bool) -> None:
    engine.info_says = {**engine.info_says, "MemoryLimit": False, "CgroupVersion": "1"}
    if exists:
        run(engine)
    engine.changes()
    with pytest.raises(InvalidOption, match="memory"):
        run(engine, check_mode, memory="64M")
    assert engine.changes() == []


@pytest.mark.parametrize("exists", [True, False])
def test_a_share_that_the_hosts_kernel_does_not_know_is_told_and_not_compared(engine: Engine, exists: bool) -> None:
    if exists:
        run(engine)
    said, first, again = run(engine, True, **WEIGHT), run(engine, **WEIGHT), run(engine, **WEIGHT)
    assert done(said) == done(first) == ([] if exists else ["create", "start"]) and not again["changed"]
    for told in (said, first, again) if exists else (said, first):  # the fake reports what it was made with
        assert [text for text in told["warnings"] if text.startswith("blkio_weight has no effect")]
    with_more = run(engine, **WEIGHT, env={"A": "1"})
    assert done(with_more) == ["recreate"] and "blkio_weight" not in with_more["diff"]["after"]


def test_the_host_is_asked_only_where_what_differs_depends_on_it(engine: Engine) -> None:
    engine.info_says = {"CgroupVersion": "2"}
    run(engine, **WEIGHT)
    engine.calls.clear()
    run(engine, **WEIGHT)
    run(engine, **WEIGHT, env={"A": "1"})
    assert "system.info" not in engine.requests()
    run(engine, blkio_weight=400)
    assert "system.info" in engine.requests()


def test_the_image_is_pulled_when_it_is_missing(engine: Engine) -> None:
    assert done(run(engine, image="new:1")) == ["pull", "create", "start"]
    assert done(run(engine, image="new:1")) == []


def test_pull_always_changes_something_only_when_another_image_came(engine: Engine) -> None:
    run(engine)
    assert run(engine, pull="always")["changed"] is False
    engine.images_pull = lambda ref: engine.image_dicts[ref].update(Id="sha256:" + "d" * 64)  # type: ignore[method-assign]
    assert done(run(engine, pull="always")) == ["pull", "recreate"]


@pytest.mark.parametrize(("behaviour", "changed"), [("image_not_present", False), ("always", True)])
def test_pull_always_in_check_mode(engine: Engine, behaviour: str, changed: bool) -> None:
    run(engine)
    result = run(engine, check_mode=True, pull="always", pull_check_mode_behavior=behaviour)
    assert result["changed"] is changed


@pytest.mark.parametrize("image", ["gone:1", "sha256:" + "9" * 64])
def test_an_image_that_is_not_there_and_may_not_be_pulled(engine: Engine, image: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        run(engine, image=image, pull="never")
    assert refused.value.option == "image"
    assert engine.changes() == []


def test_a_missing_network_is_found_before_anything_is_changed(engine: Engine) -> None:
    run(engine)
    engine.changes()
    for params in ({"networks": [{"name": "nope"}]}, {"network_mode": "nope"}):
        with pytest.raises(InvalidOption, match="nope"):
            run(engine, **params)
        assert engine.changes() == []
        assert "nope" in run(engine, check_mode=True, **params)["warnings"][0]


def test_networks_beside_the_first_are_connected_before_the_start() -> None:
    older = Engine(version="20.10.24")
    run(older, networks=[{"name": "front"}, {"name": "back", "aliases": ["b"]}])
    assert ("networks.connect", "back", "app", {"Aliases": ["b"]}) in older.calls
    assert older.changes() == ["containers.create", "networks.connect", "containers.start"]


def test_a_newer_docker_creates_in_all_networks_and_recreates_for_a_mac_address(engine: Engine) -> None:
    networks = [{"name": "front"}, {"name": "back", "mac_address": "92:d0:c6:0a:29:33"}]
    run(engine, networks=networks[:1])
    engine.changes()
    assert done(run(engine, networks=networks)) == ["recreate"]
    assert engine.changes() == RECREATION
    assert run(engine, networks=networks)["changed"] is False


OF_THE_PLAY: list[tuple[str, dict[str, Any]]] = [
    ("network_mode", {"network_mode": "container:other"}),
    ("pid_mode", {"pid_mode": "container:other"}),
    ("ipc_mode", {"ipc_mode": "container:other"}),
    ("volumes_from", {"volumes_from": ["other:ro"]}),
    ("links", {"links": ["other:db"]}),
    ("networks.links", {"networks": [{"name": "front", "links": ["other:db"]}]}),
    ("network_mode", {"network_mode": "other"}),
    ("networks", {"networks": [{"name": "other"}]}),
    ("image", {"image": "other:1", "pull": "never"}),
    ("image", {"image": "sha256:" + "9" * 64}),
    ("image", {"image": None, "state": "restarted"}),
]


@pytest.mark.parametrize(("option", "params"), OF_THE_PLAY)
def test_what_an_earlier_task_of_the_play_may_make_is_a_warning_in_check_mode(
    engine: Engine, option: str, params: dict[str, Any]
) -> None:
    told = run(engine, check_mode=True, **params)
    assert [text.endswith("on the host; a run needs it.") for text in told["warnings"]] == [True]
    with pytest.raises(InvalidOption) as refused:
        run(engine, **params)
    assert refused.value.option == option
    assert engine.changes() == []


def test_a_container_in_a_pod_is_not_recreated() -> None:
    podman = Engine("podman", "5.4.2")
    run(podman)
    podman.changes()
    podman.pods = dict.fromkeys(podman.container_dicts, "web")
    for check_mode in (True, False):
        with pytest.raises(EngineError, match="in the pod web") as refused:
            run(podman, check_mode=check_mode, command="x")
        assert refused.value.kind == "in_pod"
    assert podman.changes() == []
    assert done(run(podman, state="absent")) == ["remove"]


def test_a_failed_start_tells_words_log_image_and_hint(engine: Engine) -> None:
    engine.fail["containers.start"] = EngineError("listen tcp4 :22: bind: address already in use", 500)
    engine.log = "pg://u:pw@host\nlast line"
    with pytest.raises(EngineError) as failed:
        run(engine)
    assert "app:1" in failed.value.message
    assert failed.value.message.endswith("The end of its log:\n    pg://u:********@host\n    last line")
    assert "published_ports" in failed.value.hint
    assert failed.value.status == 500


def test_a_container_that_ends_at_once_is_a_warning(engine: Engine) -> None:
    engine.ends = 7
    result = run(engine)
    assert result["changed"] and "exit code 7" in result["warnings"][0]
    assert done(run(engine)) == ["start"]


def test_removed_with_or_without_its_volumes(engine: Engine) -> None:
    for keep in (True, False):
        run(engine)
        result = run(engine, state="absent", keep_volumes=keep)
        assert result["container"] is None
        assert [call[1:] for call in engine.calls if call[0] == "containers.remove"][-1] == ("app", True, not keep)
    assert run(engine, state="absent")["changed"] is False


def test_a_name_that_begins_an_id_is_not_that_container(engine: Engine) -> None:
    run(engine)
    (identity,) = engine.container_dicts
    assert run(engine, name=identity[:12], image=None, state="absent")["changed"] is False
    assert done(run(engine, name=identity, image=None, state="absent")) == ["remove"]


def test_the_stop_timeout_is_used(engine: Engine) -> None:
    run(engine)
    run(engine, state="stopped", stop_timeout=3)
    assert ("containers.stop", "app", 3) in engine.calls


def test_an_engine_that_is_gone_is_left_to_the_caller(engine: Engine) -> None:
    run(engine)
    engine.fail["containers.create"] = EngineError("gone", kind="no_answer")
    engine.answers = False
    with pytest.raises(EngineError) as failed:
        run(engine, command="x")
    assert failed.value.kind == "no_answer"
    assert "run the task again" in failed.value.hint


def test_another_containers_network_has_to_be_there(engine: Engine) -> None:
    with pytest.raises(InvalidOption, match="container:other"):
        run(engine, network_mode="container:other")
