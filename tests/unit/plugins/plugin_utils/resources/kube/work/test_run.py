# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What remote_kube asks of an engine, and in which order. The engine is a list of what it is asked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.kube.options import ARGUMENT_SPEC, parse
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.kube.plan import FILES_LABEL
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.kube.work.run import run_kube
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.trial import trial_name
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.runner import Runner

GIVEN = {name: rule.get("default") for name, rule in ARGUMENT_SPEC.items()}
TRIAL = trial_name("web")
TEXT = """
kind: Pod
metadata: {name: web}
spec:
  containers: [{name: main, image: app, ports: [{containerPort: 80, hostPort: 8080}]}]
  volumes: [{name: c, configMap: {name: conf}}]
---
kind: ConfigMap
metadata: {name: conf}
data: {a: b}
"""


class Engine(FakeClient):
    """Pods with their labels, by name. A play of a pod in ``fails`` makes it, with its containers where it is in
    ``whole``, and fails; one in ``late`` has a container that does not start.
    """

    def __init__(self, *fails: str, whole: Sequence[str] = (), late: Sequence[str] = (), ports: str = "") -> None:
        super().__init__("podman", "5.4.2")
        self.asked: list[str] = []
        self.words = ""
        self.fails, self.whole, self.late, self.ports = fails, whole, late, ports
        self.there: dict[str, dict[str, str]] = {}
        self.inside: dict[str, bool] = {}
        self.volumes_there: dict[str, dict[str, str]] = {}

    def pods_list(self) -> list[dict[str, Any]]:
        return [{"Id": f"ID of {name}", "Name": name, "Labels": labels} for name, labels in self.there.items()]

    def pods_inspect(self, name: str) -> dict[str, Any] | None:
        name = name.removeprefix("ID of ")
        if name not in self.there:
            return None
        ports = {"PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": "8080"}]}}
        return {"Id": f"ID of {name}", "Name": name, "Labels": self.there[name], "InfraConfig": ports}

    def pods_members(self, identity: str) -> list[dict[str, Any]]:
        name = f"{identity.removeprefix('ID of ')}-main"
        return [{"Id": name, "Names": [name], "State": "running"}] if self.inside.get(identity, True) else []

    def pods_remove(self, identity: str) -> None:
        self.asked.append(f"remove {identity.removeprefix('ID of ')}")
        del self.there[identity.removeprefix("ID of ")]

    def containers_remove(self, name: str, *, force: bool = False, volumes: bool = False) -> None:
        self.asked.append(f"remove container {name[:3]}")

    def pods_start(self, name: str) -> None:
        self.asked.append(f"start {name}")

    def containers_inspect(self, name: str) -> dict[str, Any] | None:
        return {"Id": name, "Image": "1", "Config": {"Labels": self.there.get(name.removesuffix("-main"), {})}}

    def containers_list(self, *, all: bool = True, filters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        port = [{"IP": self.ports, "PublicPort": 8080}] if self.ports else []
        return [{"Id": "x", "Names": ["/other"], "State": "running", "Ports": port}]

    def images_inspect(self, ref: str) -> dict[str, Any] | None:
        return {"Id": "1"}

    def volumes_inspect(self, name: str) -> dict[str, Any] | None:
        found = self.volumes_there.get(name)
        return None if found is None else {"Name": name, "Labels": found}

    def volumes_create(self, body: Mapping[str, Any]) -> None:
        self.asked.append(f"create volume {body['Name']}")
        self.volumes_there[body["Name"]] = body["Labels"]

    def volumes_remove(self, name: str) -> None:
        self.asked.append(f"remove volume {name}")
        del self.volumes_there[name]

    def kube_play(self, name: str, documents: bytes, query: Mapping[str, Any]) -> Sequence[str]:
        metadata = json.loads(documents.decode().split("\n---\n")[-1])["metadata"]
        made = metadata["name"]
        self.asked.append(f"play {made} {query['start']}")
        self.there[made] = metadata.get("labels") or {}
        self.inside[f"ID of {made}"] = made not in self.fails or made in self.whole
        if made in self.fails:
            raise EngineError(self.words or f"no to {made}", 500)
        return [f"no start of {made}"] if made in self.late else []


def run(engine: Engine, text: str = TEXT, check: bool = False, **given: Any) -> dict[str, Any]:
    options = parse({**GIVEN, "content": text, **given}, ("app.yml", text), [])
    return run_kube(Runner(engine, lambda _line: None), options, check_mode=check)


def made(engine: Engine) -> Engine:
    """The engine with what TEXT makes."""
    fails, engine.fails = engine.fails, ()
    late, engine.late = engine.late, ()
    run(engine)
    engine.asked.clear()
    engine.fails, engine.late = fails, late
    return engine


def test_a_new_pod_with_its_files_and_a_second_run() -> None:
    engine = Engine()
    assert run(engine, check=True)["changed"] and engine.asked == []
    run(engine)
    assert engine.asked == ["create volume conf", "play web true"]
    assert engine.volumes_there == {"conf": {FILES_LABEL: "true"}}
    assert not run(engine)["changed"] and len(engine.asked) == 2


def test_a_pod_is_tried_before_the_old_one_goes_and_gets_a_new_volume_of_files() -> None:
    engine = made(Engine())
    run(engine, annotations={"a": "b"})
    assert engine.asked == [
        f"play {TRIAL} false", f"remove {TRIAL}", "remove web", "remove volume conf", "create volume conf",
        "play web true",
    ]  # fmt: skip


def test_a_volume_that_somebody_else_has_made_is_written_into_with_force_only() -> None:
    engine = Engine()
    engine.volumes_there["conf"] = {}
    with pytest.raises(InvalidOption, match="written into the volume conf"):
        run(engine)
    run(engine, force=True)
    assert engine.asked == ["play web true"] and engine.volumes_there == {"conf": {}}


def test_what_the_engine_refuses_costs_nothing_and_leaves_nothing() -> None:
    engine = made(Engine(TRIAL))
    with pytest.raises(EngineError, match=r"The pod web: recreate was refused: no to web\. Nothing was changed\."):
        run(engine, annotations={"a": "b"})
    assert engine.asked == [f"play {TRIAL} false", f"remove {TRIAL}"] and list(engine.there) == ["web"]


def test_what_is_left_of_a_play_that_fails_goes_and_the_message_says_what_is_lost() -> None:
    fresh = Engine("web")
    with pytest.raises(EngineError, match=r"no to web\. There is no such pod now") as refused:
        run(fresh)
    assert fresh.asked[-1] == "remove web" and not refused.value.beside.get("changed")
    engine = made(Engine("web"))
    with pytest.raises(EngineError, match=r"The old pod is gone, and there is no new one") as lost:
        run(engine, annotations={"a": "b"})
    assert engine.there == {} and lost.value.beside["changed"]


def test_a_pod_that_is_whole_stays_when_it_does_not_start() -> None:
    for engine in (Engine("web", whole=("web",)), Engine(late=("web",))):
        with pytest.raises(EngineError, match=r"The pod is made, and stays") as failed:
            run(engine)
        assert list(engine.there) == ["web"] and failed.value.beside["changed"]


def test_an_init_container_that_podman_can_not_remove_is_removed() -> None:
    """Podman 4.3's words."""
    engine = Engine("web", whole=("web",))
    engine.words = (
        f"failed to remove once init container {'a' * 64}: cannot remove container {'a' * 64} as it is running"
    )
    run(engine)
    assert engine.asked[-2:] == ["remove container aaa", "start web"]


def test_a_port_that_another_container_has() -> None:
    engine = Engine(ports="127.0.0.1")
    with pytest.raises(InvalidOption, match=r"'hostPort' has the value 8080: the container other has this port"):
        run(engine)
    assert engine.asked == []
    assert "has the port 8080 of the host; a run needs it." in run(engine, check=True)["warnings"][0]


def test_absent_takes_its_files_along() -> None:
    engine = made(Engine())
    run(engine, state="absent")
    assert engine.asked == ["remove web", "remove volume conf"] and not run(engine, state="absent")["changed"]
