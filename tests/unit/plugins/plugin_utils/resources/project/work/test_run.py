# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A project on an engine that goes away in the middle, which no test can ask of a real one at a certain step."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.validation import Validator
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.project.work.remote_containers import (
    MODULE,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.result_format import Telling
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import Masker
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.runner import Runner


class Engine(FakeClient):
    """It has an image, makes networks, and gives no answer to the creation of a container."""

    def containers_named(self) -> list[dict[str, Any]]:
        return []

    def containers_inspect(self, name: str) -> None:
        return None

    def images_inspect(self, ref: str) -> dict[str, Any]:
        return {"Id": "sha256:1", "RepoTags": [ref], "Config": {}}

    def networks_inspect(self, name: str) -> None:
        return None

    def networks_inspect_native(self, name: str) -> None:
        return None

    def networks_create(self, body: Any) -> str:
        return "1"

    def volumes_list(self, filters: Any = None) -> list[dict[str, Any]]:
        return []

    def containers_create(self, name: str, config: Any, platform: str | None = None) -> str:
        raise EngineError("It gave no answer.", kind="no_answer")


def validated(module: Any, params: Any) -> dict[str, Any]:
    return Validator(module.argument_spec, module.spec_rules, "remote_containers", lambda _secrets: None).validated(
        params
    )


def test_what_was_done_is_told_where_the_engine_goes_away() -> None:
    engine = Engine()
    told: list[str] = []
    task: Any = SimpleNamespace(
        check_mode=False, masker=Masker(), settings=SimpleNamespace(become=None), telling=Telling(), log=told.append,
        warn=told.append, tell=told.append, validated=validated, setting=lambda _name, _params: None,
        runner=lambda _session, client=None, at_once=1: Runner(client or engine, told.append, at_once=at_once),
    )  # fmt: skip
    session: Any = SimpleNamespace(client=engine, identity=engine.identity, transport=None)
    web = {"name": "web", "image": "app", "networks": [{"name": "shop"}]}
    params = {"name": "shop", "networks": [{"name": "shop"}], "containers": [web], "parallel": 1}
    wanted = MODULE.prepare(task, validated(MODULE, params))
    assert MODULE.perform is not None
    with pytest.raises(EngineError, match="gave no answer") as caught:
        MODULE.perform(task, session, wanted)
    assert caught.value.beside["changed"] is True
    assert [(one["resource"], one["action"]) for one in caught.value.beside["actions"]] == [("network shop", "create")]
    assert "1 of 3: network shop: create (there is no such network)" in told
