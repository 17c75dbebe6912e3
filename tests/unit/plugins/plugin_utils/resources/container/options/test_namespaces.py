# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Containers that others use are compared by their IDs: engines and docker compose have these where we have names."""

from __future__ import annotations

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.namespaces import with_ids

IDS = {"db": "1" * 64}


def test_modes_and_volumes_of_another_container() -> None:
    ours = {"network_mode": "container:db", "volumes_from": ["db:ro", "other"], "user": "x"}
    theirs = {"network_mode": f"container:{IDS['db']}", "volumes_from": [f"{IDS['db']}:ro", "other"], "user": "x"}
    assert with_ids(ours, IDS) == with_ids(theirs, IDS) == {**theirs, "volumes_from": ours["volumes_from"]}


def test_what_is_not_there_stays_a_name() -> None:
    options = {"pid_mode": "host", "ipc_mode": "container:gone", "volumes_from": ["gone"]}
    assert with_ids(options, IDS) == options
    assert with_ids({"user": "x"}, IDS) == {"user": "x"}
