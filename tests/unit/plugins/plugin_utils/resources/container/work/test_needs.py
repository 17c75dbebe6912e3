# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What check mode says of an image that a run would pull."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.plan import Observed
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.needs import Needs

IMAGE: dict[str, Any] = {"Id": "sha256:" + "a" * 64}
# The task's image, and what the host has of it -> whether it is told.
PULLED: list[tuple[str | None, dict[str, Any] | None, bool]] = [
    ("localhost/none:1", None, True),
    ("localhost/none:1", IMAGE, False),
    ("localhost:5000/none:1", None, False),
    ("r.example.com/none:1", None, False),
    ("none:1", None, False),
    (None, None, False),
]


@pytest.mark.parametrize(("image", "there", "told"), PULLED)
def test_an_image_under_localhost_that_is_to_be_pulled(
    image: str | None, there: dict[str, Any] | None, told: bool
) -> None:
    options = Options(name="x", state="started", image=image, values={}, comparisons={})
    warnings: list[str] = []
    needs = Needs(None, options, Engine("podman", (5, 4)), True, warnings.append, lambda _network: False)
    needs.pulled(Observed(None, there))
    wanted = f"There is no image {image} on the host; a run would have to pull it from a registry at localhost."
    assert warnings == [wanted] * told
