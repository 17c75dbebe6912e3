# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from samples import Sample

SAMPLE = Sample(
    call={"path": "imported-sample.hosts.json", "source": "inventory", "name": ["trixie1"]},
    scratch=lambda at: [
        ({**at.at, "path": str(at.directory / "imported.hosts.json"), "source": "inventory", "name": ["trixie1"]}, "")
    ],
)
