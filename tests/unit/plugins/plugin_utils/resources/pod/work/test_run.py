# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What remote_pod asks of an engine, and in which order. The engine is a list of what it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.pod.options import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.pod.work.run import run_pod
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.trial import trial_name
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.runner import Runner

TRIAL = trial_name("shop")


class Engine(FakeClient):
    """Pods by name; a creation fails where ``fails`` says so, and leaves one as Podman 4 does."""

    def __init__(self, *fails: str, there: tuple[str, ...] = ("shop",)) -> None:
        super().__init__("podman", "4.3.1")
        self.asked: list[str] = []
        self.fails = list(fails)
        self.there = list(there)

    def pods_inspect(self, name: str) -> dict[str, Any] | None:
        return {"Id": f"ID of {name}", "Name": name, "Labels": {}} if name in self.there else None

    def pods_members(self, identity: str) -> list[dict[str, Any]]:
        return []

    def pods_create(self, body: Mapping[str, Any]) -> str:
        self.asked.append(f"create {body['name']}")
        self.there.append(body["name"])
        if f"create {body['name']}" in self.fails:
            raise EngineError(f"no to {body['name']}", 500)
        return "new"

    def pods_remove(self, identity: str) -> None:
        self.asked.append(f"remove {identity.removeprefix('ID of ')}")
        self.there.remove(identity.removeprefix("ID of "))


def run(engine: Engine, **given: Any) -> dict[str, Any]:
    return run_pod(Runner(engine, lambda _line: None), Options("shop", given=given, recreate=bool(given)))


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
    with pytest.raises(EngineError, match=r"The old pod is gone\.") as failed:
        run(engine, hostname="x")
    assert "Run the task again" in failed.value.hint
