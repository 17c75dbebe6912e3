# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The corners of compose files (tests/support/compose_corners.py): what is resolved, what is refused with which words.

That docker compose gives or refuses the same is in test_project_reference.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from compose_corners import NOTHING, Corner, at, corners, filled

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import ComposeFileError

CORNERS = corners()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A directory whose name is that of a project."""
    folder = tmp_path / "proj"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("corner", CORNERS, ids=lambda corner: f"{corner.topic}: {corner.name}")
def test_corner(corner: Corner, place: Path) -> None:
    corner.write(place)
    if corner.refused:
        with pytest.raises(ComposeFileError) as caught:
            corner.resolved(place)
        assert filled(corner.refused, place) in caught.value.message
        return
    resolved = corner.resolved(place)
    assert json.dumps(at(resolved.config, corner.at), sort_keys=True) == json.dumps(
        filled(corner.gives, place), sort_keys=True
    )
    assert not corner.warns or any(corner.warns in warning for warning in resolved.warnings), resolved.warnings


def test_every_case_says_what_is_expected() -> None:
    assert len({(corner.topic, corner.name) for corner in CORNERS}) == len(CORNERS)
    assert [corner.name for corner in CORNERS if not corner.refused and corner.gives == NOTHING] == []
    assert [corner.name for corner in CORNERS if corner.refused and not corner.compose] == []
