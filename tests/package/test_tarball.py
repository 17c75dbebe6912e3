# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection as people get it: built into a tarball, installed from it, and used from outside the checkout."""

from __future__ import annotations

import json
import tarfile

import pytest
from checkout import CHECKOUT
from installed import Installed, build_and_install

HOSTS = {"version": 1, "hosts": {"one": {"hostname": "192.0.2.11", "groups": ["web"]}}}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return build_and_install(tmp_path_factory.mktemp("package"))


def test_tarball_holds_the_collection_and_nothing_of_the_checkout(installed: Installed) -> None:
    with tarfile.open(installed.tarball) as tar:
        names = [name.removeprefix("./") for name in tar.getnames()]
    for wanted in (
        "plugins/action/remote_container.py",
        "roles/lxc_host/files/network.py",
        "playbooks/setup_server.yml",
    ):
        assert wanted in names
    first = {name.split("/")[0] for name in names}
    assert not first & {".ci", ".dev", ".git", ".gitignore", ".venv", ".cache", ".lab", ".ansible", "findings"}, first


@pytest.mark.parametrize("module", sorted(path.stem for path in CHECKOUT.glob("plugins/modules/*.py")))
def test_every_module_is_documented_under_its_full_name(installed: Installed, module: str) -> None:
    shown = json.loads(installed.run("ansible-doc", "--json", f"sshfleet.containers.{module}"))
    assert shown[f"sshfleet.containers.{module}"]["doc"]["short_description"]


def test_every_role_tells_its_options(installed: Installed) -> None:
    shown = json.loads(installed.run("ansible-doc", "--json", "-t", "role", "--list", "sshfleet.containers"))
    roles = {path.parent.name for path in CHECKOUT.glob("roles/*/meta")}
    assert set(shown) == {f"sshfleet.containers.{role}" for role in roles}


def test_inventory_source_reads_hosts_json(installed: Installed) -> None:
    (installed.work / "fleet.json").write_text(json.dumps(HOSTS))
    source = installed.work / "fleet.sshfleet.yml"
    source.write_text(
        json.dumps({"plugin": "sshfleet.containers.hosts_json", "path": str(installed.work / "fleet.json")})
    )
    shown = json.loads(installed.run("ansible-inventory", "-i", str(source), "--list"))
    assert shown["web"]["hosts"] == ["one"]
    assert shown["_meta"]["hostvars"]["one"]["ansible_host"] == "192.0.2.11"


@pytest.mark.parametrize("playbook", ["setup_server", "ping", "moving"])
def test_playbooks_are_found_by_their_full_names(installed: Installed, playbook: str) -> None:
    inventory = installed.work / "empty.yml"
    inventory.write_text("all: {}\n")
    installed.run("ansible-playbook", "-i", str(inventory), "--syntax-check", f"sshfleet.containers.{playbook}")
