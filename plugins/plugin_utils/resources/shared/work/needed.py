# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task names and the host has not: a run fails, and check mode warns, for an earlier task may have made it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....errors import FleetError


def needed(
    thing: str, error: FleetError, *, check_mode: bool, warn: Callable[[str], None], where: str = "the host"
) -> None:
    """Say that something which the task needs is not there.

    :param thing: for people, such as ``container db``.
    :param error: what a run fails with.
    :param where: for people, what has it not.
    :raises FleetError: this one, but for check mode.
    """
    if not check_mode:
        raise error
    warn(_lacking(thing, where, "needs it"))


def tell_of_localhost(image: str, warn: Callable[[str], None]) -> None:
    """Say in check mode, of an image that is not on the host and that a run pulls, that ``localhost/`` is a registry
    for a pull: mostly there is none, and an earlier task makes the image.
    """
    if image.startswith("localhost/"):
        warn(_lacking(f"image {image}", "the host", "would have to pull it from a registry at localhost"))


def _lacking(thing: str, where: str, run: str) -> str:
    return f"There is no {thing} on {where}; a run {run}."


def skipped_without(thing: str, error: FleetError, *, check_mode: bool, where: str = "the host") -> dict[str, Any]:
    """The result in check mode of a task of which nothing can be told without something that is not there.

    :raises FleetError: see ``needed``.
    """
    warnings: list[str] = []
    needed(thing, error, check_mode=check_mode, warn=warnings.append, where=where)
    msg = f"{error.message} So nobody knows what the task would do."
    return {"changed": False, "skipped": True, "msg": msg, "warnings": warnings}
