# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compose files as text, resolved and translated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.compose.problems import Problems
from ansible_collections.sshfleet.containers.plugins.plugin_utils.compose.project import Wanted, resolve
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import ComposeFileError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.compose.translation.scope import Given
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.compose.translation.translate import (
    translate,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.project.application import (
    Application,
    Member,
)

FOLDER = "/projects/shop"


def given(
    text: str, files: Mapping[str, bytes] | None = None, env: Mapping[str, str] | None = None, **more: Any
) -> Given:
    """A project of this text in FOLDER, as it is given to the translation.

    :param files: the controller's, by their path below FOLDER.
    """
    resolved = resolve(Wanted(content=text, folder=FOLDER, variables=env or {}))

    def read(path: str) -> bytes:
        try:
            return (files or {})[path.removeprefix(f"{FOLDER}/")]
        except KeyError:
            raise FileNotFoundError(2, "No such file or directory") from None

    return Given(
        config=resolved.config,
        folder=resolved.folder,
        files=[f"{FOLDER}/compose.yml"],
        variables=resolved.variables,
        relative=resolved.relative,
        read=read,
        **more,
    )


def application(text: str, problems: Problems | None = None, **more: Any) -> Application:
    return translate(given(text, **more), problems or Problems())


def web(keys: str, top: str = "", **more: Any) -> Member:
    """The first container of a service "web" with these keys; an image unless it is built."""
    image = "" if "build:" in keys or keys.startswith("image:") else "    image: i\n"
    lines = "".join(f"    {line}\n" for line in keys.splitlines())
    made = application(f"services:\n  web:\n{image}{lines}{top}\n", **more)
    return next(member for member in made.containers if member.group == "web")


def params(keys: str, top: str = "", **more: Any) -> dict[str, Any]:
    """The options of that container, but for what every one has."""
    usual = {"name": "shop-web-1", "image": "i", "pull": "missing"}
    network = [{"name": "shop_default", "aliases": ["web"]}]
    found = web(keys, top, **more).params
    return {
        key: value for key, value in found.items() if usual.get(key) != value and (key, value) != ("networks", network)
    }


def refused(keys: str, top: str = "", **more: Any) -> list[str]:
    """What is said of a service with these keys that can't be translated."""
    try:
        web(keys, top, **more)
    except ComposeFileError as error:
        return error.problems
    return []
