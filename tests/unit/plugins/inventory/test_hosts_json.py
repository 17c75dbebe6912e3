# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plugin inside Ansible's own InventoryManager: what it claims, what it refuses for good, options and cache."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible import constants as C
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader

from ansible_collections.sshfleet.containers.plugins.inventory import hosts_json
from ansible_collections.sshfleet.containers.plugins.plugin_utils.action import sources

NAME = "sshfleet.containers.hosts_json"
FIRST = [NAME, "ansible.builtin.host_list", "ansible.builtin.auto", "ansible.builtin.yaml", "ansible.builtin.ini"]
NOT_ENABLED = FIRST[1:]
WEB1 = {"version": 1, "default_host": "web1", "hosts": {"web1": {"hostname": "192.0.2.1", "groups": ["web"]}}}

CLAIMED: dict[str, tuple[str, str | None, bool]] = {
    "by name": ("hosts.json", "", True),
    "by suffix": ("prod.hosts.json", "", True),
    "missing": ("hosts.json", None, True),
    "other json": ("my-hosts.json", "{}", False),
    "other case": ("HOSTS.JSON", "{}", False),
    "list of hosts": ("a,b.hosts.json", None, False),
    "comma in a file's name": ("a,b.hosts.json", "{}", True),
    "configuration": ("a.yml", f"plugin: {NAME}\n", True),
    "yaml suffix": ("a.yaml", f"---\n# ours\nplugin: '{NAME}'\npath: x\n", True),
    "configuration as JSON": ("a.yml", f'{{"plugin": "{NAME}"}}', True),
    "vaulted, perhaps ours": ("a.yml", "$ANSIBLE_VAULT;1.1;AES256\n31", True),
    "another suffix": ("a.txt", f"plugin: {NAME}\n", False),
    "another plugin": ("a.yml", "plugin: ansible.builtin.constructed\n", False),
    "a longer name": ("a.yml", f"plugin: {NAME}_too\n", False),
    "a comment": ("a.yml", f"# plugin: {NAME}\nplugin: x.y.z\n", False),
    "an inventory": ("a.yml", "all: {hosts: {plugin: {}}}\n", False),
    "a missing configuration": ("a.yml", None, False),
}

STRICT = "path: hosts.json\nstrict: true\n"
BAD_CONFIGS: dict[str, tuple[str, str]] = {
    "no path": ("", "option 'path' is missing. Add a line such as 'path: hosts.json'."),
    "empty path": ("path: ''", "option 'path' is missing"),
    "missing file": ("path: nowhere.json", "/nowhere.json: the hosts file cannot be read: No such file or directory"),
    "a folder": ("path: .", "the hosts file cannot be read: Is a directory"),
    "path a list": ("path: [a, b]", "option 'path' has the value ['a', 'b']. Give a text."),
    "unknown option": ("path: hosts.json\nkeyed_group: []", "unknown option 'keyed_group'. The options are: cache, "),
    "wrong bool": ("path: hosts.json\nstrict: perhaps", "option 'strict' has the value 'perhaps'. Give true or false."),
    "wrong dict": ("path: hosts.json\ncompose: [a]", "compose"),
    "strict compose": (STRICT + "compose: {x: no_such}", "Could not set x for host web1"),
    "strict groups": (STRICT + "groups: {x: no_such}", "Could not add host web1 to group x"),
    "no slice": ("path: hosts.json\nslice: 3/2", "option 'slice' has the value '3/2'. Write K/N, such as 1/4"),
    "slice a number": ("path: hosts.json\nslice: 1", "option 'slice' has the value 1. Give a text."),
    "unknown cache plugin": ("path: hosts.json\ncache: true\ncache_plugin: no_such", "no_such"),
}

Inventory = Callable[..., InventoryManager]


@pytest.fixture
def inventory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Inventory:
    """Reads sources below ``tmp_path`` with the plugins that are named."""

    def read(*sources: str, enabled: Sequence[str] = tuple(FIRST), cache: bool = True) -> InventoryManager:
        monkeypatch.setattr(C, "INVENTORY_ENABLED", list(enabled))
        return InventoryManager(DataLoader(), [str(tmp_path / source) for source in sources], cache=cache)

    return read


def write(path: Path, content: Any) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


@pytest.mark.parametrize(("name", "content", "expected"), CLAIMED.values(), ids=CLAIMED)
def test_what_the_plugin_claims(tmp_path: Path, name: str, content: str | None, expected: bool) -> None:
    if content is not None:
        write(tmp_path / name, content)
    assert bool(inventory_loader.get(NAME).verify_file(str(tmp_path / name))) is expected


def test_hosts_groups_and_variables(inventory: Inventory, tmp_path: Path) -> None:
    write(tmp_path / "hosts.json", WEB1)
    read = inventory("hosts.json")
    assert {name: [host.name for host in group.get_hosts()] for name, group in read.groups.items()} == {
        "all": ["web1"],
        "ungrouped": [],
        "web": ["web1"],
        "default_host": ["web1"],
    }
    variables = read.get_host("web1").vars
    expected = {"ansible_host": "192.0.2.1", "ansible_user": getpass.getuser()}
    assert {key: value for key, value in variables.items() if key.startswith(("ansible", "sshfleet"))} == expected


@pytest.mark.parametrize("enabled", [FIRST, NOT_ENABLED], ids=["enabled", "through auto"])
def test_a_configuration_finds_its_file(
    inventory: Inventory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, enabled: list[str]
) -> None:
    for name in ("beside", "home", "variable", "absolute"):
        (tmp_path / name).mkdir()
        write(tmp_path / name / "any.json", {"hosts": {name: {"hostname": "a", "identity_file": "k"}}})
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WHERE", str(tmp_path / "variable"))
    monkeypatch.chdir("/")
    paths = {"beside": "beside/any.json", "home": "~/any.json", "variable": "$WHERE/any.json"}
    for name, path in {**paths, "absolute": f"{tmp_path}/absolute/any.json"}.items():
        write(tmp_path / f"{name}.yml", f"plugin: {NAME}\npath: {path}\n")
        read = inventory(f"{name}.yml", enabled=enabled)
        assert list(read.hosts) == [name]
        assert read.hosts[name].vars["ansible_ssh_private_key_file"] == str(tmp_path / name / "k")


def test_constructed_features(inventory: Inventory, tmp_path: Path) -> None:
    write(tmp_path / "hosts.json", {"hosts": {"a": {"hostname": "a", "user": "u"}, "b": {"hostname": "b", "port": 1}}})
    lines = [
        f"plugin: {NAME}",
        "path: hosts.json",
        "strict: true",
        "compose: {where: \"ansible_host ~ '!'\"}",
        "groups: {with_port: ansible_port is defined}",
        "keyed_groups: [{key: 'where[0]', prefix: first}]",
    ]
    write(tmp_path / "fleet.yml", "\n".join(lines))
    read = inventory("fleet.yml")
    assert [read.hosts[name].vars["where"] for name in ("a", "b")] == ["a!", "b!"]
    groups = {name: [host.name for host in group.get_hosts()] for name, group in read.groups.items()}
    assert (groups["with_port"], groups["first_a"], groups["first_b"]) == (["b"], ["a"], ["b"])


def grouped(read: InventoryManager) -> dict[str, list[str]]:
    return {name: [host.name for host in group.get_hosts()] for name, group in read.groups.items()}


def test_slices_share_the_hosts(inventory: Inventory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {name: {"hostname": name, "groups": ["web", f"only_{name}"]} for name in ("c", "a", "d", "b")}
    entries["a"]["jump_host"] = "b"
    write(tmp_path / "hosts.json", {"default_host": "b", "hosts": entries})
    write(tmp_path / "second.yml", f"plugin: {NAME}\npath: hosts.json\nslice: 2/2\n")
    second = inventory("second.yml")
    assert list(second.hosts) == ["d", "b"] and second.groups["all"].vars["sshfleet_slice"] == "2/2"
    monkeypatch.setenv("SSHFLEET_SLICE", "1/2")
    first = inventory("hosts.json")
    assert list(first.hosts) == ["c", "a"] and first.groups["all"].vars["sshfleet_slice"] == "1/2"
    assert first.hosts["a"].vars["ansible_ssh_common_args"].endswith("ProxyJump=b"), "an entry of the other slice"
    groups = {"only_c": ["c"], "only_a": ["a"], "only_d": [], "only_b": [], "default_host": [], "web": ["c", "a"]}
    assert grouped(first) == {"all": ["c", "a"], "ungrouped": [], **groups}
    monkeypatch.setenv("SSHFLEET_SLICE", "5/5")
    assert set(grouped(inventory("hosts.json"))) == {"all", "ungrouped", *groups}, "a slice without a host"


def test_a_slice_that_is_none_ends_the_run_from_wherever_it_comes(
    inventory: Inventory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "hosts.json", WEB1)
    for value in ("0/2", ""):
        monkeypatch.setenv("SSHFLEET_SLICE", value)
        with pytest.raises(SystemExit, match=r"^1$"):
            inventory("hosts.json")
        said = capsys.readouterr().err
        assert f"option 'slice' has the value {value!r}. Write K/N, such as 1/4" in said


@pytest.mark.parametrize("enabled", [FIRST, NOT_ENABLED], ids=["enabled", "through auto"])
@pytest.mark.parametrize(("lines", "fragment"), BAD_CONFIGS.values(), ids=BAD_CONFIGS)
def test_a_bad_configuration_ends_the_run(
    inventory: Inventory,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    lines: str,
    fragment: str,
    enabled: list[str],
) -> None:
    write(tmp_path / "hosts.json", WEB1)
    config = write(tmp_path / "fleet.yml", f"plugin: {NAME}\n{lines}\n")
    with pytest.raises(SystemExit) as refused:
        inventory("fleet.yml", enabled=enabled)
    assert refused.value.code == 1
    message = capsys.readouterr().err
    assert f"The inventory {config} is refused" in message
    assert fragment in message


def test_a_configuration_that_is_not_yaml_ends_the_run(
    inventory: Inventory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = write(tmp_path / "fleet.yml", f"plugin: {NAME}\npath: [\n")
    with pytest.raises(SystemExit):
        inventory("fleet.yml")
    message = capsys.readouterr().err
    assert f"The inventory {config} is refused" in message
    assert f"{config}:3:1" in message


def test_every_problem_is_printed(inventory: Inventory, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "hosts.json", '{"version": 2,\n"hosts": {"all": 1}}')
    with pytest.raises(SystemExit, match=r"^1$"):
        inventory("hosts.json")
    message = capsys.readouterr().err
    assert f"[ERROR]: The inventory {tmp_path}/hosts.json is refused, 3 problems:\n" in message
    assert [line.split(" ")[0] for line in message.splitlines() if line.startswith(str(tmp_path))] == [
        f"{tmp_path}/hosts.json:{line}:" for line in (1, 2, 2)
    ]


def test_a_vaulted_configuration_of_another_plugin_is_left_to_it(inventory: Inventory, tmp_path: Path) -> None:
    plugin = inventory_loader.get(NAME)
    config = write(tmp_path / "other.yml", "plugin: ansible.builtin.constructed\n")
    with pytest.raises(sources.NotOurs, match="is not a configuration of sshfleet"):
        plugin.parse(inventory().__dict__["_inventory"], DataLoader(), str(config))


class TestCache:
    """With jsonfile as the cache plugin, as people who set one do."""

    @pytest.fixture(autouse=True)
    def cached_inventory(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("ANSIBLE_INVENTORY_CACHE", "true")
        monkeypatch.setenv("ANSIBLE_INVENTORY_CACHE_PLUGIN", "ansible.builtin.jsonfile")
        monkeypatch.setenv("ANSIBLE_INVENTORY_CACHE_CONNECTION", str(tmp_path / "cache"))
        write(tmp_path / "hosts.json", WEB1)

    def parsed(self, inventory: Inventory, monkeypatch: pytest.MonkeyPatch, **options: Any) -> tuple[str, bool]:
        """The address of web1, and whether the file was parsed for it."""
        calls: list[str] = []
        real = hosts_json.parse_hosts
        with monkeypatch.context() as patch:
            module = sys.modules[inventory_loader.get(NAME, class_only=True).__module__]
            patch.setattr(module, "parse_hosts", lambda data, path: calls.append(path) or real(data, path))
            address = inventory("hosts.json", **options).hosts["web1"].vars["ansible_host"]
        return address, bool(calls)

    def test_the_same_file_is_parsed_once(self, inventory: Inventory, monkeypatch: pytest.MonkeyPatch) -> None:
        assert [self.parsed(inventory, monkeypatch) for _count in range(2)] == [
            ("192.0.2.1", True),
            ("192.0.2.1", False),
        ]

    def test_a_changed_file_is_noticed(
        self, inventory: Inventory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        self.parsed(inventory, monkeypatch)
        path = tmp_path / "hosts.json"
        before = path.stat()
        write(path, path.read_text().replace("192.0.2.1", "192.0.2.2"))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert self.parsed(inventory, monkeypatch) == ("192.0.2.2", True)

    def test_flush_cache_parses_and_fills_it_again(self, inventory: Inventory, monkeypatch: pytest.MonkeyPatch) -> None:
        self.parsed(inventory, monkeypatch)
        assert self.parsed(inventory, monkeypatch, cache=False) == ("192.0.2.1", True)
        assert self.parsed(inventory, monkeypatch) == ("192.0.2.1", False)

    @pytest.mark.parametrize("content", ["{", "{}", "[]", '{"digest": 1}', "null"])
    def test_a_broken_cache_is_not_used(
        self, inventory: Inventory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str
    ) -> None:
        self.parsed(inventory, monkeypatch)
        (cached,) = (tmp_path / "cache").iterdir()
        cached.write_text(content)
        assert self.parsed(inventory, monkeypatch) == ("192.0.2.1", True)

    def test_a_file_that_went_bad_is_refused(self, inventory: Inventory, tmp_path: Path) -> None:
        inventory("hosts.json")
        write(tmp_path / "hosts.json", "{")
        with pytest.raises(SystemExit):
            inventory("hosts.json")


class TestControllerUser:
    def test_the_uid_decides_and_not_the_environment(
        self, inventory: Inventory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LOGNAME", "somebody-else")
        write(tmp_path / "hosts.json", WEB1)
        assert inventory("hosts.json").hosts["web1"].vars["ansible_user"] != "somebody-else"

    @pytest.mark.parametrize("user", [None, "root"])
    def test_a_uid_without_a_name_is_refused_where_it_is_needed(
        self, inventory: Inventory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: str | None
    ) -> None:
        monkeypatch.setattr(os, "getuid", lambda: 4_000_000_000)
        for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
            monkeypatch.delenv(name, raising=False)
        host = {"hostname": "a", **({"user": user} if user else {})}
        write(tmp_path / "hosts.json", {"hosts": {"web1": host}})
        if user:
            assert inventory("hosts.json").hosts["web1"].vars["ansible_user"] == user
        else:
            with pytest.raises(SystemExit):
                inventory("hosts.json")
