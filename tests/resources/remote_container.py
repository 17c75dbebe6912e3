# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from samples import IMAGE, Sample

SAMPLE = Sample(
    call={"name": "shape", "image": IMAGE, "command": ["sleep", "60"], "stop_timeout": 1},
    scratch=lambda at: [
        ({**at.at, "name": at.container, "image": at.image, "pull": "never"}, f"image {at.image}"),
    ],
)
