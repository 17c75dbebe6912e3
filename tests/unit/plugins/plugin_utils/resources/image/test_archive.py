# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Image archives: manifests as docker-archives and OCI layouts have them, and what is made of them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image import archive
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.archive import Archived

A, B, C = "a" * 64, "b" * 64, "c" * 64
OCI_CONFIG = {"config": {"digest": f"sha256:{A}"}, "layers": [{"digest": f"sha256:{C}"}]}
NAME = "org.opencontainers.image.ref.name"
INDEX = "application/vnd.oci.image.index.v1+json"

CASES: dict[str, tuple[dict[str, Any], list[Archived] | None]] = {
    "Podman, Docker before 25": (
        {"manifest.json": [{"Config": f"{A}.json", "RepoTags": ["app:1"], "Layers": [f"{C}.tar"]}]},
        [Archived(A, ("app:1",), frozenset({A}), f"{A}.json", (f"{C}.tar",))],
    ),
    "Docker since 25": (
        {
            "manifest.json": [{"Config": f"blobs/sha256/{A}", "RepoTags": None, "Layers": [f"blobs/sha256/{C}"]}],
            "index.json": {},
        },
        [Archived(A, (), frozenset({A}), f"blobs/sha256/{A}", (f"blobs/sha256/{C}",))],
    ),
    "OCI layout": (
        {
            "index.json": {"manifests": [{"digest": f"sha256:{B}", "annotations": {NAME: "localhost/app:1"}}]},
            f"blobs/sha256/{B}": OCI_CONFIG,
        },
        [Archived(A, ("localhost/app:1",), frozenset({A, B}), f"blobs/sha256/{A}", (f"blobs/sha256/{C}",))],
    ),
    "a bare tag is no name": (
        {
            "index.json": {"manifests": [{"digest": f"sha256:{B}", "annotations": {NAME: "1"}}]},
            f"blobs/sha256/{B}": OCI_CONFIG,
        },
        [Archived(A, (), frozenset({A, B}), f"blobs/sha256/{A}", (f"blobs/sha256/{C}",))],
    ),
    "an index in the index, with a platform that was left out": (
        {
            "index.json": {"manifests": [{"digest": f"sha256:{C}", "mediaType": INDEX, "annotations": {NAME: "a:1"}}]},
            f"blobs/sha256/{C}": {"manifests": [{"digest": f"sha256:{B}"}, {"digest": "sha256:0"}]},
            f"blobs/sha256/{B}": OCI_CONFIG,
        },
        [Archived(A, ("a:1",), frozenset({A, B, C}), f"blobs/sha256/{A}", (f"blobs/sha256/{C}",))],
    ),
    "two platforms and what docker buildx attests": (
        {
            "index.json": {"manifests": [{"digest": f"sha256:{C}", "mediaType": INDEX, "annotations": {NAME: "a:1"}}]},
            f"blobs/sha256/{C}": {
                "manifests": [
                    {"digest": f"sha256:{B}", "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"}},
                    {"digest": f"sha256:{B}", "platform": {"os": "unknown", "architecture": "unknown"}},
                    {"digest": f"sha256:{B}", "annotations": {"vnd.docker.reference.type": "attestation-manifest"}},
                ]
            },
            f"blobs/sha256/{B}": OCI_CONFIG,
        },
        [Archived(A, ("a:1",), frozenset({A, B, C}), f"blobs/sha256/{A}", (f"blobs/sha256/{C}",), "linux/arm64/v8")],
    ),
    "no archive": ({"etc/passwd": ""}, None),
    "a manifest of something else": ({"manifest.json": {"name": "my web app"}}, None),
    "no digest": ({"manifest.json": [{"Config": "config.json", "Layers": []}]}, None),
    "a broken layout": ({"index.json": {"manifests": [{}]}}, None),
}


@pytest.mark.parametrize("name", CASES)
def test_contents(name: str) -> None:
    documents, expected = CASES[name]
    found = archive.contents(documents.get)
    assert (None if found is None else list(found)) == expected


ONE, OTHER = Archived(A, ("app:1", "docker.io/library/app:2"), frozenset({A})), Archived(B, ("x:1",), frozenset({B}))


@pytest.mark.parametrize(
    ("images", "name", "expected"),
    [
        ([ONE, OTHER], "app:1", ONE),
        ([ONE, OTHER], "docker.io/library/app:1", ONE),
        ([ONE, OTHER], "app:2", ONE),
        ([ONE, OTHER], "app:3", None),
        ([ONE, OTHER], "localhost/app:1", None),
        ([ONE, OTHER], f"sha256:{B}", OTHER),
        ([ONE, OTHER], B, OTHER),
        ([ONE, OTHER], C, None),
        ([Archived(C, (), frozenset({C}))], "any:1", Archived(C, (), frozenset({C}))),
    ],
)
def test_find(images: list[Archived], name: str, expected: Archived | None) -> None:
    assert archive.find(images, name) == expected


def test_an_index_for_docker() -> None:
    layout = Archived(A, ("app:1",), frozenset({A}), f"blobs/sha256/{A}", (f"blobs/sha256/{C}",))
    assert archive.as_docker([layout]) == [
        {"Config": f"blobs/sha256/{A}", "RepoTags": ["app:1"], "Layers": [f"blobs/sha256/{C}"]}
    ]


def test_the_engines_own_platform_comes_first() -> None:
    one, other = Archived(A, ("a:1",), platform="linux/arm64"), Archived(B, ("a:1",), platform="linux/amd64")
    alone, untold = Archived(C, ("b:1",), platform="linux/arm64"), Archived(C, ("a:1",))
    assert archive.for_platform([one, other, alone], "linux/amd64") == (other, alone)
    assert archive.for_platform([one, alone], "linux/amd64") == (one, alone)
    assert archive.for_platform([untold, one], "linux/amd64") == (untold, one)
