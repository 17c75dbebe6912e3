# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks that move over, for tests: what they may move to, and the text of a file when what moves has moved."""

from __future__ import annotations

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.ours import ours
from ansible_collections.sshfleet.containers.plugins.plugin_utils.moving import tree

OURS = ours()


def moved(text: str) -> str:
    """The text of one file of a tree of its own, when what moves has moved."""
    looked = tree.looked_at({"tasks.yml": text}, OURS)
    assert not looked.problems
    return looked.files[0].new if looked.files else text
