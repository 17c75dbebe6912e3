# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.base import RemoteAction
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.options import (
    ARGUMENT_SPEC,
    SPEC_RULES,
    Options,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.work.run import run_image
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.ownership import owners_of
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.session import Session


class ActionModule(RemoteAction):
    """Brings an image of a host to a state."""

    ARGUMENT_SPEC = ARGUMENT_SPEC
    SPEC_RULES = SPEC_RULES

    def prepare(self, params: dict[str, Any]) -> Options:
        options = parse(params)
        if options.build is not None:
            self._no_log_values |= set(filter(self.masker.hides, options.build.secrets().values()))
        return options

    def perform(self, session: Session, prepared: Options) -> dict[str, Any]:
        owners = owners_of(session, self.log, self.warn)
        return run_image(session.client, prepared, self.log, check_mode=self.check_mode, owners=owners)
