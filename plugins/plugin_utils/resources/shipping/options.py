# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shipping an image: the options, and what each target needs of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption
from ..image.archive import Cargo
from ..shared.image_names import reference, short_id

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "required": True},
    "tag": {"type": "str", "default": "latest"},
    "source": {"type": "str"},
    "source_engine": {"type": "str", "choices": ["auto", "podman", "docker"]},
    "source_socket": {"type": "str"},
    "path": {"type": "path"},
    "targets": {"type": "list", "elements": "str"},
}
SPEC_RULES: dict[str, Any] = {
    "required_one_of": [("source", "path")],
    "mutually_exclusive": [("source", "path"), ("source_engine", "path"), ("source_socket", "path")],
}

PRESENT, TAG, SHIP = "none", "tag", "ship"


@dataclass(frozen=True)
class Shipment:
    """``source`` is a host's name in the inventory, or None where the image comes from the archive at ``path``."""

    name: str
    source: str | None
    path: str | None
    targets: tuple[str, ...]


def parse(params: Mapping[str, Any], hosts: Collection[str], play_hosts: Sequence[str]) -> Shipment:
    """Check the options beyond their types.

    :param hosts: all hosts of the inventory.
    :param play_hosts: the targets where the task names none.
    :raises InvalidOption: for the first value that can't be used.
    """
    source = params["source"]
    targets = params["targets"] if params["targets"] is not None else [host for host in play_hosts if host != source]
    if not targets:
        raise InvalidOption("targets", targets, "there is nothing to ship to.", "Name hosts of the inventory.")
    for option, names in (("source", [source] if source else []), ("targets", targets)):
        unknown = sorted(name for name in names if name not in hosts)
        if unknown:
            raise InvalidOption(
                option, unknown[0], "the inventory has no such host.", "Write a host's name, not that of a group."
            )
    name = reference("name", params["name"], params["tag"])
    return Shipment(name, source, params["path"], tuple(dict.fromkeys(targets)))


def action(cargo: Cargo, named: Mapping[str, Any] | None, same: Mapping[str, Any] | None) -> str:
    """What a target needs.

    :param named: the inspect of its image of this name, None when there is none.
    :param same: the inspect of its image of this ID, None when there is none.
    """
    if named is not None and cargo.is_same(named):
        return PRESENT
    return TAG if same is not None else SHIP


def entries_of(layers: Iterable[str]) -> tuple[frozenset[str], ...]:
    """How the engines name layers in archives they write: Podman, and Docker since 25. Docker before 25 does not tell
    which is which.
    """
    digests = [short_id(layer) for layer in layers]
    return tuple(frozenset({f"{digest}.tar", f"blobs/sha256/{digest}"}) for digest in digests)


def known_layers(cargo: Cargo, images: Iterable[Mapping[str, Any]], *, chained: bool) -> frozenset[int]:
    """The layers (by index) that a target has already.

    :param images: inspects of all its images.
    :param chained: whether the engine knows a layer only together with all that are below it (Docker).
    """
    stacks = [tuple((image.get("RootFS") or {}).get("Layers") or ()) for image in images]
    if not chained:
        there = {layer for stack in stacks for layer in stack}
        return frozenset(index for index, layer in enumerate(cargo.layers) if layer in there)
    longest = max((_common(cargo.layers, stack) for stack in stacks), default=0)
    return frozenset(range(longest))


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    length = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        length += 1
    return length


def left_out(cargo: Cargo, known: Collection[int]) -> frozenset[str]:
    """The names of the archive's entries whose content the target needs not. One layer may stand in many places."""
    if not cargo.entries:
        return frozenset()
    needed = {layer for index, layer in enumerate(cargo.layers) if index not in known}
    return frozenset(
        name for index in known if cargo.layers[index] not in needed for name in cargo.entries[index]
    )  # fmt: skip
