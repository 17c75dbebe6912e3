# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What fails has the same kind on every engine, and a forward that leads nowhere is no answer."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine_cases import IMAGE, Case, Forward, Make, fails, open_forward

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError


@pytest.mark.provokes("container_missing", "image_missing", "network_missing", "name_in_use", "port_in_use")
def test_errors_have_their_kind_on_every_engine(case: Case, make: Make) -> None:
    client, nobody, name = case.client, "engine-test-nobody", make(StopTimeout=0)
    body = {"Image": IMAGE, "Cmd": ["sleep", "600"]}
    assert nobody in fails("container_missing", 404, lambda: client.containers.start(nobody))
    assert nobody in fails("container_missing", 404, lambda: client.containers.remove(nobody, force=True))
    assert nobody in fails("container_missing", 404, lambda: client.containers.log_tail(nobody))
    assert client.images.inspect("localhost/nobody:1") is None
    assert "localhost/nobody:1" in fails(
        "image_missing", 404, lambda: client.containers.create(nobody, {"Image": "localhost/nobody:1"})
    )
    assert nobody in fails("network_missing", 404, lambda: client.networks.connect(nobody, name))
    assert name in fails("name_in_use", None, lambda: client.containers.create(name, body))
    fails("name_in_use", None, lambda: client.containers.rename(make(start=False), name))
    port = {"80/tcp": [{"HostPort": "18431"}]}
    make(StopTimeout=0, ExposedPorts={"80/tcp": {}}, HostConfig={"PortBindings": port})
    fails("port_in_use", 500, lambda: make(ExposedPorts={"80/tcp": {}}, HostConfig={"PortBindings": port}))


@pytest.mark.provokes("dependents")
def test_dependents(case: Case, make: Make) -> None:
    base = make(StopTimeout=0)
    make(StopTimeout=0, HostConfig={"NetworkMode": f"container:{base}"})
    if case.client.engine.remove_refuses_dependents:
        fails("dependents", 500, lambda: case.client.containers.remove(base, force=True))
    else:
        case.client.containers.remove(base, force=True)
    assert (case.client.containers.inspect(base) is None) is not case.client.engine.remove_refuses_dependents


def test_a_forward_to_nowhere_is_no_answer(session_lab: Any, forward: Callable[[str], Forward]) -> None:
    with pytest.raises(EngineError) as caught:
        EngineClient(forward("trixie1").socket("nobody"))
    assert (caught.value.kind, caught.value.status) == ("no_answer", None)


def test_a_forward_that_dies_is_no_answer(session_lab: Any, tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="sshfleet-") as short:
        forward = open_forward(session_lab, "trixie1", Path(short))
        with EngineClient(forward.socket("docker")) as client:
            client.system.ping()
            forward.process.terminate()
            forward.process.wait()
            with pytest.raises(EngineError) as caught:
                client.system.ping()
    assert (caught.value.kind, caught.value.status) == ("no_answer", None)
