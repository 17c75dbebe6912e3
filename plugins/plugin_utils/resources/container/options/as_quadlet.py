# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to write in place of podman_container's ``state: quadlet``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_QUADLET = "quadlet"
_OPTIONS = ("quadlet_dir", "quadlet_filename", "quadlet_file_mode", "quadlet_options")


def advice(given: Mapping[str, Any], connection: Mapping[str, Any]) -> str:
    """The task of remote_quadlet that stands for one of remote_container; '' where that wants no quadlet.

    :param given: the task's options, as it names them.
    :param connection: the options of every module, by their names.
    """
    if given.get("state") != _QUADLET:
        return ""
    apart = {"name", "state", *_OPTIONS}
    container = {name: value for name, value in given.items() if name not in apart and name not in connection}
    file = given.get("quadlet_filename") or given.get("name")
    task = {
        "name": file,
        "state": "present",
        **({"mode": given["quadlet_file_mode"]} if "quadlet_file_mode" in given else {}),
        **{name: given[name] for name in connection if name in given},
        "container": ({"name": given.get("name")} if file != given.get("name") else {}) | container,
    }
    lines = "What quadlet_options has goes into sections. " if given.get("quadlet_options") else ""
    return (
        f"Quadlets are a module of their own, which also starts their units (state: started). {lines}Write: "
        f"sshfleet.containers.remote_quadlet: {json.dumps(task, default=str)}"
    )
