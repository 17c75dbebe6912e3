# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action of the module ``moving``, which reads and writes files of the controller and speaks with no host."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

from ansible import constants as C
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase

from ..errors import FleetError, InvalidOptions
from ..moving.work import run as moving
from ..resources.shared.secrets import Masker
from .base import failure, for_people
from .ours import ours

# The report goes straight to where the run writes. What a task hands to Ansible's display is written by a thread of the
# main process, which ends when the reader of a pipe does (``| head``), and then the run would wait for ever. Ansible
# loads this file in the main process; in the task's own, the descriptors 0 to 2 lead elsewhere.
try:
    _OUTPUT = os.dup(1)
except OSError:  # the run has no output
    _OUTPUT = -1
HINT = "Name the directory that has the playbooks, with -e path=DIRECTORY; ansible-doc tells the other options."


def _show(lines: list[str]) -> None:
    """Show lines to whoever reads the run's output, if there is still anyone."""
    rest = "".join(f"{line}\n" for line in lines).encode()
    with contextlib.suppress(OSError):
        while rest:
            rest = rest[os.write(_OUTPUT, rest) :]


def _keep(lines: list[str]) -> None:
    """Where the output is data, the report is only in the result."""


class MovingAction(ActionBase):
    """Reports what becomes of the peers' tasks in a tree of playbooks, and writes it."""

    _supports_check_mode = True
    _supports_async = False
    _requires_connection = False
    ARGUMENT_SPEC = moving.ARGUMENT_SPEC

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        try:
            asked = moving.wanted(self._validated(), check_mode=bool(self._task.check_mode))
            result |= moving.run(asked, ours(), _show if "json" not in C.DEFAULT_STDOUT_CALLBACK else _keep)
        except FleetError as error:
            result |= {"changed": False, **failure(error, Masker())}
        if not self._task.diff:
            result.pop("diff", None)
        return for_people(result)

    def _validated(self) -> dict[str, Any]:
        validation = ArgumentSpecValidator(self.ARGUMENT_SPEC).validate(self._task.args)
        if validation.error_messages:
            raise InvalidOptions("; ".join(validation.error_messages), HINT)
        params: dict[str, Any] = validation.validated_parameters
        # As anywhere on a command line, from where the user is; a playbook of a collection is no place of theirs.
        return {**params, "path": str(Path.cwd() / params["path"])}
