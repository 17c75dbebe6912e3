# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What remote_pod asks of an engine, and in which order. The engine is a list of what it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.pod.options import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.pod.work.run import run_pod
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.trial import trial_name
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.runner import Runner

TRIAL = trial_name("shop")


class Engine(FakeClient):
    """Pods by name; a creation fails where ``fails`` says so, and leaves one as Podman 4 does."""

    def __init__(self, *fails: str, there: tuple[str, ...] = ("shop",), inside: tuple[str, ...] = ()) -> None:
        super().__init__("podman", "4.3.1")
        self.asked: list[str] = []
        self.fails = list(fails)
        self.there = list(there)
        self.inside = inside

    def pods_inspect(self, name: str) -> dict[str, Any] | None:
        return {"Id": f"ID of {name}", "Name": name, "Labels": {}} if name in self.there else None

    def pods_members(self, identity: str) -> list[dict[str, Any]]:
        return [{"Id": name, "Names": [name], "State": "exited", "IsInfra": name == "own"} for name in self.inside]

    def pods_start(self, name: str) -> None:
        self.asked.append("start")
        if f"start {name}" in self.fails:
            raise EngineError(f"no to {name}", 500)

    def networks_inspect(self, name: str) -> dict[str, Any] | None:
        return {"Name": name} if name == "net" else None

    def containers_inspect(self, name: str) -> dict[str, Any] | None:
        return {"Id": name} if name in ("own", "other") else None

    def containers_list(self, *, all: bool = True, filters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        return [
            {"Id": name, "Names": [f"/{name}"], "State": state, "Ports": [{"IP": ip, "PublicPort": port}]}
            for name, state, ip, port in (
                ("own", "running", "", 9090), ("web", "exited", "", 9091), ("other", "running", "127.0.0.1", 8080),
            )
        ]  # fmt: skip

    def pods_create(self, body: Mapping[str, Any]) -> str:
        self.asked.append(f"create {body['name']}")
        self.there.append(body["name"])
        if f"create {body['name']}" in self.fails:
            raise EngineError(f"no to {body['name']}", 500)
        return "new"

    def pods_remove(self, identity: str) -> None:
        self.asked.append(f"remove {identity.removeprefix('ID of ')}")
        self.there.remove(identity.removeprefix("ID of "))


def run(engine: Engine, check: bool = False, state: str = "present", **given: Any) -> dict[str, Any]:
    options = Options("shop", state, given, recreate=bool(given))
    return run_pod(Runner(engine, lambda _line: None), options, check_mode=check)


def test_a_new_pod_is_tried_before_the_old_one_goes() -> None:
    engine = Engine(there=("shop", TRIAL))
    run(engine, hostname="x")
    assert engine.asked == [
        f"remove {TRIAL}", f"create {TRIAL}", f"remove {TRIAL}", "remove shop", "create shop",
    ]  # fmt: skip


def test_what_the_engine_refuses_costs_nothing_and_leaves_nothing() -> None:
    engine = Engine(f"create {TRIAL}")
    with pytest.raises(EngineError, match=r"The pod shop: recreate was refused: no to shop\. Nothing was changed\."):
        run(engine, hostname="x")
    assert engine.asked == [f"create {TRIAL}", f"remove {TRIAL}"] and engine.there == ["shop"]


def test_a_creation_that_fails_leaves_no_half_of_a_pod() -> None:
    engine = Engine("create shop", there=())
    with pytest.raises(EngineError, match="create was refused"):
        run(engine)
    assert engine.asked == ["create shop", "remove shop"]


def test_a_failure_in_between_says_what_is_lost() -> None:
    engine = Engine("create shop")
    with pytest.raises(EngineError, match=r"The old pod is gone with its containers, and") as failed:
        run(engine, hostname="x")
    assert "Run the task again" in failed.value.hint and failed.value.beside == {"changed": True}


def test_a_new_pod_that_does_not_start_is_told_with_what_is_lost() -> None:
    for there, words in (
        (("shop",), r"The old pod and its containers \(web\) are gone; the new one was made before"),
        ((), r"The pod was made before that, and stays"),
    ):
        engine = Engine("start shop", there=there, inside=("own", "web"))
        with pytest.raises(EngineError, match=f"start was refused: no to shop. {words}") as failed:
            run(engine, state="started", hostname="x")
        assert failed.value.beside["changed"] and len(failed.value.beside["actions"]) == 1
        assert "Run the task again" in failed.value.hint


TAKEN = [
    ({"networks": ["lost"]}, "network lost"),
    ({"published_ports": {"80/tcp": ["8080"]}}, "has the port 8080/tcp"),
    ({"published_ports": {"80/tcp": ["127.0.0.1:8080"]}}, "has the port 8080/tcp"),
    ({"infra_name": "other"}, "is called other"),
]


@pytest.mark.parametrize(("given", "words"), TAKEN)
def test_what_a_new_pod_needs_is_looked_for_before_anything(given: dict[str, Any], words: str) -> None:
    for there in ((), ("shop",)):
        engine = Engine(there=there, inside=("own",))
        with pytest.raises(InvalidOption, match=next(iter(given))):
            run(engine, state="started", **given)
        assert engine.asked == [] and words in run(engine, True, state="started", **given)["warnings"][0]


@pytest.mark.parametrize(
    "given",
    [
        {"networks": ["net"]}, {"networks": ["host"]}, {"infra_name": "own"}, {"infra_name": "free"},
        {"published_ports": {"80/tcp": ["8081", "192.0.2.1:8080", ""], "80/udp": ["8080"]}},
        {"published_ports": {"80/tcp": ["9090", "9091"]}},  # its own, and that of one that does not run
    ],
)  # fmt: skip
def test_what_is_free_or_the_old_pods_is_no_matter(given: dict[str, Any]) -> None:
    assert run(Engine(inside=("own",)), True, state="started", **given)["warnings"] == []


def test_a_port_matters_to_a_pod_that_is_started() -> None:
    assert run(Engine(there=()), True, published_ports={"80/tcp": ["8080"]})["warnings"] == []
