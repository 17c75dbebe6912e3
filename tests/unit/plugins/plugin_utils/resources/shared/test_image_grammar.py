# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What names an image, for each option that takes a name: as github.com/distribution/reference v0.6.0 has it, and as
docker tag of Docker 28.5.2 and 20.10.24 answered (the latter knows no IPv6).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image import info
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.registry import credentials
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared import parsers
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.image_names import (
    name_with_tag,
    registry_of,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shipping import options as ship

DIGEST = "sha256:" + "0a" * 32
# The name, and its registry.
NAMES = [
    ("a", "docker.io"),
    ("a__b", "docker.io"),
    ("a---b/c_d.e", "docker.io"),
    ("team/a:V1.0_x-", "docker.io"),
    ("localhost/a", "localhost"),
    ("[::1]:5000/a", "[::1]:5000"),
    ("[2001:db8::1]/team/a:1", "[2001:db8::1]"),
    ("R.Example.com:5000/team/a", "R.Example.com:5000"),
    ("Foo/bar", "Foo"),
]
NO_NAMES = [
    *("a..b", "a//b", "a/-b", "a___b", "a._b", "-a", "a-", "a-/b", "a/b-", "a/", "/a", "a:é", "é", "a:", "a:.b", "A"),
    *("a.b/C", "r..example/a", "r.example./a", "r:123456/a:", "[abcd]/a", "[::1/a", "[::1%25eth0]/a", "a\n"),
    *(f"a:{'t' * 129}", "a@", "a@sha256:" + "0" * 32, f"a@{DIGEST.upper()}", f"a@{DIGEST}0", "a@md5:" + "0" * 32),
]
READERS: list[Callable[[str], Any]] = [
    lambda name: parsers.image("image", name),
    lambda name: name_with_tag("repository", name, "latest", "tagging"),
    lambda name: info.parse({"name": [name], "mask_env": True}),
    lambda name: ship.parse(
        {"name": name, "tag": "1", "source": None, "path": "/a.tar", "targets": ["h"]}, ["h"], ["h"]
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "registry"), NAMES)
def test_a_name_and_its_registry(name: str, registry: str) -> None:
    for read in READERS:
        read(name)
    assert parsers.image("image", f"{name}@{DIGEST}") and registry_of(name) == registry
    assert credentials.host("registry", registry) == registry


@pytest.mark.parametrize("name", NO_NAMES)
def test_what_is_no_name(name: str) -> None:
    for read in READERS:
        with pytest.raises(InvalidOption, match="this is no image reference"):
            read(name)


@pytest.mark.parametrize("tag", ["é", "", ".a", "a b", "t" * 129, "a\n"])
def test_what_is_no_tag(tag: str) -> None:
    with pytest.raises(InvalidOption, match="this is no tag"):
        name_with_tag("name", "a", tag, "tagging")


@pytest.mark.parametrize("registry", ["r..example", "-r.example", "r.example.", "[abcd]", "r:é", "r:", "r:123456"])
def test_what_is_no_registry(registry: str) -> None:
    with pytest.raises(InvalidOption, match="this is no registry"):
        credentials.host("registry_url", registry)
