# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""References and names as parts of requests."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.references import segment, split_reference
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

DIGEST = "sha256:" + "0" * 64

REFERENCES = [
    ("busybox", ("busybox", "latest")),
    ("busybox:1", ("busybox", "1")),
    ("localhost:5000/a", ("localhost:5000/a", "latest")),
    ("localhost:5000/a/b:1.2", ("localhost:5000/a/b", "1.2")),
    (f"a/b@{DIGEST}", ("a/b", DIGEST)),
    (f"localhost:5000/a:1@{DIGEST}", ("localhost:5000/a", DIGEST)),
]


@pytest.mark.parametrize(("reference", "parts"), REFERENCES)
def test_split(reference: str, parts: tuple[str, str]) -> None:
    assert split_reference(reference) == parts


@pytest.mark.parametrize(
    ("name", "quoted"), [("app_1.x-y", "app_1.x-y"), ("a b", "a%20b"), ("a?b=c#d", "a%3Fb%3Dc%23d")]
)
def test_segment(name: str, quoted: str) -> None:
    assert segment(name) == quoted


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/"])
def test_no_segment(name: str) -> None:
    with pytest.raises(EngineError):
        segment(name)
