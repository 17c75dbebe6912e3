# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shipping to targets made of dicts: who gets what, who is left alone, and what one failure is to the others."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption, SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.archive import Archived
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.work import archive as image_archive
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.work.archive import tar_entry
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shipping.options import Shipment
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shipping.work.run import (
    ArchiveSource,
    HostSource,
    Shipping,
    Target,
)

NAME, ID, OTHER_ID = "app:1", "a" * 64, "b" * 64
LAYERS = ["sha256:" + "1" * 64, "sha256:" + "2" * 64]
ARCHIVE = tar_entry("1" * 64 + ".tar", b"lower" * 500) + tar_entry("2" * 64 + ".tar", b"upper" * 500) + bytes(1024)


class Engine(FakeClient):
    """``tags`` maps names to IDs, ``stacks`` IDs to layers; ``wants_all`` refuses archives that lack a layer."""

    def __init__(self, *layers: str, wants_all: bool = False, **images: str) -> None:
        super().__init__()
        self.tags = images
        self.stacks = {identity: LAYERS if identity == ID else list(layers) for identity in images.values()}
        self.wants_all = wants_all
        self.fails: Exception | None = None
        self.loads = 0
        self.reads = 0
        self.brings = ID

    def images_inspect(self, ref: str) -> dict[str, Any] | None:
        found = self.tags.get(ref) or (ref if ref in self.tags.values() else None)
        tags = [name for name, identity in self.tags.items() if identity == found]
        layers = {"Layers": self.stacks.get(found, [])}
        return {"Id": f"sha256:{found}", "RepoTags": tags, "RootFS": layers} if found else None

    def images_list(self, *, all: bool = False, filters: Any = None) -> list[dict[str, Any]]:
        return [{"Id": identity} for identity in self.tags.values()]

    def images_tag(self, ref: str, new: str) -> None:
        self.tags[new] = ref.removeprefix("sha256:")

    def images_load(self, archive: Iterable[bytes], progress: Any = None) -> None:
        self.loads += 1
        size = sum(len(piece) for piece in archive)
        if self.fails:
            raise self.fails
        if self.wants_all and size < len(ARCHIVE):
            raise EngineError("invalid diffID for layer 0", 400)
        self.tags[NAME] = self.brings

    @contextmanager
    def images_save(self, refs: Sequence[str]) -> Iterator[Iterator[bytes]]:
        self.reads += 1
        yield iter([ARCHIVE])


def session(engine: Engine) -> Any:
    return SimpleNamespace(client=engine, close=engine.close)


def ship(source: Engine, check: bool = False, **engines: Any) -> tuple[dict[str, Target], list[str]]:
    ways: dict[str, Callable[[], Any]] = {}
    for name, engine in engines.items():
        ways[name] = engine if callable(engine) else lambda engine=engine: session(engine)
    shipment, log = Shipment(NAME, "source", None, tuple(ways)), []  # type: ignore[var-annotated]
    shipping = Shipping(shipment, HostSource(session(source), shipment), ways, log.append)
    return {one.name: one for one in shipping.run(check_mode=check)}, log


def test_each_gets_what_it_lacks_from_one_reading() -> None:
    source = Engine(**{NAME: ID})
    has, named, empty, lower = Engine(**{NAME: ID}), Engine(x=ID), Engine(), Engine(LAYERS[0], y=OTHER_ID)
    done, log = ship(source, has=has, named=named, empty=empty, lower=lower)
    assert {name: one.action for name, one in done.items()} == {
        "has": "none", "named": "tag", "empty": "ship", "lower": "ship",
    }  # fmt: skip
    assert all(one.error is None for one in done.values()) and log == []
    assert (source.reads, has.loads, named.loads, empty.loads, lower.loads) == (1, 0, 0, 1, 1)
    assert (done["empty"].sent, done["empty"].skipped) == (len(ARCHIVE), 0)
    assert done["lower"].skipped == 2560 and done["lower"].sent == len(ARCHIVE) - 2560
    assert all(engine.tags[NAME] == ID and engine.closed for engine in (has, named, empty, lower))


def test_check_mode_reads_nothing() -> None:
    source, target = Engine(**{NAME: ID}), Engine()
    done, _log = ship(source, check=True, target=target)
    assert done["target"].action == "ship" and (source.reads, target.loads, target.tags) == (0, 0, {})


def test_one_that_fails_is_its_own_affair() -> None:
    def unreachable() -> Any:
        raise SshError("unreachable", "nobody there")

    full, well = Engine(), Engine()
    full.fails = EngineError("no space left on device", 500, kind="disk_full")
    done, _log = ship(Engine(**{NAME: ID}), gone=unreachable, full=full, well=well)
    kinds = {name: one.error.kind if one.error else None for name, one in done.items()}
    assert kinds == {"gone": "unreachable", "full": "disk_full", "well": None}
    assert well.tags == {NAME: ID}


def test_an_engine_that_wants_all_layers_gets_them() -> None:
    source, target = Engine(**{NAME: ID}), Engine(LAYERS[0], wants_all=True, y=OTHER_ID)
    done, log = ship(source, target=target)
    assert done["target"].error is None and (source.reads, target.loads) == (2, 2)
    assert len(log) == 1 and "invalid diffID" in log[0]


def test_another_image_than_the_sources_is_an_error() -> None:
    target = Engine()
    target.brings = OTHER_ID
    done, _log = ship(Engine(**{NAME: ID}), target=target)
    error = done["target"].error
    assert error is not None and f"sha256:{OTHER_ID} instead of sha256:{ID}" in error.message


def test_a_source_without_the_image() -> None:
    with pytest.raises(EngineError) as caught:
        ship(Engine(), target=Engine())
    assert caught.value.kind == "image_missing" and "source" in caught.value.message


def test_an_archive_without_the_image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = (Archived(OTHER_ID, ("other:1",), frozenset({OTHER_ID})),)
    monkeypatch.setattr(image_archive, "read_archive", lambda _path: held)
    with pytest.raises(InvalidOption, match="has no image app:1, but other:1") as caught:
        ArchiveSource(Shipment(NAME, None, str(tmp_path / "a.tar"), ("x",)))
    assert caught.value.option == "path"


@pytest.mark.parametrize("compressed", [True, False])
def test_an_archive_is_unpacked_for_engines_that_can_not(tmp_path: Path, compressed: bool) -> None:
    manifest = json.dumps([{"Config": f"{ID}.json", "RepoTags": [NAME], "Layers": []}]).encode()
    plain = tar_entry("manifest.json", manifest) + bytes(1024)
    path = tmp_path / "a.tar.gz"
    path.write_bytes(gzip.compress(plain))
    source = ArchiveSource(Shipment(NAME, None, str(path), ("x",)))
    clients = [FakeClient(), FakeClient() if compressed else FakeClient("podman", "4.3.1")]
    with source.opened(clients) as chunks:
        assert b"".join(chunks) == (path.read_bytes() if compressed else plain)


def test_a_source_that_fails_fails_the_task() -> None:
    source = Engine(**{NAME: ID})

    @contextmanager
    def broken(_refs: list[str]) -> Iterator[Iterator[bytes]]:
        def chunks() -> Iterator[bytes]:
            yield ARCHIVE[:600]
            raise EngineError("gone", kind="no_answer")

        yield chunks()

    source.images_save = broken  # type: ignore[method-assign]
    with pytest.raises(EngineError, match="gone"):
        ship(source, one=Engine(), two=Engine())
