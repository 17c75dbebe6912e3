# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What we resolve is what docker compose 2.40.3 resolves: for all corners, and for whole projects.

The program is fetched by scripts/compose_reference.py. Where it can't be had, nothing is compared, and that is said.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from compose_corners import PROJECTS, Corner, at, corners, filled, projects
from compose_reference_runs import ask, program


@pytest.fixture(scope="module")
def docker() -> Path:
    return program()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A directory whose name is that of a project."""
    folder = tmp_path / "proj"
    folder.mkdir()
    return folder


def text(value: Any) -> str:
    """A model as text, in which true is not 1."""
    return json.dumps(value, sort_keys=True, indent=1)


@pytest.mark.parametrize("corner", corners(), ids=lambda corner: f"{corner.topic}: {corner.name}")
def test_corner(corner: Corner, place: Path, docker: Path) -> None:
    corner.write(place)
    answer = ask(corner, place, docker)
    expected = filled(corner.compose, place)
    if isinstance(expected, str):
        assert answer.model is None and expected in answer.said
    elif expected:
        assert text(at(answer.model, expected["at"])) == text(expected["gives"]), answer.said
    else:
        assert text(answer.model) == text(corner.resolved(place).config), answer.said


@pytest.mark.parametrize("project", projects(), ids=lambda project: project.name)
def test_project(project: Corner, place: Path, docker: Path) -> None:
    shutil.copytree(PROJECTS / project.topic, place, dirs_exist_ok=True)
    answer = ask(project, place, docker)
    assert answer.model is not None, answer.said
    assert text(project.resolved(place).config) == text(answer.model)
