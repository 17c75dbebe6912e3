# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""hosts.json through Ansible's own programs: what is read, what is refused, patterns, and one ping over real sshd."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lab_hosts import Lab

pytestmark = pytest.mark.pairs("both")

PLUGIN = "sshfleet.containers.hosts_json"
# What Ansible enables by itself: our plugin is only reached through auto.
OTHERS = (
    "ansible.builtin.host_list,ansible.builtin.script,ansible.builtin.auto,ansible.builtin.yaml,ansible.builtin.ini"
)
TOOLS: dict[str, list[str]] = {
    "ansible": ["all", "-m", "ansible.builtin.debug"],
    "ansible-playbook": ["PLAYBOOK"],
    "ansible-inventory": ["--list"],
}
FLEET = {
    "version": 1,
    "default_host": "web2",
    "hosts": {
        "web1": {"hostname": "192.0.2.1", "groups": ["web", "east"]},
        "web2": {"hostname": "192.0.2.2", "groups": ["web", "west"]},
        "db1": {"hostname": "192.0.2.3", "groups": ["db", "east"]},
        "lone": {"hostname": "192.0.2.4"},
    },
}
# Groups, hosts, the default host, what is in no group, unions, intersections, exclusions, wildcards, regular
# expressions and subscripts.
PATTERNS: dict[str, list[str]] = {
    "all": ["web1", "web2", "db1", "lone"],
    "web": ["web1", "web2"],
    "db1": ["db1"],
    "default_host": ["web2"],
    "ungrouped": ["lone"],
    "db:west": ["db1", "web2"],
    "web:&east": ["web1"],
    "all:!east": ["web2", "lone"],
    "web*": ["web1", "web2"],
    "~(web|db)1": ["web1", "db1"],
    "web[0]": ["web1"],
}
LIMITS = [
    (["all", "--limit", "east"], ["web1", "db1"]),
    (["web", "--limit", "all:!web1"], ["web2"]),
]


@pytest.fixture
def playbook(tmp_path: Path) -> str:
    path = tmp_path / "playbook.yml"
    path.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": []}]))
    return str(path)


def write(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def listed(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert done.returncode == 0, done.stderr
    return [line.strip() for line in done.stdout.splitlines()[1:]]


def arguments(tool: str, playbook: str) -> list[str]:
    return [playbook if argument == "PLAYBOOK" else argument for argument in TOOLS[tool]]


WAYS = [
    "alone",
    "missing behind path",
    "suffix",
    "before a good one",
    "after a good one",
    "beside a list",
    "in a folder",
    "missing",
]


def bad_sources(folder: Path) -> dict[str, tuple[list[str], str]]:
    """Ways in which a bad hosts.json is reached: the inventory sources, and the file that the message must name."""
    bad = str(write(folder / "hosts.json", '{version:1,\n"hosts": {}}'))
    good = str(write(folder / "good" / "hosts.json", FLEET))
    inside = str(write(folder / "dir" / "hosts.json", {"version": 2, "hosts": {}}))
    write(folder / "dir" / "aaa.ini", "[web]\nother ansible_host=192.0.2.9\n")
    config = str(write(folder / "fleet.yml", f"plugin: {PLUGIN}\npath: nowhere.json\n"))
    return {
        "alone": ([bad], bad),
        "suffix": ([suffix := str(write(folder / "prod.hosts.json", ""))], suffix),
        "before a good one": ([bad, good], bad),
        "after a good one": ([good, bad], bad),
        "beside a list": (["192.0.2.1,", bad], bad),
        "in a folder": ([str(folder / "dir")], inside),
        "missing": ([missing := str(folder / "no" / "hosts.json")], missing),
        "missing behind path": ([config], str(folder / "nowhere.json")),
    }


# How each program ends is its own; how a source is reached is the same for all of them.
@pytest.mark.parametrize(
    ("tool", "way"), [*(("ansible", way) for way in WAYS), *((tool, WAYS[0]) for tool in TOOLS if tool != "ansible")]
)
def test_a_refusal_ends_the_run(lab: Lab, tmp_path: Path, playbook: str, tool: str, way: str) -> None:
    sources, named = bad_sources(tmp_path)[way]
    more = [argument for source in sources[1:] for argument in ("-i", source)]
    done = lab.run(tool, *more, *arguments(tool, playbook), inventory=sources[0])
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{named}:" in done.stderr
    assert "is refused, 1 problem:" in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("tool", TOOLS)
def test_a_configuration_is_refused_where_nothing_is_enabled(
    lab: Lab, tmp_path: Path, playbook: str, tool: str
) -> None:
    write(tmp_path / "any.json", "[]")
    config = write(tmp_path / "fleet.yml", f"plugin: {PLUGIN}\npath: any.json\n")
    environment = {"ANSIBLE_INVENTORY_ENABLED": OTHERS}
    done = lab.run(tool, *arguments(tool, playbook), inventory=str(config), env=environment)
    assert done.returncode == 1
    assert f"{tmp_path}/any.json:1: the file is a list, not an object." in done.stderr


@pytest.mark.provokes("hosts_file")
def test_a_refusal_names_every_problem(lab: Lab, tmp_path: Path) -> None:
    text = '{"version": 1, "hosts": {\n"all": {"hostname": ""},\n"b": {"hostname": "a", "port": "22"}}}'
    bad = write(tmp_path / "hosts.json", text)
    done = lab.run("ansible", "all", "--list-hosts", inventory=str(bad))
    found = [line for line in done.stderr.splitlines() if line.startswith(str(bad))]
    assert [line.split(" ")[0] for line in found] == [f"{bad}:{number}:" for number in (2, 2, 3)]
    assert done.returncode == 1


def test_a_refusal_in_the_middle_of_a_play_ends_the_run(lab: Lab, tmp_path: Path) -> None:
    inventory = write(tmp_path / "hosts.json", FLEET)
    tasks = [
        {
            "ansible.builtin.copy": {"dest": str(inventory), "content": "{"},
            "delegate_to": "localhost",
            "run_once": True,
        },
        {"ansible.builtin.meta": "refresh_inventory"},
        {"ansible.builtin.debug": {"msg": "too far"}},
    ]
    plays = [{"hosts": "web", "gather_facts": False, "tasks": tasks}]
    environment = {"ANSIBLE_PYTHON_INTERPRETER": sys.executable}
    done = lab.playbook(plays, tmp_path, inventory=str(inventory), env=environment)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{inventory}:1: this is not JSON" in done.stderr
    assert "too far" not in done.stdout


def test_patterns(lab: Lab, tmp_path: Path) -> None:
    inventory = write(tmp_path / "prod.hosts.json", FLEET)
    say = {"ansible.builtin.debug": {"msg": "{{ ansible_play_hosts_all | join(' ') }}"}, "run_once": True}
    plays = [{"hosts": pattern, "gather_facts": False, "tasks": [say]} for pattern in PATTERNS]
    done = lab.playbook(plays, tmp_path, inventory=str(inventory))
    assert done.returncode == 0, done.stdout + done.stderr
    told = [hosts.split() for hosts in re.findall(r'"msg": "(.*)"', done.stdout)]
    assert dict(zip(PATTERNS, told, strict=True)) == PATTERNS


@pytest.mark.parametrize(("limit", "expected"), LIMITS)
def test_limits(lab: Lab, tmp_path: Path, limit: list[str], expected: list[str]) -> None:
    inventory = write(tmp_path / "prod.hosts.json", FLEET)
    assert listed(lab.run("ansible", "--list-hosts", *limit, inventory=str(inventory))) == expected


@pytest.mark.parametrize("source", ["hosts.json", "fleet.yml"])
def test_the_whole_inventory(lab: Lab, tmp_path: Path, source: str) -> None:
    write(tmp_path / "hosts.json", FLEET)
    write(tmp_path / "fleet.yml", f"plugin: {PLUGIN}\npath: hosts.json\n")
    enabled = {"ANSIBLE_INVENTORY_ENABLED": OTHERS} if source == "fleet.yml" else {}
    done = lab.run("ansible-inventory", "--list", inventory=str(tmp_path / source), env=enabled)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    variables = found.pop("_meta")["hostvars"]
    assert {name: host["ansible_host"] for name, host in variables.items()} == {
        name: host["hostname"] for name, host in FLEET["hosts"].items()
    }
    assert {name: group["hosts"] for name, group in found.items() if "hosts" in group} == {
        "web": ["web1", "web2"],
        "east": ["web1", "db1"],
        "west": ["web2"],
        "db": ["db1"],
        "default_host": ["web2"],
        "ungrouped": ["lone"],
    }


def test_a_template_is_never_run(lab: Lab, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    template = f"{{{{lookup('ansible.builtin.pipe','touch${{IFS}}{trace}')}}}}"
    host = {
        "hostname": "192.0.2.1",
        "identity_file": f"/keys/{template}",
        "description": f"x {template} {{% set a = 1 %}}",
    }
    write(tmp_path / "hosts.json", {"hosts": {"web1": host}})
    lines = [f"plugin: {PLUGIN}", "path: hosts.json", "strict: true", "compose: {copied: sshfleet_description}"]
    config = write(tmp_path / "fleet.yml", "\n".join(lines))
    names = ("sshfleet_description", "ansible_ssh_private_key_file", "copied")
    message = {name: f"{{{{ {name} }}}}" for name in names}
    task = {"ansible.builtin.debug": {"msg": message}, "delegate_to": "web1"}
    copied = {"ansible.builtin.copy": {"dest": str(tmp_path / "out"), "content": "{{ hostvars | to_json }}"}}
    tasks = [task, {**copied, "delegate_to": "localhost"}]
    done = lab.playbook(
        [{"hosts": "web1", "gather_facts": False, "tasks": tasks}],
        tmp_path,
        inventory=str(config),
        env={"ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.default", "ANSIBLE_CALLBACK_RESULT_FORMAT": "json"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads((tmp_path / "out").read_text())["web1"]
    assert [found[name] for name in names] == [host["description"], host["identity_file"], host["description"]]
    assert not trace.exists()


def test_a_user_that_is_a_template_is_refused(lab: Lab, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    host = {"hostname": "192.0.2.1", "user": f'{{{{ lookup("pipe","touch {trace}") }}}}'[:32]}
    inventory = write(tmp_path / "hosts.json", {"hosts": {"web1": host}})
    done = lab.run("ansible", "all", "-m", "ansible.builtin.ping", inventory=str(inventory))
    assert done.returncode == 1
    assert 'host "web1", key "user"' in done.stderr
    assert not trace.exists()


def test_flush_cache_and_a_changed_file(lab: Lab, tmp_path: Path) -> None:
    inventory = write(tmp_path / "hosts.json", FLEET)
    environment = {
        "ANSIBLE_INVENTORY_CACHE": "true",
        "ANSIBLE_INVENTORY_CACHE_PLUGIN": "ansible.builtin.jsonfile",
        "ANSIBLE_INVENTORY_CACHE_CONNECTION": str(tmp_path / "cache"),
    }

    def hosts(*options: str) -> list[str]:
        return listed(lab.run("ansible", "all", "--list-hosts", *options, inventory=str(inventory), env=environment))

    assert hosts() == hosts() == list(FLEET["hosts"])
    (cached,) = (tmp_path / "cache").iterdir()
    cached.write_text(cached.read_text().replace("lone", "kept"))
    assert hosts()[-1] == "kept"
    assert hosts("--flush-cache")[-1] == "lone"
    write(inventory, json.dumps(FLEET).replace("lone", "new"))
    assert hosts()[-1] == "new"


def test_the_documentation_renders(lab: Lab) -> None:
    binary = str(Path(sys.executable).with_name("ansible-doc"))
    argv = [binary, "-t", "inventory", PLUGIN]
    done = subprocess.run(
        argv,
        cwd=Path(__file__).parents[2],
        env=lab.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "hostname" in done.stdout


def test_the_lab_answers_through_its_hosts_json(lab: Lab) -> None:
    first, *others = lab.hosts
    done = lab.run("ansible", "all", "--limit", first, "-m", "ansible.builtin.raw", "-a", "id -un")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{first} | CHANGED" in done.stdout
    assert lab.hosts[first].get("user", os.environ.get("USER", "root")) in done.stdout
    assert not any(f"{other} |" in done.stdout for other in others)


def test_one_task_on_all_hosts_of_a_group_and_on_all_others(lab: Lab, tmp_path: Path) -> None:
    """The second run changes nothing, and each host has what its groups asked for and nothing else."""
    groups = dict(zip(lab.hosts, (["web", "first"], ["web"], ["db", "first"]), strict=False))
    hosts = {name: {**lab.hosts[name], "groups": mine} for name, mine in groups.items()}
    inventory = str(write(tmp_path / "hosts.json", {"hosts": hosts}))
    shutil.copytree(lab.directory / "group_vars", tmp_path / "group_vars")  # with the lab's own known_hosts
    wanted = {"image": "localhost/busybox:latest", "command": "sleep 3600", "stop_timeout": 0, "state": "started"}
    plays = [
        {"hosts": pattern, "gather_facts": False,
         "tasks": [{"sshfleet.containers.remote_container": {"name": name, "labels": {"fan": "out"}, **wanted}}]}
        for pattern, name in (("web", "fan-web"), ("all:!web", "fan-db"))
    ]  # fmt: skip
    try:
        for changed in ("1", "0"):
            done = lab.playbook(plays, tmp_path, inventory=inventory)
            assert done.returncode == 0, done.stdout + done.stderr
            assert re.findall(r"changed=(\d+)", done.stdout) == [changed] * len(hosts)
        asked = {"labels": {"fan": "out"}}
        found = lab.module("all", "sshfleet.containers.remote_container_info", asked, inventory=inventory)
        told = {host: [(c["name"], c["status"]) for c in one["containers"]] for host, one in found.items()}
        assert told == {host: [("fan-web" if "web" in mine else "fan-db", "running")] for host, mine in groups.items()}
    finally:
        for name in ("fan-web", "fan-db"):
            gone = {"name": name, "stop_timeout": 0, "state": "absent"}
            lab.module("all", "sshfleet.containers.remote_container", gone, inventory=inventory)
