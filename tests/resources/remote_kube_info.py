# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from samples import IMAGE, Sample, needs_nothing

SAMPLE = Sample(
    call={"name": "shape-kube"},
    scratch=needs_nothing(name="scratch-kube"),
    before=f"podman run -d --pod new:shop --stop-timeout 0 --name shop-web {IMAGE} sleep 600",
    after="podman pod rm -f shop",
)
