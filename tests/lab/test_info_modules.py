# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The info modules and remote_tunnel, on every engine of the lab."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from engine_cases import ENGINES
from everywhere import EngineOf
from host_cases import Case, case, outcomes
from lab_hosts import Lab
from tasks import Results, run_tasks, through_ansible

pytestmark = pytest.mark.pairs("both")

IMAGE = "localhost/busybox:latest"
VERSIONS = {
    ("bookworm1", "podman"): "4.3",
    ("bookworm1", "docker"): "20.10",
    ("trixie1", "podman"): "5.4",
    ("trixie1", "docker"): "26.1",
}


# Arguments of tasks -> their results, on each engine.
Ask = Callable[..., Mapping[EngineOf, Results]]


@pytest.fixture(scope="module")
def containers(session_lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """On each engine two containers with labels, one that runs and one that was only created; no test changes them.

    Called with the arguments of tasks, it gives what remote_container_info says to each, in one run.
    """
    folder = tmp_path_factory.mktemp("info")

    def run(*tasks: dict[str, Any], module: str = "remote_container_info") -> Mapping[EngineOf, Results]:
        return through_ansible(session_lab, folder, lambda _engine: [{module: task} for task in tasks]).results

    base = {"image": IMAGE, "command": ["sleep", "600"], "stop_timeout": 0}
    env = {"DB_PASSWORD": "hunter2", "COLOUR": "red"}
    front = {**base, "name": "info-a", "labels": {"tier": "front"}, "env": env}
    back = {**base, "name": "info-b", "labels": {"tier": "back"}, "state": "present"}
    run(front, back, module="remote_container")
    yield run
    for host, engine in ENGINES:
        session_lab.ssh(host, engine, "rm", "-f", "info-a", "info-b")


def test_engine_info_is_the_same_shape_everywhere(containers: Ask) -> None:
    found = {
        key: one["engine"] for key, (one,) in containers({"disk_usage": True}, module="remote_engine_info").items()
    }
    for (host, engine), one in found.items():
        assert one["name"] == engine
        assert one["version"].startswith(VERSIONS[host, engine])
        assert one.keys() == found["trixie1", "podman"].keys()


def names(result: dict[str, Any]) -> list[str]:
    return [container["name"] for container in result["containers"]]


def test_container_info_finds_all_some_and_those_with_a_label(containers: Ask) -> None:
    told = containers(
        {}, {"name": ["info-b", "info-none", "info-a"]}, {"labels": {"tier": "front"}}, {"labels": {"tier": ""}},
        {"name": ["info-a", "info-b"], "labels": {"tier": "back"}}, {"name": ["info-none"]},
    )  # fmt: skip
    for everything, some, front, labelled, back, nothing in told.values():
        assert {"info-a", "info-b"} <= set(names(everything))
        assert (names(some), some["missing"], some["exists"]) == (["info-b", "info-a"], ["info-none"], True)
        assert names(front) == ["info-a"]
        assert names(labelled) == ["info-a", "info-b"]
        assert names(back) == ["info-b"]
        assert (nothing["containers"], nothing["exists"]) == ([], False)


def test_container_info_takes_no_beginning_of_an_id_for_a_name(containers: Ask) -> None:
    parts = [f"{{{{ r0.containers[0].id{part} }}}}" for part in ("[:4]", "[:12]", "")]  # r0 is the first task's result
    told = containers({"name": ["info-a"]}, {"name": parts[:2]}, {"name": parts[2:]})
    for named, short, whole in told.values():
        identity = named["containers"][0]["id"]
        assert (short["containers"], short["missing"]) == ([], [identity[:4], identity[:12]])
        assert names(whole) == ["info-a"]


def test_container_info_has_one_shape_and_masks_what_looks_secret(containers: Ask) -> None:
    for masked, shown in containers({"name": ["info-a"]}, {"name": ["info-a"], "mask_env": False}).values():
        assert "hunter2" not in json.dumps(masked)
        (found,) = masked["containers"]
        assert found["env"]["COLOUR"] == "red"
        assert (found["status"], found["running"]) == ("running", True)
        assert (found["image"], found["command"]) == (IMAGE, ["sleep", "600"])
        assert shown["containers"][0]["env"]["DB_PASSWORD"] == "hunter2"


def test_a_name_that_no_container_can_have_is_refused(lab: Lab, tmp_path: Path) -> None:
    bad = ["-rf", "a b", "a/b", ""]
    for result in run_tasks(lab, "bookworm1", [{"remote_container_info": {"name": [name]}} for name in bad], tmp_path):
        assert result["failed"] and result["error"]["option"] == "name", result


def test_tunnel_is_shown_opened_and_closed(cold_lab: Lab, tmp_path: Path) -> None:
    def tunnel(*tasks: dict[str, Any]) -> list[dict[str, Any]]:
        steps = [
            {"remote_tunnel": {key: task[key] for key in task if key == "state"},
             "check_mode": task.get("check", False)}
            for task in tasks
        ]  # fmt: skip
        return run_tasks(cold_lab, "bookworm1", steps, tmp_path)

    shown, asked, still = tunnel({}, {"state": "present", "check": True}, {})
    assert asked["changed"] and not shown["tunnel"]["open"] and not still["tunnel"]["open"]
    opened, again = tunnel({"state": "present"}, {"state": "present"})
    assert (opened["changed"], opened["tunnel"]["open"], again["changed"]) == (True, True, False)
    kept, asked, still = tunnel({}, {"state": "absent", "check": True}, {})  # another run finds it
    assert kept["tunnel"]["pid"] == opened["tunnel"]["pid"]
    assert asked["changed"] and still["tunnel"]["open"]
    closed, again = tunnel({"state": "absent"}, {"state": "absent"})
    assert (closed["changed"], again["changed"]) == (True, False)
    assert not [path for path in cold_lab.runtime.rglob("*") if path.is_socket()]


def test_settings_come_from_task_variable_environment_and_ini(lab: Lab, tmp_path: Path) -> None:
    def engines(cases: dict[str, Case], **env: str) -> dict[str, str]:
        told = outcomes(lab, cases, tmp_path, env=env)
        return {name: told.of(name)["engine"]["name"] for name in cases}

    nothing, podman = case(), case(sshfleet_engine="podman")
    templated = case(which="docker", sshfleet_engine="{{ which }}")
    task = case({"engine": "docker"}, sshfleet_engine="podman")
    told = engines({"nothing": nothing, "templated": templated, "task": task})
    assert told == {"nothing": "podman", "templated": "docker", "task": "docker"}
    told = engines({"nothing": nothing, "variable": podman}, SSHFLEET_ENGINE="docker")
    assert told == {"nothing": "docker", "variable": "podman"}
    ini = tmp_path / "ansible.cfg"
    checkout = lab.environment()["ANSIBLE_CONFIG"].removesuffix("/ansible.cfg")
    ini.write_text(
        (Path(checkout) / "ansible.cfg").read_text().replace("./", f"{checkout}/") + "\n[sshfleet]\nengine = docker\n"
    )
    assert engines({"nothing": nothing}, ANSIBLE_CONFIG=str(ini)) == {"nothing": "docker"}


def test_module_defaults_of_the_action_group_apply(lab: Lab, tmp_path: Path) -> None:
    play = {
        "hosts": "bookworm1",
        "gather_facts": False,
        "module_defaults": {"group/sshfleet.containers.remote": {"engine": "docker"}},
        "tasks": [
            {"sshfleet.containers.remote_engine_info": None, "register": "found"},
            {"ansible.builtin.assert": {"that": "found.engine.name == 'docker'"}},
        ],
    }
    done = lab.playbook([play], tmp_path)
    assert done.returncode == 0, done.stdout


def test_a_delegated_task_asks_the_delegate_with_its_own_variables(lab: Lab, tmp_path: Path) -> None:
    there = {"delegate_to": "trixie1"}
    play = {
        "hosts": "bookworm1",
        "gather_facts": False,
        "tasks": [
            {"ansible.builtin.set_fact": {"sshfleet_engine": "docker"}, "delegate_facts": True, **there},
            {"sshfleet.containers.remote_engine_info": None, **there, "register": "found"},
            {"ansible.builtin.assert": {"that": "found.engine.name == 'docker'"}},
            {"ansible.builtin.assert": {"that": "found.engine.version is version('26.0', '>=')"}},
            {"sshfleet.containers.remote_engine_info": None, "register": "own"},
            {"ansible.builtin.assert": {"that": "own.engine.name == 'podman'"}},
        ],
    }
    done = lab.playbook([play], tmp_path)
    assert done.returncode == 0, done.stdout


@pytest.mark.fault("The connection's process is killed", on="bookworm1")
def test_a_master_killed_in_the_middle_of_a_play_is_replaced(cold_lab: Lab, tmp_path: Path) -> None:
    here = {"delegate_to": "localhost", "vars": {"ansible_connection": "local"}}
    play = {
        "hosts": "bookworm1",
        "gather_facts": False,
        "tasks": [
            {"sshfleet.containers.remote_tunnel": {"state": "present"}, "register": "first"},
            {"ansible.builtin.command": {"argv": ["kill", "-9", "{{ first.tunnel.pid }}"]}, **here},
            {"sshfleet.containers.remote_engine_info": None},
            {"sshfleet.containers.remote_tunnel": None, "register": "second"},
            {"ansible.builtin.assert": {"that": ["second.tunnel.open", "second.tunnel.pid != first.tunnel.pid"]}},
        ],
    }
    done = cold_lab.playbook([play], tmp_path)
    assert done.returncode == 0, done.stdout


@pytest.mark.fault("The engine is restarted", on="bookworm1")
def test_an_engine_restarted_in_the_middle_of_a_play_answers_again(cold_lab: Lab, tmp_path: Path) -> None:
    restart = {"argv": ["systemctl", "restart", "docker.service", "docker.socket"]}
    info = {"sshfleet.containers.remote_container_info": {"engine": "docker"}}
    play = {
        "hosts": "bookworm1",
        "gather_facts": False,
        "tasks": [info, {"ansible.builtin.command": restart}, info],
    }
    done = cold_lab.playbook([play], tmp_path)
    assert done.returncode == 0, done.stdout


def test_twenty_tasks_and_two_runs_log_in_once(cold_lab: Lab, tmp_path: Path) -> None:
    def logins() -> int:
        look = ("journalctl", "--unit=ssh", "--grep=Accepted", "--output=cat", "--quiet")
        journal = cold_lab.ssh("trixie1", *look, shared=False)
        return len(journal.splitlines())

    before = logins()
    task = {"sshfleet.containers.remote_container_info": None, "loop": list(range(10))}
    for _run in range(2):
        done = cold_lab.playbook([{"hosts": "trixie1", "gather_facts": False, "tasks": [task]}], tmp_path)
        assert done.returncode == 0, done.stdout
    assert logins() - before == 2  # the tunnel's, and that of the look into the journal itself
