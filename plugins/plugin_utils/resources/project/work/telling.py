# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a project's task: of every part what its own module tells, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ....errors import EngineError, FleetError
from ...container.result.formats import unified as container_unified
from ...network.result import unified as network_unified
from ...shared.plan import Step
from ...shared.result_format import PLAIN
from ...shared.work.module import Task
from ...volume.result import unified as volume_unified
from ..options import Wanted
from ..result import Done, actions, message, outcome
from .member import Member
from .members import Members
from .shared_parts import SharedParts


def result(
    task: Task,
    wanted: Wanted,
    images: Sequence[Mapping[str, Any]],
    pulled: Sequence[Step],
    done: Done,
    errors: Mapping[str, FleetError],
    members: Members,
    shared: SharedParts,
) -> dict[str, Any]:
    """The module's result.

    :raises EngineError: parts have failed; its ``beside`` is the result.
    """
    changes = done.changed and not task.check_mode
    networks, volumes = shared.told(changes)
    told: dict[str, Any] = {
        "project": wanted.application.name,
        "changed": done.changed or bool(pulled) or any(image["changed"] for image in images),
        "actions": [
            *(action for image in images for action in _of_image(image)),
            *actions((*pulled, *done.done, *done.rolled_back)),
        ],
        "containers": [_container(task, member, done, errors) for member in members.all()],
        "networks": [_part("network", name, network_unified(seen, PLAIN), done) for name, seen in networks.items()],
        "volumes": [_part("volume", name, volume_unified(seen, PLAIN), done) for name, seen in volumes.items()],
        "images": [{key: image[key] for key in ("image", "changed", "actions")} for image in images],
    }
    _gather(told, images)
    if not errors:
        return told
    problem = next(iter(errors.values()))
    words = {part: f"{error.message} {error.hint}".rstrip() for part, error in errors.items()}
    failed = EngineError(
        message(wanted.application.name, done, words), getattr(problem, "status", None),
        "Run the task again when that is mended: what is done stays, and the rest follows.", problem.kind,
    )  # fmt: skip
    failed.beside = told
    raise failed


def _of_image(image: Mapping[str, Any]) -> list[dict[str, Any]]:
    name = (image.get("image") or {}).get("name") or ""
    return [{"resource": f"image {name}".rstrip(), **action} for action in image["actions"]]


def _part(kind: str, name: str, told: dict[str, Any], done: Done) -> dict[str, Any]:
    """A network or volume: what its own module tells, and what became of it."""
    return {"name": name, "outcome": outcome(f"{kind} {name}", done), **told}


def _container(task: Task, member: Member, done: Done, errors: Mapping[str, FleetError]) -> dict[str, Any]:
    about = str(member.resource)
    error = errors.get(about)
    told: dict[str, Any] = {"name": member.resource.name, "outcome": outcome(about, done)}
    if error is None and told["outcome"] not in ("skipped", "rolled back"):
        return {**told, **container_unified(member.tell(), PLAIN)}
    told |= {"changed": False, "actions": [], "container": member.result_now(), "diff": {"before": {}, "after": {}}}
    told["warnings"] = list(dict.fromkeys(member.run.warnings))
    if error is not None:
        told["error"] = task.failure(error)["error"]
    return told


def _gather(told: dict[str, Any], images: Sequence[Mapping[str, Any]]) -> None:
    """Warnings and differences of the parts are those of the whole; each part is told of only once."""
    before, after, warnings = {}, {}, [warning for image in images for warning in image.get("warnings") or ()]
    for kind in ("network", "volume", "container"):
        for part in told[f"{kind}s"]:
            diff = part.pop("diff")
            if diff["before"] or diff["after"]:
                before[f"{kind} {part['name']}"], after[f"{kind} {part['name']}"] = diff["before"], diff["after"]
            warnings += part.pop("warnings")
    told["diff"] = {"before": before, "after": after}
    told["warnings"] = list(dict.fromkeys(warnings))
