# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads from the engine, the registry and the controller's files what an image's plan needs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ....engine.protocol import Client
from .. import plan
from ..archive import Archived, for_platform
from ..options import Options
from . import archive as image_archive
from . import build as building
from .names import all_names, exact_name


def observe(client: Client, options: Options) -> plan.Observed:
    """What there is."""
    observed = _names(client, options)
    if options.state == "absent":
        found = ((exact, client.images.inspect(exact)) for exact in all_names(client, options.name))
        return replace(observed, named=tuple((exact, image) for exact, image in found if image is not None))
    archived = _archived(options.load_path) if options.load_path else None
    if archived:
        archived = for_platform(archived, building.own_platform(client))
    digest = pushed = None
    if options.source == "pull" and options.force_source and observed.image is not None:
        digest = client.images.registry_digest(observed.name, options.auth_for(observed.name))
    if options.push:
        name = observed.repository or observed.name
        pushed = client.images.registry_digest(name, options.auth_for(name))
    return replace(observed, archived=archived, written=_written(options), digest=digest, pushed=pushed)


def again(client: Client, options: Options, before: plan.Observed, name: str, image: plan.Image) -> plan.Observed:
    """What there is once the image has come, under this name. What the registry has stays as it was."""
    tagged = client.images.inspect(before.repository) if before.repository else None
    return replace(before, name=name, image=image, tagged=tagged, written=_written(options))


def _names(client: Client, options: Options) -> plan.Observed:
    name = exact_name(client, options.name)
    repository = exact_name(client, options.repository) if options.repository else None
    tagged = client.images.inspect(repository) if repository and options.state != "absent" else None
    return plan.Observed(name, client.images.inspect(name), repository, tagged)


def _written(options: Options) -> tuple[Archived, ...] | None:
    return _archived(options.archive_path) if options.archive_path else None


def _archived(path: str) -> tuple[Archived, ...] | None:
    return image_archive.read_archive(path) if Path(path).is_file() else None
