# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The root file systems from which lab hosts start are made anew when what makes them changes, and only then."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from checkout import CHECKOUT

sys.path.insert(0, str(CHECKOUT / "scripts"))

import golden


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for source in (*golden.SOURCES, *golden.MAKERS):
        made = tmp_path / source
        made.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (CHECKOUT / source).is_dir() else shutil.copy)(CHECKOUT / source, made)
    monkeypatch.setattr(golden, "CHECKOUT", tmp_path)
    return tmp_path


def test_what_python_leaves_beside_a_program_changes_nothing(copy: Path) -> None:
    before = golden.key()
    kept = copy / "roles" / "lxc_host" / "files" / "__pycache__"
    kept.mkdir(exist_ok=True)
    (kept / "network.cpython-399.pyc").write_bytes(b"x")
    assert golden.key() == before


@pytest.mark.parametrize("changed", ["roles/server_setup/tasks/main.yml", "playbooks/lab.yml", "scripts/golden.py"])
def test_a_change_of_what_makes_them_does(copy: Path, changed: str) -> None:
    before = golden.key()
    with (copy / changed).open("a") as file:
        file.write("# changed\n")
    assert golden.key() != before
