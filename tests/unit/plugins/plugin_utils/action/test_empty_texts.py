# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Empty texts, in every option of every module that has choices."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from checkout import CHECKOUT

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.empty_texts import without_empty_choices
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOptions
from ansible_collections.sshfleet.containers.plugins.plugin_utils.seam import settings

MODULES = [path.stem for path in sorted((CHECKOUT / "plugins" / "action").glob("remote_*.py"))]
PACKAGE = "ansible_collections.sshfleet.containers.plugins.action"
Path = tuple[str, ...]


def spec_of(module: str) -> dict[str, Any]:
    return {**settings.ARGUMENT_SPEC, **importlib.import_module(f"{PACKAGE}.{module}").ActionModule.ARGUMENT_SPEC}


def places(spec: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Every option with choices, by all of its names: its place and its rule."""
    for name, rule in spec.items():
        if rule.get("options"):
            yield from places(rule["options"], (*path, name))
        elif "choices" in rule:
            for given in (name, *rule.get("aliases", ())):
                yield (*path, given), rule


def arguments_for(spec: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """A task's arguments with this value in this place, and with what is demanded beside it."""
    beside: dict[str, Any] = {}
    for name, rule in spec.items():
        if rule.get("required"):
            fits = next(iter(rule.get("choices", ())), "x")
            beside[name] = [fits] if rule.get("type") == "list" else fits
    name, *inner = path
    if inner:
        value = arguments_for(spec[name]["options"], tuple(inner), value)
        value = [value] if spec[name]["type"] == "list" else value
    return {**beside, name: value}


@pytest.mark.parametrize("module", MODULES)
def test_an_empty_text_is_as_if_not_given_where_there_is_no_default(module: str) -> None:
    spec = spec_of(module)
    found = dict(places(spec))
    assert {("engine",), ("transport",)} <= set(found)
    for path, rule in found.items():
        for value in ("", "no such choice"):
            arguments = without_empty_choices(spec, arguments_for(spec, path, value))
            said = ArgumentSpecValidator(spec).validate(arguments).error_messages
            fits = value == "" and rule.get("default") is None and not rule.get("required")
            assert bool(said) != fits and all(path[-1] in one for one in said), (path, value, said)


def validated(**arguments: Any) -> dict[str, Any]:
    plugin = importlib.import_module(f"{PACKAGE}.remote_container").ActionModule
    action = plugin.__new__(plugin)
    action._task = SimpleNamespace(args={"name": "x", "image": "i", **arguments}, action="remote_container")
    params: dict[str, Any] = action._validated()
    return params


def test_a_task_keeps_its_arguments() -> None:
    mounts = [{"target": "/x", "propagation": ""}]
    params = validated(restart_policy="", mounts=mounts, memory="")
    assert params["restart_policy"] is None and params["mounts"][0]["propagation"] is None and params["memory"] == ""
    assert mounts == [{"target": "/x", "propagation": ""}]


@pytest.mark.parametrize("value", ["sometimes", [""], " "])
def test_another_text_is_refused(value: Any) -> None:
    with pytest.raises(InvalidOptions, match="restart_policy"):
        validated(restart_policy=value)
