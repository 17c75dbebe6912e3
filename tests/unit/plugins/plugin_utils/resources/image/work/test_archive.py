# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Image archives as files: reading their indexes, making Docker's of an OCI layout, and writing in one step."""

from __future__ import annotations

import hashlib
import importlib
import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.work import archive as image_archive

LAYER = b"layer" * 200
CONFIG = json.dumps({"rootfs": {"diff_ids": [f"sha256:{hashlib.sha256(LAYER).hexdigest()}"]}}).encode()
ID = hashlib.sha256(CONFIG).hexdigest()
LAYER_ID = hashlib.sha256(LAYER).hexdigest()


def write(path: Path, entries: dict[str, Any], mode: str = "w") -> str:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, value in entries.items():
            data = value if isinstance(value, bytes) else json.dumps(value).encode()
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return str(path)


def docker_archive(path: Path, mode: str = "w") -> str:
    manifest = [{"Config": f"{ID}.json", "RepoTags": ["app:1"], "Layers": [f"{LAYER_ID}.tar"]}]
    return write(path, {f"{LAYER_ID}.tar": LAYER, f"{ID}.json": CONFIG, "manifest.json": manifest}, mode)


def oci_layout(path: Path) -> str:
    manifest = json.dumps({"config": {"digest": f"sha256:{ID}"}, "layers": [{"digest": f"sha256:{LAYER_ID}"}]}).encode()
    digest = hashlib.sha256(manifest).hexdigest()
    names = {"org.opencontainers.image.ref.name": "localhost/app:1"}
    index = {"manifests": [{"digest": f"sha256:{digest}", "annotations": names}]}
    blobs = {f"blobs/sha256/{name}": data for name, data in ((ID, CONFIG), (LAYER_ID, LAYER), (digest, manifest))}
    return write(path, {**blobs, "index.json": index})


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:xz"])
def test_reading_a_docker_archive(tmp_path: Path, mode: str) -> None:
    path = docker_archive(tmp_path / "a.tar", mode)
    found = image_archive.read_archive(path)
    assert found is not None and (found[0].id, found[0].tags) == (ID, ("app:1",))
    cargo = image_archive.cargo(path, found[0])
    assert cargo.id == ID
    assert cargo.entries == ((frozenset({f"{LAYER_ID}.tar"}),) if mode == "w" else ())


def test_an_oci_layout_becomes_dockers(tmp_path: Path) -> None:
    path = oci_layout(tmp_path / "a.tar")
    found = image_archive.read_archive(path)
    assert found is not None and image_archive.is_layout(path)
    assert image_archive.cargo(path, found[0]).entries == ()
    converted = tmp_path / "b.tar"
    converted.write_bytes(b"".join(image_archive.converted("load_path", path, found)))
    again = image_archive.read_archive(str(converted))
    assert again is not None and (again[0].id, again[0].tags) == (ID, ("localhost/app:1",))
    assert not image_archive.is_layout(str(converted))
    with tarfile.open(converted) as archive:
        names = set(archive.getnames())
    assert {again[0].config, *again[0].layers, "index.json"} <= names


@pytest.mark.parametrize("content", [b"", b"no archive", b"\x1f\x8bbroken"])
def test_what_is_no_archive(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    assert image_archive.read_archive(str(tmp_path / "x")) is None


@pytest.mark.parametrize("module", ["gzip", "bz2", "lzma"])
def test_unpacking(tmp_path: Path, module: str) -> None:
    data = bytes(range(256)) * 10_000
    packed = importlib.import_module(module).compress(data)
    path = tmp_path / "a"
    path.write_bytes(packed)
    assert b"".join(image_archive.bytes_of("path", str(path))) == packed
    assert b"".join(image_archive.bytes_of("path", str(path), unpacks=True)) == data
    path.write_bytes(data)
    assert b"".join(image_archive.bytes_of("path", str(path), unpacks=True)) == data
    path.write_bytes(packed[:-20])
    with pytest.raises(InvalidOption, match="it can't be read"):
        list(image_archive.bytes_of("path", str(path), unpacks=True))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidOption) as caught:
        list(image_archive.bytes_of("load_path", str(tmp_path / "x")))
    assert caught.value.option == "load_path"


def test_writing_is_one_step(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    path.write_bytes(b"old")

    def chunks() -> Iterator[bytes]:
        yield b"ne"
        assert path.read_bytes() == b"old"
        yield b"w"

    assert image_archive.Writing("archive_path", str(path)).write(chunks()) == 3
    assert path.read_bytes() == b"new" and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("problem", [EngineError("gone"), OSError("the engine's connection")])
def test_what_ends_early_leaves_the_old_file(tmp_path: Path, problem: Exception) -> None:
    path = tmp_path / "a.tar"
    path.write_bytes(b"old")

    def chunks() -> Iterator[bytes]:
        yield b"new"
        raise problem

    with pytest.raises(type(problem)) as caught:
        image_archive.Writing("archive_path", str(path)).write(chunks())
    assert caught.value is problem
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InvalidOption) as caught:
        image_archive.Writing("archive_path", str(tmp_path / "no" / "x")).write([b"x"])
    assert caught.value.option == "archive_path"
