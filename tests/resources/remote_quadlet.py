# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from samples import SHIPPED, Sample

# The image of the examples, which does something.
MAKE = f"""
podman create --name quad-base localhost/busybox:latest sleep 600 && podman commit -q quad-base {SHIPPED}
podman rm quad-base"""
TEXT = "[Volume]\nVolumeName=shape-quadlet\n"
SAMPLE = Sample(
    call={"name": "shape.volume", "content": TEXT, "state": "present"},
    scratch=lambda at: [
        ({**at.at, "name": "scratch.volume", "content": TEXT}, ""),
        (
            {**at.at, "name": "scratch", "container": {"image": at.image, "volumes": ["scratch.volume:/data"]}},
            "quadlet scratch.volume",
        ),
        ({**at.at, "name": "scratch.container", "state": "stopped"}, "quadlet scratch.container"),
    ],
    host="trixie1",  # bookworm's Podman has no quadlets
    before=MAKE,
    after="rm -f /etc/containers/systemd/shape.volume; systemctl daemon-reload",
)
