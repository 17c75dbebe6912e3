# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from samples import IMAGE, Sample


def pod(name: str) -> dict[str, Any]:
    """A pod that does nothing for ten minutes."""
    container = {"name": "main", "image": IMAGE, "command": ["/bin/sleep", "600"]}
    return {"kind": "Pod", "metadata": {"name": name}, "spec": {"containers": [container]}}


SAMPLE = Sample(
    call={"content": pod("shape-kube"), "networks": ["none"]},
    scratch=lambda at: [
        ({**at.at, "content": pod("scratch-kube")}, ""),
        ({**at.at, "content": pod("scratch-kube"), "networks": [at.network]}, f"network {at.network}"),
    ],
    made=(("pod", "rm", "-f", "-t", "0", "shape-kube"),),
)
