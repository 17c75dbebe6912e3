# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images shipped without a registry: from every engine to all others, from an archive, and through Ansible."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from engine_cases import ENGINES
from image_world import PREFIX, Images, all_images
from lab_hosts import Lab
from tasks import run_tasks

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shipping.options import Shipment
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shipping.work.run import (
    ArchiveSource,
    HostSource,
    Shipping,
    Target,
)

__all__ = ["all_images"]  # a fixture

APP, OTHER = f"{PREFIX}app:1", f"{PREFIX}other:1"
KEYS = ["-".join(key) for key in ENGINES]


@pytest.fixture(autouse=True)
def cleared(all_images: dict[str, Images]) -> Iterator[None]:
    for one in all_images.values():
        one.clear()
    yield
    for one in all_images.values():
        one.clear()


def ship(
    all_images: dict[str, Images], source: str | Path, targets: list[str], name: str = APP, check: bool = False
) -> dict[str, Target]:
    """Ship an image from an engine, or an archive, to others."""
    ways = {key: all_images[key].session for key in targets}
    path = str(source) if isinstance(source, Path) else None
    shipment = Shipment(name, None if path else str(source), path, tuple(targets))
    origin = ArchiveSource(shipment) if path else HostSource(all_images[str(source)].session(), shipment)
    log: list[str] = []
    done = Shipping(shipment, origin, ways, log.append).run(check_mode=check)
    assert log == [], "nothing had to be sent again"
    return {one.name: one for one in done}


@pytest.mark.parametrize("source", KEYS)
def test_from_one_engine_to_all_others(
    all_images: dict[str, Images], source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = all_images[source].small(APP, f"from {source}" + "x" * 5000)
    targets = [key for key in KEYS if key != source]
    assert {one.action for one in ship(all_images, source, targets, check=True).values()} == {"ship"}
    assert all(all_images[key].id(APP) is None for key in targets)
    client = all_images[source].client
    reads, read = [], client.images.save
    monkeypatch.setattr(client.images, "save", lambda refs: reads.append(refs) or read(refs))
    done = ship(all_images, source, targets)
    assert {key: one.error for key, one in done.items()} == dict.fromkeys(targets)
    assert len(reads) == 1, "it is read once for all"
    assert {key: all_images[key].id(APP) for key in targets} == dict.fromkeys(targets, identity)
    # The lower layer is busybox's, which all have; Docker before 25 does not tell which of an archive's it is.
    for key, one in done.items():
        assert (one.skipped > 10**6) == (source != "bookworm1-docker"), (key, one)
        assert (one.sent < 10**5) == (source != "bookworm1-docker"), (key, one)
    again = ship(all_images, source, targets)
    assert {(one.action, one.sent) for one in again.values()} == {("none", 0)} and len(reads) == 1


def test_a_name_alone_needs_no_shipping(all_images: dict[str, Images]) -> None:
    source, target = all_images["bookworm1-podman"], all_images["trixie1-docker"]
    identity = source.small(APP)
    ship(all_images, source.key, [target.key])
    source.client.images.tag(APP, OTHER)
    (done,) = ship(all_images, source.key, [target.key], OTHER).values()
    assert (done.action, done.sent, done.error) == ("tag", 0, None) and target.id(OTHER) == identity


@pytest.mark.parametrize("source", KEYS)
def test_from_an_archive(all_images: dict[str, Images], source: str, tmp_path: Path) -> None:
    identity = all_images[source].small(APP, "archived")
    path = tmp_path / "app.tar"
    all_images[source].run(name=APP, source="local", archive_path=str(path))
    all_images[source].clear()
    done = ship(all_images, path, KEYS)
    assert {key: one.error for key, one in done.items()} == dict.fromkeys(KEYS)
    assert {all_images[key].id(APP) for key in KEYS} == {identity}
    assert all(one.skipped > 10**6 for one in done.values()), "an archive's index tells all layers apart"


def test_a_layer_that_is_gone_meanwhile_is_sent_after_all(
    all_images: dict[str, Images], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a target is thought to have and has not: the engine refuses, and then gets everything."""
    for target in KEYS:
        source = all_images["trixie1-docker" if target == "bookworm1-podman" else "bookworm1-podman"]
        identity = source.small(APP, f"sent again to {target}")
        shipment = Shipment(APP, source.key, None, (target,))
        origin = HostSource(source.session(), shipment)
        log: list[str] = []
        shipping = Shipping(shipment, origin, {target: all_images[target].session}, log.append)
        looked_at = shipping._look

        def too_much(one: Target, looked_at: Any = looked_at, origin: HostSource = origin) -> None:
            looked_at(one)
            one.left_out = frozenset().union(*origin.cargo.entries)

        monkeypatch.setattr(shipping, "_look", too_much)
        (done,) = shipping.run(check_mode=False)
        assert done.error is None and all_images[target].id(APP) == identity
        assert len(log) == 1 and "so it gets all layers" in log[0]


@pytest.mark.pairs("both")
def test_through_ansible(lab: Lab, all_images: dict[str, Images], tmp_path: Path) -> None:
    source = all_images["bookworm1-podman"]
    identity = f"sha256:{source.small(APP, 'through ansible')}"
    given = {"name": APP, "source": "bookworm1", "source_engine": "podman", "engine": "docker"}
    nowhere = {
        "ansible_host": "127.0.0.1",
        "ansible_port": 1,
        "ansible_connection": "ssh",
        "sshfleet_tunnel_retries": 1,
    }
    tasks: list[dict[str, Any]] = [
        {"ansible.builtin.add_host": {"name": "nowhere", **nowhere}},
        {"remote_image_ship": given, "check_mode": True, "diff": True},
        {"remote_image_ship": given, "diff": True},
        {"remote_image_ship": {**given, "targets": ["trixie1", "nowhere", "bookworm1"]}},
        {"remote_image_ship": given},
        {"remote_image_ship": {**given, "targets": ["web"]}},
        {"remote_image_ship": {**given, "name": "localhost/no-such:1"}},
    ]
    _added, said, done, partly, again, unknown, missing = run_tasks(lab, "bookworm1,trixie1", tasks, tmp_path)
    assert said["changed"] and done["changed"] and not again["changed"]
    assert said["diff"] == done["diff"] == {"before": {"trixie1": None}, "after": {"trixie1": identity}}
    assert done["image"]["id"] == identity and list(done["targets"]) == ["trixie1"], "all hosts but the source"
    assert done["targets"]["trixie1"]["engine"]["name"] == "docker"
    assert partly["failed"] and "1 of 3 targets failed: nowhere" in partly["msg"]
    assert partly["error"]["kind"] == partly["targets"]["nowhere"]["error"]["kind"] == "unreachable"
    assert partly["targets"]["trixie1"]["action"] == "none" and partly["targets"]["bookworm1"]["action"] == "ship"
    assert all_images["bookworm1-docker"].id(APP) == identity.removeprefix("sha256:")
    assert unknown["error"]["option"] == "targets"
    assert missing["error"]["kind"] == "image_missing" and "bookworm1" in missing["msg"], json.dumps(missing)
