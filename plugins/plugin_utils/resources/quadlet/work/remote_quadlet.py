# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_quadlet: brings a quadlet of Podman's, and the unit that systemd has of it, into the state that the task
describes.
"""

from __future__ import annotations

from typing import Any

from ....session.session import Session
from ...container.work import remote_container
from ...shared.work import controller_file
from ...shared.work.module import Module, Task
from ...shared.work.needed import skipped_without
from .. import masking, names
from ..options import ARGUMENT_SPEC, BOOT, SPEC_RULES, Options, parse, source
from ..plan import NeedsQuadlet, NoSuchQuadlet
from ..translation.translate import require_meaning, text
from .host import QuadletHost
from .run import run_quadlet


def prepare(task: Task, params: dict[str, Any]) -> Options:
    options = parse(params, _text(task, params))
    for given in options.texts.values():
        masking.learn(given, task.masker)
    return options


def _text(task: Task, params: dict[str, Any]) -> str | None:
    """The quadlet's text; None where the task says nothing of it, or nothing is to be of it."""
    given = source(params)
    if not given or params["state"] == "absent":
        return None
    if given == "content":
        return str(params["content"])
    return _of_file(task, params["path"]) if given == "path" else _of_container(task, params)


def _of_file(task: Task, path: str) -> str:
    _found, data = controller_file.read(task, "path", path)
    return controller_file.text_of("path", path, data)


def _of_container(task: Task, params: dict[str, Any]) -> str:
    given = params["container"]
    name = names.stem(names.file_name(params["name"], of_options=True))
    require_meaning(given)
    validated = task.validated(remote_container.MODULE, {"name": name, **given})
    boot = "" if params["enabled"] is False else BOOT
    return text(remote_container.prepare(task, validated), boot, params["sections"])


def perform(task: Task, session: Session, options: Options) -> dict[str, Any]:
    host = QuadletHost(session)
    try:
        return run_quadlet(task.runner(session), host, options, task.masker, check_mode=task.check_mode)
    except NoSuchQuadlet as error:
        return skipped_without(f"quadlet {options.name}", error, check_mode=task.check_mode)
    except NeedsQuadlet as error:
        return skipped_without(f"quadlet {error.needed}", error, check_mode=task.check_mode)


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    spec_rules=SPEC_RULES,
    prepare=prepare,
    perform=perform,
    engines=("podman",),
)
