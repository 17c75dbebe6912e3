# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_compose_info: from a task's options to what is to be resolved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...compose.layers import schema
from ...compose.project import Wanted
from ...errors import FleetError
from ..shared import parsers
from ..shared.secrets import looks_secret

# What is to be resolved.
FILES_SPEC: dict[str, dict[str, Any]] = {
    "path": {"type": "list", "elements": "path", "aliases": ["files"]},
    "content": {"type": "str"},
    "project_directory": {"type": "path"},
    "project_name": {"type": "str"},
    "profiles": {"type": "list", "elements": "str"},
    "services": {"type": "list", "elements": "str"},
    "env": {"type": "dict"},
    "inherit_env": {"type": "bool", "default": False},
    "env_files": {"type": "list", "elements": "path"},
}
ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    **FILES_SPEC,
    "unused": {"type": "bool", "default": False},
    "escape_dollars": {"type": "bool", "default": False},
    "mask_env": {"type": "bool", "default": True},
    "running": {"type": "bool", "default": False},
}
SPEC_RULES: dict[str, Any] = {
    "mutually_exclusive": [("path", "content")],
    "required_one_of": [("path", "content")],
}


class NoJsonschema(FleetError):
    """The controller lacks the package."""

    kind = "controller"


def parse(params: Mapping[str, Any], place: Callable[[str], str], inherited: Mapping[str, str]) -> Wanted:
    """What a task wants resolved.

    :param place: the absolute path of a relative one of the task's.
    :param inherited: the variables of Ansible's own process.
    :raises InvalidOption: a value that can't be used.
    :raises NoJsonschema: the controller can't check compose files.
    """
    if not schema.is_there():
        raise NoJsonschema(
            "Compose files need the Python package 'jsonschema', which cannot be imported on the controller.",
            "Install it into Ansible's own Python environment: pip install jsonschema",
        )
    folder = params["project_directory"]
    if folder is None and params["content"] is not None:
        folder = "."
    return Wanted(
        paths=[place(path) for path in params["path"] or ()],
        content=params["content"],
        folder=place(folder) if folder else "",
        name=params["project_name"] or "",
        profiles=params["profiles"],
        services=params["services"] or (),
        variables={**(inherited if params["inherit_env"] else {}), **parsers.env("env", params["env"] or {})},
        env_files=[place(path) for path in params["env_files"] or ()],
        unused=bool(params.get("unused")),
        secret=looks_secret,
    )
