# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""fleet_containers on the lab: containers of both engines as hosts, what is told of them, and what is refused."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import guides
import pytest
import yaml
from checkout import CHECKOUT
from lab_hosts import Lab

pytestmark = pytest.mark.pairs("both")

PLUGIN = "sshfleet.containers.fleet_containers"
IMAGE = "localhost/busybox:latest"
HOSTS = ("bookworm1", "trixie1")
ENGINES = [(host, engine) for host in HOSTS for engine in ("podman", "docker")]
SECRET = "hunter22"
# What somebody who may start a container could try with those who read it.
TEMPLATE = "{{ lookup('ansible.builtin.pipe', 'touch /tmp/sshfleet-trace') }}"
LABELS = {
    "tier": "web", "api_token": SECRET, "evil": TEMPLATE,
    "com.docker.compose.project": "shop", "com.docker.compose.service": "api",
}  # fmt: skip
MINE = {"name": ["shop-*"], "hosts": list(HOSTS)}

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def containers(session_lab: Lab) -> Iterator[Lab]:
    """On each engine of two hosts one container that runs, with secrets, and one that was only created."""
    command = ["sh", "-c", f"'sleep 900; : --password={SECRET}'"]
    labels = " ".join(f'--label "{name}={value}"' for name, value in LABELS.items())
    for host, engine in ENGINES:
        again = f"{engine} rm -f shop-api shop-off >/dev/null 2>&1; {engine}"
        run = f"{again} run -d --stop-timeout 0 --name shop-api {labels} -p 8391 {IMAGE} {' '.join(command)}"
        create = f"{engine} create --name shop-off {IMAGE} true"
        session_lab.ssh(
            host, f"{run} && {create}" if engine == "podman" else f"{run.replace('8391', '8392')} && {create}"
        )
    yield session_lab
    for host, engine in ENGINES:
        session_lab.ssh(host, engine, "rm", "-f", "shop-api", "shop-off")


@pytest.fixture
def run(containers: Lab, tmp_path: Path) -> Run:
    """Runs one of Ansible's programs with the lab's hosts, other sources, and one of ours with these options."""

    def with_sources(
        *argv: str, before: dict[str, Any] | None = None, tool: str = "ansible-inventory", **options: Any
    ) -> subprocess.CompletedProcess[str]:
        sources = []
        if before is not None:
            sources.append(tmp_path / "before.yml")
            sources[-1].write_text(json.dumps(before))
        sources.append(tmp_path / "a.fleet_containers.yml")
        sources[-1].write_text(json.dumps({"plugin": PLUGIN, **MINE, **options}))
        return containers.run(tool, *(word for source in sources for word in ("-i", str(source))), *argv)

    return with_sources


def listed(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def found_hosts(done: subprocess.CompletedProcess[str]) -> set[str]:
    return {name for name in listed(done)["_meta"]["hostvars"] if "@" in name}


def said(done: subprocess.CompletedProcess[str]) -> str:
    return " ".join(done.stderr.split())


def test_every_container_of_both_engines_of_every_host_is_a_host(run: Run, containers: Lab) -> None:
    done = run("--list", every_engine=True, state=[], group_by_labels=["tier", "api_token"])
    inventory = listed(done)
    names = {f"{name}@{engine}@{host}" for name in ("shop-api", "shop-off") for host, engine in ENGINES}
    variables = {name: found for name, found in inventory["_meta"]["hostvars"].items() if "@" in name}
    assert set(variables) == names == set(inventory["fleet_containers"]["hosts"]) and done.stderr == ""
    running = {name for name in names if name.startswith("shop-api@")}
    for group, expected in {
        "container_state_running": running, "container_state_created": names - running,
        "container_project_shop": running, "container_service_api": running,
        "container_label_tier_web": running, "container_label_api_token": running,
        "container_image_localhost_busybox_latest": names, "container_health_none": names,
        **{f"container_host_{host}": {name for name in names if name.endswith(f"@{host}")} for host in HOSTS},
        **{f"container_engine_{one}": {name for name in names if f"@{one}@" in name} for one in ("podman", "docker")},
    }.items():  # fmt: skip
        assert set(inventory[group]["hosts"]) == expected, group
    told = containers.module(
        ":".join(HOSTS), "sshfleet.containers.remote_fleet_info", {"every_engine": True, "name": ["shop-*"]}
    )
    (fleet,) = told.values()
    for host in fleet["hosts"]:
        for engine in host["engines"]:
            for entry in engine["containers"]:
                mine = variables[f"{entry['name']}@{engine['engine']['name']}@{host['host']}"]
                assert mine["sshfleet_container"] == entry["name"]
                assert (mine["sshfleet_container_host"], mine["sshfleet_container_engine"]) == (
                    host["host"], engine["engine"]["name"],
                )  # fmt: skip
                assert mine["ansible_connection"] == "sshfleet.containers.container"
                evil = {**entry["labels"], "evil": {"__ansible_unsafe": TEMPLATE}} if entry["labels"] else {}
                info = mine["sshfleet_container_info"]
                assert info["labels"] == evil and info["engine"] == engine["engine"]
                same = (
                    "id",
                    "name",
                    "image",
                    "image_id",
                    "status",
                    "running",
                    "health",
                    "ports",
                    "created_at",
                    "networks",
                )
                assert {key: info[key] for key in same} == {key: entry[key] for key in same}
    own = ("ansible_host", "ansible_user", "ansible_port", "ansible_ssh_private_key_file", "ansible_become")
    assert not any(name in found for found in variables.values() for name in own), "of the host nothing is copied"
    assert SECRET not in done.stdout and "--password=********" in done.stdout


def test_a_task_runs_in_every_container_that_was_found(run: Run) -> None:
    itself = "test $(hostname) = {{ sshfleet_container_info.id[:12] }}"
    done = run("fleet_containers", "-m", "raw", "-a", itself, tool="ansible", every_engine=True)
    where = re.findall(r"^(\S+) \| CHANGED \| rc=0 >>$", done.stdout, re.MULTILINE)
    assert sorted(where) == sorted(f"shop-api@{engine}@{host}" for host, engine in ENGINES), done.stdout + done.stderr


def test_names_are_used_in_patterns_and_limits_and_nothing_is_run(run: Run, containers: Lab, tmp_path: Path) -> None:
    patterns = {
        "shop-api@*": ["shop-api@bookworm1", "shop-api@trixie1"],
        "*@trixie1": ["shop-api@trixie1"],
        "shop-api@trixie1": ["shop-api@trixie1"],
        "container_project_shop:!container_host_trixie1": ["shop-api@bookworm1"],
        "bookworm1,shop-api@bookworm1": ["bookworm1", "shop-api@bookworm1"],
        "all:!fleet_containers": list(containers.hosts),
    }
    here = {"delegate_to": "localhost"}  # what a connection into the container does is tested elsewhere
    say = {"ansible.builtin.debug": {"msg": "{{ ansible_play_hosts_all | join(' ') }}"}, "run_once": True, **here}
    plays = [{"hosts": pattern, "gather_facts": False, "tasks": [say]} for pattern in patterns]
    copied = {
        "ansible.builtin.debug": {"msg": "evil {{ copied == 'x ' ~ sshfleet_container_info.labels.evil }}"},
        **here,
    }
    plays.append({"hosts": "fleet_containers", "gather_facts": False, "tasks": [copied]})
    (tmp_path / "play.yml").write_text(json.dumps(plays))
    compose = {"copied": "'x ' ~ sshfleet_container_info.labels.evil"}
    trace = Path("/tmp/sshfleet-trace")
    trace.unlink(missing_ok=True)
    done = run("--check", str(tmp_path / "play.yml"), tool="ansible-playbook", compose=compose, strict=True)
    assert done.returncode == 0, done.stdout + done.stderr
    told = re.findall(r'"msg": "(.*)"', done.stdout)
    assert [hosts.split() for hosts in told[: len(patterns)]] == list(patterns.values())
    assert told[len(patterns) :] == ["evil True"] * 2 and not trace.exists()
    limited = run("--list-hosts", "all", "--limit", "*@bookworm1", tool="ansible")
    assert limited.stdout.split()[-1] == "shop-api@bookworm1"


def test_a_host_that_can_not_be_read_is_told_and_in_a_group_of_its_own(run: Run, containers: Lab) -> None:
    closed = {
        "ansible_host": containers.hosts["bookworm1"]["hostname"],
        "ansible_port": 2,
        "sshfleet_tunnel_retries": 1,
    }
    before = {"all": {"hosts": {"closed": closed, "here": {"ansible_connection": "local"}}}}
    hosts = ["bookworm1", "closed", "here"]
    done = run("--list", before=before, hosts=hosts)
    inventory = listed(done)
    assert set(inventory["fleet_containers_unread"]["hosts"]) == {"closed", "here"}
    assert inventory["_meta"]["hostvars"]["closed"]["ansible_port"] == 2
    assert inventory["fleet_containers"]["hosts"] == ["shop-api@bookworm1"]
    assert "[WARNING]: 2 of 3 hosts could not be read completely" in said(done)
    assert "closed (unreachable): " in said(done) and "here (connection): " in said(done)
    ignored = run("--list", before=before, hosts=hosts, unread_hosts="ignore")
    assert {**listed(ignored), "_meta": None} == {**inventory, "_meta": None} and ignored.stderr == ""
    failed = run("--list", before=before, hosts=hosts, unread_hosts="fail")
    assert (failed.returncode, failed.stdout) == (1, "") and "closed (unreachable): " in said(failed)


def test_a_name_or_a_group_that_is_taken_ends_the_run_and_both_are_named(run: Run) -> None:
    taken = run("--list", before={"all": {"hosts": {"shop-api@trixie1": {}}}})
    assert (taken.returncode, taken.stdout) == (1, "")
    assert "shop-api@trixie1 is the container shop-api of trixie1 (podman), and also the name of a host" in said(taken)
    mixed = {"container_state_running": {"hosts": {"other": {}}}}
    refused = run("--list", before=mixed)
    assert refused.returncode == 1 and "container_state_running" in said(refused) and "the host other" in said(refused)
    assert "container_state_running" in listed(run("--list", before=mixed, group_prefix="c_"))


def test_a_second_source_adds_to_the_first(run: Run, containers: Lab, tmp_path: Path) -> None:
    second = tmp_path / "b.fleet_containers.yml"
    second.write_text(json.dumps({"plugin": PLUGIN, **MINE, "hosts": ["all", "!bookworm2", "!forky1"], "state": []}))
    done = run("-i", str(second), "--list")
    assert found_hosts(done) == {f"{name}@{host}" for name in ("shop-api", "shop-off") for host in HOSTS}
    assert done.stderr == "", "containers are no hosts to be read"


def test_what_was_read_is_cached_but_for_hosts_that_were_not(run: Run, containers: Lab, tmp_path: Path) -> None:
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    before = {"all": {"hosts": {"later": {"ansible_host": "", "ansible_connection": "local"}}}}
    options = {**cache, "name": ["shop-*", "fresh"], "hosts": [*HOSTS, "later"]}
    first = run("--list", before=before, **options)
    assert found_hosts(first) == {f"shop-api@{host}" for host in HOSTS}
    (kept,) = (tmp_path / "cache").iterdir()
    assert SECRET not in kept.read_text() and "trixie1" in kept.read_text()
    containers.ssh("trixie1", "podman", "run", "-d", "--rm", "--name", "fresh", IMAGE, "sleep", "900")
    try:
        entry = containers.hosts["trixie1"]
        reached = {
            "ansible_host": entry["hostname"], "ansible_user": "root", "ansible_ssh_private_key_file": containers.key,
            "ansible_ssh_common_args": f"-o UserKnownHostsFile={containers.known_hosts}",
        }  # fmt: skip
        second = run("--list", before={"all": {"hosts": {"later": reached}}}, **options)
        cached = {f"shop-api@{host}" for host in HOSTS}
        assert found_hosts(second) == cached | {"shop-api@later", "fresh@later"}
        assert found_hosts(run("--list", "--flush-cache", before=before, **options)) == cached | {"fresh@trixie1"}
    finally:
        containers.ssh("trixie1", "podman", "rm", "-f", "-t", "0", "fresh")


def test_an_expression_that_fails_ends_the_run_only_where_that_is_wanted(run: Run) -> None:
    wrong = {"compose": {"x": "no_such.thing"}}
    keyed = [{"key": "sshfleet_container_info.labels.tier", "prefix": "tier"}]
    assert set(listed(run("--list", **wrong, keyed_groups=keyed))["tier_web"]["hosts"]) == {
        f"shop-api@{host}" for host in HOSTS
    }
    strict = run("--list", **wrong, strict=True)
    assert (strict.returncode, strict.stdout) == (1, "") and "Could not set x for host shop-api@" in said(strict)


def test_the_guides_sources_show_what_the_guide_says(containers: Lab, tmp_path: Path) -> None:
    outputs = {}
    for name, text in guides.files("fleet_containers").items():
        path = tmp_path / name
        path.write_text(text.replace("~/.ansible", str(tmp_path)))
        done = containers.run("ansible-inventory", "-i", str(path), "--graph", "fleet_containers")
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        outputs[name] = done.stdout
    (shown,) = guides.blocks("fleet_containers", "text")
    assert outputs["shop.fleet_containers.yml"].strip() == shown.strip()
    assert "@published:" in listed_groups(containers, tmp_path / "published.fleet_containers.yml")


def listed_groups(lab: Lab, source: Path) -> str:
    return lab.run("ansible-inventory", "-i", str(source), "--graph").stdout


def test_the_plugins_examples_run(containers: Lab, tmp_path: Path) -> None:
    text = (CHECKOUT / "plugins" / "inventory" / "fleet_containers.py").read_text()
    examples = list(yaml.safe_load_all(text.partition('EXAMPLES = r"""')[2].partition('"""')[0]))
    for number, example in enumerate(examples):
        if "cache_connection" in example:
            example["cache_connection"] = str(tmp_path / "cache")
        path = tmp_path / f"{number}.fleet_containers.yml"
        path.write_text(json.dumps(example))
        done = containers.run("ansible-inventory", "-i", str(path), "--list")
        assert (done.returncode, done.stderr) == (0, ""), f"{example}: {done.stderr}"
    assert len(examples) == 4


def test_the_documentation_renders(lab: Lab) -> None:
    argv = [str(Path(sys.executable).with_name("ansible-doc")), "-t", "inventory", PLUGIN]
    done = subprocess.run(argv, cwd=CHECKOUT, env=lab.environment(), capture_output=True, text=True, check=False)
    assert "unread_hosts" in done.stdout, done.stderr
