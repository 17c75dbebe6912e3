# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Numbers beyond what a key can hold are refused with their key, and end in no traceback."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.compose.project import Wanted, resolve
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import ComposeFileError

BEYOND = {
    "cpus: 1e300": "services.web.cpus",
    "cpus: .inf": "services.web.cpus",
    "cpus: .nan": "services.web.cpus",
    "cpus: '1e300'": "services.web.cpus",
    "deploy: {resources: {limits: {cpus: inf}}}": "services.web.deploy.resources.limits.cpus",
    "mem_limit: '1e999'": "services.web.mem_limit",
    "mem_limit: .inf": "services.web.mem_limit",
    "pids_limit: .nan": "services.web.pids_limit",
    "stop_grace_period: 999999999w": "services.web.stop_grace_period",
    "scale: 1e400": "services.web.scale",
}


@pytest.mark.parametrize("keys", BEYOND)
def test_refused(keys: str) -> None:
    with pytest.raises(ComposeFileError) as caught:
        resolve(Wanted(content=f"services: {{web: {{image: x, {keys}}}}}", folder="/srv/shop"))
    assert BEYOND[keys] in caught.value.message
