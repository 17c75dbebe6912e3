# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a copy in both formats."""

from __future__ import annotations

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.result_format import FORMATS

COPIED = {
    "changed": True, "container_path": "/etc/app", "actions": [{"action": "copy"}], "transferred": 3, "atomic": True,
    "diff": {"before": "", "after": "x"},
}  # fmt: skip


def test_only_what_the_peer_tells_is_left() -> None:
    assert FORMATS["engine"](COPIED) == {
        "changed": True, "container_path": "/etc/app", "diff": {"before": "", "after": "x"},
    }  # fmt: skip
    assert FORMATS["engine"]({"changed": False, "container_path": "/a", "path": "/b", "atomic": True}) == {
        "changed": False, "container_path": "/a", "path": "/b",
    }  # fmt: skip


def test_the_collections_own_stays() -> None:
    assert FORMATS["unified"](COPIED) == COPIED
