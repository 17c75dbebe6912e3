# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which engine gets which row. What stands in the rows is tested on real engines (tests/lab/engine_client)."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine import dialects
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.dialects import dialect, status_word
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.identity import EngineIdentity

CASES = [
    ("podman", "3.0.1", dialects.PODMAN_4),
    ("podman", "4.3.1", dialects.PODMAN_4),
    ("podman", "4.9.3", dialects.PODMAN_4),
    ("podman", "5.0.0", dialects.PODMAN),
    ("podman", "5.4.2", dialects.PODMAN),
    ("podman", "10.0.0", dialects.PODMAN),
    ("docker", "20.10.24+dfsg1", dialects.DOCKER_BEFORE_25),
    ("docker", "26.1.5+dfsg1", dialects.DOCKER),
    ("docker", "25.0.0", dialects.DOCKER),
]


@pytest.mark.parametrize(("name", "version", "expected"), CASES)
def test_dialect(name: str, version: str, expected: dialects.Dialect) -> None:
    assert dialect(EngineIdentity(name, version, "1.41")) is expected


def test_the_rows_differ() -> None:
    assert len({dialects.DOCKER, dialects.PODMAN, dialects.PODMAN_4, dialects.DOCKER_BEFORE_25}) == 4


@pytest.mark.parametrize(
    ("reported", "word"), [("stopped", "exited"), ("configured", "created"), ("running", "running")]
)
def test_status_word(reported: str, word: str) -> None:
    assert status_word(reported) == word
