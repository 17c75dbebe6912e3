# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from samples import HOST, SHIPPED, Sample, Scratch


def scratch(at: Scratch) -> list[tuple[dict[str, Any], str]]:
    ship = {**at.at, "name": at.image, "targets": ["bookworm2"]}
    return [
        ({**ship, "source": at.host, "source_engine": at.engine}, f"image {at.image}"),
        ({**ship, "path": at.archive}, f"file {at.archive}"),
    ]


SAMPLE = Sample(call={"name": SHIPPED, "source": HOST, "targets": [HOST]}, scratch=scratch)
