# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The image that a name means, and no other that an engine finds for it.

Where it has ``registry.example.com/shop/app``, Podman takes that for ``shop/app`` and for ``app``: it is found, built
over, pulled and removed under these names.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ....engine.protocol import Client
from ...shared.image_names import possible_names


def all_names(client: Client, name: str) -> tuple[str, ...]:
    """All the names that a name stands for on this engine, in the order in which they are looked for."""
    return possible_names(name) if client.engine.guesses_registries else (name,)


def exact_name(client: Client, name: str) -> str:
    """The name to write in requests to this engine, so that it means one image only."""
    *before, last = all_names(client, name)
    return next((one for one in before if client.images.inspect(one) is not None), last)


def named_image(client: Client, name: str) -> dict[str, Any] | None:
    """The inspect of the image with this name or whole ID, None when there is none."""
    image: dict[str, Any] | None = client.images.inspect(exact_name(client, name))
    return image


def image_by_id(client: Client, ids: Iterable[str]) -> dict[str, Any] | None:
    """The inspect of the image that has one of these IDs, None when there is none."""
    return next(filter(None, map(client.images.inspect, sorted(ids))), None)
