# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_image_ship: ships an image to many hosts; runs once for all of them, so that it is read once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ....errors import EngineError, InvalidOption
from ....session.session import Session
from ....telling import listed
from ...image.result import prefixed
from ...shared.work.module import Module, Task
from ...shared.work.needed import skipped_without
from ..options import ARGUMENT_SPEC, PRESENT, SPEC_RULES, Shipment, parse
from .run import ArchiveSource, HostSource, Shipping, Target

Prepared = tuple[Shipment, dict[str, Any]]  # with the options, which have those of the connections
Ways = Mapping[str, Callable[[], Session]]


def prepare(task: Task, params: dict[str, Any]) -> Prepared:
    return parse(params, task.hostvars, task.play_hosts), params


def perform(task: Task, prepared: Prepared) -> dict[str, Any]:
    shipment, params = prepared
    ways = {name: task.way(name, params) for name in shipment.targets}
    if shipment.source is None:
        return _from_archive(task, shipment, ways)
    at_source = {**params, "engine": params["source_engine"], "engine_socket": params["source_socket"]}
    session = task.way(shipment.source, at_source)()
    try:
        return _shipped(task, shipment, HostSource(session, shipment), ways)
    except EngineError as error:
        if error.kind != "image_missing":
            raise
        thing = f"image {shipment.name}"
        return skipped_without(thing, error, check_mode=task.check_mode, where=shipment.source)
    finally:
        session.close()


def _from_archive(task: Task, shipment: Shipment, ways: Ways) -> dict[str, Any]:
    if not Path(str(shipment.path)).is_file():
        error = InvalidOption("path", shipment.path, "there is no such file on the controller.", "Correct it.")
        thing = f"file {shipment.path}"
        return skipped_without(thing, error, check_mode=task.check_mode, where="the controller")
    return _shipped(task, shipment, ArchiveSource(shipment), ways)


def _shipped(task: Task, shipment: Shipment, source: HostSource | ArchiveSource, ways: Ways) -> dict[str, Any]:
    targets = Shipping(shipment, source, ways, task.log, task.runner).run(check_mode=task.check_mode)
    identity = prefixed(source.cargo.id)
    moved = [one for one in targets if one.error is None and one.action != PRESENT]
    told = {one.name: _told(task, one, identity) for one in targets}
    result: dict[str, Any] = {
        "changed": bool(moved),
        "image": {"name": shipment.name, "id": identity, "size": source.cargo.size},
        "targets": told,
        "diff": {
            "before": {one.name: one.before for one in moved}, "after": {one.name: identity for one in moved},
        },
    }  # fmt: skip
    failed = {name: one for name, one in told.items() if one["failed"]}
    if failed:
        words = listed((f"{name}: {one['msg']}" for name, one in failed.items()), "; ")
        msg = f"{len(failed)} of {len(targets)} targets failed: {words}"
        result |= {"failed": True, "msg": msg, "error": next(iter(failed.values()))["error"]}
    return result


def _told(task: Task, target: Target, identity: str) -> dict[str, Any]:
    """What became of one target."""
    engine = {"engine": target.session.engine()} if target.session else {}
    if target.error is not None:
        told = task.failure(target.error)
        return {"changed": False, "failed": True, **engine, "msg": told["msg"], "error": told["error"]}
    return {
        "changed": target.action != PRESENT, "failed": False, "action": target.action, "id": identity,
        "sent": target.sent, "skipped": target.skipped, "seconds": round(target.seconds, 3), **engine,
    }  # fmt: skip


MODULE = Module(argument_spec=ARGUMENT_SPEC, spec_rules=SPEC_RULES, prepare=prepare, perform_for_all=perform)
