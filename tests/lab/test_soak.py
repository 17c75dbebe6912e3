# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mixed work on six engines for a while, with faults: nothing is wrong, nothing is leaked (``make soak`` for longer).

SOAK_SECONDS and SOAK_SEED say for how long, and which operations and faults.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from engine_cases import MAKE_IMAGE
from lab_hosts import Lab
from soak.endpoints import ENDPOINTS
from soak.run import soak

SECONDS = float(os.environ.get("SOAK_SECONDS", "90"))
SEED = os.environ.get("SOAK_SEED") or "1"


def test_nothing_is_wrong_and_nothing_is_leaked(
    cold_lab: Lab, tmp_path: Path, tell: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(cold_lab.runtime))
    for host in sorted({one.host for one in ENDPOINTS}):
        cold_lab.ssh(host, "sh", "-s", input=MAKE_IMAGE)
    report = soak(cold_lab, tmp_path, SEED, SECONDS, lambda line: tell(f"soak: {line}"))
    assert not report.wrong, "\n".join((f"SOAK_SEED={SEED} does the same again", *report.lines, *report.wrong))
