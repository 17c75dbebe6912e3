# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jump chains through Ansible, from each place where they may stand: hosts.json, ssh_config, arguments."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jump_way import LONGEST, Hop, Way
from lab_hosts import Lab

pytestmark = pytest.mark.pairs("both")


def entry(hop: Hop, **more: Any) -> dict[str, Any]:
    return {"hostname": hop.address, "user": hop.user, "port": hop.port, "identity_file": hop.key, **more}


def by_names(way: Way, count: int) -> dict[str, Any]:
    """Each hop an entry, with the one before it as its jump host; 'behind' names the last one only."""
    hops = way.chain(count)
    named = {
        f"hop{number}": entry(hop, jump_host=f"hop{number - 1}" if number > 1 else None)
        for number, hop in enumerate(hops, 1)
    }
    return {**named, "behind": entry(way.target, jump_host=f"hop{count}")}


@pytest.fixture
def run(cold_lab: Lab, made_way: Way, tmp_path: Path) -> Any:
    """Runs a module on 'behind' of a hosts.json with these entries; nothing is known of any host key."""
    made_way.forget_log()

    def go(hosts: dict[str, Any], module: str, args: dict[str, Any] | None = None, **variables: Any) -> dict[str, Any]:
        (tmp_path / "hosts.json").write_text(json.dumps({"hosts": hosts}))
        env = {"ANSIBLE_SSH_EXTRA_ARGS": f"-o UserKnownHostsFile={tmp_path}/known_hosts", "ANSIBLE_TIMEOUT": "20"}
        given = ["-e", json.dumps(variables)] if variables else []
        inventory = str(tmp_path / "hosts.json")
        return cold_lab.module("behind", module, args, *given, env=env, inventory=inventory)["behind"]

    return go


def test_ten_names_of_other_entries(run: Any, made_way: Way) -> None:
    result = run(by_names(made_way, LONGEST), "remote_engine_info")
    assert result["_status"] == "SUCCESS", result
    assert [made_way.logins(hop) for hop in [*made_way.hops, made_way.target]] == [1] * (LONGEST + 1)


def test_a_container_behind_two_hops_and_one_login_for_all_tasks(run: Any, made_way: Way) -> None:
    options = {"name": "jump-web", "image": "localhost/busybox:latest", "command": "sleep 600"}
    try:
        for status in ("CHANGED", "SUCCESS"):
            result = run(by_names(made_way, 2), "remote_container", options)
            assert result["_status"] == status, result
    finally:
        run(by_names(made_way, 2), "remote_container", {"name": "jump-web", "state": "absent"})
    assert [made_way.logins(hop) for hop in [*made_way.chain(2), made_way.target]] == [1, 1, 1]


def ssh_config(way: Way, count: int) -> str:
    """The same chain in ssh's own words; behind and the hops are aliases."""
    lines = []
    before = "none"
    for number, hop in enumerate([*way.chain(count), way.target], 1):
        alias = f"hop{number}" if number <= count else "behind"
        lines += [f"Host {alias}", f"  HostName {hop.address}", f"  Port {hop.port}", f"  User {hop.user}"]
        lines += [f"  IdentityFile {hop.key}", f"  ProxyJump {before}"]
        before = alias
    return "\n".join(lines)


def test_proxyjump_of_an_ssh_config(run: Any, made_way: Way, tmp_path: Path) -> None:
    config = tmp_path / "ssh_config"
    config.write_text(f"Include {tmp_path}/conf.d/*.conf\n")
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "conf.d" / "fleet.conf").write_text(ssh_config(made_way, 3))
    hosts = {"behind": {"hostname": "behind", "user": "root"}}
    result = run(hosts, "remote_engine_info", ansible_ssh_common_args=f"-F {config}")
    assert result["_status"] == "SUCCESS", result
    assert [made_way.logins(hop) for hop in [*made_way.chain(3), made_way.target]] == [1] * 4


def test_proxyjump_in_the_arguments_with_keys_from_the_variable(run: Any, made_way: Way) -> None:
    hops = made_way.chain(2)
    result = run(
        {"behind": entry(made_way.target)},
        "remote_engine_info",
        ansible_ssh_common_args=f"-F none -J {','.join(hop.place for hop in hops)}",
        sshfleet_jump_keys={hop.place: hop.key for hop in hops},
    )
    assert result["_status"] == "SUCCESS", result
    assert made_way.logins(hops[1]) == 1


def test_an_empty_jump_host_switches_that_of_ssh_config_off(run: Any, made_way: Way, tmp_path: Path) -> None:
    config = tmp_path / "ssh_config"
    config.write_text("Host !nosuch.invalid *\n  ProxyJump nosuch.invalid\n")
    open_host = made_way.lab.hosts["bookworm2"]
    off = {**{key: open_host[key] for key in ("hostname", "user", "identity_file")}, "jump_host": ""}
    result = run({"behind": off}, "remote_engine_info", ansible_ssh_args=f"-F {config}")
    assert result["_status"] == "SUCCESS", result
    kept = {key: value for key, value in off.items() if key != "jump_host"}
    result = run({"behind": kept}, "remote_engine_info", ansible_ssh_args=f"-F {config}")
    assert result["_status"] == "UNREACHABLE", result
    assert result["error"]["kind"] == "name"
    assert "jump host nosuch.invalid on the way to behind" in result["msg"]


def test_a_delegates_own_jump_hosts_and_keys_count(cold_lab: Lab, made_way: Way, tmp_path: Path) -> None:
    made_way.forget_log()
    (tmp_path / "hosts.json").write_text(json.dumps({"hosts": {**by_names(made_way, 2), "other": {"hostname": "x"}}}))
    task = {"sshfleet.containers.remote_engine_info": {}, "delegate_to": "behind"}
    env = {"ANSIBLE_SSH_EXTRA_ARGS": f"-o UserKnownHostsFile={tmp_path}/known_hosts"}
    plays = [{"hosts": "other", "gather_facts": False, "tasks": [task]}]
    done = cold_lab.playbook(plays, tmp_path, env=env, inventory=str(tmp_path / "hosts.json"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert made_way.logins(made_way.hops[1]) == 1


def test_a_variable_that_holds_no_keys_is_refused_by_name(run: Any, made_way: Way) -> None:
    result = run(by_names(made_way, 1), "remote_engine_info", sshfleet_jump_keys=["/key"])
    assert result["_status"] == "FAILED", result
    assert (result["error"]["kind"], result["error"]["option"]) == ("invalid_option", "sshfleet_jump_keys")


def test_two_hosts_behind_a_gate_whose_user_may_only_pass(cold_lab: Lab, made_way: Way, tmp_path: Path) -> None:
    """One is behind the other. Both, in every run and task, share one login at the gate; more than ten are refused."""
    made_way.forget_log()
    gate, second = made_way.chain(2)
    hosts = {
        "gate": entry(gate),
        "inner1": entry(made_way.target, jump_host="gate"),
        "middle": entry(second, jump_host="gate"),
        "inner2": entry(made_way.target, jump_host="middle"),
    }
    (tmp_path / "hosts.json").write_text(json.dumps({"hosts": hosts}))
    options = {"name": "behind-the-gate", "image": "localhost/busybox:latest", "command": "httpd -f -p 80"}

    def go(module: str, args: dict[str, Any] | None = None, *given: str) -> dict[str, dict[str, Any]]:
        env = {"ANSIBLE_SSH_EXTRA_ARGS": f"-o UserKnownHostsFile={tmp_path}/known_hosts", "ANSIBLE_TIMEOUT": "20"}
        inventory = str(tmp_path / "hosts.json")
        return cold_lab.module("inner1:inner2", module, args, *given, "-f", "1", env=env, inventory=inventory)

    cold_lab.ssh(gate.host, "usermod", "-s", "/usr/sbin/nologin", gate.user)
    try:
        made = go("remote_container", options)
        assert {one["_status"] for one in made.values()} == {"CHANGED", "SUCCESS"}, made  # both are one host
        found = go("remote_container_info", {"name": options["name"]})
        assert [[c["status"] for c in one["containers"]] for one in found.values()] == [["running"]] * 2
        assert made_way.logins(gate) == 1
        eleven = ",".join([gate.place] * 11)
        refused = go("remote_engine_info", None, "-e", json.dumps({"ansible_ssh_common_args": f"-J {eleven}"}))
        assert {one["error"]["kind"] for one in refused.values()} == {"invalid_option"}
        assert all("chain of 11 jump hosts" in one["msg"] for one in refused.values())
    finally:
        go("remote_container", {"name": options["name"], "state": "absent", "stop_timeout": 0})
        cold_lab.ssh(gate.host, "usermod", "-s", "/bin/sh", gate.user)
