# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from samples import IMAGE, Sample, Scratch

CONTENT = """
services:
  web: {image: %s, command: [sleep, "600"], stop_grace_period: 0s, volumes: ["data:/data"]}
volumes: {data: }
"""


def scratch(at: Scratch) -> list[tuple[dict[str, object], str]]:
    """An image that is not there is pulled by a run."""
    wanted = {"content": CONTENT % at.image, "project_name": "scratch", "pull": "never"}
    return [({**at.at, **wanted}, at.image)]


SAMPLE = Sample(
    call={"content": CONTENT % IMAGE, "project_name": "shape"},
    scratch=scratch,
    made=(("rm", "-f", "-v", "shape-web-1"), ("network", "rm", "shape_default"), ("volume", "rm", "shape_data")),
)
