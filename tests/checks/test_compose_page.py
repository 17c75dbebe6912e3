# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page "Compose files" is what its script makes of the table of differences."""

from __future__ import annotations

import subprocess
import sys

from checkout import CHECKOUT


def test_the_page_is_what_the_script_makes() -> None:
    script = CHECKOUT / "scripts" / "compose_page.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run scripts/compose_page.py\n{done.stdout}{done.stderr}"
