# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Good files, the entries they give, and the Ansible variables of each entry."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.entry import HostEntry, HostsFile
from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.read import parse_hosts
from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.variables import (
    Controller,
    host_groups,
    host_vars,
)

NULLS = {"hostname": "a", "port": None, "identity_file": None, "jump_host": None, "description": None, "groups": []}
FULL = {
    "hostname": "192.0.2.10",
    "user": "admin",
    "port": 2222,
    "identity_file": "~/My Keys/id",
    "jump_host": "j@b:22,[::1]",
    "groups": ["web", "db_1"],
    "description": "{{ lookup('pipe', 'id') }} Büro",
}

GOOD_FILES: dict[str, tuple[str, HostsFile]] = {
    "no hosts": ('{"hosts": {}}', HostsFile(())),
    "version 0": ('{"version": 0, "hosts": {}}', HostsFile(())),
    "version 1 and nulls": (
        json.dumps({"version": 1, "default_host": None, "hosts": {"b": NULLS, "a": {"hostname": "x"}}}),
        HostsFile((HostEntry("b", "a"), HostEntry("a", "x"))),
    ),
    "everything": (
        json.dumps({"version": 1, "default_host": "web1", "hosts": {"web1": FULL}}, ensure_ascii=False),
        HostsFile((HostEntry(name="web1", **{**FULL, "groups": ("web", "db_1")}),), "web1"),  # type: ignore[arg-type]
    ),
    "escapes and line ends": (
        '\r\n{\t"hosts" :\r\n{ "\\u0061" : { "hostname" : "b", "user": "CORP\\\\joe" } } }\r\n',
        HostsFile((HostEntry("a", "b", "CORP\\joe"),)),
    ),
}

GOOD_VALUES: dict[str, list[Any]] = {
    "hostname": ["localhost", "127.0.0.1", "::1", "fe80::1%eth0", "web-1.example.com.", "my_alias", "büro", "a" * 253],
    "user": ["root", "u" * 32, "joe@corp.example", "CORP\\joe", "a.b-c_d", "svc+x"],
    "port": [None, 1, 65535],
    "identity_file": [None, "key", "/a b/c", "~/.ssh/id", "../id", "%d/id"],
    "jump_host": [None, "", "b", "u@b", "u@b:22", "[fe80::1%eth0]:22", "a,b:22,c@d", ",".join("abcdefghij")],
    "groups": [[], ["web"], ["web", "Web"], ["_x"], ["büro"], ["none"]],
    "description": [None, "", " - a text: {% raw %}", "日本"],
}


@pytest.mark.parametrize(("text", "expected"), GOOD_FILES.values(), ids=GOOD_FILES)
def test_a_good_file_gives_its_entries_in_order(text: str, expected: HostsFile) -> None:
    assert parse_hosts(text.encode(), "hosts.json") == expected


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in GOOD_VALUES.items() for value in values])
def test_a_good_value_is_kept_as_it_is(key: str, value: Any) -> None:
    (entry,) = parse_hosts(json.dumps({"hosts": {"h": {"hostname": "a", key: value}}}).encode(), "hosts.json").hosts
    assert getattr(entry, key) == (tuple(value) if key == "groups" else value)


@pytest.mark.parametrize("name", ["web1", "web-1.example.com", "1", "10.0.0.1", "büro", "w" * 253, "localhost2"])
def test_a_good_host_name_is_kept(name: str) -> None:
    (entry,) = parse_hosts(json.dumps({"hosts": {name: {"hostname": "a"}}}).encode(), "hosts.json").hosts
    assert entry.name == name


def test_a_file_survives_the_cache() -> None:
    hosts = GOOD_FILES["everything"][1]
    assert HostsFile.from_dict(json.loads(json.dumps(hosts.to_dict()))) == hosts


def home(path: str) -> str:
    return path.replace("~", "/home/me", 1) if path == "~" or path.startswith("~/") else path


ME = Controller(user="me", directory="/etc/fleet", expand=home)

VARIABLES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "hostname only": ({}, {"ansible_host": "a", "ansible_user": "me"}),
    "user": ({"user": "root"}, {"ansible_host": "a", "ansible_user": "root"}),
    "port": ({"port": 22}, {"ansible_port": 22}),
    "key in the home": ({"identity_file": "~/k"}, {"ansible_ssh_private_key_file": "/home/me/k"}),
    "key beside the file": ({"identity_file": "keys/k"}, {"ansible_ssh_private_key_file": "/etc/fleet/keys/k"}),
    "absolute key": ({"identity_file": "/k"}, {"ansible_ssh_private_key_file": "/k"}),
    "key of an unknown user": ({"identity_file": "~x/k"}, {"ansible_ssh_private_key_file": "~x/k"}),
    "jump host": ({"jump_host": "u@b:22,c"}, {"ansible_ssh_common_args": "-o ProxyJump=u@b:22,c"}),
    "jump host in quotes": ({"jump_host": "C\\u@[::1]"}, {"ansible_ssh_common_args": "-o 'ProxyJump=C\\u@[::1]'"}),
    "no jump host": ({"jump_host": ""}, {"ansible_ssh_common_args": "-o ProxyJump=none"}),
    "description": ({"description": "d"}, {"sshfleet_description": "d"}),
    "empty description": ({"description": ""}, {}),
}


@pytest.mark.parametrize(("values", "expected"), VARIABLES.values(), ids=VARIABLES)
def test_the_variables_of_a_host(values: dict[str, Any], expected: dict[str, Any]) -> None:
    always = {"ansible_host": "a", "ansible_user": "me"}
    assert host_vars(HostEntry("h", "a", **values), ME) == {**always, **expected}


def test_the_default_host_is_a_group_of_one() -> None:
    entry = HostEntry("h", "a", groups=("web",))
    assert host_groups(entry, "h") == ("web", "default_host")
    assert host_groups(entry, "other") == host_groups(entry, None) == ("web",)
