# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an engine says of itself and of its host, asked by one thread and by many."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from engine_cases import Case, Make

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.facts import engine_facts
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.identity import EngineIdentity


def test_identity_is_read_from_the_engine(case: Case) -> None:
    identity = case.client.identity
    assert identity.name == case.engine
    assert identity.version.partition("+")[0] in case.ssh(case.engine, "--version")
    assert identity.kernel == case.ssh("uname", "-r").strip()
    assert (identity.os, EngineIdentity.from_dict(identity.to_dict())) == ("linux", identity)
    case.client.system.ping()


def test_facts_are_the_hosts(case: Case, make: Make) -> None:
    before = engine_facts(case.client.identity, case.client.system.info(), case.client.system.disk_usage())
    make("sh", "-c", "dd if=/dev/zero of=/file bs=1k count=300; sleep 600", StopTimeout=0)
    deadline = time.monotonic() + 60
    while True:
        after = engine_facts(case.client.identity, case.client.system.info(), case.client.system.disk_usage())
        grown = after["disk_usage"]["containers"]["size"] - before["disk_usage"]["containers"]["size"]
        if grown >= 300 * 1024:
            break
        assert time.monotonic() < deadline, grown
    assert after["hostname"] == case.ssh("hostname").strip()
    assert after["kernel"] == case.ssh("uname", "-r").strip()
    assert case.ssh("test", "-d", after["root_dir"]) == ""
    assert after["storage_driver"].startswith("overlay")
    assert after["containers"]["running"] == before["containers"]["running"] + 1
    assert after["disk_usage"]["containers"]["count"] == before["disk_usage"]["containers"]["count"] + 1
    assert after["disk_usage"]["images"]["size"] > 1_000_000
    assert after["images"] >= 1
    assert after["rootless"] is False


def test_one_client_serves_many_threads(case: Case, make: Make) -> None:
    name = make()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _number: (case.client.containers.inspect(name) or {})["Name"], range(80)))
    assert found == [f"/{name}"] * 80
