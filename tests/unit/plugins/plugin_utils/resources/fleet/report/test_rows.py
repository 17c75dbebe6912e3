# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The data in the page: all containers, each text once, and nothing that could end the element it stands in."""

from __future__ import annotations

import json

from fleet_snapshots import EVERYWHERE, container, failed, host, snapshot

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.report.rows import COLUMNS, rows


def test_rows_are_numbers_of_texts() -> None:
    ports = {"80/tcp": [{"host_ip": EVERYWHERE, "host_port": "8080"}]}
    taken = snapshot(failed("down", ["db"]), host("web1", [container("app", health="healthy", ports=ports)]))
    made = json.loads(rows(taken))
    texts = made["texts"]
    assert len(texts) == len(set(texts))
    assert [(texts[name], [texts[g] for g in groups]) for name, groups in made["hosts"]] == [
        ("down", ["db"]),
        ("web1", ["web"]),
    ]
    ((number, *cells),) = made["rows"]
    assert number == 1
    assert {column: texts[cell] for column, cell in zip(COLUMNS, cells, strict=True)} == {
        "name": "app",
        "engine": "podman",
        "image": "localhost/app:1",
        "state": "running",
        "health": "healthy",
        "said": "Up 5 minutes",
        "ports": "8080→80/tcp",
    }


def test_nothing_ends_the_element() -> None:
    hostile = "</script><!--<script>&\u2028\u2029]]>"
    text = rows(snapshot(host(hostile, [container(hostile, hostile, status=hostile)], [hostile])))
    assert not set("<>&\u2028\u2029") & set(text)
    assert "</script><!--<script>&\\u2028\\u2029]]>" in json.loads(text)["texts"]


def test_control_characters_are_made_visible() -> None:
    texts = json.loads(rows(snapshot(host("a", [container("\x1b[31mred\u202e\ud800")]))))["texts"]
    assert r"\x1b[31mred\u202e\ud800" in texts
