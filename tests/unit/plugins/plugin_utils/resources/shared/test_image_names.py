# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a name without a registry stands for on Podman."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.image_names import possible_names

ID = "sha256:" + "a" * 64
NAMES = [
    ("app:1", ("localhost/app:1", "docker.io/library/app:1")),
    ("shop/app", ("localhost/shop/app", "docker.io/shop/app")),
    (f"app@{ID}", (f"localhost/app@{ID}", f"docker.io/library/app@{ID}")),
    ("docker.io/app:1", ("docker.io/app:1",)),
    ("localhost/app:1", ("localhost/app:1",)),
    ("r.example.com/app:1", ("r.example.com/app:1",)),
    ("r:5000/app", ("r:5000/app",)),
    (ID, (ID,)),
    ("a" * 64, ("a" * 64,)),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_possible_names(name: str, expected: tuple[str, ...]) -> None:
    assert possible_names(name) == expected
