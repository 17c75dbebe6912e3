# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.info import InfoAction
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.info import (
    ARGUMENT_SPEC,
    parse,
    present_and_missing,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.work.names import named_image
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared import query
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.session import Session


class ActionModule(InfoAction):
    """Reads images: all, or some by name."""

    ARGUMENT_SPEC = {**ARGUMENT_SPEC, **query.SPEC}

    def prepare(self, params: dict[str, Any]) -> dict[str, Any]:
        return parse(params)

    def perform(self, session: Session, prepared: dict[str, Any]) -> dict[str, Any]:
        names = prepared["name"]
        if names is None:
            names = dict.fromkeys(image["Id"] for image in session.client.images.list())
        inspected = {name: named_image(session.client, name) for name in names}
        return present_and_missing(inspected, prepared)
