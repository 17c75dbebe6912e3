# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images: pulled or built, each once."""

from __future__ import annotations

from typing import Any

import pytest
from compose_translated import application, web

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import ComposeFileError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.project.application import Image

BUILD = """{context: ./api, dockerfile: D, args: {A: '1'}, target: t, no_cache: true, pull: true, network: host,
  labels: {a: b}, cache_from: [x], extra_hosts: ['h=10.0.0.1'], shm_size: 1m, platforms: [linux/amd64]}"""


def images(text: str, **more: Any) -> list[Image]:
    return list(application(f"services: {{{text}}}", **more).images)


def test_pulled() -> None:
    assert images(
        "a: {image: x, platform: linux/arm64}, b: {image: y, pull_policy: always}, c: {image: z, scale: 0}"
    ) == [
        Image(name="x", platform="linux/arm64"),
        Image(name="y", pull="always"),
    ]


def test_built() -> None:
    assert images(f"a: {{build: {BUILD}, pull_policy: build}}") == [
        Image(
            name="shop-a",
            anew=True,
            build={
                "path": "/projects/shop/api", "dockerfile": "D", "args": {"A": "1"}, "target": "t", "nocache": True,
                "pull": True, "network": "host", "labels": {"a": "b"}, "cache_from": ["x"],
                "etc_hosts": {"h": "10.0.0.1"}, "shm_size": "1048576", "platform": "linux/amd64",
            },
        )
    ]  # fmt: skip


def test_a_container_pulls_nothing_that_is_built() -> None:
    assert web("build: .").params["pull"] == "never"
    assert web("image: x\npull_policy: never").params["pull"] == "never"


def test_an_image_that_is_mounted_is_pulled() -> None:
    made = images("a: {image: x, volumes: [{type: image, source: y, target: /y}, {type: volume, target: /z}]}")
    assert [image.name for image in made] == ["x", "y"]


def test_shared_by_services() -> None:
    assert images("a: {image: x, build: .}, b: {image: x, pull_policy: always}") == [
        Image(name="x", pull="always", build={"path": "/projects/shop", "dockerfile": "Dockerfile"})
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: {image: x, build: a}, b: {image: x, build: b}", "services.b.build is another way to build x"),
        ("a: {image: x}, b: {image: x, platform: linux/arm64}", "services.b.platform is another one of the image x"),
        ("a: {build: 'https://example.com/x.git'}", "services.a.build can't be translated"),
    ],
)
def test_refused(text: str, said: str) -> None:
    with pytest.raises(ComposeFileError, match=said):
        images(text)


@pytest.mark.parametrize("policy", ["daily", "weekly", "every_12h"])
def test_policies_of_age_are_refused(policy: str) -> None:
    with pytest.raises(ComposeFileError, match=r"services\.a\.pull_policy has the value .*by their age"):
        images(f"a: {{image: x, pull_policy: {policy}}}")
