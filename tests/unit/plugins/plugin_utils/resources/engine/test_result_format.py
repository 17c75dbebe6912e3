# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an engine says of itself in its own format."""

from __future__ import annotations

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.engine.result_format import engine_format

INFO = {"Name": "web1", "HttpProxy": "http://me:t0p-s3cret@proxy:3128", "Labels": []}


def test_it_is_told_without_passwords() -> None:
    assert engine_format(INFO, None) == {
        "changed": False, "can_talk_to_docker": True,
        "host_info": {**INFO, "HttpProxy": "http://********@proxy:3128"},
    }  # fmt: skip


def test_of_the_disk_usage_the_sum_is_told() -> None:
    assert engine_format(INFO, {"LayersSize": 7, "Images": []})["disk_usage"] == {"LayersSize": 7}
