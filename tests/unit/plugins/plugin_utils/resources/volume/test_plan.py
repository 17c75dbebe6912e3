# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a volume as the engines report it to the steps that lead to the one that is wanted."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.driver_options import (
    masked,
    masked_pair,
    secrets,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.volume.info import present_and_missing
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.volume.options import (
    ARGUMENT_SPEC,
    Options,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.volume.plan import (
    Observed,
    body,
    body_of,
    plan,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.volume.result import users, volume_result

VOLUME: dict[str, Any] = {
    "Name": "data", "Driver": "local", "Mountpoint": "/m", "CreatedAt": "2026-11-21T12:00:00Z", "Scope": "local",
    "Labels": {"a": "b", "sshfleet.containers.created": "true"}, "Options": {"type": "tmpfs", "o": "size=1m"},
}  # fmt: skip
OTHER_LABEL, OTHER_OPTION = {"labels": {"a": "c"}}, {"driver_options": {"o": "size=2m"}}
# what the task gives, the actions, the options of which a warning tells that they differ
CASES: list[tuple[dict[str, Any], list[str], list[str]]] = [
    ({}, [], []),
    ({"labels": {"a": "b"}, "driver_options": {"type": "tmpfs"}}, [], []),
    ({"recreate": "options-changed", "labels": {"a": "b"}}, [], []),
    (OTHER_LABEL, [], ["labels"]),
    ({**OTHER_LABEL, **OTHER_OPTION}, [], ["driver_options", "labels"]),
    ({"driver": "other"}, [], ["driver"]),
    ({"recreate": "options-changed", **OTHER_LABEL}, ["recreate"], []),
    ({"recreate": "options-changed", **OTHER_OPTION}, ["recreate"], []),
    ({"recreate": "always"}, ["recreate"], []),
    ({"state": "absent"}, ["remove"], []),
]


@pytest.mark.parametrize(("given", "actions", "warned"), CASES)
def test_what_is_done_with_a_volume_that_is_there(given: Any, actions: list[str], warned: list[str]) -> None:
    planned = plan(Options("data", **given), Observed(VOLUME))
    assert [step.action for step in planned.steps] == actions
    assert bool(planned.warnings) == bool(warned) and all(option in planned.warnings[0] for option in warned)
    if actions:
        with pytest.raises(EngineError, match="containers use it: x, y") as refused:
            plan(Options("data", **given), Observed(VOLUME, ("x", "y")))
        assert refused.value.kind == "dependents"
    else:
        assert plan(Options("data", **given), Observed(VOLUME, ("x",))).steps == ()


def test_plans_as_text(golden: Any) -> None:
    plans = {str(given): plan(Options("data", **given), Observed(VOLUME)) for given, *_rest in CASES}
    plans["missing"] = plan(Options("data"), Observed())
    golden("plans.txt", plans)


def test_one_that_is_missing_is_created_with_our_mark() -> None:
    wanted = Options("data", driver_options={"type": "nfs"}, labels={"a": "b"}, recreate="always")
    (step,) = plan(wanted, Observed()).steps
    assert step.action == "create" and step.args["body"] == {
        "Name": "data", "Driver": "local", "DriverOpts": {"type": "nfs"},
        "Labels": {"a": "b", "sshfleet.containers.created": "true"},
    }  # fmt: skip
    assert plan(Options("data", state="absent"), Observed()).steps == ()


@pytest.mark.parametrize(("given", "tried"), [(OTHER_LABEL, False), (OTHER_OPTION, True), ({"driver": "other"}, True)])
def test_new_options_are_tried_before_the_old_volume_goes(given: dict[str, Any], tried: bool) -> None:
    (step,) = plan(Options("data", recreate="options-changed", **given), Observed(VOLUME)).steps
    assert step.args["tried"] is tried and "what was in it is lost" in step.reason
    assert body_of(step.args["old"])["DriverOpts"] == VOLUME["Options"]


MASKED = [
    ({"o": "addr=nas,username=app,password=x"}, {"o": "addr=nas,username=app,password=********"}),
    ({"o": "pass=x,rw", "PASSWORD": "x"}, {"o": "pass=********,rw", "PASSWORD": "********"}),
    ({"o": "size=1m", "device": "tmpfs"}, {"o": "size=1m", "device": "tmpfs"}),
    ({"device": "https://app:x@host/share"}, {"device": "https://********@host/share"}),
    ({"device": "smb://app:x@host/share"}, {"device": "smb://app:********@host/share"}),
    ({"o": "password=x,,y,rw"}, {"o": "password=********,rw"}),  # two commas are one of the value
    ({"o": "password='x,y',rw"}, {"o": "password=********,rw"}),
    ({"o": "password=x'y,rw"}, {"o": "password=********,rw"}),
    ({"o": "password=$x,rw"}, {"o": "password=********,rw"}),
    ({"opts": "args=--token=x,rw"}, {"opts": "args=--token=********,rw"}),
    ({"opts": "args=--token='x,y' --quiet"}, {"opts": "args=--token='********' --quiet"}),
    ({"o": "", "password": ""}, {"o": "", "password": ""}),
]


@pytest.mark.parametrize(("options", "shown"), MASKED)
def test_secrets_in_options_are_masked(options: dict[str, str], shown: dict[str, str]) -> None:
    assert masked(options) == shown


def test_the_engines_words_are_to_be_kept_free_of_these() -> None:
    options = {"o": "addr=nas,username=app,password=hunter2", "type": "cifs", "password": "known by its name"}
    assert list(secrets(options)) == ["hunter2"]


def test_two_secrets_that_differ_look_different() -> None:
    before, after = masked_pair({"o": "password=x", "type": "cifs"}, {"o": "password=y", "type": "cifs"})
    assert (before["o"], after["o"]) == ("password=******** (old)", "password=******** (new)")
    assert before["type"] == after["type"]
    wanted = Options("data", recreate="options-changed", driver_options={"o": "password=y"})
    planned = plan(wanted, Observed({**VOLUME, "Options": {"o": "password=x"}}))
    assert planned.diff()["after"] == {"driver_options": {"o": "password=******** (new)"}, "recreated": True}
    assert body(wanted)["DriverOpts"] == {"o": "password=y"}


LISTED = [
    {"Id": "1" * 64, "Names": ["/b"], "Mounts": [{"Type": "volume", "Name": "data"}, {"Type": "bind", "Source": "/x"}]},
    {"Id": "2" * 64, "Names": ["/a"], "Mounts": [{"Type": "volume", "Name": "data"}, {"Type": "volume", "Name": "m"}]},
    {"Id": "3" * 64, "Names": ["/c"], "Mounts": None},
]


def test_who_uses_a_volume() -> None:
    assert users(LISTED) == {"data": ["a", "b"], "m": ["a"]}


def test_the_result_is_one_shape() -> None:
    told = volume_result(VOLUME, ["a"])
    assert told["created_by_us"] and told["containers"] == ["a"] and told["created_at"] == "2026-11-21T12:00:00.000000Z"
    assert volume_result({"Name": "x", "Driver": "local", "Labels": None, "Options": None}, []).keys() == told.keys()


def test_info_finds_by_name_and_by_label() -> None:
    other = {**VOLUME, "Name": "an", "Labels": {"a": "c"}}
    everything = present_and_missing({"data": VOLUME, "an": other}, LISTED, {"name": None, "labels": {}})
    assert [one["name"] for one in everything["volumes"]] == ["an", "data"] and everything["exists"]
    asked = {"name": ["data", "no"], "labels": {"a": "c"}}
    none = present_and_missing({"data": VOLUME, "no": None}, LISTED, asked)
    assert (none["volumes"], none["missing"], none["exists"]) == ([], ["no"], False)


@pytest.mark.parametrize(
    ("given", "option"),
    [({"name": "a/b"}, "volume_name"), ({"labels": {"a": 1.5}}, "labels.a"), ({"driver": "a\nb"}, "driver")],
)
def test_a_bad_value_is_refused_by_name(given: dict[str, Any], option: str) -> None:
    validation = ArgumentSpecValidator(ARGUMENT_SPEC).validate({"name": "x", **given})
    with pytest.raises(InvalidOption) as refused:
        parse(validation.validated_parameters)
    assert refused.value.option == option
