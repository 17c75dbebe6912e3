# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a login in both formats."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.registry.result_format import FORMATS


def result(serveraddress: str) -> dict[str, Any]:
    login = {"login_result": {"serveraddress": serveraddress, "username": "shop"}} if serveraddress else {}
    return {"changed": True, "registry": serveraddress, **login, "diff": {"before": {}}, "warnings": []}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("localhost:5000", {"serveraddress": "localhost:5000", "username": "shop"}),
        ("docker.io", {"serveraddress": "https://index.docker.io/v1/", "username": "shop"}),
        ("", {}),
    ],
)
def test_only_what_the_peer_tells_is_left(said: str, told: dict[str, str]) -> None:
    assert FORMATS["engine"](result(said)) == {"changed": True, "login_result": told, "warnings": []}
    assert FORMATS["unified"](result(said)) == result(said)
