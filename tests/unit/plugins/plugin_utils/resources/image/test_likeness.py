# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images whose IDs are digests of manifests are told by what their configurations say; all others by their IDs."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image import likeness
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.archive import contents

CONFIG_ID, MANIFEST_ID, INDEX_ID, OTHER_ID = (letter * 64 for letter in "cdef")
CONFIG: dict[str, Any] = {
    "rootfs": {"type": "layers", "diff_ids": ["sha256:1", "sha256:2"]},
    "created": "2026-11-30T04:45:34.3Z",
    "architecture": "amd64",
    "os": "linux",
    "config": {"Env": ["A=1"], "Labels": {"a": "b"}, "Hostname": ""},
}
IMAGE: dict[str, Any] = {
    "RootFS": {"Type": "layers", "Layers": ["sha256:1", "sha256:2"]},
    "Created": "2026-11-30T04:45:34.3Z",
    "Architecture": "amd64",
    "Os": "linux",
    "Config": {"Env": ["A=1"], "Labels": {"a": "b"}, "Cmd": None, "OnBuild": []},
}
KEPT = {**IMAGE, "Id": f"sha256:{MANIFEST_ID}", "Descriptor": {"digest": f"sha256:{MANIFEST_ID}"}}
USUAL = {**IMAGE, "Id": f"sha256:{CONFIG_ID}", "RepoDigests": [f"a.example/b@sha256:{MANIFEST_ID}"]}


def test_which_ids_are_digests_of_manifests() -> None:
    assert likeness.kept_by_manifest(KEPT)
    assert not likeness.kept_by_manifest(USUAL) and not likeness.kept_by_manifest({"Id": CONFIG_ID})
    pulled = {"Id": f"sha256:{INDEX_ID}", "RepoDigests": [f"a.example/b@sha256:{INDEX_ID}"]}
    assert likeness.kept_by_manifest(pulled)


def test_what_is_kept_by_a_manifest_of_its_own_is_the_same_image() -> None:
    told = likeness.of_config(CONFIG)
    assert told and likeness.is_same(KEPT, {CONFIG_ID}, told) and likeness.of_image(KEPT) == told
    assert likeness.is_same(USUAL, {MANIFEST_ID}, told, by_manifest=True)


@pytest.mark.parametrize(
    "other",
    [
        {"RootFS": {"Layers": ["sha256:1"]}}, {"Created": "2026-11-30T04:45:35Z"}, {"Architecture": "arm64"},
        {"Config": {**IMAGE["Config"], "Labels": {"a": "c"}}}, {"Config": {**IMAGE["Config"], "Cmd": ["x"]}},
    ],
    ids=str,
)  # fmt: skip
def test_another_image_is_another_one(other: dict[str, Any]) -> None:
    assert not likeness.is_same({**KEPT, **other}, {CONFIG_ID}, likeness.of_config(CONFIG))


def test_elsewhere_the_id_decides() -> None:
    told = likeness.of_config(CONFIG)
    assert likeness.is_same(USUAL, {CONFIG_ID}, "") and not likeness.is_same(USUAL, {OTHER_ID}, told)
    assert not likeness.is_same(KEPT, {CONFIG_ID}, "")
    assert likeness.of_config({"config": {}}) == likeness.of_image({"Id": CONFIG_ID}) == ""


def test_an_archive_that_is_both_kinds_tells_all_ids() -> None:
    """As Docker 25 and newer write them; an index within the index is what was pulled for many platforms."""
    index = f"sha256:{INDEX_ID}"
    documents = {
        "manifest.json": [{"Config": f"blobs/sha256/{CONFIG_ID}", "RepoTags": ["a:1"], "Layers": ["blobs/sha256/1"]}],
        "index.json": {"manifests": [{"digest": index, "mediaType": "application/vnd.oci.image.index.v1+json"}]},
        f"blobs/sha256/{INDEX_ID}": {"manifests": [{"digest": f"sha256:{MANIFEST_ID}"}]},
        f"blobs/sha256/{MANIFEST_ID}": {"config": {"digest": f"sha256:{CONFIG_ID}"}, "layers": []},
        f"blobs/sha256/{CONFIG_ID}": CONFIG,
    }
    (found,) = contents(documents.get) or ()
    assert found.ids == {CONFIG_ID, MANIFEST_ID, INDEX_ID} and found.tags == ("a:1",)
    assert found.is_same({**KEPT, "Id": OTHER_ID, "Descriptor": {"digest": OTHER_ID}})
    (bare,) = contents({**documents, "index.json": None}.get) or ()
    assert bare.ids == {CONFIG_ID} and bare.is_same(KEPT) and not bare.is_same({**USUAL, "Id": OTHER_ID})
