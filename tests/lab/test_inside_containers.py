# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Through Ansible: exec, logs, copy, info and events, with check mode and diff, forwarded and dialed through sudo."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from engine_cases import ENGINES, IMAGE, MAKE_IMAGE
from lab_hosts import Lab
from lab_users import lab_user
from tasks import through_ansible

NAME = "inside-test"
USER = "sfinside"


@pytest.fixture(scope="module")
def images(session_lab: Lab) -> None:
    for host in {host for host, _engine in ENGINES}:
        session_lab.ssh(host, "sh", "-s", input=MAKE_IMAGE)


RUN = ["-d", "--name", NAME, "-e", "DB_PASSWORD=hunter2", "--stop-timeout", "0", IMAGE, "sh", "-c"]
SCRIPT = "'echo begun; mkdir -p /srv; exec sleep 600'"


@contextmanager
def container(lab: Lab, host: str, engine: str) -> Iterator[None]:
    lab.ssh(host, engine, "rm", "-f", NAME, check=False)
    lab.ssh(host, engine, "run", *RUN, SCRIPT)
    try:
        yield
    finally:
        lab.ssh(host, engine, "rm", "-f", NAME, check=False)


def tasks(_engine: str) -> list[dict[str, Any]]:
    base = {"container": NAME}
    fails = {"ignore_errors": True}
    copy = {"remote_container_copy": {**base, "content": "red\n", "mode": "0640",
                                      "container_path": "/srv/conf"}, "diff": True}  # fmt: skip
    return [
        {"remote_container_exec": {**base, "argv": ["cat"], "stdin": "x" * 100_000}},
        {"remote_container_exec": {**base, "command": "sh -c 'echo out; echo err >&2; exit 3'"}},
        {"remote_container_exec": {**base, "command": "test -e /x"}, "failed_when": "r2 is not defined or r2.rc == 1",
         **fails},
        {"remote_container_exec": {**base, "command": "sleep 60", "timeout": 0.5}, **fails},
        {"remote_container_exec": {**base, "command": "touch /never"}, "check_mode": True},
        {"remote_container_exec": {**base, "command": "env", "env": {"MY_TOKEN": "s3cret-value"}}},
        {"remote_container_logs": base},
        {"remote_container_copy": {**copy["remote_container_copy"], "container": "inside-nobody"}, "check_mode": True},
        {**copy, "check_mode": True},
        copy,
        copy,
        {"remote_container_info": {"name": NAME, "stats": True, "top": True, "changes": True,
                                   "query": "containers[].[name, top[0].command]"}},
        {"remote_events": {"names": [NAME], "actions": ["start"]}},
    ]  # fmt: skip


def verify(results: list[dict[str, Any]]) -> None:
    fed, three, missing, late, skipped, env, log, nobody, said, done, again, info, happened = results
    assert fed["stdout"] == "x" * 100_000 and fed["changed"] and not fed["failed"]
    assert (three["rc"], three["stdout"], three["stderr"], three["failed"]) == (3, "out", "err", False)
    assert missing["rc"] == 1 and missing["failed"]
    assert late["failed"] and late["error"]["kind"] == "timeout" and "was ended with" in late["msg"]
    assert skipped["skipped"] and not skipped["changed"]
    assert "s3cret-value" not in json.dumps(env) and "MY_TOKEN" in env["stdout"]
    assert log["lines"] == ["begun"] and log["running"]
    assert nobody["skipped"] and not nobody["changed"] and "no container inside-nobody" in nobody["msg"]
    assert said["changed"] and said["actions"] == done["actions"] and said["diff"] == done["diff"]
    assert done["diff"]["after"] == "red\n" and done["atomic"] and not again["changed"]
    (one,) = info["containers"]
    assert one["stats"]["pids"] == 1 and info["result"] == [[NAME, "sleep 600"]]
    assert "/srv" in [change["path"] for change in one["changes"]]
    assert happened["events"][-1]["action"] == "start"


def inside(lab: Lab, directory: Path, *options: str, engines: Sequence[tuple[str, str]] = tuple(ENGINES)) -> None:
    with ExitStack() as stack:
        for host, engine in engines:
            stack.enter_context(container(lab, host, engine))
        told = through_ansible(lab, directory, tasks, *options, engines=engines)
        for results in told.results.values():
            verify(results)


@pytest.mark.pairs("both")
@pytest.mark.usefixtures("images")
def test_inside(lab: Lab, tmp_path: Path) -> None:
    inside(lab, tmp_path)


@pytest.fixture(scope="module")
def user(session_lab: Lab) -> Iterator[str]:
    with lab_user(session_lab, "bookworm1", USER, f"{USER} ALL=(root) NOPASSWD: ALL") as name:
        yield name


@pytest.mark.usefixtures("images")
def test_inside_dialed_through_sudo(lab: Lab, user: str, tmp_path: Path) -> None:
    """The login user may not signal anything: the one that it becomes ends what is late."""
    engines = [one for one in ENGINES if one[0] == "bookworm1"]
    inside(lab, tmp_path, "-b", "-e", f"ansible_user={user}", engines=engines)
