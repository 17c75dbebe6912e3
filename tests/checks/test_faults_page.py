# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of faults is what the tests provoke: each has a test, each mark a fault, each kind a test that asks it."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter, defaultdict

from checkout import CHECKOUT
from faults import EVERY_ENGINE, marked, sections, texts

from ansible_collections.sshfleet.containers.plugins.plugin_utils.error_classes import BY_KIND

FAULTS = [fault for some in sections().values() for fault in some]
FEWEST, FEWEST_EVERYWHERE = 40, 25


def test_the_page_is_what_the_script_makes() -> None:
    script = CHECKOUT / "scripts" / "faults_page.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run scripts/faults_page.py\n{done.stdout}{done.stderr}"


def test_every_fault_has_a_test_and_every_mark_a_fault() -> None:
    assert [name for name, times in Counter(fault.name for fault in FAULTS).items() if times > 1] == []
    assert {mark.fault for mark in marked()} == {fault.name for fault in FAULTS}
    assert len(FAULTS) >= FEWEST


def test_many_are_provoked_on_every_engine() -> None:
    assert len({mark.fault for mark in marked() if mark.on.startswith(EVERY_ENGINE)}) >= FEWEST_EVERYWHERE


def test_the_kinds_are_those_of_the_table_of_errors() -> None:
    causes = {f"{one.kind}/{cause.name}" for one in BY_KIND.values() for cause in one.causes} | set(BY_KIND)
    assert [kind for fault in FAULTS for kind in fault.kinds if kind not in causes] == []


def test_a_test_of_each_fault_names_its_kinds() -> None:
    files = defaultdict(set)
    for mark in marked():
        files[mark.fault].add(mark.file)
    told = {fault.name: "\n".join(map(texts, sorted(files[fault.name]))) for fault in FAULTS}
    missing = [
        (fault.name, kind) for fault in FAULTS for kind in fault.kinds if kind.partition("/")[0] not in told[fault.name]
    ]
    assert missing == []
