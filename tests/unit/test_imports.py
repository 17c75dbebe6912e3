# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Holds the one way in which imports go (docs/docsite/rst/architecture.rst) by reading every import in plugins/."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
PREFIX = "ansible_collections.sshfleet.containers.plugins."

# Folder → the folders it may import from. The lower layers also know nothing of Ansible.
ALLOWED = {
    "plugin_utils/__init__.py": set(),
    "plugin_utils/error_classes.py": set(),
    "plugin_utils/telling.py": set(),
    "plugin_utils/errors.py": {"error_classes", "telling"},
    "plugin_utils/hosts": {"errors", "error_classes", "telling"},
    "plugin_utils/ssh": {"errors", "error_classes", "telling"},
    "plugin_utils/engine": {"errors", "error_classes", "telling"},
    "plugin_utils/resources": {"errors", "error_classes", "telling"},
    "plugin_utils/action": {"errors", "error_classes", "telling", "ssh", "engine", "resources"},
    "action": {"action", "resources", "ssh", "engine", "errors", "telling"},
    "inventory": {"hosts", "ssh", "engine", "errors", "telling"},
    "connection": {"ssh", "engine", "errors"},
    "modules": set(),
    "doc_fragments": set(),
}
WITHOUT_ANSIBLE = (
    "plugin_utils/__init__.py",
    "plugin_utils/error_classes.py",
    "plugin_utils/telling.py",
    "plugin_utils/errors.py",
    "plugin_utils/hosts",
    "plugin_utils/ssh",
    "plugin_utils/engine",
    "plugin_utils/resources",
)
SOURCES = sorted(PLUGINS.rglob("*.py"))


def folder(path: Path) -> str:
    relative = path.relative_to(PLUGINS).as_posix()
    return next(name for name in ALLOWED if relative.startswith(name))


def imported(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where the data comes from"
            names.append(node.module or "")
    return names


def layer(module: str) -> str:
    """plugin_utils.ssh.tunnel → ssh; errors → errors."""
    parts = module.removeprefix(PREFIX).split(".")
    return parts[1] if parts[0] == "plugin_utils" else parts[0]


def violations(path: Path) -> list[str]:
    own = folder(path)
    allowed = ALLOWED[own] | {own.rpartition("/")[2]}
    bad = [name for name in imported(path) if name.startswith(PREFIX) and layer(name) not in allowed]
    if own in WITHOUT_ANSIBLE:
        bad += [name for name in imported(path) if name == "ansible" or name.startswith("ansible.")]
    return bad


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PLUGINS).as_posix())
def test_imports_go_one_way(path: Path) -> None:
    assert violations(path) == []


def test_every_layer_is_there() -> None:
    found = {folder(path) for path in SOURCES}
    assert found >= {
        "plugin_utils/hosts",
        "plugin_utils/ssh",
        "plugin_utils/engine",
        "plugin_utils/resources",
        "action",
        "inventory",
    }
