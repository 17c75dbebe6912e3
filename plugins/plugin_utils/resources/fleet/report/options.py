# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a report is to be made of, and where it goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ....dataclass import dataclass
from ....errors import InvalidOption
from .. import options as fleet
from .merging import Part, unlike, whole
from .shape import Snapshot

READ = [fleet.CONTAINERS, fleet.ENGINE, fleet.DISK]
OF_READING = ("every_engine", "name", "image", "labels", "state", "health", "at_once", "keep", "timeout_all")
ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "path": {"type": "path", "required": True},
    "title": {"type": "str", "default": "Fleet"},
    "snapshot": {"type": "raw"},
    "before": {"type": "raw"},
    "save": {"type": "path"},
    **{name: fleet.ARGUMENT_SPEC[name] for name in OF_READING},
    "require_complete": fleet.ARGUMENT_SPEC["require_complete"],
}


@dataclass(frozen=True)
class Report:
    """One task's wishes. ``wanted`` is what is read of the hosts, None where a snapshot is given, which was merged of
    ``parts`` others. ``warnings`` tell where these are not of the same things.
    """

    path: str
    title: str
    snapshot: Snapshot | None
    before: Snapshot | None
    save: str | None
    wanted: fleet.Wanted | None
    require_complete: bool
    parts: int
    warnings: tuple[str, ...]


def parse(params: Mapping[str, Any], snapshot: Sequence[Part] | None, before: Sequence[Part] | None) -> Report:
    """Check the options.

    :param snapshot: the data of the option of that name, None where it is not given; ``before`` likewise.
    :raises InvalidOption: the first that can't be used.
    """
    given = None if snapshot is None else whole(snapshot, "snapshot")
    earlier = None if before is None else whole(before, "before")
    if params["save"] is not None and params["save"] == params["path"]:
        raise InvalidOption("save", params["save"], "the report is written there.", "Give it a path of its own.")
    wanted = None if given is not None else fleet.parse({**params, "read": READ, "inspect": False})
    return Report(
        params["path"],
        params["title"],
        given,
        earlier,
        params["save"],
        wanted,
        params["require_complete"],
        len(snapshot or ()),
        (*_not_alike(snapshot, "snapshot"), *_not_alike(before, "before")),
    )


def _not_alike(parts: Sequence[Part] | None, option: str) -> Iterator[str]:
    if names := unlike(part.data for part in parts or ()):
        words = f"The snapshots in {option!r} were read with different {', '.join(names)}"
        yield f"{words}: some tell of their hosts what others do not."
