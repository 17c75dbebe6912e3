# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One host's settings, whichever host it is to a task: its own, a delegate, or another one of the inventory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.loader import become_loader, connection_loader
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption, SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.seam.host import Host, Hosts
from ansible_collections.sshfleet.containers.plugins.plugin_utils.seam.settings import AUTO_PORTS_RANGE
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.settings import ConnectionSettings

VARIABLES: dict[str, Any] = {
    "ansible_host": "192.0.2.1",
    "ansible_port": 2222,
    "ansible_user": "deploy",
    "ansible_become": True,
    "ansible_become_user": "engine",
    "sshfleet_engine": "docker",
    "sshfleet_tunnel_idle": "90",
    "sshfleet_jump_keys": {"jump": "/keys/jump"},
}


class Templar:
    """Templates by counting."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def template(self, value: Any) -> Any:
        self.asked.append(value)
        return value


def loaded(variables: dict[str, Any], kind: str = "ssh") -> Any:
    """A connection plugin as Ansible hands it to an action."""
    connection = connection_loader.get(kind, PlayContext(), None)
    connection.set_options(var_options=variables)
    if variables.get("ansible_become"):
        become = become_loader.get("sudo")
        become.set_options(var_options=variables)
        connection.set_become_plugin(become)
    return connection


def as_own(variables: dict[str, Any], kind: str = "ssh") -> Host:
    task = {**variables, "inventory_hostname": "web1"}
    return Hosts(Task(), PlayContext(), loaded(variables, kind), Templar(), task).own()


def as_delegate(variables: dict[str, Any], kind: str = "ssh") -> Host:
    task = Task()
    task.delegate_to = "web1"
    around = {"inventory_hostname": "here", "sshfleet_engine": "podman", "ansible_delegated_vars": {"web1": variables}}
    return Hosts(task, PlayContext(), loaded(variables, kind), Templar(), around).own()


def as_other(variables: dict[str, Any], kind: str = "ssh") -> Host:
    around = {"inventory_hostname": "here", "hostvars": {"web1": {**variables, "ansible_connection": kind}}}
    return Hosts(Task(), PlayContext(), None, Templar(), around).other("web1")


every_way = pytest.mark.parametrize("way", [as_own, as_delegate, as_other])


@every_way
def test_a_host_is_the_same_whoever_asks(way: Any) -> None:
    host = way(VARIABLES)
    target, settings = host.target(), host.settings({})
    assert (target.name, target.host, target.port, target.user) == ("web1", "192.0.2.1", 2222, "deploy")
    assert target.jump_keys == (("jump", "/keys/jump"),)
    assert settings.become is not None and settings.become.user == "engine"
    assert (settings.engine, settings.tunnel_idle, settings.tunnel_retries) == ("docker", 90, 3)


@every_way
def test_a_host_without_settings_has_the_defaults(way: Any) -> None:
    assert way({}).settings({}) == ConnectionSettings()


@every_way
def test_the_task_comes_before_variables_and_a_bad_variable_is_named(way: Any) -> None:
    assert way(VARIABLES).settings({"engine": "podman"}).engine == "podman"
    with pytest.raises(InvalidOption, match=r"engine_timeout \(var: sshfleet_engine_timeout\)"):
        way({"sshfleet_engine_timeout": "soon"}).settings({})


@every_way
def test_another_way_than_ssh_is_refused(way: Any) -> None:
    with pytest.raises(SshError, match=r"web1 is a local target"):
        way({}, "local").target()


def test_one_option_of_ours_is_looked_up_alike() -> None:
    assert as_own({"sshfleet_auto_ports_range": "4000-4001"}).setting(AUTO_PORTS_RANGE, {}) == "4000-4001"


def test_variables_are_templated_once() -> None:
    templar = Templar()
    host = Hosts(Task(), PlayContext(), loaded({}), templar, {"sshfleet_engine": "docker"}).own()
    assert host.settings({}).engine == host.settings({}).engine == "docker"
    assert templar.asked == ["docker"]


def test_a_host_that_is_in_no_inventory_yet(tmp_path: Path) -> None:
    """It gets what Ansible has for its name and groups, and of the host that has its name now only what stays."""
    (tmp_path / "hosts.ini").write_text("[web]\nweb1 ansible_port=23 ansible_host=old\n[db]\ndb1\n")
    for name, variables in {
        "group_vars/all": {"ansible_user": "{{ login }}", "login": "deploy", "ansible_ssh_common_args": "-o A=b"},
        "group_vars/web": {"ansible_ssh_executable": "/usr/bin/ssh-web", "ansible_ssh_common_args": "-o C=d"},
        "group_vars/db": {"ansible_ssh_executable": "/usr/bin/ssh-db"},
        "host_vars/web1": {"ansible_ssh_private_key_file": "/keys/web1"},
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).with_suffix(".json").write_text(json.dumps(variables))
    loader = DataLoader()
    inventory = InventoryManager(loader, sources=[str(tmp_path / "hosts.ini")])
    known = HostVars(inventory, VariableManager(loader, inventory), loader)
    hosts = Hosts(Task(), PlayContext(), None, Templar(), {"inventory_hostname": "localhost", "hostvars": known})
    target = hosts.to_be("web1", {"ansible_host": "192.0.2.9"}, ["web", "unknown"]).target()
    assert (target.name, target.host, target.port, target.user) == ("web1", "192.0.2.9", None, "deploy")
    assert (target.private_key_file, target.ssh_executable) == ("/keys/web1", "/usr/bin/ssh-web")
    assert target.extra_args == ("-o", "C=d")
    new = hosts.to_be("web9", {"ansible_host": "192.0.2.9", "ansible_user": "{{ login }}"}, []).target()
    assert (new.user, new.extra_args, new.ssh_executable) == ("{{ login }}", ("-o", "A=b"), "ssh"), (
        "data is no template"
    )
    assert {host.name for host in inventory.get_hosts()} == {"web1", "db1"}
    assert [host.name for host in inventory.groups["web"].get_hosts()] == ["web1"]
