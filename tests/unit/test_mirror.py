# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A test is found where what it tests is: the same folder, and a name that begins with the module's."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parent / "plugins" / "plugin_utils"
CODE = Path(__file__).resolve().parents[2] / "plugins" / "plugin_utils"


def test_a_test_mirrors_the_file_that_it_tests() -> None:
    lost = []
    for path in sorted(TESTS.rglob("test_*.py")):
        topic = path.stem.removeprefix("test_")
        modules = {file.stem.strip("_") for file in (CODE / path.relative_to(TESTS).parent).glob("*.py")}
        if not any(topic == name or topic.startswith(f"{name}_") for name in modules):
            lost.append(path.relative_to(TESTS).as_posix())
    assert lost == []
