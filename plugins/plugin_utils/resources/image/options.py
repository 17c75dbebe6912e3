# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of remote_image: the argument spec, and the check of everything that a spec cannot say.

Names, types and defaults are those of community.docker's docker_image.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption
from ..registry import credentials
from ..registry.credentials import Credentials
from ..shared.image_names import is_id, name_with_tag, reference, registry_of
from ..shared.platforms import parse_platform
from . import build
from .build import Build

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "required": True},
    "tag": {"type": "str", "default": "latest"},
    "state": {"type": "str", "choices": ["absent", "present"], "default": "present"},
    "source": {"type": "str", "choices": ["build", "load", "pull", "local"]},
    "build": {"type": "dict", "options": build.SPEC},
    "pull": {"type": "dict", "options": {"platform": {"type": "str"}}},
    "load_path": {"type": "path"},
    "archive_path": {"type": "path"},
    "repository": {"type": "str"},
    "push": {"type": "bool", "default": False},
    "force_source": {"type": "bool", "default": False},
    "force_tag": {"type": "bool", "default": False},
    "force_absent": {"type": "bool", "default": False},
    "prune": {"type": "bool", "default": True},
    **credentials.SPEC,
}
SPEC_RULES: dict[str, Any] = {
    "required_if": [
        ("state", "present", ["source"]), ("source", "build", ["build"]), ("source", "load", ["load_path"]),
    ],
    "required_together": [credentials.TOGETHER],
    "required_by": {"registry": ["registry_username"]},
}  # fmt: skip


@dataclass(frozen=True)
class Options:
    """The checked options of one task. ``name`` and ``repository`` are references with a tag, ``name`` may be an ID."""

    name: str
    state: str = "present"
    source: str | None = None
    build: Build | None = None
    platform: str | None = None
    load_path: str | None = None
    archive_path: str | None = None
    repository: str | None = None
    push: bool = False
    force_source: bool = False
    force_tag: bool = False
    force_absent: bool = False
    prune: bool = True
    credentials: Credentials | None = None

    @property
    def pushed(self) -> str | None:
        """The reference to push, None where nothing is pushed."""
        return (self.repository or self.name) if self.push else None

    @property
    def platform_of_source(self) -> str | None:
        """The platform for which the image is pulled or built, None for the engine's own."""
        return (self.build.platform if self.build else None) or self.platform

    def auth_for(self, ref: str) -> dict[str, str] | None:
        """The task's credentials, if they are for the registry of this reference."""
        known = self.credentials
        return known.auth() if known and known.registry == credentials.host("name", registry_of(ref)) else None


def parse(params: Mapping[str, Any]) -> Options:
    """Check the options beyond their types.

    :raises InvalidOption: for the first value that can't be used.
    """
    tag, source, state = params["tag"], params["source"], params["state"]
    name = reference("name", params["name"], tag)
    if state == "present" and is_id(name) and source in ("pull", "build"):
        raise InvalidOption("name", name, f"source={source} makes an image with a name.", "Write it like name:tag.")
    if source == "build" and state == "present":
        name_with_tag("name", params["name"], tag, "an image that is built")
    if params["push"] and not params["repository"]:
        name_with_tag("name", params["name"], tag, "pushing")
    repository = params["repository"]
    platform = (params["pull"] or {}).get("platform")
    options = Options(
        name=name,
        state=state,
        source=source if state == "present" else None,
        build=build.parse(params["build"]) if params["build"] and source == "build" else None,
        platform=parse_platform(platform, "pull.platform") if platform and source == "pull" else None,
        load_path=params["load_path"] if source == "load" else None,
        archive_path=params["archive_path"],
        repository=name_with_tag("repository", repository, tag, "repository") if repository else None,
        credentials=credentials.parse(params, _default_registry(params, name)),
        **{key: params[key] for key in ("push", "force_source", "force_tag", "force_absent", "prune")},
    )
    _require_use(options)
    return options


def _default_registry(params: Mapping[str, Any], name: str) -> str:
    """Where the task's credentials are for, unless it says so: what is pulled from, else what is pushed to."""
    other = params["repository"] if params["push"] and params["source"] != "pull" else None
    return credentials.host("name", registry_of(str(other or name)))


def _require_use(options: Options) -> None:
    """Credentials that would go nowhere are a mistake in the registry's name."""
    known = options.credentials
    if known is None or options.source == "build":
        return
    registries = {registry_of(ref) for ref in (options.name, options.repository, options.pushed) if ref}
    if known.registry not in {credentials.host("name", registry) for registry in registries}:
        raise InvalidOption(
            "registry", known.registry, f"no image of this task is there, but on {', '.join(sorted(registries))}.",
            "Write the registry as it stands in the image's name.",
        )  # fmt: skip
