# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Numbers that are none, in every option of every module that is a number."""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from checkout import CHECKOUT

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.numbers import require_numbers
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.seam import settings

MODULES = [path.stem for path in sorted((CHECKOUT / "plugins" / "action").glob("remote_*.py"))]
PACKAGE = "ansible_collections.sshfleet.containers.plugins.action"


def spec_of(module: str) -> dict[str, Any]:
    return {**settings.ARGUMENT_SPEC, **importlib.import_module(f"{PACKAGE}.{module}").ActionModule.ARGUMENT_SPEC}


def places(spec: Mapping[str, Any], wrap: Any = lambda arguments: arguments) -> Iterator[tuple[str, Any]]:
    """Every option that is a number, with what makes a task's arguments of a value for it."""
    for name, rule in spec.items():
        is_list = rule.get("type") == "list"

        def within(value: Any, name: str = name, is_list: bool = is_list, wrap: Any = wrap) -> Any:
            return wrap({name: [value] if is_list else value})

        if rule.get("options"):
            yield from places(rule["options"], within)
        elif rule.get("elements" if is_list else "type") in ("int", "float"):
            yield name, within


# Values, and what the hint says of them.
BAD: list[tuple[Any, str]] = [
    (math.nan, "Give a number"), ("nan", "Give a number"), (math.inf, "smaller"), ("1e400", "smaller"),
    (10**400, "smaller"), (2**63, "smaller"), (-math.inf, "0 or more"), ("-inf", "0 or more"),
    (-(10**400), "0 or more"),
]  # fmt: skip


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize(("bad", "remedy"), BAD)
def test_no_number(module: str, bad: Any, remedy: str) -> None:
    spec = spec_of(module)
    found = list(places(spec))
    assert found  # the connection options
    for name, arguments in found:
        with pytest.raises(InvalidOption) as caught:
            require_numbers(spec, arguments(bad))
        assert caught.value.option.endswith(name) and repr(bad) in caught.value.message
        assert remedy in caught.value.hint
        if remedy == "Give a number":
            assert caught.value.hint.endswith("in seconds.") == name.endswith("timeout")


@pytest.mark.parametrize("bad", [-1, "-0.5", 1e10])
def test_no_time(bad: Any) -> None:
    found = [one for module in MODULES for one in places(spec_of(module)) if one[0].endswith("timeout")]
    assert {"wait_for.timeout", "timeout"} & {name for name, _arguments in found}
    for module in MODULES:
        for name, arguments in places(spec_of(module)):
            if name.endswith("timeout"):
                with pytest.raises(InvalidOption, match="timeout"):
                    require_numbers(spec_of(module), arguments(bad))


@pytest.mark.parametrize("good", [0, 1, "7", 0.5, True, None, "a text", [], {}])
def test_what_is_left_to_the_argument_spec(good: Any) -> None:
    for module in MODULES:
        for _name, arguments in places(spec_of(module)):
            require_numbers(spec_of(module), arguments(good))
