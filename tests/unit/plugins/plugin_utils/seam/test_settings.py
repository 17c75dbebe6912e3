# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.seam.settings import (
    AUTO_PORTS_RANGE,
    CONFIG_DEFINITIONS,
    RESULT_FORMAT,
    SETTINGS,
    ConnectionSettings,
    resolve,
    resolve_one,
)


def look_up_in(values: Mapping[str, tuple[Any, str]]) -> Any:
    defaults = {s.name: (s.default, "default") for s in SETTINGS}
    return lambda option: {**defaults, **values}[option]


def test_nothing_set_gives_the_defaults() -> None:
    assert resolve({}, look_up_in({})) == ConnectionSettings("auto", None, 60, 600, 3)


def test_a_task_argument_wins_over_everything_else() -> None:
    found = resolve({"engine": "docker"}, look_up_in({"engine": ("podman", "var: sshfleet_engine")}))
    assert found.engine == "docker"


def test_texts_from_the_environment_become_numbers() -> None:
    assert resolve({}, look_up_in({"engine_timeout": ("5", "env: SSHFLEET_ENGINE_TIMEOUT")})).engine_timeout == 5


@pytest.mark.parametrize(
    ("transport", "client", "way"),
    [("auto", "openssh", "auto"), ("forward", "openssh", "forward"), ("dial", "openssh", "dial"),
     ("openssh", "openssh", "auto"), ("paramiko", "paramiko", "auto")],
)  # fmt: skip
def test_a_transport_says_who_speaks_ssh_and_how_the_socket_is_reached(transport: str, client: str, way: str) -> None:
    found = resolve({}, look_up_in({"transport": (transport, "env: SSHFLEET_TRANSPORT")}))
    assert (found.client, found.way) == (client, way)


BAD = [
    ("engine", "containerd", "choose one of auto, podman, docker"),
    ("transport", "tcp", "choose one of auto, forward, dial, openssh, paramiko"),
    ("engine_socket", "podman.sock", "absolute path"),
    ("engine_socket", "/run/a:b", "without a colon"),
    ("engine_socket", "/run/a\nb", "absolute path"),
    ("engine_socket", "/run/" + "s" * 103, "more than 107 bytes, and this has 108"),
    ("engine_socket", "/run/" + "ä" * 52, "more than 107 bytes, and this has 109"),
    ("engine_answer_limit", 0, "from 1 to 4096"),
    ("engine_answer_depth", 9, "from 10 to 500"),
    ("engine_timeout", "soon", "whole number"),
    ("engine_timeout", 0, "from 1 to 86400"),
    ("tunnel_idle", True, "whole number"),
    ("tunnel_idle", -1, "from 1 to 86400"),
    ("tunnel_retries", 21, "from 1 to 20"),
]


@pytest.mark.parametrize(("option", "value", "problem"), BAD)
def test_bad_values_are_refused_by_name_value_and_remedy(option: str, value: Any, problem: str) -> None:
    with pytest.raises(InvalidOption, match=problem) as caught:
        resolve({option: value}, look_up_in({}))
    assert caught.value.option == option
    assert repr(value) in caught.value.message


def test_a_bad_value_from_elsewhere_says_where_it_came_from() -> None:
    with pytest.raises(InvalidOption, match=r"engine \(env: SSHFLEET_ENGINE\)"):
        resolve({}, look_up_in({"engine": ("x", "env: SSHFLEET_ENGINE")}))


def test_every_setting_has_variable_environment_and_ini() -> None:
    for name, definition in CONFIG_DEFINITIONS.items():
        assert definition["vars"] == [{"name": f"sshfleet_{name}"}]
        assert definition["env"] == [{"name": f"SSHFLEET_{name.upper()}"}]
        assert definition["ini"] == [{"section": "sshfleet", "key": name}]


RANGES = [
    ({}, "20000-29999"),
    ({"auto_ports_range": ("2200-2299", "var: sshfleet_auto_ports_range")}, "2200-2299"),
    ({"auto_ports_range": (2200, "env: SSHFLEET_AUTO_PORTS_RANGE")}, "2200-2200"),
]


@pytest.mark.parametrize(("found", "expected"), RANGES)
def test_the_range_of_ports_is_looked_up(found: dict[str, Any], expected: str) -> None:
    defaults = {"auto_ports_range": (AUTO_PORTS_RANGE.default, "default"), **found}
    assert resolve_one(AUTO_PORTS_RANGE, {}, defaults.__getitem__) == expected
    assert resolve_one(AUTO_PORTS_RANGE, {"auto_ports_range": "5-6"}, defaults.__getitem__) == "5-6"


def test_the_format_of_results_is_looked_up() -> None:
    assert resolve_one(RESULT_FORMAT, {}, {"result_format": ("engine", "var: x")}.__getitem__) == "engine"
    assert resolve_one(RESULT_FORMAT, {"result_format": "unified"}, {}.__getitem__) == "unified"
    with pytest.raises(InvalidOption, match=r"result_format \(env: X\)"):
        resolve_one(RESULT_FORMAT, {}, {"result_format": ("raw", "env: X")}.__getitem__)


@pytest.mark.parametrize("bad", ["9-8", "0-9", "all", "1-70000", ""])
def test_a_range_that_is_none_is_refused_with_its_place(bad: str) -> None:
    with pytest.raises(InvalidOption, match=r"auto_ports_range \(var: x\)"):
        resolve_one(AUTO_PORTS_RANGE, {}, lambda option: (bad, "var: x"))
