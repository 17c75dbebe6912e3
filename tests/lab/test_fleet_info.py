# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_fleet_info on all hosts of the lab at once, both engines of each, and on hosts that can't be read."""

from __future__ import annotations

import json
import os
import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from checkout import CHECKOUT
from lab_hosts import Lab, parse_results

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.work.processes import LEAST

MODULE = "sshfleet.containers.remote_fleet_info"
IMAGE = "localhost/busybox:latest"
NAMES = {"name": ["fleet-*"], "every_engine": True}
HEALTH = ["--health-cmd", "true", "--health-interval", "1s"]
DROPPED = 2299  # a port of a host whose answers never come


@pytest.fixture(scope="module")
def fleet(session_lab: Lab) -> Iterator[Lab]:
    """On each engine one container that runs and is healthy, with a secret, and one that was only created."""
    secret = ["--label", "api_token=hunter22", "--label", "tier=web"]
    for host, engine in engines(session_lab):
        session_lab.ssh(host, engine, "rm", "-f", "fleet-up", "fleet-made", check=False)
        run = ["run", "-d", "--name", "fleet-up", "--stop-timeout", "0", *secret, *HEALTH, "-p", f"{port(engine)}:80"]
        session_lab.ssh(host, engine, *run, IMAGE, "sleep", "600")
        session_lab.ssh(host, engine, "create", "--name", "fleet-made", IMAGE, "sleep", "600")
    yield session_lab
    for host, engine in engines(session_lab):
        session_lab.ssh(host, engine, "rm", "-f", "fleet-up", "fleet-made")


def engines(lab: Lab) -> list[tuple[str, str]]:
    return [(host, engine) for host in lab.hosts for engine in ("podman", "docker")]


def port(engine: str) -> int:
    return {"podman": 8381, "docker": 8382}[engine]


def read(
    lab: Lab, pattern: str = "all", *options: str, inventory: str | None = None, **arguments: Any
) -> dict[str, Any]:
    """The one result of one run."""
    given = ["-a", json.dumps(arguments)] if arguments else []
    done = lab.run("ansible", pattern, "-m", MODULE, *given, *options, inventory=inventory)
    (result,) = parse_results(done.stdout, done.stderr).values()
    return {**result, "_warned": " ".join(done.stderr.split())}


def by_engine(told: Mapping[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(host["host"], one["engine"]["name"]): one for host in told["hosts"] for one in host["engines"]}


@pytest.mark.pairs("both")
def test_every_container_of_both_engines_of_every_host(fleet: Lab) -> None:
    told = read(fleet, **NAMES, health=["healthy", "none"])
    assert [host["host"] for host in told["hosts"]] == list(fleet.hosts), "in the order of the inventory"
    found = by_engine(told)
    assert list(found) == engines(fleet) and told["complete"] and not told["failed_hosts"]
    for (_host, engine), one in found.items():
        made, up = one["containers"]
        assert (made["name"], made["status"], made["health"]) == ("fleet-made", "created", None)
        assert (up["name"], up["status"], up["running"], up["health"]) == ("fleet-up", "running", True, "healthy")
        assert (up["image"], up["labels"]["tier"], up["labels"]["api_token"]) == (IMAGE, "web", "********")
        assert [end["host_port"] for end in up["ports"]["80/tcp"]] == [port(engine)] * len(up["ports"]["80/tcp"])
    assert "hunter22" not in json.dumps(told)
    totals = told["totals"]
    assert totals["hosts"] == {"all": 4, "reached": 4, "failed": 0}
    assert (totals["containers"]["all"], totals["containers"]["healthy"], totals["containers"]["created"]) == (16, 8, 8)
    assert {(one["host"], one["host_port"]) for one in totals["ports"]} == {
        (host, port(engine)) for host, engine in engines(fleet)
    }
    assert [image["image"] for image in totals["images"]] == [IMAGE]


def test_the_guides_playbook_shows_what_the_guide_says(fleet: Lab, tmp_path: Path) -> None:
    page = (CHECKOUT / "docs" / "docsite" / "rst" / "fleet.rst").read_text()
    playbook, shown = (
        textwrap.dedent(block) for block in re.findall(r"code-block:: .*\n\n((?:    .*\n|\n)+)", page)[:2]
    )
    (tmp_path / "guide.yml").write_text(playbook)
    done = fleet.playbook(tmp_path / "guide.yml", tmp_path)
    assert shown.strip() in done.stdout, done.stdout + done.stderr
    assert f"{IMAGE}: " in done.stdout


def test_what_was_listed_is_what_inspecting_says(fleet: Lab) -> None:
    """A container has the same values under the same keys, however it was read."""
    listed, inspected = read(fleet, **NAMES), read(fleet, **NAMES, inspect=True)
    for key, one in by_engine(listed).items():
        for short, whole in zip(one["containers"], by_engine(inspected)[key]["containers"], strict=True):
            same = ("id", "name", "image", "labels", "status", "running", "health", "ports")
            assert {name: short[name] for name in same} == {name: whole[name] for name in same}, key
            assert whole["restart_count"] == 0 and whole["command"] == ["sleep", "600"]


def test_all_that_can_be_read(fleet: Lab) -> None:
    everything = ["reach", "engine", "containers", "stats", "images", "volumes", "networks", "disk"]
    told = read(fleet, read=everything, every_engine=True, name=["fleet-up"], query="hosts[0].host")
    assert told["result"] == "bookworm1"
    for one in by_engine(told).values():
        assert one["containers"][0]["stats"]["read_at"]
        assert one["facts"]["storage_driver"] and "disk_usage" not in one["facts"]
        assert one["disk"]["images"]["count"] >= 1
        (image,) = [image for image in one["images"] if IMAGE in image["tags"]]
        assert image["containers"] >= 2 and image["size"] > 0
        assert {"bridge", "podman"} & {network["name"] for network in one["networks"]}
        assert isinstance(one["volumes"], list)


def test_hosts_of_a_pattern_or_a_batch_are_read_and_only_these(fleet: Lab, tmp_path: Path) -> None:
    assert [host["host"] for host in read(fleet, "trixie1", "-f", "1")["hosts"]] == ["trixie1"]
    assert [host["host"] for host in read(fleet, "all", "--limit", "forky1,bookworm2")["hosts"]] == [
        "bookworm2",
        "forky1",
    ]
    task = {MODULE: {"read": ["reach"]}, "register": "told"}
    shown = {
        "ansible.builtin.debug": {"msg": "batch {{ told.hosts | map(attribute='host') | join(' ') }}"},
        "run_once": True,
    }
    play = {"hosts": "bookworm1:bookworm2:trixie1", "gather_facts": False, "serial": 2, "tasks": [task, shown]}
    done = fleet.playbook([play], tmp_path)
    assert "batch bookworm1 bookworm2" in done.stdout and "batch trixie1" in done.stdout, done.stdout + done.stderr


@pytest.fixture
def troubled(cold_lab: Lab, tmp_path: Path) -> Iterator[str]:
    """An inventory with a host that answers, one whose port is closed, and one that never answers."""
    rule = ["INPUT", "-p", "tcp", "--dport", str(DROPPED), "-j", "DROP"]
    here = {
        "ansible_host": cold_lab.hosts["bookworm1"]["hostname"], "ansible_user": "root",
        "ansible_ssh_private_key_file": cold_lab.key,
        "ansible_ssh_common_args": f"-o UserKnownHostsFile={cold_lab.known_hosts}",
    }  # fmt: skip
    hosts = {
        "wrong": {**here, "sshfleet_engine_timeout": "soon"},
        "closed": {**here, "ansible_port": 2, "sshfleet_tunnel_retries": 1}, "works": here,
        "silent": {**here, "ansible_port": DROPPED, "ansible_timeout": 60},
    }  # fmt: skip
    inventory = tmp_path / "hosts.yml"  # JSON is YAML
    inventory.write_text(json.dumps({"all": {"hosts": hosts}}))
    cold_lab.ssh("bookworm1", "iptables", "-I", *rule)
    yield str(inventory)
    cold_lab.ssh("bookworm1", "iptables", "-D", *rule)


@pytest.mark.pairs("both")
@pytest.mark.provokes("too_late")
def test_hosts_that_fail_are_told_with_the_reason_and_cost_the_others_nothing(cold_lab: Lab, troubled: str) -> None:
    told = read(cold_lab, inventory=troubled, read=["reach"], timeout_all=15)
    assert [(host["host"], host["reached"], host["complete"]) for host in told["hosts"]] == [
        ("wrong", False, False), ("closed", False, False), ("works", True, True), ("silent", False, False),
    ]  # fmt: skip
    failed = {one["host"]: one for one in told["failed_hosts"]}
    assert {name: one["kind"] for name, one in failed.items()} == {
        "closed": "unreachable", "silent": "too_late", "wrong": "invalid_option",
    }  # fmt: skip
    assert "refused" in failed["closed"]["message"] and "timeout_all" in failed["silent"]["hint"]
    assert "sshfleet_engine_timeout" in failed["wrong"]["message"]
    assert not told["complete"] and told["totals"]["hosts"] == {"all": 4, "reached": 1, "failed": 3}
    assert told["_status"] == "SUCCESS" and "3 of 4 hosts could not" in told["_warned"]


@pytest.mark.pairs("both")
@pytest.mark.parametrize("strategy", ["linear", "sshfleet.containers.fleet"])
def test_many_hosts_are_read_by_several_processes(cold_lab: Lab, troubled: str, tmp_path: Path, strategy: str) -> None:
    """Seventy names of the same host, and those that fail, each told once and in order."""
    given = json.loads(Path(troubled).read_text())["all"]["hosts"]
    names = [f"name-{number:02}" for number in range(70)]
    hosts = {"wrong": given["wrong"], "closed": given["closed"], **dict.fromkeys(names, given["works"])}
    inventory = tmp_path / "many.yml"
    inventory.write_text(json.dumps({"all": {"hosts": hosts}}))
    env = {"ANSIBLE_STRATEGY": strategy}
    done = cold_lab.run("ansible", "all", "-v", "-m", MODULE, "-a", "read=reach", inventory=str(inventory), env=env)
    (told,) = parse_results(done.stdout, done.stderr).values()
    assert [(host["host"], host["reached"]) for host in told["hosts"]] == [
        ("wrong", False), ("closed", False), *((name, True) for name in names),
    ]  # fmt: skip
    assert [one["kind"] for one in told["failed_hosts"]] == ["invalid_option", "unreachable"]
    assert len(list(cold_lab.runtime.rglob("*.ctl"))) == 1, "of all processes, one has logged in"
    shown = done.stdout + done.stderr
    assert "72 of 72 hosts read, 2 of them not completely" in shown
    number = min(len(os.sched_getaffinity(0)), len(hosts) // LEAST)
    assert number == 1 or f"{number} processes read 72 hosts" in shown, shown


def test_it_fails_where_no_host_can_be_read_or_where_all_were_asked_for(cold_lab: Lab, troubled: str) -> None:
    for pattern, arguments in (("closed", {}), ("closed:works", {"require_complete": True})):
        told = read(cold_lab, pattern, inventory=troubled, read=["reach"], **arguments)
        assert told["_status"] == "FAILED" and "closed: " in told["msg"] and told["error"]["kind"] == "unreachable"
        assert len(told["hosts"]) == len(pattern.split(":"))


def test_connections_are_kept_or_not(cold_lab: Lab) -> None:
    def masters() -> int:
        return len(list(cold_lab.runtime.rglob("*.ctl")))

    read(cold_lab, keep=False, at_once=2)
    assert masters() == 0
    read(cold_lab, "bookworm1")
    read(cold_lab, keep=False)
    assert masters() == 1, "the one that was there stays"
    read(cold_lab)
    assert masters() == 4


def test_what_can_not_be_used_is_refused_before_any_host_is_asked(cold_lab: Lab) -> None:
    refused = read(cold_lab, at_once=0)
    assert refused["_status"] == "FAILED" and refused["error"]["option"] == "at_once"
    assert not list(cold_lab.runtime.rglob("*.ctl"))
