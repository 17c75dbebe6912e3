# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from samples import IMAGE, Sample

NAME = "shape-shop"
CONTAINER = {"name": NAME, "image": IMAGE, "command": ["sleep", "60"], "stop_timeout": 1}
SAMPLE = Sample(
    call={
        "name": NAME,
        "networks": [{"name": NAME}],
        "volumes": [{"name": NAME}],
        "images": [{"name": IMAGE, "source": "local"}],
        "containers": [{**CONTAINER, "networks": [{"name": NAME}], "volumes": [f"{NAME}:/data"]}],
    },
    scratch=lambda at: [
        (
            {
                **at.at,
                "name": "scratch",
                "networks": [{"name": at.network}],
                "volumes": [{"name": at.volume}],
                "containers": [
                    {
                        "name": at.container,
                        "image": at.image,
                        "pull": "never",
                        "networks": [{"name": at.network}],
                        "volumes": [f"{at.volume}:/data"],
                    }
                ],
            },
            f"image {at.image}",
        ),
    ],
    made=(("rm", "-f", NAME), ("network", "rm", NAME), ("volume", "rm", NAME)),
)
