# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A container's result as the engine tells it: golden shapes, beside those of community.docker's docker_container.

The engine is a fake, because what is tested is what becomes of its words.
"""

from __future__ import annotations

from typing import Any

import pytest
from dict_engine import Engine, run

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.result.formats import engine_diff
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.result.info import (
    present_and_missing,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.plan import Difference, Plan
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.result_format import ENGINE, Telling
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import MASK, Masker

RAW, CHECK, DIFF = Telling(ENGINE), Telling(ENGINE, check=True), Telling(ENGINE, diff=True)


def told(engine: Engine, telling: Telling = RAW, **params: Any) -> dict[str, Any]:
    return run(engine, check_mode=telling.check, telling=telling, **params)


def started(engine: Engine, **params: Any) -> str:
    """The ID of a container that runs."""
    return str(told(engine, **params)["container"]["Id"])


def test_the_container_is_the_inspect_without_secrets() -> None:
    engine = Engine()
    result = told(engine, env={"PASSWORD": "t0p-s3cret"}, command=["serve", "--token", "other"])
    (inspect,) = engine.container_dicts.values()
    assert set(result) == {"changed", "container", "warnings"}
    assert set(result["container"]) == set(inspect)
    for part in ("Id", "Name", "State", "HostConfig", "NetworkSettings"):
        assert result["container"][part] == inspect[part]
    assert f"PASSWORD={MASK}" in result["container"]["Config"]["Env"]
    assert result["container"]["Config"]["Cmd"] == ["serve", "--token", MASK]


def test_an_unchanged_run_tells_it_too_and_a_diff_only_in_diff_mode() -> None:
    engine = Engine()
    identity = started(engine)
    again = told(engine)
    assert not again["changed"] and again["container"]["Id"] == identity and "diff" not in again
    assert told(engine, DIFF)["diff"] == {"before": {}, "after": {}}


def test_it_is_left_out_where_there_is_none() -> None:
    engine = Engine()
    assert set(told(engine, CHECK)) == {"changed", "actions", "warnings"}
    started(engine)
    assert set(told(engine, CHECK, state="absent")) == {"changed", "actions", "warnings"}
    assert set(told(engine, state="absent")) == {"changed", "warnings"}
    assert told(engine, state="absent") == {"changed": False, "warnings": []}


@pytest.mark.parametrize(
    ("params", "actions"),
    [
        ({}, []),
        ({"state": "stopped"}, [{"stopped": "ID", "timeout": None}]),
        ({"state": "stopped", "force_kill": True, "kill_signal": "SIGHUP"}, [{"killed": "ID", "signal": "SIGHUP"}]),
        ({"restart": True, "stop_timeout": 3}, [{"restarted": "ID", "timeout": 3}]),
        ({"paused": True}, [{"set_paused": True}]),
        ({"memory": "64M"}, [{"updated": "ID", "update_parameters": {"Memory": 67108864}}]),
        (
            {"state": "absent", "keep_volumes": False},
            [
                {"stopped": "ID", "timeout": None},
                {"removed": "ID", "volume_state": True, "link": False, "force": False},
            ],
        ),
        (
            {"networks": [{"name": "bridge"}, {"name": "back", "aliases": ["x"]}]},
            [{"added_to_network": "back", "network_parameters": {"name": "back", "Aliases": ["x"]}}],
        ),
    ],
)
def test_check_mode_lists_the_requests(params: dict[str, Any], actions: list[dict[str, Any]]) -> None:
    engine = Engine()
    identity = started(engine)
    listed = told(engine, CHECK, **params)["actions"]
    for one in listed:
        if "updated" in one:
            one["update_parameters"] = {"Memory": one["update_parameters"]["Memory"]}
    assert [{key: "ID" if value == identity else value for key, value in one.items()} for one in listed] == actions
    assert told(engine, RAW).get("actions") is None


def test_check_mode_lists_what_a_container_would_be_made_with() -> None:
    engine = Engine()
    made, begun = told(engine, CHECK, image="new", env={"TOKEN": "t0p-s3cret"})["actions"][1:], {"started": ""}
    assert made[0]["created"] and made[0]["networks"] == {} and made[1:] == [begun]
    assert made[0]["create_parameters"]["Env"] == [f"TOKEN={MASK}"]
    started(engine)
    listed = told(engine, CHECK, command="other")["actions"]
    assert [next(iter(one)) for one in listed] == ["stopped", "removed", "created", "started"]


def test_check_mode_tells_of_a_pull_whether_it_brings_something() -> None:
    engine = Engine()
    pulled = told(engine, CHECK, image="new")["actions"][0]
    assert pulled == {"pulled_image": "new:latest", "changed": True}
    always = {"pull": "always", "pull_check_mode_behavior": "always"}
    assert told(engine, CHECK, **always)["actions"][0] == {"pulled_image": "app:1"}


def test_debug_lists_what_was_done_and_a_pull_that_brought_nothing() -> None:
    engine, debug = Engine(), Telling(ENGINE, debug=True)
    listed = told(engine, debug, pull="always")
    assert listed["actions"][0] == {"pulled_image": "app:1", "changed": False} and listed["diff"]["after"]["exists"]
    assert listed["actions"][2] == {"started": listed["container"]["Id"]}


def test_a_container_that_does_not_become_healthy_is_told_with_the_failure() -> None:
    engine = Engine()
    engine.ends = 0
    with pytest.raises(EngineError) as caught:
        told(engine, state="healthy")
    assert caught.value.beside["container"]["State"]["Status"] == "exited"
    with pytest.raises(EngineError) as caught:
        run(engine, state="healthy", name="other")
    assert caught.value.beside == {}


def test_a_container_that_ran_to_its_end_has_its_output() -> None:
    engine = Engine()
    engine.ends, engine.log = 0, "hello"
    result = told(engine, log_driver="json-file", detach=False)
    assert result["status"] == 0 and result["container"]["Output"] == "hello" and result["container"]["Id"]
    removed = told(engine, log_driver="json-file", detach=False, restart=True, cleanup=True)
    assert removed["status"] == 0 and removed["container"] == {"Output": "hello"}
    itself = told(engine, log_driver="json-file", detach=False, auto_remove=True)
    assert itself["container"]["Output"] == "Cannot retrieve result as auto_remove is enabled"


def test_a_command_that_failed_has_its_output_as_the_message() -> None:
    engine = Engine()
    engine.ends, engine.log = 3, "no such table"
    result = told(engine, log_driver="json-file", detach=False)
    assert result["failed"] and result["status"] == 3 and result["msg"] == "no such table"
    assert result["container"]["Output"] == "no such table" and result["error"]["kind"] == "container_ended"
    engine.log = ""
    assert "exit code 3" in told(engine, log_driver="json-file", detach=False, name="other")["msg"]


@pytest.mark.parametrize("mask", [True, False])
def test_reading_one_container_gives_it_by_itself(mask: bool) -> None:
    engine = Engine()
    identity = started(engine, env={"PASSWORD": "t0p-s3cret"})
    (inspect,) = engine.container_dicts.values()
    asked = {"name": ["app"], "labels": {}, "mask_env": mask}
    read = present_and_missing({"app": inspect}, asked, engine.engine, {identity: {"top": []}}, RAW)
    assert read["containers"] == [read["container"]] and read["exists"] and read["container"]["top"] == []
    shown = MASK if mask else "t0p-s3cret"
    assert read["container"]["Config"]["Env"] == ["COLOR=blue", f"PASSWORD={shown}"]
    none = present_and_missing({"app": None}, asked, engine.engine, {}, RAW)
    assert none["container"] is None and none["missing"] == ["app"] and not none["exists"]


ASKED = [{"name": "back", "ipv4_address": "10.0.0.2", "ipv6_address": "fd00::2"}]


def test_podman_addresses_are_told_as_far_as_they_are_known() -> None:
    engine, given = Engine("podman", "5.4.2"), {"IPv4Address": "10.0.0.2", "IPv6Address": "fd00::2"}

    def forget(**said: str) -> None:
        engine.find("app")["NetworkSettings"]["Networks"]["back"] = {"IPAMConfig": None, **said}

    def known(**params: Any) -> Any:
        return told(engine, **params)["container"]["NetworkSettings"]["Networks"]["back"].get("IPAMConfig")

    assert known(networks=ASKED) == given
    forget()
    assert known(networks=ASKED) is None
    forget(IPAddress="10.0.0.2", GlobalIPv6Address="fd00::2")
    assert known(networks=ASKED) == given and known() is None


def test_a_diff_has_each_network_and_the_parts_of_the_image_by_themselves() -> None:
    found = (
        Difference("memory", 1, 2),
        Difference("networks", {"front": {}}, {"front": {"aliases": ["a"]}, "back": {}}),
        Difference("image", {"name": "app:1", "id": "a"}, {"name": "app:1", "id": "b"}),
    )
    planned = Plan((), found, {"running": True, "recreated": False}, {"running": False, "recreated": True})
    before = {"running": True, "memory": 1, "network.front": {}, "network.back": None, "image": "a"}
    after = {"running": False, "memory": 2, "network.front": {"aliases": ["a"]}, "network.back": {}, "image": "b"}
    told_as = engine_diff(planned, Masker())
    assert told_as["before"] == before and told_as["after"] == after and told_as["image_different"]
    assert told_as["differences"][0] == {"memory": {"parameter": 2, "container": 1}}
    assert [next(iter(one)) for one in told_as["differences"]] == ["memory", "network.front", "network.back", "image"]
