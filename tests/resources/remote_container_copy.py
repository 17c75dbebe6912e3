# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from samples import Sample, Scratch


def scratch(at: Scratch) -> list[tuple[dict[str, Any], str]]:
    inside = {**at.at, "container": at.container, "container_path": "/x"}
    misses = f"container {at.container}"
    return [
        ({**inside, "content": "x", "mode": "0644", "mode_parse": "modern"}, misses),
        ({**inside, "path": at.archive, "direction": "out_of"}, misses),
    ]


SAMPLE = Sample(
    call={"container": "shape", "content": "x", "container_path": "/shape", "mode": 420}, scratch=scratch, inside=True
)
