# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A hosts.json that holds aliases only: all else comes from an ssh_config, for Ansible's ssh and for our tunnel."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lab_hosts import Lab

pytestmark = pytest.mark.pairs("both")

# The first host's address is concrete, the second's alias has a setting of its own, the third is behind the first.
CONFIG = """\
Include {folder}/first
Host second
  HostName {second}
  HostKeyAlias {second}
Host third
  HostName {third}
  ProxyJump first
Match all
  User {user}
  IdentityFile {key}
  UserKnownHostsFile {known_hosts}
"""
FIRST = "Host first\n  HostName {first}\n"


@pytest.fixture
def inventory(lab: Lab, tmp_path: Path) -> str:
    """Aliases of three of the lab's hosts."""
    entries = list(lab.hosts.values())[:3]
    values = {
        **{name: entry["hostname"] for name, entry in zip(("first", "second", "third"), entries, strict=True)},
        "user": entries[0].get("user", "root"),
        "key": lab.key,
        "known_hosts": lab.known_hosts,
        "folder": tmp_path,
    }
    (tmp_path / "first").write_text(FIRST.format(**values))
    (tmp_path / "ssh_config").write_text(CONFIG.format(**values))
    aliases = {name: {"hostname": name} for name in ("first", "second", "third")}
    (tmp_path / "hosts.json").write_text(json.dumps({"hosts": aliases}))
    lines = ["plugin: sshfleet.containers.hosts_json", "path: hosts.json", "ssh_config_lookup: true"]
    (tmp_path / "fleet.yml").write_text("\n".join([*lines, "ssh_config_file: ssh_config", ""]))
    return str(tmp_path / "fleet.yml")


def test_the_values_are_shown(lab: Lab, inventory: str) -> None:
    done = lab.run("ansible-inventory", "--list", inventory=inventory)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)["_meta"]["hostvars"]
    entries = list(lab.hosts.values())
    config = f"-F {Path(inventory).parent}/ssh_config"
    same = {"ansible_user": entries[0].get("user", "root"), "ansible_ssh_private_key_file": lab.key}
    assert shown == {
        "first": {**same, "ansible_host": entries[0]["hostname"], "ansible_ssh_common_args": config},
        "second": {**same, "ansible_host": "second", "ansible_ssh_common_args": config},
        "third": {
            **same,
            "ansible_host": entries[2]["hostname"],
            "ansible_ssh_common_args": f"{config} -o ProxyJump=first",
        },
    }


def test_the_hosts_are_reached(lab: Lab, inventory: str) -> None:
    raw = lab.run("ansible", "all", "-m", "ansible.builtin.raw", "-a", "hostname", inventory=inventory)
    assert raw.returncode == 0, raw.stdout + raw.stderr
    found = lab.module("all", "sshfleet.containers.remote_engine_info", inventory=inventory)
    assert {host: result["_status"] for host, result in found.items()} == dict.fromkeys(
        ("first", "second", "third"), "SUCCESS"
    )


def test_a_configuration_that_ssh_refuses_ends_the_run(lab: Lab, inventory: str) -> None:
    config = Path(inventory).parent / "ssh_config"
    config.write_text("Host first\n  Prot 22\n")
    done = lab.run("ansible", "all", "-m", "ansible.builtin.raw", "-a", "hostname", inventory=inventory)
    assert (done.returncode, done.stdout) == (1, "")
    assert f'host "first" (first): {config}: line 2: Bad configuration option: prot' in " ".join(done.stderr.split())
