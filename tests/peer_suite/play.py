# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of Ansible for each test file: the playbook, its variables and settings, in a scratch folder."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from common import CHECKOUT, environment

HERE = Path(__file__).resolve().parent
SOCKETS = {"docker": "unix:///var/run/docker.sock", "podman": "unix:///run/podman/podman.sock"}
PEER = "community.docker"
OURS = "sshfleet.containers"
# Of whoever calls make, not of users.
OWN_SETTINGS = ("ANSIBLE_", "SSHFLEET_")
LIMIT = 3000  # seconds for a test file
# What the peer's setup roles, which are left out, find out about the machine.
MACHINE: dict[str, Any] = {
    "docker_py_version": "0.0",
    "podman_cli_version": "0.0",
    "podman_socket": "not available",
    "has_podman": False,
    "current_container_network_ip": "",
    "registry_address": "localhost:5500",
    "registry_frontend_address": "localhost:5501",
    "registry_frontend2_address": "localhost:5502",
}
CONFIG = """\
[defaults]
collections_path = {collections}
action_plugins = {here}/plugins/action
callback_plugins = {here}/plugins/callback
callbacks_enabled = peer_events
filter_plugins = {work}/filters
roles_path = {work}/roles
local_tmp = {work}/tmp
forks = 1
task_timeout = 180
gathering = smart
fact_caching = jsonfile
fact_caching_connection = {work}/facts
interpreter_python = auto_silent
deprecation_warnings = False
retry_files_enabled = False

[inventory]
enable_plugins = sshfleet.containers.hosts_json

[ssh_connection]
pipelining = True
control_path_dir = {connections}/cp
"""


def commands_find(engine: str) -> dict[str, str]:
    """The environment of the tests' own ``docker ...`` commands."""
    return {} if engine == "docker" else {"DOCKER_HOST": SOCKETS[engine]}


def play(host: str, target: str, engine: str, modules: Mapping[str, str], images: Path) -> dict[str, Any]:
    """The play that runs a target's role.

    :param modules: module of ours by the peer's that it stands for.
    :param images: the peer's file of image names.
    """
    own = {"engine": engine, "result_format": "engine"}
    defaults: dict[str, Any] = dict.fromkeys(sorted(set(modules.values())), own)
    if engine != "docker":
        defaults[f"group/{PEER}.docker"] = {"docker_host": SOCKETS[engine]}
    scratch = {"ansible.builtin.tempfile": {"state": "directory", "suffix": ".test"}, "register": "peer_suite_scratch"}
    known = {"ansible.builtin.set_fact": {"remote_tmp_dir": "{{ peer_suite_scratch.path }}"}}
    remove = {"ansible.builtin.file": {"path": "{{ remote_tmp_dir }}", "state": "absent"}}
    here, sure = {"delegate_to": "localhost"}, {"ignore_errors": False}
    return {
        "hosts": host,
        "gather_facts": True,
        "ignore_errors": True,  # the next assertions are to be tried, too
        "module_defaults": defaults,
        "vars_files": [str(images)],
        "pre_tasks": [{**scratch, **here, **sure}, {**known, **sure}],
        "roles": [target],
        "post_tasks": [{**remove, **here}],
    }


class Ansible:
    """Runs test files.

    :param venv: where ``ansible-playbook`` and the peer are.
    :param work: the scratch folder, with ``roles`` and ``filters`` in it.
    :param connections: a folder with a short name for the sockets of its connections.
    """

    def __init__(self, venv: Path, lab: Path, work: Path, connections: Path) -> None:
        self.venv, self.lab, self.work = venv, lab, work
        self.connections = connections
        places = {"here": HERE, "work": work, "connections": connections, "collections": CHECKOUT / ".dev"}
        (work / "ansible.cfg").write_text(CONFIG.format(**places))

    def variables(self, facts: Mapping[str, Any], replaced: Mapping[str, Any]) -> None:
        """Write what the tests ask for.

        :param facts: as ``host.Host.facts`` tells.
        :param replaced: as ``images.stand_ins`` tells.
        """
        asked = {
            "docker_api_version": facts["api"],
            "docker_cli_version": facts["cli"],
            "docker_has_buildx": facts["buildx"],
        }
        (self.work / "variables.json").write_text(json.dumps({**MACHINE, **asked, **replaced}))

    def playbook(self, target: str, play: Mapping[str, Any]) -> None:
        (self.work / f"{target}.yml").write_text(yaml.safe_dump([dict(play)], sort_keys=False))

    def filters(self, targets: Path) -> None:
        """Copy the filters that the tests use."""
        shutil.copytree(targets / "setup_utils" / "filter_plugins", self.work / "filters")

    def run(self, target: str, test: str, events: Path, log: Path) -> int:
        """Run a test file; the exit code of Ansible, 124 when it took too long."""
        argv = ["ansible-playbook", "-i", self.lab / "hosts.json", "-e", f"@{self.work}/variables.json"]
        argv += ["-e", f"peer_suite_test={test}", self.work / f"{target}.yml"]
        with log.open("w") as output:
            try:
                return subprocess.run(
                    argv, env=self._environment(events), cwd=self.work, check=False, timeout=LIMIT,
                    stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                ).returncode  # fmt: skip
            except subprocess.TimeoutExpired:
                return 124

    def _environment(self, events: Path) -> dict[str, str]:
        more = {
            "ANSIBLE_CONFIG": str(self.work / "ansible.cfg"),
            "PEER_SUITE_EVENTS": str(events),
            "XDG_RUNTIME_DIR": str(self.connections),
        }
        kept = {name: value for name, value in environment(venv=self.venv).items() if not name.startswith(OWN_SETTINGS)}
        return {**kept, **more}
