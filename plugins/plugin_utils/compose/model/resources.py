# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of what stands beside services in a model, and the model as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..problems import Model, Path, Problems
from ..reading.scalars import untagged
from .kinds import OMIT, Kind, boolean, each, integer, mapping, optional, struct, text, texts
from .service import SERVICE

_POOL = struct({"subnet": text, "gateway": text, "ip_range": text, "aux_addresses": mapping})
NETWORK = struct(
    {
        "name": text,
        "driver": text,
        "driver_opts": mapping,
        "ipam": struct({"driver": text, "config": each(_POOL)}),
        "external": boolean,
        "internal": boolean,
        "attachable": boolean,
        "labels": mapping,
        "enable_ipv4": optional(boolean),
        "enable_ipv6": optional(boolean),
    },
    always=("ipam",),
)
VOLUME = struct({"name": text, "driver": text, "driver_opts": mapping, "external": boolean, "labels": mapping})
FILE_OBJECT = struct(
    {
        "name": text,
        "file": text,
        "environment": text,
        "content": text,
        "external": boolean,
        "labels": mapping,
        "driver": text,
        "driver_opts": mapping,
        "template_driver": text,
    }
)
MODEL = struct({"name": text, "model": text, "context_size": integer, "runtime_flags": texts})
KINDS: dict[str, Kind] = {
    "networks": NETWORK,
    "volumes": VOLUME,
    "secrets": FILE_OBJECT,
    "configs": FILE_OBJECT,
    "models": MODEL,
}


@dataclass
class Project:
    """A project with all its values in the form of the result.

    :param services: those that are on; ``disabled`` has those whose profile is off.
    :param files: by service, the ``env_file`` and ``label_file`` entries that were not read yet.
    :param extensions: the keys of the top level that begin with ``x-``.
    """

    name: str
    folder: str
    services: dict[str, Model]
    disabled: dict[str, Model] = field(default_factory=dict)
    resources: dict[str, dict[str, Model]] = field(default_factory=dict)
    files: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    extensions: Model = field(default_factory=dict)


def project(model: Model, folder: str, problems: Problems) -> Project:
    """A project of a complete model; values that don't fit are noted."""
    found = model.get("services") or {}
    services = {name: _made(SERVICE, value, ("services", name), problems) for name, value in found.items()}
    resources: dict[str, dict[str, Model]] = {}
    for kind, shape in KINDS.items():
        entries = model.get(kind) or {}
        resources[kind] = {key: _made(shape, value, (kind, key), problems) for key, value in entries.items()}
        for entry in resources[kind].values():
            if kind in ("secrets", "configs") and entry.get("environment"):
                entry.pop("content", None)
    files = {
        name: {key: list(value.get(key) or ()) for key in ("env_file", "label_file")} for name, value in found.items()
    }
    extensions = {key: untagged(value) for key, value in model.items() if key.startswith("x-")}
    return Project(model["name"], folder, services, resources=resources, files=files, extensions=extensions)


def _made(kind: Kind, value: Any, path: Path, problems: Problems) -> Model:
    made = kind({} if value is None else value, path, problems)
    return {} if made is OMIT else made


def printed(project: Project) -> Model:
    """The project as ``docker compose config`` prints it, but for the doubled dollars."""
    model: Model = {"name": project.name, "services": project.services}
    for kind in ("networks", "volumes", "secrets", "configs"):
        if project.resources[kind]:
            model[kind] = project.resources[kind]
    return {**model, **project.extensions}
