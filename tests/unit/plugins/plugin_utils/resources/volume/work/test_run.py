# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What remote_volume asks of an engine, and in which order. The engine is a list of what it is asked."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import Masker
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.runner import Runner
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.volume.options import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.volume.work.remote_volume import MODULE
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.volume.work.run import run_volume


class Engine(FakeClient):
    """One volume that nobody uses; a request fails where ``fails`` says so."""

    def __init__(self, *fails: str) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.fails = list(fails)
        self.driver = "local"

    def _ask(self, request: str) -> None:
        self.asked.append(request)
        if request in self.fails:
            self.fails.remove(request)
            raise EngineError(f"no to {request}", 500)

    def volumes_inspect(self, name: str) -> dict[str, Any]:
        return {"Name": "data", "Driver": self.driver, "Labels": {}, "Options": {}}

    def containers_list(self, *, all: bool = True, filters: Any = None) -> list[dict[str, Any]]:
        return []

    def volumes_create(self, body: dict[str, Any]) -> None:
        self._ask(f"create {body['Name']} {body['Driver']}")

    def volumes_remove(self, name: str) -> None:
        self._ask(f"remove {name}")


def run(engine: Engine, check: bool = False, **options: Any) -> dict[str, Any]:
    wanted = Options("data", recreate="options-changed", **options)
    return run_volume(Runner(engine, lambda _line: None), wanted, check_mode=check)


TRIAL = ["create data.sshfleet-trial new", "remove data.sshfleet-trial"]


def test_a_new_driver_is_tried_before_the_volume_goes() -> None:
    engine = Engine()
    assert run(engine, driver="new")["changed"]
    assert engine.asked == [*TRIAL, "remove data", "create data new"]


def test_labels_need_no_trial_and_check_mode_asks_for_nothing() -> None:
    engine = Engine()
    assert run(engine, check=True, labels={"a": "b"})["changed"] and engine.asked == []
    run(engine, labels={"a": "b"})
    assert engine.asked == ["remove data", "create data local"]


def test_a_trial_that_fails_leaves_the_volume() -> None:
    engine = Engine(TRIAL[0])
    with pytest.raises(EngineError, match=r"recreate was refused: no to create data new\. Nothing was changed"):
        run(engine, driver="new")
    assert engine.asked == TRIAL[:1]


def test_a_creation_that_fails_brings_the_old_definition_back() -> None:
    engine = Engine("create data new")
    with pytest.raises(
        EngineError, match=r"no to create data new\. The old one is there again, but what was in it is lost"
    ):
        run(engine, driver="new")
    assert engine.asked[-2:] == ["create data new", "create data local"]


def test_where_nothing_can_be_created_the_task_says_so() -> None:
    engine = Engine("create data new", "create data local")
    with pytest.raises(EngineError, match="could not be created again: no to create data local"):
        run(engine, driver="new")


def test_passwords_in_options_are_kept_out_of_the_engines_words() -> None:
    task: Any = SimpleNamespace(masker=Masker())
    spec = ArgumentSpecValidator(MODULE.argument_spec)
    MODULE.prepare(
        task, spec.validate({"name": "data", "driver_options": {"o": "password=hunter2"}}).validated_parameters
    )
    assert task.masker.text("mount: bad option hunter2") == "mount: bad option ********"
