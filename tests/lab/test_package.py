# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection as people get it: built, installed from the tarball, and used far from the checkout."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from lab_hosts import CHECKOUT, Lab, parse_results

BIN = Path(sys.executable).parent
# The one line that the README asks for where no checkout's ansible.cfg is.
CONFIG = """
[inventory]
enable_plugins = sshfleet.containers.hosts_json, host_list, script, auto, yaml, ini, toml
"""


def run(argv: list[str], cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN / argv[0]), *argv[1:]], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def tarball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from what git knows or would know, as a release is."""
    stage, output = tmp_path_factory.mktemp("stage"), tmp_path_factory.mktemp("dist")
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=CHECKOUT, check=True, capture_output=True, text=True
    )
    for name in listed.stdout.splitlines():
        source = CHECKOUT / name
        if source.is_file() and not source.is_symlink():
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            (stage / name).write_bytes(source.read_bytes())
    built = run(["ansible-galaxy", "collection", "build", "--output-path", str(output)], stage, {})
    assert built.returncode == 0, built.stderr
    (found,) = output.glob("sshfleet-containers-*.tar.gz")
    return found


@pytest.fixture(scope="module")
def installed(tarball: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A directory with the installed collection and an ansible.cfg of its own."""
    place = tmp_path_factory.mktemp("elsewhere")
    (place / "ansible.cfg").write_text(f"[defaults]\ncollections_path = {place}\n{CONFIG}")
    done = run(["ansible-galaxy", "collection", "install", str(tarball), "-p", str(place)], place, {"HOME": str(place)})
    assert done.returncode == 0, done.stderr
    return place


@pytest.fixture
def env(lab: Lab, installed: Path) -> dict[str, str]:
    return {**lab.environment(), "ANSIBLE_CONFIG": str(installed / "ansible.cfg")}


def test_the_tarball_holds_the_collection_and_nothing_of_the_checkout(tarball: Path) -> None:
    with tarfile.open(tarball) as archive:
        names = archive.getnames()
    assert {"plugins/modules/remote_container.py", "roles/server_setup/meta/argument_specs.yml", "README.md"} <= set(
        names
    )
    assert not [name for name in names if name.startswith((".dev", ".ci", ".venv", ".lab", ".cache"))]


def test_documentation_of_an_installed_collection(installed: Path, env: dict[str, str]) -> None:
    for kind, name in (("module", "remote_container"), ("inventory", "hosts_json"), ("role", "server_setup")):
        done = run(["ansible-doc", "-t", kind, "--json", f"sshfleet.containers.{name}"], installed, env)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)


def test_ad_hoc_with_the_full_name(lab: Lab, installed: Path, env: dict[str, str]) -> None:
    argv = ["ansible", "web", "-i", lab.inventory, "-m", "sshfleet.containers.remote_engine_info"]
    done = run(argv, installed, env)
    results = parse_results(done.stdout, done.stderr)
    assert {host: result["_status"] for host, result in results.items()} == {
        "bookworm1": "SUCCESS",
        "trixie1": "SUCCESS",
    }


@pytest.mark.parametrize("playbook", ["setup_server", "ping"])
def test_playbooks_by_their_full_names(lab: Lab, installed: Path, env: dict[str, str], playbook: str) -> None:
    argv = ["ansible-playbook", "-i", lab.inventory, f"sshfleet.containers.{playbook}", "--limit", "bookworm1"]
    done = run(argv, installed, env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "failed=0" in done.stdout


def test_a_yaml_inventory_file_names_the_hosts_file(lab: Lab, installed: Path, env: dict[str, str]) -> None:
    (installed / "fleet.yml").write_text(f"plugin: sshfleet.containers.hosts_json\npath: {lab.inventory}\n")
    done = run(["ansible-inventory", "-i", "fleet.yml", "--graph"], installed, env)
    assert "@web:" in done.stdout, done.stderr
