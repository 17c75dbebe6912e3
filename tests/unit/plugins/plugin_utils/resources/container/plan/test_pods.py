# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a container in a pod leaves to the pod."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan import pods

POD = {"Name": "shop", "SharedNamespaces": ["ipc", "net", "uts"], "InfraContainerID": "1"}
OWNED: list[tuple[str, Any]] = [
    ("published_ports", {"80/tcp": ["80"]}), ("network_mode", "host"), ("hostname", "h"), ("ipc_mode", "host"),
    ("networks", {"n": {}}), ("sysctls", {"net.core.somaxconn": "1"}), ("uidmap", ["0:1:1"]), ("etc_hosts", {"a": "b"}),
]  # fmt: skip


@pytest.mark.parametrize(("option", "value"), OWNED, ids=str)
def test_what_the_pod_shares_is_the_pods(option: str, value: Any) -> None:
    with pytest.raises(InvalidOption) as refused:
        pods.require_own({option: value}, POD)
    assert refused.value.option == option and "shop" in str(refused.value) and refused.value.hint
    pods.require_own({option: value}, {"Name": "apart"})


def test_what_it_does_not_share_is_the_containers() -> None:
    pods.require_own({"pid_mode": "host", "sysctls": {"kernel.msgmax": "1"}, "hostname": "", "networks": {}}, POD)
