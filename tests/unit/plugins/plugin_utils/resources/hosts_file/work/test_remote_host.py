# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Processes that write one hosts.json beside each other, or are killed while they do; and when a host is tried.

Ansible's side of a task is a stand-in here; tests/lab/test_remote_host.py has the real one.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import re
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import HostsFileError, SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.read import load_hosts
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.hosts_file.options import ARGUMENT_SPEC
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.hosts_file.work.remote_host import MODULE
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.module import Task
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.runner import Runner


class Stand:
    """A task as far as the module asks it. ``reach`` is kept as (name, variables, groups)."""

    def __init__(self, *, check_mode: bool = False, on_reach: Callable[[], None] = lambda: None) -> None:
        self.check_mode = check_mode
        self.reached: list[tuple[str, Mapping[str, Any], Sequence[str]]] = []
        self._on_reach = on_reach

    def beside_playbook(self, path: str) -> str:
        return path

    def runner_here(self) -> Runner:
        return Runner(None, lambda _line: None)

    def reach(self, name: str, variables: Mapping[str, Any], groups: Sequence[str]) -> None:
        self.reached.append((name, variables, groups))
        self._on_reach()


def done(path: Path, stand: Stand | None = None, **given: Any) -> dict[str, Any]:
    defaults = {name: rule.get("default") for name, rule in ARGUMENT_SPEC.items()}
    task = cast(Task, stand or Stand())
    assert MODULE.perform_here is not None
    return MODULE.perform_here(task, MODULE.prepare(task, {**defaults, "path": str(path), **given}))


def forked(work: Callable[[], object]) -> int:
    """The ID of a process that does this; its exit code is 0 where that works."""
    if process := os.fork():
        return process
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


def test_twenty_who_write_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "hosts.json"

    def add(writer: int) -> None:
        for number in range(5):
            done(path, name=f"web{writer}-{number}", hostname="192.0.2.1", verify=False)

    writers = [forked(lambda writer=writer: add(writer)) for writer in range(20)]  # type: ignore[misc]
    assert [os.waitstatus_to_exitcode(os.waitpid(one, 0)[1]) for one in writers] == [0] * 20
    names = {entry.name for entry in load_hosts(str(path)).hosts}
    assert names == {f"web{writer}-{number}" for writer in range(20) for number in range(5)}
    assert {one.name for one in tmp_path.iterdir()} == {"hosts.json", "hosts.json.bak"}


@pytest.mark.fault("The writer of a hosts.json is killed")
def test_two_hundred_kills_leave_a_whole_file_with_all_that_was_told(tmp_path: Path) -> None:
    path = tmp_path / "hosts.json"
    done(path, name="web1", hostname="192.0.2.1", description="0" * 2000, verify=False)
    chance = random.Random(1)  # noqa: S311

    def write(told: int) -> None:
        for number in itertools.count(int(load_hosts(str(path)).hosts[0].description or 0) + 1):
            done(path, name="web1", description=f"{number:02000}", verify=False)
            os.write(told, f"{number}\n".encode())

    within = 0
    for _time in range(200):
        reading, writing = os.pipe()
        process = forked(lambda writing=writing: write(writing))  # type: ignore[misc]
        os.close(writing)
        time.sleep(chance.uniform(0, 0.02))
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        with os.fdopen(reading) as told:
            numbers = told.read().split()
        (entry,) = load_hosts(str(path)).hosts
        assert int(entry.description or 0) >= int(numbers[-1] if numbers else 0)
        within += len(list(tmp_path.iterdir())) > 2
    assert within, "none of them was killed while it wrote"
    done(path, name="web1", description="done", verify=False)
    assert {one.name for one in tmp_path.iterdir()} == {"hosts.json", "hosts.json.bak"}


def test_the_same_again_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "hosts.json"
    first = done(path, name="web1", hostname="192.0.2.1", port="22", groups=["web"], default=True)
    facts = path.stat()
    again = done(path, name="web1", hostname="192.0.2.1", port="22", groups=["web"], default=True)
    assert first["changed"] and not again["changed"] and again["host"] == first["host"]
    assert again["diff"]["before"] == again["diff"]["after"] == path.read_text()
    assert path.stat() == facts and [one.name for one in tmp_path.iterdir()] == ["hosts.json"]


def test_a_host_is_tried_as_the_inventory_would_have_it(tmp_path: Path) -> None:
    path = tmp_path / "hosts.json"
    path.write_text(json.dumps({"hosts": {"gate": {"hostname": "192.0.2.1", "user": "ops", "identity_file": "k"}}}))
    stand = Stand()
    wanted = {"name": "db1", "hostname": "192.0.2.2", "user": "u", "jump_host": "gate", "groups": ["db"]}
    done(path, stand, **wanted, default=True, identity_file="keys/id")
    ((name, variables, groups),) = stand.reached
    assert (name, groups) == ("db1", ("db", "default_host"))
    assert variables == {
        "ansible_host": "192.0.2.2", "ansible_user": "u", "ansible_ssh_private_key_file": f"{tmp_path}/keys/id",
        "ansible_ssh_common_args": "-o ProxyJump=ops@192.0.2.1",
        "sshfleet_jump_keys": {"ops@192.0.2.1": f"{tmp_path}/k"},
    }  # fmt: skip
    for more in ({"groups": ["db", "new"]}, {"description": "x"}, {"default": False}, {"verify": False, "port": "23"}):
        done(path, stand, name="db1", **more)
    done(path, stand, name="db1", state="absent")
    assert len(stand.reached) == 1, "nothing about reaching it was changed, or it was not wanted"


def test_what_can_not_be_reached_is_not_written(tmp_path: Path) -> None:
    def refuse() -> None:
        raise SshError("unreachable", "web1 can't be reached.", "Look there.")

    path = tmp_path / "hosts.json"
    with pytest.raises(SshError) as caught:
        done(path, Stand(on_reach=refuse), name="web1", hostname="192.0.2.1")
    assert not caught.value.unreachable, "the task's own host is another one"
    assert re.fullmatch(r"Nothing was written.*verify.*\. Look there\.", caught.value.hint)
    assert list(tmp_path.iterdir()) == []


def test_a_way_that_somebody_changes_meanwhile_is_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "hosts.json"
    done(path, name="gate", hostname="192.0.2.1", verify=False)
    places = iter(["192.0.2.9"])

    def change() -> None:
        if (place := next(places, None)) is not None:
            done(path, name="gate", hostname=place, verify=False)

    stand = Stand(on_reach=change)
    done(path, stand, name="db1", hostname="192.0.2.2", jump_host="gate")
    ways = [variables["ansible_ssh_common_args"] for _name, variables, _groups in stand.reached]
    assert ways == ["-o ProxyJump=192.0.2.1", "-o ProxyJump=192.0.2.9"]
    assert [entry.hostname for entry in load_hosts(str(path)).hosts] == ["192.0.2.9", "192.0.2.2"]


def test_check_mode_writes_nothing_tries_nothing_and_says_so(tmp_path: Path) -> None:
    path, stand = tmp_path / "hosts.json", Stand(check_mode=True)
    told = done(path, stand, name="web1", hostname="192.0.2.1")
    assert told["changed"] and told["host"]["hostname"] == "192.0.2.1" and told["backup_file"] is None
    assert told["diff"]["before"] == "" and '"web1"' in told["diff"]["after"]
    assert len(told["warnings"]) == 1 and "web1 can be reached" in told["warnings"][0]
    assert "warnings" not in done(path, stand, name="web1", hostname="192.0.2.1", verify=False)
    missing = done(path, stand, name="web9", port="22")
    assert missing["skipped"] and "web9" in missing["warnings"][0]
    assert stand.reached == [] and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ['{"hosts": {"a": {}}}', "not JSON"])
def test_a_file_that_is_wrong_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    path, stand = tmp_path / "hosts.json", Stand()
    path.write_text(text)
    with pytest.raises(HostsFileError):
        done(path, stand, name="web1", hostname="192.0.2.1")
    assert path.read_text() == text and stand.reached == []
