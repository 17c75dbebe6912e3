# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Archives that would not end: limits are lowered, and what is in them is harmless."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying import archive as headers
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image import archive as images
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.work import archive, opening

ID = "a" * 64
MANIFEST = [{"Config": f"{ID}.json", "RepoTags": ["app:1"], "Layers": []}]


def packed(path: Path, documents: dict[str, Any], mode: str = "w:gz", padding: int = 0) -> str:
    with tarfile.open(path, mode) as made:  # type: ignore[call-overload]
        contents = {"layer.tar": bytes(padding), **{name: json.dumps(one).encode() for name, one in documents.items()}}
        for name, data in contents.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            made.addfile(member, io.BytesIO(data))
    return str(path)


@pytest.fixture
def image(tmp_path: Path) -> str:
    return packed(tmp_path / "a.tgz", {"manifest.json": MANIFEST, f"{ID}.json": {}}, padding=400_000)


@pytest.mark.parametrize(("name", "few"), [("UNPACKED_FREELY", 100_000), ("MOST_ENTRIES", 2), ("MOST_NAMED", 20)])
def test_what_is_in_it_has_bounds(monkeypatch: pytest.MonkeyPatch, image: str, name: str, few: int) -> None:
    assert archive.read_archive(image) is not None
    monkeypatch.setattr(opening, "UNPACKED_TIMES", 1)
    monkeypatch.setattr(opening, name, few)
    with pytest.raises(opening.Beyond), opening.opened(image):
        pass
    assert archive.read_archive(image) is None


def test_unpacking_for_an_engine_that_does_not(monkeypatch: pytest.MonkeyPatch, image: str) -> None:
    whole = b"".join(archive.bytes_of("path", image, unpacks=True))
    assert len(whole) > 400_000
    monkeypatch.setattr(opening, "UNPACKED_TIMES", len(whole) // Path(image).stat().st_size + 1)
    monkeypatch.setattr(opening, "UNPACKED_FREELY", 1000)
    assert b"".join(archive.bytes_of("path", image, unpacks=True)) == whole, "it is small enough for its size"
    monkeypatch.setattr(opening, "UNPACKED_TIMES", 1)
    monkeypatch.setattr(archive, "CHUNK", 10_000)
    with pytest.raises(InvalidOption, match="too much for its size") as refused:
        list(archive.bytes_of("path", image, unpacks=True))
    assert refused.value.option == "path"


def test_headers_that_would_fill_the_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = packed(tmp_path / "a.tar", {"manifest.json": MANIFEST, f"{ID}.json": {}, "n" * 2000: 1}, "w")
    assert archive.read_archive(path) is not None
    monkeypatch.setattr(headers, "MOST_HEADER", 1000)
    assert archive.read_archive(path) is None


def test_an_index_that_leads_to_itself(tmp_path: Path) -> None:
    index = {"manifests": [{"digest": f"sha256:{ID}"}, {"digest": f"sha256:{ID}"}]}
    path = packed(tmp_path / "a.tar", {"index.json": index, f"blobs/sha256/{ID}": index}, "w")
    assert archive.read_archive(path) is None
    asked: list[str] = []
    assert images.contents(lambda name: asked.append(name) or (None if name == images.MANIFEST else index)) is None  # type: ignore[func-returns-value]
    assert len(asked) < 10, "it is not followed for long"


def test_only_so_many_documents_are_read(monkeypatch: pytest.MonkeyPatch, image: str) -> None:
    monkeypatch.setattr(archive, "MOST_DOCUMENTS", 1)
    assert archive.read_archive(image) is None


def test_a_document_that_is_nested_too_deep(monkeypatch: pytest.MonkeyPatch, image: str) -> None:
    def too_deep(_file: Any) -> Any:
        raise RecursionError

    monkeypatch.setattr(archive.json, "load", too_deep)
    assert archive.read_archive(image) is None


def test_an_index_in_an_index_is_as_it_was() -> None:
    """As docker buildx writes it."""
    inner, config = "b" * 64, "c" * 64
    documents: dict[str, Any] = {
        "index.json": {"manifests": [{"digest": f"sha256:{ID}", "mediaType": images._INDEX_TYPES[0]}]},
        f"blobs/sha256/{ID}": {"manifests": [{"digest": f"sha256:{inner}"}]},
        f"blobs/sha256/{inner}": {"config": {"digest": f"sha256:{config}"}, "layers": []},
    }
    found = images.contents(documents.get)
    assert found is not None and [one.id for one in found] == [config]
