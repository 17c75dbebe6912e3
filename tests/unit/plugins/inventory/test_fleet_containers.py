# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plugin inside Ansible's own InventoryManager, as far as that takes no host: what it claims and refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from ansible import constants as C
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader

from ansible_collections.sshfleet.containers.plugins.doc_fragments import connection, fleet_reading
from ansible_collections.sshfleet.containers.plugins.inventory import fleet_containers
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.inventory.options import ARGUMENT_SPEC
from ansible_collections.sshfleet.containers.plugins.plugin_utils.seam import settings

NAME = "sshfleet.containers.fleet_containers"
CONFIG = f"plugin: {NAME}\n"
CLAIMED = {
    "a.fleet_containers.yml": True,
    "a.fleet_containers.yaml": True,
    ".fleet_containers.yml": True,
    "fleet_containers.yml": False,
    "a.fleet_containers.json": False,
    "a.yml": False,
}
REFUSED = {
    "unknown option": ("at_onse: 5", "unknown option 'at_onse'. The options are: "),
    "wrong number": ("at_once: many", "at_once"),
    "too many": ("at_once: 2000", "Option 'at_once' has the value 2000"),
    "wrong choice": ("unread_hosts: drop", "value of unread_hosts must be one of: warn, fail, ignore, got: drop"),
    "wrong state": ("state: [up]", "value of state must be one or more of: "),
    "wrong bool": ("every_engine: perhaps", "option 'every_engine' has the value 'perhaps'. Give true or false."),
    "wrong prefix": ("group_prefix: 1-", "Option 'group_prefix' has the value '1-'"),
    "wrong socket": ("engine_socket: docker.sock", "Option 'engine_socket' has the value 'docker.sock'"),
    "nobody": ("hosts: [web9]", "Option 'hosts' has the value ['web9']: no host and no group"),
}
HOSTS = "[web]\nweb1 ansible_host=192.0.2.1\n"

Read = Callable[..., InventoryManager]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Read:
    """Reads sources below ``tmp_path`` with the plugins that Ansible enables by itself."""
    (tmp_path / "hosts").write_text(HOSTS)
    (tmp_path / "none").write_text("[web]\n")
    monkeypatch.setattr(C, "INVENTORY_ENABLED", ["host_list", "script", "auto", "yaml", "ini", "toml"])

    def sources(*names: str) -> InventoryManager:
        return InventoryManager(DataLoader(), [str(tmp_path / name) for name in names])

    return sources


@pytest.mark.parametrize("name", CLAIMED)
def test_what_the_plugin_claims(tmp_path: Path, name: str) -> None:
    plugin = inventory_loader.get(NAME)
    assert not plugin.verify_file(str(tmp_path / name)), "it is not there"
    (tmp_path / name).write_text(CONFIG)
    assert plugin.verify_file(str(tmp_path / name)) is CLAIMED[name]


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_option_ends_the_run(read: Read, tmp_path: Path, capsys: pytest.CaptureFixture[str], case: str) -> None:
    lines, words = REFUSED[case]
    config = tmp_path / "a.fleet_containers.yml"
    config.write_text(f"{CONFIG}{lines}\n")
    with pytest.raises(SystemExit, match=r"^1$"):
        read("hosts", config.name)
    said = capsys.readouterr().err
    assert f"[ERROR]: The inventory {config} is refused: " in said and words in " ".join(said.split())


@pytest.mark.parametrize("names", [["a.fleet_containers.yml", "hosts"], ["none", "a.fleet_containers.yml"]])
def test_without_hosts_before_it_the_order_is_told(
    read: Read, tmp_path: Path, capsys: pytest.CaptureFixture[str], names: list[str]
) -> None:
    (tmp_path / "a.fleet_containers.yml").write_text(CONFIG)
    with pytest.raises(SystemExit, match=r"^1$"):
        read(*names)
    assert "-i hosts.json -i NAME.fleet_containers.yml" in " ".join(capsys.readouterr().err.split())


def test_a_slice_without_hosts_has_no_containers(read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hosts.json").write_text('{"hosts": {"web1": {"hostname": "192.0.2.1", "groups": ["web"]}}}')
    (tmp_path / "a.yml").write_text("plugin: sshfleet.containers.hosts_json\npath: hosts.json\n")
    (tmp_path / "b.fleet_containers.yml").write_text(f"{CONFIG}hosts: [web1]\n")
    monkeypatch.setenv("SSHFLEET_SLICE", "2/2")
    found = read("a.yml", "b.fleet_containers.yml")
    assert list(found.hosts) == [] and "fleet_containers" in found.groups


def test_a_file_of_another_plugin_is_left_to_it(read: Read, tmp_path: Path) -> None:
    (tmp_path / "a.fleet_containers.yml").write_text("plugin: ansible.builtin.constructed\ngroups: {found: true}\n")
    assert "found" in read("hosts", "a.fleet_containers.yml").groups


def test_the_options_are_those_that_are_documented() -> None:
    own = yaml.safe_load(fleet_containers.DOCUMENTATION)["options"]
    shared = (connection.ModuleDocFragment.DOCUMENTATION, fleet_reading.ModuleDocFragment.DOCUMENTATION)
    documented = {**yaml.safe_load(shared[0])["options"], **yaml.safe_load(shared[1])["options"], **own}
    del documented["plugin"]
    accepted = {**{one.name: one.spec for one in settings.SETTINGS}, **ARGUMENT_SPEC}
    facts = ("type", "elements", "choices", "default", "aliases")
    assert {name: {key: option.get(key) for key in facts} for name, option in documented.items()} == {
        name: {key: option.get(key) for key in facts} for name, option in accepted.items()
    }
