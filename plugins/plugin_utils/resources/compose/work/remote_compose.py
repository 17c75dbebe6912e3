# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_compose: brings the project of compose files into the state that a task describes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ....compose.project import Resolved, resolve
from ....dataclass import dataclass
from ....session.session import Session
from ...project.application import Application
from ...project.options import Wanted
from ...project.work.preparing import prepared
from ...project.work.run import run_project
from ...shared.work.module import Module, Task
from ..deployment import ARGUMENT_SPEC, application, parsed
from ..options import SPEC_RULES
from ..result import shown_openly


@dataclass(frozen=True)
class Prepared:
    """A project that is resolved, translated and checked."""

    wanted: Wanted
    resolved: Resolved
    warnings: list[str]


def prepare(task: Task, params: dict[str, Any]) -> Prepared:
    asked = parsed(params, task.beside_playbook, os.environ)
    resolved = resolve(asked.wanted)
    task.masker.learn(resolved.variables)
    task.masker.learn_from(resolved.config["services"])
    task.masker.leave(shown_openly(resolved.config))
    made, warnings = application(asked, resolved, lambda path: Path(path).read_bytes())
    task.masker.learn_values(_secrets(resolved.config, made))
    return Prepared(prepared(task, made, asked.how), resolved, warnings)


def _secrets(config: Mapping[str, Any], made: Application) -> Iterator[str]:
    """The contents of secrets that are texts."""
    targets = {
        one.get("target") or "" for service in config["services"].values() for one in service.get("secrets") or ()
    }
    for member in made.containers:
        for file in member.files:
            if any(file.path.endswith(target) for target in targets):
                text = file.content.decode(errors="replace").strip()
                if text and "\n" not in text:
                    yield text


def perform(task: Task, session: Session, wanted: Prepared) -> dict[str, Any]:
    told = run_project(task, session, wanted.wanted)
    resolved = wanted.resolved
    warnings = [task.masker.strictly(text) for text in wanted.warnings]
    return {
        **told,
        "project_directory": resolved.folder,
        "files": resolved.files,
        "disabled_services": resolved.disabled,
        "warnings": [*warnings, *told["warnings"]],
    }


MODULE = Module(argument_spec=ARGUMENT_SPEC, spec_rules=SPEC_RULES, prepare=prepare, perform=perform)
