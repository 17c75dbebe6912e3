# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a secret as Podman describes it to the steps that lead to the one that is wanted."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.secret import digest
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.secret.options import Data, Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.secret.plan import (
    DIGEST_LABEL,
    Observed,
    plan,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.secret.result import task_result
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.secret.users import User

OLD, NEW = Engine("podman", (4, 3, 1)), Engine("podman", (5, 4, 2))
OURS, OTHER = Data(b"hunter2"), Data(b"hunter3")
FILE = {"Name": "file", "Options": {"path": "/secrets"}}
SHELL = {"list": "l", "lookup": "k", "store": "s", "delete": "d"}


def secret(data: Data | None = OURS, driver: Any = None, **labels: str) -> dict[str, Any]:
    driver = FILE if driver is None else driver
    known = {DIGEST_LABEL: digest.label(data)} if data is not None else {}
    return {"ID": "1", "Spec": {"Name": "db", "Driver": driver, "Labels": {**labels, **known}}}


# what there is, what the task gives, the reason for another one ('' for none), what of it is done at once and tried
CASES: list[tuple[dict[str, Any], dict[str, Any], str, tuple[bool, bool]]] = [
    (secret(), {}, "", (True, False)),
    (secret(a="b", c="d"), {"labels": {"a": "b"}, "driver": "file"}, "", (True, False)),
    (secret(None), {}, "data differs", (True, False)),
    (secret(None), {"skip_existing": True}, "", (True, False)),
    (secret(OTHER), {}, "data differs", (True, False)),
    (secret(OTHER), {"skip_existing": True}, "", (True, False)),
    (secret(), {"force": True}, "force is set", (True, False)),
    (secret(a="b"), {"labels": {"a": "c"}}, "labels differs", (True, False)),
    (secret(), {"driver": "file", "driver_options": {"path": "/x"}}, "driver_options differs", (False, True)),
    (secret(), {"driver": "shell", "driver_options": SHELL}, "driver differs, driver_options differs", (False, True)),
    (secret(OTHER, {"Name": "shell", "Options": SHELL}), {}, "data differs", (True, True)),
]


@pytest.mark.parametrize(("found", "given", "reason", "how"), CASES)
def test_what_is_done_with_a_secret_that_is_there(
    found: dict[str, Any], given: dict[str, Any], reason: str, how: tuple[bool, bool]
) -> None:
    planned = plan(Options("db", data=OURS, **given), Observed(found), NEW)
    assert [step.reason for step in planned.steps] == ([reason] if reason else [])
    assert "hunter" not in repr(planned) and "pbkdf2" not in repr(planned.diff())
    for step in planned.steps:
        assert (step.args["at_once"], step.args["tried"]) == how and step.args["identity"] == "1"
        (older,) = plan(Options("db", data=OURS, **given), Observed(found), OLD).steps
        assert older.args == {**step.args, "at_once": False}


def test_what_a_task_leaves_out_is_as_before() -> None:
    (step,) = plan(Options("db", data=OURS, labels={"a": "c"}), Observed(secret(OTHER, a="b", d="e")), NEW).steps
    made = step.args["made"]
    assert (made["driver"], made["driver_options"], made["data"]) == ("file", {"path": "/secrets"}, OURS)
    assert made["labels"].items() >= {"a": "c", "d": "e", "sshfleet.containers.created": "true"}.items()
    (other,) = plan(Options("db", data=OURS, driver="pass"), Observed(secret()), NEW).steps
    assert other.args["made"]["driver_options"] == {}


def test_one_that_is_missing_is_created_with_the_engines_driver() -> None:
    (step,) = plan(Options("db", data=OURS), Observed(), NEW).steps
    assert step.action == "create" and step.args["made"]["driver"] == ""
    assert plan(Options("db", state="absent"), Observed(), NEW).steps == ()


def test_containers_are_restarted_on_wish_and_told_of_otherwise() -> None:
    found = (User("a", "mount", True), User("b", "environment", True), User("c", "environment", False))
    restarting = "2. container b: restart (it reads the secret db when it starts), after 1"
    for restarts in (False, True):
        observed = Observed(secret(OTHER), found)
        planned = plan(Options("db", data=OURS, restarts=restarts), observed, NEW)
        assert str(planned).splitlines() == ["1. secret db: recreate (data differs)"] + [restarting] * restarts
        told = task_result(planned, observed.secret, found)["containers"]
        assert [one["needs"] for one in told] == ["recreation", "nothing" if restarts else "restart", "nothing"]
    gone = plan(Options("db", state="absent"), Observed(secret(), found), NEW)
    assert "without it: b, c." in gone.warnings[0] and [step.action for step in gone.steps] == ["remove"]
    assert plan(Options("db", state="absent"), Observed(secret(), found[:1]), NEW).warnings == ()


@pytest.mark.parametrize("name", ["_a", "a.", "a-", "a b", "x" * 65])
def test_a_name_that_this_podman_has_not(name: str) -> None:
    with pytest.raises(InvalidOption, match=r"no secret of Podman 4\.3\.1 can have this name"):
        plan(Options(name, data=OURS), Observed(), OLD)
    assert plan(Options(name, data=OURS), Observed(), NEW).changed
