# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every module that reads has ``query``, and what it picks is beside everything else."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action import catalogue
from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.info import InfoAction
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared import query

MODULES = Path(__file__).resolve().parents[5] / "plugins" / "modules"
READING = [name for name in catalogue.MODULES if catalogue.module(name).query]


def documentation(module: str, constant: str) -> dict[str, Any]:
    nodes = ast.parse((MODULES / f"{module}.py").read_text()).body
    values = [node.value for node in nodes if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == constant]
    return dict(yaml.safe_load(ast.literal_eval(values[0])))


def test_there_are_modules_that_read() -> None:
    assert len(READING) >= 6


@pytest.mark.parametrize("module", READING)
def test_every_module_that_reads_has_it(module: str) -> None:
    action = importlib.import_module(f"ansible_collections.sshfleet.containers.plugins.action.{module}").ActionModule
    assert issubclass(action, InfoAction) and action.ARGUMENT_SPEC["query"] == query.SPEC["query"]
    described = documentation(module, "DOCUMENTATION")
    assert "sshfleet.containers.query" in described["extends_documentation_fragment"]
    assert "query" not in described.get("options", {})  # documented once
    assert "O(query)" in documentation(module, "RETURN")["result"]["description"]


class Reading(InfoAction):
    """Reads one thing."""

    ARGUMENT_SPEC = query.SPEC

    def perform(self, session: Any, prepared: Any) -> dict[str, Any]:
        return {"changed": False, "diff": {"before": {}}, "things": [{"name": "one"}], "prepared": prepared}


def reading(**args: Any) -> Reading:
    action: Reading = Reading.__new__(Reading)
    action._task = SimpleNamespace(args=args, action="reading")
    action._validated()
    return action


SESSION: Any = SimpleNamespace(engine=lambda: {"name": "podman"})
# What a query picks from what Reading returns.
PICKED: list[tuple[str, Any]] = [
    ("things[].name", ["one"]),
    ("engine.name", "podman"),
    ("things[5]", None),
    ("[changed, diff]", [None, None]),  # no facts about the host
]


@pytest.mark.parametrize(("expression", "found"), PICKED)
def test_what_it_picks_is_added(expression: str, found: Any) -> None:
    plain = reading()._performed(SESSION, "x")
    assert "result" not in plain
    assert reading(query=expression)._performed(SESSION, "x") == {**plain, "result": found}


def test_a_wrong_one_is_refused_before_the_host_is_asked() -> None:
    with pytest.raises(InvalidOption, match="there is no function foo"):
        reading(query="foo(@)")
