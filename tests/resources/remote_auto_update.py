# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from samples import SHIPPED, Sample, needs_nothing

# The image of the examples, which does something, and a container that follows it.
MAKE = f"""
podman create --name follows-base localhost/busybox:latest sleep 600 && podman commit -q follows-base {SHIPPED}
podman rm follows-base
podman run -d --name shape-follows --label io.containers.autoupdate=local \\
  --label PODMAN_SYSTEMD_UNIT=shape-follows.service {SHIPPED}"""
SAMPLE = Sample(
    call={},
    scratch=needs_nothing(),
    host="trixie1",  # bookworm's Podman has no quadlets, which the examples make
    before=MAKE,
    after="podman rm -f -t 0 shape-follows",
)
