# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from samples import IMAGE, Sample, Scratch


def scratch(at: Scratch) -> list[tuple[dict[str, Any], str]]:
    image = {**at.at, "name": at.image}
    local = {**image, "source": "local"}
    build = {"path": str(at.directory / "context")}
    return [
        ({**image, "source": "build", "build": build}, f"directory {build['path']}"),
        ({**local, "repository": f"{at.registry}/scratch:1", "push": True}, f"image {at.image}"),
        ({**local, "archive_path": at.archive}, f"image {at.image}"),
        ({**image, "source": "load", "load_path": at.archive}, f"file {at.archive}"),
    ]


SAMPLE = Sample(
    call={"name": IMAGE, "source": "local", "repository": "localhost/shape:1"},
    scratch=scratch,
    peers={"docker_image": {}},
    made=(("rmi", "-f", "localhost/shape:1"),),
)
