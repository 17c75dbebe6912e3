# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts of earlier inventory sources: whatever may set a host's settings counts, as it does for a task."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible import constants as C
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.utils.display import Display

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.earlier_hosts import EarlierHosts
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOptions, SshError

HOSTS = {
    "all": {
        "children": {
            "web": {"hosts": {"web1": {"ansible_host": "192.0.2.1"}, "web2": {"ansible_host": "{{ net }}.2"}}},
            "db": {"hosts": {"db1": {"ansible_host": "{{ nothing }}"}, "here": {"ansible_connection": "local"}}},
        }
    }
}


class Source:
    """A folder with hosts.yml, and beside our own source in another folder files of variables."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = str(folder / "ours" / "a.fleet_containers.yml")
        (folder / "ours").mkdir()
        (folder / "hosts.yml").write_text(json.dumps(HOSTS))

    def variables(self, name: str, **values: Any) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))

    def hosts(self, **params: Any) -> EarlierHosts:
        loader = DataLoader()
        data = InventoryManager(loader, [str(self.folder / "hosts.yml")])._inventory
        given = {"engine": None, "engine_socket": None, **params}
        return EarlierHosts(data, loader, self.path, given, Display())


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Source:
    monkeypatch.setattr(C, "INVENTORY_ENABLED", ["yaml"])
    made = Source(tmp_path)
    made.variables("group_vars/all.json", net="192.0.2", ansible_user="deploy")
    return made


def test_files_of_variables_beside_the_sources_count_and_templates_are_resolved(source: Source) -> None:
    source.variables("group_vars/web.json", sshfleet_engine="docker", ansible_port=2222)
    source.variables("ours/host_vars/web2.json", sshfleet_engine_socket="/run/x.sock", ansible_user="root")
    assert source.hosts().places(["web1", "web2"]) == {
        "web1": ("192.0.2.1", 2222, "deploy", "docker", None),
        "web2": ("192.0.2.2", 2222, "root", "docker", "/run/x.sock"),
    }


def test_the_environment_counts_below_variables_and_the_source_above_them(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSHFLEET_ENGINE", "podman")
    source.variables("host_vars/web2.json", sshfleet_engine="docker")
    engines = {host: place[3] for host, place in source.hosts().places(["web1", "web2"]).items()}
    assert engines == {"web1": "podman", "web2": "docker"}
    assert source.hosts(engine="podman").places(["web2"])["web2"][3] == "podman"


def test_what_can_not_be_used_is_told_of_its_host_only(source: Source) -> None:
    hosts = source.hosts()
    assert set(hosts.places(["web1", "db1", "here"])) == {"web1"}
    with pytest.raises(InvalidOptions, match=r"The variables of db1 can't be used.*nothing"):
        hosts.way("db1", {})
    with pytest.raises(SshError, match="here is a local target"):
        hosts.way("here", {})


def test_groups_are_those_of_the_earlier_sources(source: Source) -> None:
    groups = source.hosts().groups
    assert groups["web"] == ["web1", "web2"] and groups["db"] == ["db1", "here"]


def test_secrets_of_the_source_are_not_told(source: Source) -> None:
    error = SshError("connection", "it said hunter22")
    assert "hunter22" not in json.dumps(source.hosts(labels={"api_token": "hunter22"}).failure(error))
