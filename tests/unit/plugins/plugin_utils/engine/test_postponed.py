# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.postponed import postponed


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``heavy``, and ``user_of_heavy`` that imports it and uses it in a function."""
    (tmp_path / "heavy.py").write_text("ANSWER = 42\n")
    (tmp_path / "user_of_heavy.py").write_text("import heavy\n\ndef use():\n    return heavy.ANSWER\n")
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("heavy", "user_of_heavy"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    importlib.invalidate_caches()


@pytest.mark.usefixtures("modules")
def test_a_module_is_loaded_when_it_is_used() -> None:
    with postponed("heavy"):
        user = importlib.import_module("user_of_heavy")
    assert "heavy" not in sys.modules
    assert user.use() == 42
    assert sys.modules["heavy"].__spec__ is not None


@pytest.mark.usefixtures("modules")
def test_others_get_the_module_itself() -> None:
    with postponed("heavy"):
        importlib.import_module("user_of_heavy")
    assert importlib.import_module("heavy").ANSWER == 42
    assert vars(sys.modules["heavy"])["ANSWER"] == 42


@pytest.mark.usefixtures("modules")
def test_one_that_is_loaded_stays() -> None:
    loaded = importlib.import_module("heavy")
    with postponed("heavy"):
        assert importlib.import_module("user_of_heavy").heavy is loaded
    assert sys.modules["heavy"] is loaded


def test_one_that_is_not_installed_is_missed_as_ever() -> None:
    with postponed("no_such_module_anywhere"), pytest.raises(ModuleNotFoundError):
        importlib.import_module("no_such_module_anywhere")
