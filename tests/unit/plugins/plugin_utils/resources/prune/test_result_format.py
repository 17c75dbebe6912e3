# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of pruning in both formats."""

from __future__ import annotations

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.prune.result_format import FORMATS

PRUNED = {
    "changed": True, "containers": ["1"], "containers_space_reclaimed": 5, "images": ["2"],
    "images_space_reclaimed": 7, "networks": [], "builder_cache_caches_deleted": [], "builder_cache_space_reclaimed": 0,
    "space_reclaimed": 12, "foreign": {}, "actions": [], "diff": {}, "warnings": ["w"],
}  # fmt: skip


def test_only_what_the_peer_tells_is_left() -> None:
    left = {key: PRUNED[key] for key in PRUNED if key not in ("space_reclaimed", "foreign", "actions", "diff")}
    assert FORMATS["engine"](PRUNED) == {**left, "images": [{"Deleted": "2"}]}
    assert FORMATS["engine"]({"changed": False, "networks": []}) == {"changed": False, "networks": []}


def test_the_collections_own_stays() -> None:
    assert FORMATS["unified"](PRUNED) == PRUNED
