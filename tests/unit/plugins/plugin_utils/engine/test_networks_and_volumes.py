# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests about networks, volumes and pruning, as they arrive. What real engines answer is tested in tests/lab."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine import networks
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

Connect = Callable[..., EngineClient]
NET, PODMAN_NET = {"Name": "net", "Id": "1"}, {"name": "net", "id": "1"}


def test_podman_is_asked_in_its_own_language_about_networks(engine: Any, connect: Connect, answer: Any) -> None:
    engine.answers["GET /libpod/networks/net/json"] = answer(body=PODMAN_NET)
    engine.answers["GET /libpod/networks/json"] = answer(body=[PODMAN_NET])
    engine.answers["GET /libpod/networks/gone/json"] = answer(404, {"message": "network not found"})
    client = connect("podman")
    assert client.networks.inspect_native("net") == PODMAN_NET and client.networks.list_native() == [PODMAN_NET]
    assert client.networks.inspect_native("gone") is None
    assert engine.paths()[0] == "GET /v5.4.2/libpod/networks/net/json"


def test_docker_is_asked_in_its_language(engine: Any, connect: Connect, answer: Any) -> None:
    engine.answers["GET /networks/net"] = answer(body=NET)
    engine.answers["GET /networks"] = answer(body=[NET])
    client = connect("docker")
    assert client.networks.inspect_native("net") == NET and client.networks.list_native() == [NET]


def test_a_warning_of_the_engine_is_kept(engine: Any, connect: Connect, answer: Any) -> None:
    engine.answers["POST /networks/create"] = answer(201, {"Id": "x", "Warning": "not recognized"})
    client = connect("docker")
    assert client.networks.create({"Name": "net"}) == "x" and client.warned == ["not recognized"]


def test_an_old_network_is_made_again_from_what_the_engine_said(engine: Any, connect: Connect, answer: Any) -> None:
    engine.answers["POST /libpod/networks/create"] = answer(body={})
    engine.answers["POST /networks/create"] = answer(201, {"Id": "x"})
    said = {"name": "net", "id": "1", "created": "now", "containers": {}, "dns_enabled": False}
    connect("podman").networks.create_again({"Name": "net"}, said)
    connect("docker").networks.create_again({"Name": "net"}, {"Id": "1"})
    assert [json.loads(request.body) for request in engine.requests] == [
        {"name": "net", "dns_enabled": False}, {"Name": "net"},
    ]  # fmt: skip


@pytest.mark.parametrize("again", [False, True])
def test_a_network_is_created_although_an_interface_goes_away_meanwhile(
    engine: Any, connect: Connect, answer: Any, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    monkeypatch.setattr(networks, "_PAUSE", 0)
    engine.answers["POST /networks/create"] = engine.answers["POST /libpod/networks/create"] = answer(201, {"Id": "x"})
    refusals = [answer(500, {"message": "route ip+net: no such network interface"})] * 2
    usual = engine.answer
    client = connect("podman")
    monkeypatch.setattr(engine, "answer", lambda request: (refusals or [None]).pop() or usual(request))
    create = client.networks.create_again if again else client.networks.create
    create({"Name": "net"}, *([{"name": "net"}] if again else []))
    assert not refusals and len(engine.requests) == 1


def test_a_network_that_is_refused_is_asked_for_once(engine: Any, connect: Connect, answer: Any) -> None:
    engine.answers["POST /networks/create"] = answer(500, {"message": "subnet is used on the host"})
    with pytest.raises(EngineError, match="subnet is used"):
        connect("podman").networks.create({"Name": "net"})
    assert len(engine.requests) == 1


def test_volumes(engine: Any, connect: Connect, answer: Any) -> None:
    engine.answers["GET /volumes/data"] = answer(body={"Name": "data"})
    engine.answers["GET /volumes/gone"] = answer(404, {"message": "get gone: no such volume"})
    engine.answers["GET /volumes"] = answer(body={"Volumes": None, "Warnings": None})
    engine.answers["POST /volumes/create"] = answer(201, {"Name": "data"})
    engine.answers["DELETE /volumes/data"] = answer(409, {"message": "volume is in use"})
    client = connect("docker")
    assert client.volumes.inspect("data") == {"Name": "data"} and client.volumes.inspect("gone") is None
    assert client.volumes.list() == []
    client.volumes.create({"Name": "data"})
    with pytest.raises(EngineError, match="volume is in use"):
        client.volumes.remove("data")


def test_pruning_the_build_cache(engine: Any, connect: Connect, answer: Any) -> None:
    engine.answers["POST /build/prune"] = answer(body={"CachesDeleted": None, "SpaceReclaimed": 0})
    client = connect("docker")
    assert client.images.prune_builds({"filters": {"id": {"x": True}}, "all": "true"})["SpaceReclaimed"] == 0
    query = parse_qs(urlsplit(engine.requests[-1].path).query)
    assert query == {"filters": ['{"id": {"x": true}}'], "all": ["true"]}


def test_every_image_and_what_it_takes(engine: Any, connect: Connect, answer: Any) -> None:
    engine.answers["GET /images/json"] = answer(body=[{"Id": "i"}])
    engine.answers["GET /system/df"] = answer(body={"LayersSize": 1})
    client = connect("podman")
    assert client.images.list(all=True) == [{"Id": "i"}] and "all=1" in engine.paths()[-1]
    assert client.system.disk_usage_report() == {"LayersSize": 1}
