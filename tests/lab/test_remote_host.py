# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_host through Ansible: a host of the lab is written down once it is reached, and the file is an inventory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lab_hosts import Lab
from tasks import run_tasks

pytestmark = pytest.mark.pairs("both")
HOST = "trixie1"


def entry(lab: Lab, **more: Any) -> dict[str, Any]:
    host = lab.hosts[HOST]
    return {"name": "web3", "user": host["user"], "hostname": host["hostname"], "identity_file": lab.key, **more}


def test_a_host_is_written_once_it_is_reached_and_used_then(lab: Lab, tmp_path: Path) -> None:
    path, trail = tmp_path / "fleet" / "hosts.json", tmp_path / "trail"
    path.parent.mkdir()
    trail.touch(0o600)
    wanted = {"path": "fleet/hosts.json", **entry(lab), "groups": ["web", "fresh"], "default": True}
    changes: list[dict[str, Any]] = [
        {**wanted, "port": 23},
        {**wanted, "hostname": "192.0.2.1", "jump_host": "nobody@lab.invalid"},
        wanted,
        wanted,
        {"path": "fleet/hosts.json", "name": "web3", "port": 23},
        {"path": "fleet/hosts.json", "name": "web3", "user": "-oX"},
        {"path": "fleet/hosts.json", "name": "web3", "description": "new", "default": False},
    ]
    tasks: list[dict[str, Any]] = [{"remote_host": {**one, "audit": str(trail)}} for one in changes]
    tasks.append({"remote_host_info": {"path": "fleet/hosts.json", "group": "fresh", "query": "hosts[].name"}})
    masters_before = set(lab.runtime.rglob("*.ctl"))
    results = run_tasks(lab, "localhost", tasks, tmp_path, "--diff")
    closed, behind, added, again, moved, refused, changed, read = results

    assert closed["failed"] and closed["error"]["kind"] == "unreachable" and "unreachable" not in closed
    assert "port 23" in closed["msg"] and "Nothing was written; with verify set to false" in closed["error"]["hint"]
    assert behind["failed"] and behind["error"]["kind"] == "name" and "lab.invalid" in behind["msg"]
    assert added["changed"] and added["path"] == str(path) and added["backup_file"] is None
    assert added["diff"]["before"] == "" and added["default_host"] == "web3", "the first file there ever was"
    assert not again["changed"] and again["host"] == added["host"]
    assert moved["failed"] and moved["error"]["kind"] == "unreachable"
    assert refused["error"]["option"] == "user" and refused["error"]["kind"] == "invalid_option"
    assert changed["changed"] and changed["default_host"] is None
    assert Path(changed["backup_file"]).read_text() == added["diff"]["after"]
    assert read["result"] == ["web3"] and read["hosts"][0] == {**changed["host"], "jump_chain": []}

    document = json.loads(path.read_text())
    assert document["hosts"] == {
        "web3": {
            "hostname": lab.hosts[HOST]["hostname"], "user": "root", "identity_file": lab.key,
            "groups": ["web", "fresh"], "description": "new",
        }
    }  # fmt: skip
    lines = [json.loads(line) for line in trail.read_text().splitlines()]
    told = [(line["event"], line["module"], line["kind"], line["name"], line["step"]) for line in lines]
    assert told == [
        (event, "remote_host", "path", str(path), step)
        for step in ("add web3", "change web3") for event in ("intent", "outcome")
    ]  # fmt: skip
    assert masters_before.issuperset(lab.runtime.rglob("*.ctl")), "the connections that were tried are closed again"

    known = {"ANSIBLE_SSH_COMMON_ARGS": f"-o UserKnownHostsFile={lab.known_hosts} -o StrictHostKeyChecking=yes"}
    used = lab.module("fresh", "sshfleet.containers.remote_engine_info", inventory=str(path), env=known)
    assert used["web3"]["_status"] == "SUCCESS" and used["web3"]["engine"]["name"] == "podman"


def test_ad_hoc_in_check_mode(lab: Lab, tmp_path: Path) -> None:
    path = tmp_path / "hosts.json"
    told = lab.module("localhost", "remote_host", {"path": str(path), **entry(lab, port=23)}, "--check", "--diff")
    result = told["localhost"]
    assert result["changed"] and result["host"]["port"] == 23 and not path.exists()
