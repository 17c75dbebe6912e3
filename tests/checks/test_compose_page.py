# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages about compose files are what their scripts make of the tables of differences and of keys."""

from __future__ import annotations

import subprocess
import sys

import pytest
from checkout import CHECKOUT


@pytest.mark.parametrize("name", ["compose_page.py", "compose_keys_page.py"])
def test_the_page_is_what_the_script_makes(name: str) -> None:
    script = CHECKOUT / "scripts" / name
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run scripts/{name}\n{done.stdout}{done.stderr}"
