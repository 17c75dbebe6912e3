# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The strategy fleet beside Ansible's linear: the same plays under both, and every event compared.

The tasks are of this collection, but need no host. ``tests/lab/test_strategy.py`` does the same with containers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import fleet_runs
import pytest
from checkout import CHECKOUT
from recorded_runs import recording, tasks_of

FLEET = "sshfleet.containers.fleet"
HOSTS = [f"h{number}" for number in range(1, 9)]
INVENTORY = ",".join(f"{name} known=as-{name}" for name in HOSTS)
RESOLVE = "sshfleet.containers.remote_compose_info"
Play = Mapping[str, Any]


def resolve(image: str, **keywords: Any) -> dict[str, Any]:
    """A task of this collection that returns what its templates have become."""
    return {RESOLVE: {"content": f"services: {{a: {{image: '{image}'}}}}", "project_name": "p"}, **keywords}


ME = "x:{{ inventory_hostname }}"
WRONG = "{{ 'x' if inventory_hostname != 'h3' else \"', nope: '1\" }}"
EVERYTHING: Sequence[Play] = [
    {
        "name": "Keywords of tasks",
        "hosts": "all",
        "gather_facts": False,
        "vars": {"own": "{{ inventory_hostname }}-own"},
        "handlers": [resolve("handled:{{ own }}", name="handle")],
        "tasks": [
            resolve(ME, name="register", register="one"),
            resolve("{{ hostvars[groups['all'][-1]].one.config.services.a.image }}", name="of another host"),
            # the first host is done when the others ask for its variables once more
            resolve(
                "x:{{ hostvars['h1'].known }}-{{ item }}",
                name="of a host that is done",
                loop="{{ [1] if inventory_hostname == 'h1' else [1, 2] }}",
                loop_control={"pause": 1},
            ),
            resolve("x:{{ item }}", name="loop", loop=["a", "{{ own }}"], loop_control={"label": "{{ item }}!"}),
            resolve(ME, name="when", when="inventory_hostname != 'h2'"),
            resolve(ME, name="until", register="tried", until="tried.attempts | default(1) > 1", retries=3, delay=0),
            resolve(ME, name="throttle", throttle=2),
            resolve(ME, name="delegate", delegate_to="h1"),
            resolve(ME, name="once", run_once=True),
            resolve("secret:{{ own }}", name="no log", no_log=True),
            resolve(ME, name="changed", changed_when="inventory_hostname in ['h1', 'h4']", notify="handle"),
            resolve(ME, name="failed when", failed_when="inventory_hostname == 'h5'", ignore_errors=True),
            resolve("{{ nowhere }}", name="undefined", ignore_errors=True),
            resolve(ME, name="time-out", timeout=60),
            {"name": "of Ansible", "ansible.builtin.set_fact": {"seen": "{{ one.config.services.a.image }}"}},
            {"name": "handlers now", "ansible.builtin.meta": "flush_handlers"},
            resolve("{{ seen }}", name="in check mode", check_mode=True, diff=True),
            {
                "block": [resolve(WRONG, name="in a block")],
                "rescue": [resolve("x:{{ ansible_failed_task.name | length }}", name="rescue")],
                "always": [resolve(ME, name="always")],
            },
            resolve(WRONG, name="one fails"),
            resolve(ME, name="the others go on"),
        ],
    },
    {
        "name": "Batches",
        "hosts": "all",
        "gather_facts": False,
        "serial": 3,
        "max_fail_percentage": 50,
        "tasks": [resolve(ME, failed_when="inventory_hostname == 'h1'"), resolve(ME)],
    },
    {
        "name": "All or none",
        "hosts": "all",
        "gather_facts": False,
        "any_errors_fatal": True,
        "tasks": [resolve(ME, failed_when="inventory_hostname == 'h7'"), resolve(ME, name="never")],
    },
]


def run(plays: Sequence[Play], folder: Path, strategy: str, *options: str, **more: str) -> tuple[Any, Any]:
    """The exit code and all events under a strategy."""
    file = folder / f"{strategy}.jsonl"
    argv = fleet_runs.argv(folder, json.dumps(list(plays)), INVENTORY, *options)
    done = fleet_runs.run(argv, folder, **recording(file), ANSIBLE_STRATEGY=strategy, **more)
    assert file.is_file(), done.stdout + done.stderr
    return done.returncode, tasks_of(file)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for both strategies: the results name it."""
    return tmp_path_factory.mktemp("plays")


@pytest.fixture(scope="module")
def of_linear(folder: Path) -> tuple[Any, Any]:
    return run(EVERYTHING, folder, "linear", ANSIBLE_FORKS="10")


@pytest.mark.parametrize("forks", ["3", "50"])
def test_all_events_and_results_are_those_of_linear(of_linear: tuple[Any, Any], folder: Path, forks: str) -> None:
    of_fleet = run(EVERYTHING, folder, FLEET, ANSIBLE_FORKS=forks)
    for (event, its), (expected, expected_its) in zip(of_fleet[1], of_linear[1], strict=True):
        assert event == expected
        assert its == expected_its, event
    assert of_fleet[0] == of_linear[0] == 2
    assert {"failed when", "undefined", "in a block", "one fails"} <= failures(of_fleet[1])


def failures(events: Sequence[Any]) -> set[str]:
    """The tasks that failed on the third host, or on all."""
    found = (event for _of, its in events for event in its if event[0] == "v2_runner_on_failed")
    return {event[1]["task"] for event in found if event[1]["host"] in ("h3", "h5")}


def test_the_debugger_runs_a_task_again(tmp_path: Path) -> None:
    """The last host fails, when nothing is queued behind it."""
    task = resolve("{{ bad if inventory_hostname == 'h8' else 'x' }}")
    play = [{"hosts": "all", "gather_facts": False, "debugger": "on_failed", "tasks": [task]}]
    argv = fleet_runs.argv(tmp_path, json.dumps(play), INVENTORY)
    settings = {"ANSIBLE_STRATEGY": FLEET, "ANSIBLE_FORKS": "50", "ANSIBLE_STDOUT_CALLBACK": "default"}
    done = fleet_runs.run(argv, tmp_path, typed="task_vars['bad'] = 'x'\nredo\n", timeout=120, **settings)
    assert done.returncode == 0 and done.stdout.count("failed=0") == len(HOSTS), done.stdout + done.stderr


def processes(events: Sequence[Any], task: str) -> int:
    """In how many processes a task ran, whose image names the process that a shell of the task had for its parent."""
    found = [
        event[1]["result"]["config"]["services"]["a"]["image"]
        for _of, its in events
        for event in its
        if event[0] == "v2_runner_on_ok" and event[1]["task"] == task
    ]
    assert len(found) == len(HOSTS)
    return len(set(found))


PARENT = "x:{{ lookup('ansible.builtin.pipe', 'echo $PPID') }}"
WHERE = [
    {
        "hosts": "all",
        "gather_facts": False,
        "tasks": [resolve(PARENT, name="shared"), resolve(PARENT, name="own", timeout=60)],
    }
]


def test_hosts_share_processes(tmp_path: Path) -> None:
    code, events = run(WHERE, tmp_path, FLEET, ANSIBLE_FORKS="8")
    assert code == 0
    assert processes(events, "own") == len(HOSTS)
    assert 1 <= processes(events, "shared") < len(HOSTS)


PLUGINS = {"ANSIBLE_STRATEGY_PLUGINS": str(CHECKOUT / "tests" / "support" / "strategy_plugins")}


def test_an_untried_version_of_ansible_gets_linear_and_a_warning(tmp_path: Path) -> None:
    argv = fleet_runs.argv(tmp_path, json.dumps(WHERE), INVENTORY)
    file = tmp_path / "untried.jsonl"
    settings = {**recording(file), **PLUGINS, "ANSIBLE_STRATEGY": "untried", "ANSIBLE_FORKS": "8"}
    done = fleet_runs.run(argv, tmp_path, **settings)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "was not tried with ansible-core 2.99.0" in " ".join((done.stdout + done.stderr).split())
    assert processes(tasks_of(file), "shared") == len(HOSTS)


@pytest.mark.parametrize("connection", ["sshfleet.containers.container", "local"])
def test_the_connection_for_containers_is_loaded_before_the_workers_start(tmp_path: Path, connection: str) -> None:
    raw = {"ansible.builtin.raw": "true", "ignore_unreachable": True, "vars": {"ansible_connection": connection}}
    play = [{"hosts": "all", "gather_facts": False, "tasks": [raw]}]
    argv = fleet_runs.argv(tmp_path, json.dumps(play), "h1 sshfleet_container=c sshfleet_container_host=nowhere")
    settings = {**PLUGINS, "ANSIBLE_STRATEGY": "tells_connection", "ANSIBLE_STDOUT_CALLBACK": "default"}
    done = fleet_runs.run(argv, tmp_path, **settings)
    assert f"connection loaded: {connection != 'local'}" in done.stdout, done.stdout + done.stderr
