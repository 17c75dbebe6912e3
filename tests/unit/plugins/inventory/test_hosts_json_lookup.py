# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option ssh_config_lookup inside Ansible's own InventoryManager, with the real ssh and a file of the test's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible import constants as C
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader

NAME = "sshfleet.containers.hosts_json"
HOSTS = {"web1": {"hostname": "web", "port": None}, "web2": {"hostname": "192.0.2.2", "user": "root"}}
CONFIG = "Host web\n  HostName 192.0.2.1\n  User ops\n  Port 2222\n  IdentityFile KEY\n  ProxyJump gate\n"
LOOKUP = f"plugin: {NAME}\npath: hosts.json\nssh_config_lookup: true\nssh_config_file: ssh/config\n"

Variables = Callable[..., dict[str, dict[str, Any]]]


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Variables:
    """Each host's variables, those of Ansible's SSH connection only."""
    monkeypatch.setattr(C, "INVENTORY_ENABLED", [NAME])
    (tmp_path / "ssh").mkdir()
    (tmp_path / "ssh" / "key").touch()
    (tmp_path / "ssh" / "config").write_text(CONFIG.replace("KEY", str(tmp_path / "ssh" / "key")))
    (tmp_path / "hosts.json").write_text(json.dumps({"hosts": HOSTS}))

    def read(source: str, text: str = "") -> dict[str, dict[str, Any]]:
        if text:
            (tmp_path / source).write_text(text)
        hosts = InventoryManager(DataLoader(), [str(tmp_path / source)]).hosts
        return {
            name: {key.removeprefix("ansible_"): value for key, value in host.vars.items() if key.startswith("ansible")}
            for name, host in hosts.items()
        }

    return read


def expected(folder: Path) -> dict[str, dict[str, Any]]:
    return {
        "web1": {
            "host": "192.0.2.1",
            "user": "ops",
            "port": 2222,
            "ssh_private_key_file": str(folder / "ssh" / "key"),
            "ssh_common_args": f"-F {folder}/ssh/config -o ProxyJump=gate",
        },
        "web2": {"host": "192.0.2.2", "user": "root", "ssh_common_args": f"-F {folder}/ssh/config"},
    }


def test_off_by_default(variables: Variables, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSIBLE_SSH_EXECUTABLE", "/no/such/ssh")
    assert variables("hosts.json")["web1"]["host"] == "web"


def test_from_a_configuration(variables: Variables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    assert variables("fleet.yml", LOOKUP) == expected(tmp_path)


def test_from_the_environment(variables: Variables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSHFLEET_SSH_CONFIG_LOOKUP", "true")
    monkeypatch.setenv("SSHFLEET_SSH_CONFIG_FILE", str(tmp_path / "ssh" / "config"))
    assert variables("hosts.json") == expected(tmp_path)


def test_the_usual_files_need_no_arguments(variables: Variables) -> None:
    read = variables("fleet.yml", LOOKUP.replace("ssh_config_file: ssh/config", ""))
    assert read["web2"] == {"host": "192.0.2.2", "user": "root"}


def test_a_changed_configuration_is_noticed_in_spite_of_the_cache(
    variables: Variables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSIBLE_INVENTORY_CACHE", "true")
    monkeypatch.setenv("ANSIBLE_INVENTORY_CACHE_PLUGIN", "ansible.builtin.jsonfile")
    monkeypatch.setenv("ANSIBLE_INVENTORY_CACHE_CONNECTION", str(tmp_path / "cache"))
    assert variables("fleet.yml", LOOKUP) == expected(tmp_path)
    assert list((tmp_path / "cache").iterdir())
    config = tmp_path / "ssh" / "config"
    config.write_text(config.read_text().replace("User ops", "User dev"))
    assert variables("fleet.yml")["web1"]["user"] == "dev"


def test_jump_hosts_are_as_they_are_written(variables: Variables, tmp_path: Path) -> None:
    hosts = {
        "gate": {"hostname": "web", "user": "me"},
        "explicit": {"hostname": "192.0.2.3", "jump_host": "gate"},
        "by_config": {"hostname": "web"},
    }
    (tmp_path / "hosts.json").write_text(json.dumps({"hosts": hosts}))
    read = variables("fleet.yml", LOOKUP)
    jumps = {name: values["ssh_common_args"].rpartition("=")[2] for name, values in read.items()}
    # ssh's own "gate" is not the file's; the file's is ssh's "web", of which ssh knows more
    assert jumps == {"gate": "gate", "explicit": "me@web", "by_config": "gate"}


REFUSED: dict[str, tuple[str, str, str]] = {
    "a bad configuration": (LOOKUP, "Prot 1", 'host "web1" (web): {config}: line 1: Bad configuration option: prot'),
    "no ssh": (LOOKUP + "ssh_executable: /no/ssh\n", "", "The ssh client '/no/ssh' can't be started"),
    "no file": (
        LOOKUP.replace("ssh/config", "ssh/no"),
        "",
        "Can't open user config file {no}",
    ),
    "a chain that is too long": (
        LOOKUP,
        f"ProxyJump {','.join(f'h{hop}' for hop in range(11))}",
        'host "web1", key "jump_host" from the ssh configuration: "h0,h1,h2,h3,h4,h5,h6,h7,h8,h9,h10" is a chain of 11',
    ),
    "a user that hosts.json could not hold": (LOOKUP, 'User "a b"', '"user" from the ssh configuration: "a b" holds'),
    "a file that nobody asks for": (
        LOOKUP.replace("true", "false"),
        "",
        "option 'ssh_config_file' alone does nothing. Add 'ssh_config_lookup: true', or remove it.",
    ),
    "a wrong value": (LOOKUP.replace("true", "perhaps"), "", "option 'ssh_config_lookup' has the value 'perhaps'"),
    "a wrong file": (LOOKUP.replace("ssh/config", "[a]"), "", "option 'ssh_config_file' has the value ['a']. Give a"),
}


@pytest.mark.parametrize(("text", "config", "fragment"), REFUSED.values(), ids=REFUSED)
def test_refusals_end_the_run(
    variables: Variables, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, config: str, fragment: str
) -> None:
    (tmp_path / "ssh" / "config").write_text(f"{config}\n")
    with pytest.raises(SystemExit, match=r"^1$"):
        variables("fleet.yml", text)
    message = capsys.readouterr().err
    assert f"The inventory {tmp_path}/fleet.yml is refused, " in message
    assert fragment.format(config=tmp_path / "ssh" / "config", no=tmp_path / "ssh" / "no") in message
