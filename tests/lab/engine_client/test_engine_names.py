# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A text is for an engine also the beginning of an ID, or of a volume's name; for us it is a name or a whole ID."""

from __future__ import annotations

import time

from engine_cases import IMAGE, Case, Make, fails
from on_every_engine import on_every_engine

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.protocol import Client
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.removal import discard
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.lookup import (
    running_container,
)


def found(client: Client, name: str) -> str | None:
    inspect = client.containers.inspect(name)
    return inspect and inspect["Id"]


@on_every_engine
def test_a_name_that_begins_an_id(case: Case, make: Make) -> None:
    client = case.client
    other = found(client, make(StopTimeout=0))
    assert other is not None
    short = other[:4]
    assert case.ssh(case.engine, "inspect", "--format", "'{{.Id}}'", short).strip() == other, "the engine takes it"
    assert found(client, short) is None and found(client, other[:12]) is None and found(client, other) == other
    assert short in fails("container_missing", 404, lambda: client.containers.remove(short, force=True))
    fails("container_missing", 404, lambda: running_container(client, short))
    for used in ({"NetworkMode": f"container:{short}"}, {"VolumesFrom": [short]}, {"Links": [f"{short}:x"]}):
        fails("container_missing", 404, lambda used=used: make(HostConfig=used, start=False))
    client.containers.create(short, {"Image": IMAGE, "Cmd": ["sleep", "600"], "StopTimeout": 0})
    client.containers.start(short)
    assert found(client, short) not in (None, other)
    discard(client, short, False, time.sleep)
    assert found(client, short) is None, "else whoever waits for its end waits for ever"
    discard(client, short, False, time.sleep)
    assert found(client, other) == other and case.state(other) == "running"


@on_every_engine
def test_other_names_that_begin_something(case: Case) -> None:
    client = case.client
    image = client.images.inspect(IMAGE)
    assert image is not None
    identity = image["Id"].removeprefix("sha256:")
    assert client.images.inspect(identity[:12]) is None and client.images.inspect(identity[:3]) is None
    assert client.images.inspect(identity) == client.images.inspect(f"sha256:{identity}") == image
    client.networks.create({"Name": "names-network"})
    client.volumes.create({"Name": "names-volume"})
    try:
        network = client.networks.inspect("names-network")
        assert network is not None
        for inspect in (client.networks.inspect, client.networks.inspect_native):
            assert inspect(network["Id"][:8]) is None and inspect("names-net") is None
            assert inspect(network["Id"]) == inspect("names-network")
            assert inspect("names-network") is not None
        assert client.volumes.inspect("names-vol") is None and client.volumes.inspect("names-volume") is not None
    finally:
        client.networks.remove("names-network")
        client.volumes.remove("names-volume")
    default = client.engine.default_network
    assert client.networks.inspect(default) is not None and client.networks.inspect_native(default) is not None
