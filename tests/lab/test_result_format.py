# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A playbook as one writes it for community.docker, with results that are registered and read, runs with only the names
of the modules changed and ``result_format: engine`` in ``module_defaults``.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from checkout import CHECKOUT
from engine_cases import ENGINES, SOCKETS
from lab_hosts import Lab

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action import catalogue

# Tasks for the peer's modules, each with what a playbook reads of its result and of those before.
PLAYBOOK = r"""
- docker_network: {name: rf-net, labels: {tier: front}}
  register: made_net
  reads:
    - made_net.network.Name == 'rf-net' and made_net.network.IPAM.Config[0].Subnet
    - "made_net.network.Labels.tier == 'front' and made_net.network.Containers == {}"
- docker_volume: {name: rf-vol, driver: local}
  register: made_vol
  reads:
    - made_vol.volume.Mountpoint.startswith('/') and made_vol.volume.Driver == 'local'
- docker_container:
    name: rf-web
    image: localhost/busybox:latest
    command: [sleep, "600"]
    env: {COLOUR: red, DB_PASSWORD: hunter2}
    networks: [{name: rf-net}]
    volumes: ["rf-vol:/data"]
    published_ports: ["127.0.0.1:28081:80"]
    restart_policy: unless-stopped
    memory: 64M
    stop_timeout: 1
  register: web
  reads:
    - web.container.State.Running and web.container.State.Status == 'running' and web.container.State.Pid > 0
    - web.container.Id | length == 64 and web.container.Name == '/rf-web'
    - "'COLOUR=red' in web.container.Config.Env and 'DB_PASSWORD=********' in web.container.Config.Env"
    - web.container.HostConfig.RestartPolicy.Name == 'unless-stopped' and web.container.HostConfig.Memory == 67108864
    - web.container.HostConfig.NetworkMode == 'rf-net'
    - web.container.NetworkSettings.Networks['rf-net'].IPAddress is match('[0-9.]+$')
    - "web.container.NetworkSettings.Ports['80/tcp'][0] == {'HostIp': '127.0.0.1', 'HostPort': '28081'}"
    - (web.container.Mounts | first).Destination == '/data' and web.container.Config.Cmd == ['sleep', '600']
    - web.actions is undefined and web.diff is undefined
- docker_container: {name: rf-web, image: localhost/busybox:latest, memory: 64M}
  register: same
  diff: true
  reads:
    - same is not changed and same.container.Id == web.container.Id
    - "same.diff == {'before': {}, 'after': {}}"
- docker_container: {name: rf-web, image: localhost/busybox:latest, env: {COLOUR: blue}}
  register: would
  check_mode: true
  diff: true
  reads:
    - would is changed and would.container.Id == web.container.Id and would.actions | map('first') | list
    - would.diff.differences[0].env.parameter is defined and would.diff.differences[0].env.container is defined
- docker_container: {name: rf-new, image: localhost/busybox:latest}
  register: nothing
  check_mode: true
  reads:
    - nothing is changed and nothing.container is undefined
    - nothing.actions[0].created is defined
- docker_container_info: {name: rf-web}
  register: info
  reads:
    - info.exists and info.container == web.container
- docker_container_info: {name: rf-nobody}
  register: nobody
  reads:
    - not nobody.exists and nobody.container is none
- docker_network_info: {name: rf-net}
  register: net
  reads:
    - net.exists and net.network.Containers.values() | map(attribute='Name') | list == ['rf-web']
- docker_volume_info: {name: rf-vol}
  register: vol
  reads:
    - vol.exists and vol.volume == made_vol.volume
- docker_container_exec: {container: rf-web, command: sh -c 'echo $COLOUR; exit 3'}
  register: said
  reads:
    - said.rc == 3 and said.stdout == 'red' and said.stderr_lines == [] and said is changed
- docker_container_copy_into: {container: rf-web, container_path: /tmp/f, content: hello, mode: "0600"}
  register: copied
  reads:
    - copied is changed and copied.container_path == '/tmp/f'
- docker_container: {name: rf-none, image: "localhost/rf-none:1", pull: never}
  register: refused
  ignore_errors: true
  reads:
    - refused is failed and refused.msg == 'Cannot find image with name localhost/rf-none:1, and pull=never'
- docker_container:
    name: rf-job
    image: localhost/busybox:latest
    command: [sh, -c, "echo done; exit 0"]
    log_driver: json-file
    detach: false
    cleanup: true
  register: job
  reads:
    - "job.status == 0 and job.container == {'Output': 'done\\n'}"
- docker_image_info: {name: [localhost/busybox:latest]}
  register: images
  reads:
    - images.images | length == 1 and 'localhost/busybox:latest' in images.images[0].RepoTags
    - images.images[0].Id == web.container.Image
- docker_image: {name: localhost/busybox, source: local, repository: "localhost/rf-busybox:1"}
  register: tagged
  reads:
    - tagged is changed and tagged.image.Id == web.container.Image and tagged.actions | length == 1
- docker_image: {name: "localhost/rf-busybox:1", state: absent}
  register: untagged
  reads:
    - untagged is changed and untagged.image.state == 'Deleted'
- docker_host_info: {disk_usage: true}
  register: host
  reads:
    - host.can_talk_to_docker and host.host_info.ServerVersion and host.disk_usage.LayersSize is number
- docker_login: {registry_url: "localhost:1", state: absent}
  register: logout
  reads:
    - "logout is not changed and logout.login_result == {}"
- docker_container: {name: rf-web, state: absent}
  register: gone
  reads:
    - gone is changed and gone.container is undefined
- docker_network: {name: rf-net, state: absent}
  register: gone_net
  reads:
    - gone_net is changed and gone_net.network is undefined
- docker_volume: {name: rf-vol, state: absent}
  register: gone_vol
  reads:
    - gone_vol is changed and gone_vol.volume is undefined
- docker_prune: {networks: true, networks_filters: {label: "rf-none"}}
  register: pruned
  reads:
    - "pruned.networks == []"
"""
OURS = {peer: name for name in catalogue.MODULES for peer in catalogue.module(name).peers}
TASKS = yaml.safe_load(PLAYBOOK)
# What Ansible itself adds to a registered result, or every module may add to it.
COMMON = {"changed", "failed", "diff", "warnings", "error", "msg", "skipped", "exception"}
TYPES = {"dict": dict, "list": list, "str": str, "int": int, "bool": bool}
Results = dict[str, dict[str, Any]]


def module_of(task: dict[str, Any]) -> str:
    """The peer's module of a task."""
    return next(key for key in task if key.startswith("docker_"))


def play(engine: str, folder: Path) -> dict[str, Any]:
    """The playbook with our modules, for one engine of all hosts; it keeps what was registered in a file for each."""
    steps: list[dict[str, Any]] = []
    for task in TASKS:
        kept = {key: value for key, value in task.items() if key not in ("reads", module_of(task))}
        ours = f"sshfleet.containers.{OURS[module_of(task)]}"
        steps.append({ours: task[module_of(task)], **kept})
    reads = [f"({text}) is truthy" for task in TASKS for text in task["reads"]]
    names = ", ".join(f"'{task['register']}': {task['register']}" for task in TASKS)
    path = f"{folder}/{{{{ inventory_hostname }}}}-{engine}.json"
    file = {"content": "{{ {" + names + "} | to_json }}", "dest": path}
    here = {"delegate_to": "localhost", "vars": {"ansible_connection": "local"}}
    defaults = {"group/sshfleet.containers.remote": {"result_format": "engine", "engine": engine}}
    return {
        "hosts": sorted({host for host, _engine in ENGINES}), "gather_facts": False, "module_defaults": [defaults],
        "tasks": [*steps, {"ansible.builtin.assert": {"that": reads}}, {"ansible.builtin.copy": file, **here}],
    }  # fmt: skip


@pytest.fixture(scope="module")
def results(session_lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, str], Results]]:
    """What the tasks gave on each engine, by what they are registered as."""
    folder = tmp_path_factory.mktemp("formats")
    done = session_lab.playbook([play(engine, folder) for engine in SOCKETS], folder)
    assert done.returncode == 0, done.stdout + done.stderr
    yield {(host, engine): json.loads((folder / f"{host}-{engine}.json").read_text()) for host, engine in ENGINES}
    for host, engine in ENGINES:
        session_lab.ssh(host, engine, "rm", "-f", "rf-web", "rf-job", check=False)


@pytest.mark.pairs("both")
def test_a_playbook_reads_its_results_as_before(results: dict[tuple[str, str], Results]) -> None:
    assert set(results) == set(ENGINES)  # what it reads, it asserts by itself


def test_no_secret_is_shown(results: dict[tuple[str, str], Results]) -> None:
    assert "hunter2" not in json.dumps([list(its.values()) for its in results.values()])


@pytest.mark.parametrize("task", TASKS, ids=lambda task: str(task["register"]))
def test_results_are_as_documented(task: dict[str, Any], results: dict[tuple[str, str], Results]) -> None:
    name = OURS[module_of(task)]
    described = documented(CHECKOUT / "plugins" / "modules" / f"{name}.py", "RETURN")
    for where, its in results.items():
        told = {key: value for key, value in its[task["register"]].items() if key not in COMMON}
        assert set(told) <= set(described) - {"engine"}, where
        for key, value in told.items():
            assert value is None or isinstance(value, TYPES[described[key]["type"]]), (where, key)


def documented(path: Path, name: str) -> dict[str, Any]:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            found: dict[str, Any] = yaml.safe_load(ast.literal_eval(node.value))
            return found
    raise AssertionError(f"{path.name} has no {name}")
