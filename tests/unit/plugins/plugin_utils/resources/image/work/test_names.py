# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names against an engine that, as Podman, finds images of any registry by the end of their names."""

from __future__ import annotations

from typing import Any

import pytest
from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.work.names import (
    exact_name,
    named_image,
)

A, B = "a" * 64, "b" * 64


class Engine(FakeClient):
    def __init__(self, engine: str = "podman", **images: str) -> None:
        super().__init__(engine)
        self.tags = images

    def images_inspect(self, ref: str) -> dict[str, Any] | None:
        found = [one for name, one in self.tags.items() if name == ref or name.endswith(f"/{ref}")]
        found += [one for one in self.tags.values() if one.startswith(ref.removeprefix("sha256:"))]
        return {"Id": f"sha256:{found[0]}"} if found else None


CASES: list[tuple[str, dict[str, str], str, str | None]] = [
    ("app:1", {}, "docker.io/library/app:1", None),
    ("app:1", {"docker.io/library/app:1": A}, "docker.io/library/app:1", A),
    ("app:1", {"docker.io/library/app:1": B, "localhost/app:1": A}, "localhost/app:1", A),
    ("app:1", {"r.example.com/shop/app:1": A}, "docker.io/library/app:1", None),
    ("shop/app:1", {"r.example.com/shop/app:1": A}, "docker.io/shop/app:1", None),
    ("r.example.com/app:1", {"r.example.com/app:1": A}, "r.example.com/app:1", A),
    (f"sha256:{A}", {"x:1": A}, f"sha256:{A}", A),
    (A, {"x:1": A}, A, A),
    ("aaaaaaaaaaaa", {"x:1": A}, "docker.io/library/aaaaaaaaaaaa", None),
    ("beef", {"r.example.com/beef": A}, "docker.io/library/beef", None),
]


@pytest.mark.parametrize(("name", "images", "exact", "found"), CASES)
def test_podman(name: str, images: dict[str, str], exact: str, found: str | None) -> None:
    engine = Engine(**images)
    assert exact_name(engine, name) == exact
    assert named_image(engine, name) == (None if found is None else {"Id": f"sha256:{found}"})


def test_docker_is_asked_as_it_stands() -> None:
    client = Engine("docker", **{"app:1": A})
    assert exact_name(client, "app:1") == "app:1" and named_image(client, "app:1") == {"Id": f"sha256:{A}"}
