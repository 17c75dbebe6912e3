# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests of tests/support/hung.py, which the lab's runs of Ansible go through."""

from __future__ import annotations

import sys
from pathlib import Path

import hung
import pytest

FORKING = """
import os, time
print('so far', flush=True)
def waits_for_ever():
    time.sleep(300)
child = os.fork()
if child:
    print('child', child, flush=True)
waits_for_ever()
"""


def test_a_program_that_ends(tmp_path: Path) -> None:
    done = hung.run([sys.executable, "-c", "import os; print(os.environ['A']); exit(3)"], tmp_path, {"A": "b"}, 60)
    assert (done.returncode, done.stdout) == (3, "b\n")


def test_a_program_that_hangs_is_told_with_the_stacks_of_its_processes_and_ended(tmp_path: Path) -> None:
    with pytest.raises(hung.Hung) as told:
        hung.run([sys.executable, "-c", FORKING], tmp_path, {}, 3)
    text = str(told.value)
    assert "took over 3 seconds" in text and "so far" in text
    assert text.count("waits_for_ever") >= 2 + FORKING.count("waits_for_ever"), text
    child = int(text.rpartition("child ")[2].split()[0])
    command = Path(f"/proc/{child}/cmdline")
    assert not command.exists() or not command.read_bytes(), "ended, whether or not somebody has asked how"
