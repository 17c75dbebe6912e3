# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which hosts of a file are told, and how."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.read import parse_hosts
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.hosts_file.options import parse_info
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.hosts_file.result import of_file

HOSTS = {
    "gate": {"hostname": "192.0.2.1", "user": "ops", "port": 2222},
    "inner": {"hostname": "192.0.2.2", "jump_host": "gate"},
    "web2": {"hostname": "192.0.2.3", "jump_host": "inner", "groups": ["web", "new"]},
    "web1": {"hostname": "192.0.2.4", "jump_host": "", "groups": ["web"], "description": "x"},
}
FILE = parse_hosts(json.dumps({"default_host": "gate", "hosts": HOSTS}).encode(), "hosts.json")


@pytest.mark.parametrize(
    ("name", "group", "names"),
    [
        (None, None, ["gate", "inner", "web2", "web1"]),
        (["web*", "gate"], None, ["gate", "web2", "web1"]),
        (None, ["new", "default_host"], ["gate", "web2"]),
        (["*1"], ["web"], ["web1"]),
        ([], None, []),
        (["web9"], None, []),
    ],
)
def test_hosts_are_chosen_by_name_and_group(name: Any, group: Any, names: list[str]) -> None:
    told = of_file(FILE, parse_info({"name": name, "group": group}), "/hosts.json")
    assert [host["name"] for host in told["hosts"]] == names and told["default_host"] == "gate"


def test_a_host_is_told_with_its_whole_chain() -> None:
    (web2, web1) = of_file(FILE, parse_info({"name": ["web*"], "group": None}), "/hosts.json")["hosts"]
    assert web2["jump_chain"] == ["ops@192.0.2.1:2222", "192.0.2.2"] and web2["jump_host"] == "inner"
    assert web1 == {
        "name": "web1", "hostname": "192.0.2.4", "user": None, "port": None, "identity_file": None, "jump_host": "",
        "jump_chain": [], "groups": ["web"], "description": "x",
    }  # fmt: skip
