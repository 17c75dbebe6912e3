# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleError

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.base import RemoteAction
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.options import (
    ARGUMENT_SPEC,
    INTO,
    SPEC_RULES,
    Copy,
    mistaken_modes,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.work.container_files import (
    ContainerFiles,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.work.into import CopyInto, sources
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.work.local_files import Source
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.work.out import CopyOut
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution.work.killing import (
    Killer,
    host_runs,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.lookup import (
    required_container,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.needed import skipped_without
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.session import Session


class ActionModule(RemoteAction):
    """Copies files between the controller and a container."""

    ARGUMENT_SPEC = ARGUMENT_SPEC
    SPEC_RULES = SPEC_RULES

    def prepare(self, params: dict[str, Any]) -> tuple[Copy, dict[str, Source]]:
        copy = parse(params)
        for warning in mistaken_modes(params):
            self.warn(warning)
        if copy.direction != INTO:
            return replace(copy, path=self._loader.path_dwim(copy.path)), {}
        if copy.path is not None:
            copy = replace(copy, path=self._found(copy.path))
        return copy, sources(copy, time.time())

    def _found(self, path: str) -> str:
        """Where a relative path is: beside the role's or the playbook's files, as Ansible's own copy looks for it."""
        try:
            return str(self._find_needle("files", path))
        except AnsibleError as error:
            problem = str(error.message).partition("\nIf you are using a module")[0]  # and its remote_src
            raise InvalidOption("path", path, f"on the controller: {problem}", "Correct the path.") from error

    def perform(self, session: Session, prepared: tuple[Copy, dict[str, Source]]) -> dict[str, Any]:
        copy, source = prepared
        try:
            inspect = required_container(session.client, copy.container)
        except EngineError as error:
            if error.kind != "container_missing":
                raise
            return skipped_without(f"container {copy.container}", error, check_mode=self.check_mode)
        killer = Killer(session.client, copy.container, host_runs(session))
        files = ContainerFiles(session.client, inspect, killer.end)
        files.require_reachable(copy.container_path)
        diff = int(C.MAX_FILE_SIZE_FOR_DIFF) if self._task.diff else None
        if copy.direction == INTO:
            return CopyInto(files, copy, source, diff).run(self.check_mode)
        return CopyOut(files, copy, Path(str(copy.path)), diff).run(self.check_mode)
