# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from ansible import constants as C
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.seam import elsewhere
from ansible_collections.sshfleet.containers.plugins.plugin_utils.seam.host import Hosts

OWN = SimpleNamespace(_loader=DataLoader())


def hosts_json(directory: Path, **hosts: object) -> str:
    path = directory / "hosts.json"
    path.write_text(json.dumps({"version": 1, "hosts": hosts}))
    return str(path)


def test_a_hosts_json_is_read_with_the_variables_beside_it(tmp_path: Path) -> None:
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "group_vars" / "all.yml").write_text("sshfleet_engine: docker\n")
    found = elsewhere.hostvars([hosts_json(tmp_path, web1={"hostname": "192.0.2.1", "user": "me"})], OWN)
    assert list(found) == ["web1"]
    variables = found["web1"]
    wanted = ("ansible_host", "ansible_user", "sshfleet_engine")
    assert [variables[name] for name in wanted] == ["192.0.2.1", "me", "docker"]


def test_a_name_alone_is_what_ssh_knows() -> None:
    assert "desk" in elsewhere.hostvars(["desk,"], OWN)


def test_what_can_not_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidOption, match="there is no such file"):
        elsewhere.hostvars([str(tmp_path / "none.yml")], OWN)
    with pytest.raises(InvalidOption, match="it can't be read, see above"):
        elsewhere.hostvars([hosts_json(tmp_path, web1={})], OWN)


@pytest.mark.parametrize(("origin", "found"), [("/m/ansible.cfg", (True, "default")), ("var: x", (False, "var: x"))])
def test_host_keys_are_checked_whatever_the_plays_configuration_says(
    monkeypatch: pytest.MonkeyPatch, origin: str, found: tuple[bool, str]
) -> None:
    monkeypatch.setattr(C, "CONFIG_FILE", "/m/ansible.cfg")
    plugin = SimpleNamespace(_options={"host_key_checking": False}, _origins={"host_key_checking": origin})
    elsewhere.judge_host_keys(plugin)
    assert (plugin._options["host_key_checking"], plugin._origins["host_key_checking"]) == found


def test_the_host_of_a_task_is_the_one_of_its_own_inventory(tmp_path: Path) -> None:
    source = hosts_json(tmp_path, web1={"hostname": "192.0.2.1", "user": "me", "port": 2222})
    variables = {
        "inventory_hostname": "host-web1", "sshfleet_inventory": [source], "sshfleet_inventory_name": "web1",
        "ansible_user": "nobody", "hostvars": OWN,
    }  # fmt: skip
    templar = SimpleNamespace(template=lambda value: value)
    target = Hosts(Task(), PlayContext(), None, templar, variables).own().target()
    assert (target.name, target.host, target.port, target.user) == ("web1", "192.0.2.1", 2222, "me")
