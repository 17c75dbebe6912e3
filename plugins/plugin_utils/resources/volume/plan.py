# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan: which steps lead from the volume that is there to the one that is wanted. Nothing happens here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...dataclass import dataclass
from ...errors import EngineError
from ...telling import listed
from ..shared.driver_options import masked_pair, same_driver, volume_differences
from ..shared.labels import CREATED_LABELS
from ..shared.plan import Difference, Plan, Resource, differing
from .options import Options


@dataclass(frozen=True)
class Observed:
    """What was read from the engine: the volume's inspect, None where there is none, and the names of the containers
    that use it, running or not.
    """

    volume: Mapping[str, Any] | None = None
    users: tuple[str, ...] = ()


def plan(options: Options, observed: Observed, *, noquota_apart: bool = False) -> Plan:
    """Decide what to do.

    :param podman: whether it is Podman that reports.
    :raises EngineError: kind ``dependents``: the volume would have to be removed, and containers use it.
    """
    this, volume = Resource("volume", options.name), observed.volume
    if options.state == "absent":
        if volume is None:
            return Plan()
        _require_unused(options.name, "removed", observed.users)
        return Plan((this.step("remove", "state is absent"),), before={"exists": True}, after={"exists": False})
    if volume is None:
        step = this.step("create", "there is no such volume", {"body": body(options)})
        return Plan((step,), before={"exists": False}, after={"exists": True})
    found = differences(options, volume, noquota_apart=noquota_apart)
    if options.recreate == "always" or (found and options.recreate == "options-changed"):
        return _recreation(this, options, volume, found, observed.users)
    return Plan(warnings=(_left(options.name, found),) if found else ())


def differences(options: Options, volume: Mapping[str, Any], *, noquota_apart: bool) -> tuple[Difference, ...]:
    """What a task gives and the volume has otherwise; unmasked."""
    return tuple(_differences(options, volume, noquota_apart))


def _differences(options: Options, volume: Mapping[str, Any], noquota_apart: bool) -> Iterator[Difference]:
    if not same_driver(options.driver, volume["Driver"]):
        yield Difference("driver", volume["Driver"], options.driver)
    reported = volume.get("Options") or {}
    yield from volume_differences(options.driver, options.driver_options, reported, noquota_apart=noquota_apart)
    yield from differing("labels", options.labels, volume.get("Labels") or {})


def shown(found: Sequence[Difference]) -> tuple[Difference, ...]:
    """Differences without secrets."""
    return tuple(
        Difference(one.option, *masked_pair(one.before, one.after)) if one.option == "driver_options" else one
        for one in found
    )


def body(options: Options) -> dict[str, Any]:
    """The body of the engine's request for a new volume."""
    return {
        "Name": options.name, "Driver": options.driver, "DriverOpts": dict(options.driver_options),
        "Labels": {**options.labels, **options.written_labels, **CREATED_LABELS},
    }  # fmt: skip


def body_of(volume: Mapping[str, Any]) -> dict[str, Any]:
    """The body that makes a volume again as it was, without what was in it."""
    return {
        "Name": volume["Name"], "Driver": volume["Driver"], "DriverOpts": dict(volume.get("Options") or {}),
        "Labels": dict(volume.get("Labels") or {}),
    }  # fmt: skip


def _recreation(
    this: Resource,
    options: Options,
    volume: Mapping[str, Any],
    found: tuple[Difference, ...],
    users: Sequence[str],
) -> Plan:
    _require_unused(options.name, "recreated", users)
    reason = ", ".join(f"{one.option} differs" for one in found) or "recreate is always"
    tried = any(one.option in ("driver", "driver_options") for one in found)
    args = {"body": body(options), "old": volume, "tried": tried}
    step = this.step("recreate", f"{reason}; what was in it is lost", args)
    return Plan((step,), shown(found), before={"recreated": False}, after={"recreated": True})


def _left(name: str, found: Sequence[Difference]) -> str:
    names = ", ".join(one.option for one in found)
    return (
        f"The volume {name} is not as the task wants it ({names}), and was left alone, because recreating it loses "
        "what is in it. Set recreate to options-changed if that is wanted."
    )


def _require_unused(name: str, what: str, users: Sequence[str]) -> None:
    if users:
        raise EngineError(
            f"The volume {name} can't be {what}: containers use it: {listed(users)}. Nothing was changed.",
            hint="Remove these containers first; a container that does not run uses its volumes too.",
            kind="dependents",
        )
