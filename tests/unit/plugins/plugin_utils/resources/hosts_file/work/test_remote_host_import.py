# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts of an inventory and of an ssh configuration become those of a hosts.json; real ssh reads the configuration."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import HostsFileError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.hosts_file.importing import ARGUMENT_SPEC
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.hosts_file.work.remote_host_import import (
    MODULE,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.module import Task
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.runner import Runner


class Stand:
    """A task as far as the module asks it."""

    def __init__(self, hostvars: dict[str, dict[str, Any]], check_mode: bool = False) -> None:
        self.hostvars = hostvars
        self.check_mode = check_mode

    def beside_playbook(self, path: str) -> str:
        return path

    def runner_here(self) -> Runner:
        return Runner(None, lambda _line: None)


def done(
    path: Path, hostvars: dict[str, dict[str, Any]] | None = None, check_mode: bool = False, **given: Any
) -> dict[str, Any]:
    defaults = {name: rule.get("default") for name, rule in ARGUMENT_SPEC.items()}
    task = cast(Task, Stand(hostvars or {}, check_mode))
    source = {"source": "ssh_config" if hostvars is None else "inventory"}
    assert MODULE.perform_here is not None
    prepared = MODULE.prepare(task, {**defaults, **source, "path": str(path), **given})
    return MODULE.perform_here(task, prepared)


INVENTORY: dict[str, dict[str, Any]] = {
    "web1": {
        "ansible_host": "192.0.2.1",
        "ansible_user": "deploy",
        "ansible_port": "2222",
        "ansible_ssh_private_key_file": "~/.ssh/web",
        "ansible_ssh_common_args": "-o ProxyJump=gate,inner -C -o Ciphers=aes256-ctr",
        "ansible_become": True,
        "ansible_password": "hunter2",
        "group_names": ["web", "all"],
        "app_port": 80,
    },
    "web2": {
        "ansible_ssh_host": "192.0.2.2",
        "ansible_private_key_file": "keys/web2",
        "ansible_ssh_common_args": "-J none",
        "group_names": ["ungrouped"],
    },
    "here": {"ansible_connection": "local"},
    "bad name": {"ansible_host": "192.0.2.3"},
    "web4": {"ansible_host": "-oProxyCommand=x", "ansible_port": 0, "group_names": ["my-group"]},
    "web5": {"ansible_ssh_extra_args": "-o 'open"},
    "localhost": {"ansible_connection": "local"},
}


def hosts(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())["hosts"]
    return found


def test_an_inventory(tmp_path: Path) -> None:
    path = tmp_path / "hosts.json"
    seen = done(path, INVENTORY)
    assert hosts(path) == {
        "web1": {
            "hostname": "192.0.2.1", "user": "deploy", "port": 2222, "identity_file": "~/.ssh/web",
            "jump_host": "gate,inner", "groups": ["web"],
        },
        "web2": {"hostname": "192.0.2.2", "identity_file": f"{Path.cwd()}/keys/web2", "jump_host": ""},
    }  # fmt: skip
    assert path.stat().st_mode & 0o777 == 0o600 and "hunter2" not in path.read_text() + str(seen)
    told = {one["name"]: one for one in seen["hosts"]}
    assert told["web1"]["unsaid"] == [
        "ansible_password", "ansible_become", "ansible_ssh_common_args: -o Ciphers=aes256-ctr",
    ]  # fmt: skip
    assert [name for name, one in told.items() if one["action"] == "refused"] == ["here", "bad name", "web4", "web5"]
    for part in (
        "'local', not ssh",
        "holds whitespace",
        'begins with "-"',
        "is no port",
        "no group name",
        "ssh_extra_args",
    ):
        assert part in seen["warnings"][0], part
    assert seen["actions"] == [{"action": "import", "reason": "2 to add", "hosts": ["web1", "web2"]}]


def test_a_second_run_changes_nothing_and_nothing_is_overwritten_unless_told(tmp_path: Path) -> None:
    path = tmp_path / "hosts.json"
    before = '{"version": 1, "hosts": {"web1": {"hostname": "other", "description": "mine", "groups": ["old"]}}}\n'
    path.write_text(before)
    one = {"web1": {"ansible_host": "192.0.2.1", "group_names": ["web"]}}
    kept = done(path, one)
    assert not kept["changed"] and path.read_text() == before
    assert kept["hosts"][0]["action"] == "kept" and "hostname and groups" in kept["hosts"][0]["reason"]
    predicted = done(path, one, check_mode=True, overwrite=True)
    assert path.read_text() == before
    seen = done(path, one, overwrite=True)
    assert {**predicted, "backup_file": seen["backup_file"]} == seen
    assert path.read_text() == seen["diff"]["after"] == before.replace("other", "192.0.2.1").replace("old", "web")
    assert Path(seen["backup_file"]).read_text() == before
    again = done(path, one, overwrite=True)
    assert not again["changed"] and again["hosts"][0]["action"] == "unchanged" and again["backup_file"] is None


def test_names_and_groups(tmp_path: Path) -> None:
    path = tmp_path / "hosts.json"
    done(path, {"web1": {}, "db1": {}}, name=["web*"], groups=["taken"])
    assert hosts(path) == {"web1": {"hostname": "web1", "groups": ["taken"]}}
    with pytest.raises(InvalidOption, match="no host has such a name"):
        done(path, {"web1": {}}, name=["nobody"])
    with pytest.raises(InvalidOption, match="groups"):
        done(path, {"web1": {}}, groups=["no group"])


def test_a_file_that_is_wrong_already_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "hosts.json"
    path.write_text("{")
    with pytest.raises(HostsFileError):
        done(path, {"web1": {}})
    assert path.read_text() == "{"


CONFIG = """
Include more
Host web1 web2
  HostName 192.0.2.1
  Port 2222
Host db
  HostName db.example.org
  ProxyCommand nc %h %p
Host web3
  HostName 192.0.2.3
  ProxyJump gate
  ForwardAgent yes
Host *
  User deploy
Host *.example.org !x
"""


def test_an_ssh_configuration(tmp_path: Path) -> None:
    config, path = tmp_path / "config", tmp_path / "hosts.json"
    config.write_text(CONFIG.replace("more", str(tmp_path / "m*re")))
    (tmp_path / "more").write_text("Host=included\n  HostName=192.0.2.4\n")
    seen = done(path, ssh_config=str(config))
    found = hosts(path)
    assert list(found) == ["included", "web1", "web2", "db", "web3"]
    assert found["web1"] == {"hostname": "192.0.2.1", "user": "deploy", "port": 2222}
    assert found["db"] == {"hostname": "db", "user": "deploy"}, "ssh has more to say of it, so the alias stays"
    assert found["included"]["hostname"] == "192.0.2.4"
    assert found["web3"]["jump_host"] == "gate"
    told = {one["name"]: one["unsaid"] for one in seen["hosts"]}
    assert told["db"] == told["web1"] == []
    with pytest.raises(InvalidOption, match="ssh_config"):
        done(path, ssh_config=str(tmp_path / "nowhere"))
