# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What remote_secret asks of an engine, and in which order. The engine is a list of what it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.secret.options import Data, Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.secret.work.run import (
    run_secret,
    trial_name,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.runner import Runner

TRIAL = trial_name("db")


class Engine(FakeClient):
    """One secret that nobody uses; a request fails where ``fails`` says so."""

    def __init__(self, *fails: str, version: str = "5.4.2", left: bool = False) -> None:
        super().__init__("podman", version)
        self.asked: list[str] = []
        self.fails = list(fails)
        self.left = left

    def _ask(self, request: str) -> None:
        self.asked.append(request)
        if request in self.fails:
            raise EngineError(f"no to {request}", 500)

    def secrets_inspect(self, name: str) -> dict[str, Any] | None:
        if name == TRIAL and not self.left:
            return None
        driver = {"Name": "file", "Options": {"path": "/x"}}
        return {"ID": f"ID of {name}", "Spec": {"Name": name, "Driver": driver, "Labels": {}}}

    def secrets_create(
        self,
        name: str,
        data: bytes,
        *,
        driver: str = "",
        driver_options: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
        replace: bool = False,
    ) -> str:
        assert data == b"hunter2" and "sshfleet.containers.secret" in (labels or {})
        self._ask(f"{'replace' if replace else 'create'} {name} {driver}")
        return f"new {name}"

    def secrets_remove(self, identity: str) -> None:
        self._ask(f"remove {identity}")

    def containers_list(self, *, all: bool = True, filters: Any = None) -> list[dict[str, Any]]:
        return []


def run(engine: Engine, check: bool = False, **options: Any) -> dict[str, Any]:
    wanted = Options("db", data=Data(b"hunter2"), **options)
    return run_secret(Runner(engine, lambda _line: None), wanted, check_mode=check)


def test_a_secret_is_replaced_in_one_request_where_that_is_possible() -> None:
    engine = Engine()
    assert run(engine, check=True)["changed"] and engine.asked == []
    assert run(engine)["changed"] and engine.asked == ["replace db file"]


def test_an_older_engine_needs_two() -> None:
    engine = Engine(version="4.3.1")
    run(engine)
    assert engine.asked == ["remove ID of db", "create db file"]


def test_another_driver_is_tried_first_and_what_a_killed_run_left_is_removed() -> None:
    engine = Engine(left=True)
    run(engine, driver="pass")
    assert engine.asked == [
        f"remove ID of {TRIAL}", f"create {TRIAL} pass", f"remove new {TRIAL}", "remove ID of db", "create db pass",
    ]  # fmt: skip


def test_what_the_engine_refuses_costs_nothing() -> None:
    engine = Engine(f"create {TRIAL} pass")
    with pytest.raises(
        EngineError, match=r"The secret db: recreate was refused: no to create db pass\. The old one is"
    ):
        run(engine, driver="pass")
    assert engine.asked == [f"create {TRIAL} pass"]


def test_a_failure_in_between_says_what_is_lost_and_that_running_again_mends_it() -> None:
    engine = Engine("create db file", version="4.3.1")
    with pytest.raises(EngineError, match=r"The old one is gone, and there is no new one\.") as failed:
        run(engine)
    assert "Run the task again" in failed.value.hint
