# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which unit tests the second pair runs is read from what they import (tests/support/ansible_imports.py)."""

from __future__ import annotations

import ast
from pathlib import Path

import ansible_imports
import pytest
from checkout import CHECKOUT

PLUGINS = "ansible_collections.sshfleet.containers.plugins"
TEXTS = {
    "import json": False,
    "import ansible_collections.other.thing": False,
    "import ansible.errors": True,
    "from ansible import errors": True,
    "def late():\n    from ansible.errors import AnsibleError": True,
    "from lab_hosts import Lab": True,  # which starts Ansible's programs
    "argv = ['ansible-doc', '--list']": True,
    "text = 'how Ansible and ansible-doc say it'": False,
    f"from {PLUGINS}.plugin_utils import telling": False,
    f"from {PLUGINS}.inventory import hosts_json": True,
    f"from {PLUGINS}.inventory.hosts_json import InventoryModule": True,
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_file_leads_to_ansible_by_its_imports_or_a_program(tmp_path: Path, text: str) -> None:
    path = tmp_path / "test_it.py"
    path.write_text(text)
    assert ansible_imports.leads_to_ansible(path) == TEXTS[text]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("from .argv import master", f"{PLUGINS}.plugin_utils.ssh.argv"),
        ("from . import argv", f"{PLUGINS}.plugin_utils.ssh"),
        ("from ..errors import FleetError", f"{PLUGINS}.plugin_utils.errors"),
        ("from os.path import join", "os.path"),
    ],
)
def test_a_relative_import_is_followed_too(line: str, name: str) -> None:
    (node,) = ast.parse(line).body
    assert isinstance(node, ast.ImportFrom)
    assert ansible_imports.absolute(node, CHECKOUT / "plugins/plugin_utils/ssh/target.py") == name


def test_what_stands_below_the_seam_to_ansible_runs_on_the_first_pair_only() -> None:
    unit = CHECKOUT / "tests" / "unit" / "plugins"
    leading = {path for path in unit.rglob("test_*.py") if ansible_imports.leads_to_ansible(path)}
    assert set((unit / "inventory").glob("test_*.py")) <= leading
    assert not set((unit / "plugin_utils" / "hosts").glob("test_*.py")) & leading
