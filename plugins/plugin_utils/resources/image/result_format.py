# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of an image's task, in both formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any

from ...dataclass import dataclass
from ..container.result.result import learn
from ..shared.plan import Plan, Step
from ..shared.raw import masked
from ..shared.result_format import ENGINE, UNIFIED, Telling
from ..shared.secrets import Masker
from .options import Options
from .result import image_result

Image = Mapping[str, Any]
# In the place of an image's ID, where it is not known before it is there.
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Seen:
    """What a task found, planned and did. ``before`` and ``image`` are raw inspects, None where there is no such image;
    ``more`` is {stdout, stdout_lines} of a build and {digest} of a push.
    """

    options: Options
    masker: Masker
    planned: Plan
    changed: bool
    before: Image | None
    image: Image | None
    more: Mapping[str, Any] = field(default_factory=dict)
    warnings: Sequence[str] = ()


def unified(seen: Seen, _telling: Telling) -> dict[str, Any]:
    """The collection's own: one shape for both engines."""
    return {
        "changed": seen.changed,
        "actions": seen.planned.actions(),
        "image": None if seen.image is None else image_result(seen.image, seen.masker),
        "diff": seen.planned.diff(),
        "warnings": list(seen.warnings),
        **seen.more,
    }


def engine(seen: Seen, telling: Telling) -> dict[str, Any]:
    """As community.docker's docker_image tells it: ``image`` is the engine's inspect, and empty where there is none;
    one that was removed is told once more, with the ``state`` Deleted. ``diff`` is that of docker_image_pull.
    """
    gone = seen.options.state == "absent"
    image = seen.before if gone and seen.changed else None if gone else seen.image
    told = {} if image is None else engine_image(image, seen.masker)
    result: dict[str, Any] = {
        "changed": seen.changed,
        "actions": [_ACTIONS[step.action](step, seen.options) for step in seen.planned.steps],
        "image": {**told, "state": "Deleted"} if gone and told else told,
        "warnings": list(seen.warnings),
        **{key: value for key, value in seen.more.items() if key != "digest"},
    }
    if telling.diff:
        arrives = None if gone else _known(seen.image) if not telling.check or not seen.changed else {"id": UNKNOWN}
        result["diff"] = {"before": _known(seen.before), "after": arrives or _known(None)}
    return result


FORMATS: dict[str, Callable[[Seen, Telling], dict[str, Any]]] = {UNIFIED: unified, ENGINE: engine}


def engine_image(inspect: Image, masker: Masker) -> dict[str, Any]:
    """An image as the engine tells it, without secrets."""
    learn(masker, inspect)
    return masked(inspect, masker)


def _known(image: Image | None) -> dict[str, Any]:
    return {"exists": False} if image is None else {"id": image["Id"]}


_ACTIONS: dict[str, Callable[[Step, Options], str]] = {
    "pull": lambda step, _options: f"Pulled image {step.resource.name}",
    "build": lambda step, options: f"Built image {step.resource.name} from {options.build and options.build.path}",
    "load": lambda step, options: f"Loaded image {step.resource.name} from {options.load_path}",
    "archive": lambda step, options: f"Archived image {step.resource.name} to {options.archive_path}",
    "tag": lambda step, options: f"Tagged image {options.name} to {step.resource.name}",
    "push": lambda step, _options: f"Pushed image {step.resource.name}",
    "remove": lambda step, _options: f"Removed image {step.resource.name}",
}
