# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What engines differ in: each row is a fact of ``Engine`` that somebody asks for, and nobody asks in another way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_type_hints

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences import (
    builders,
    modes,
    networks,
    reports,
    support,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.behaviour import LIVE_FIELDS
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import (
    DIFFERENCES,
    Engine,
    Facts,
    status_word,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.rows import Difference, Row
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.identity import EngineIdentity

UTILS = next(parent for parent in Path(__file__).resolve().parents if (parent / "galaxy.yml").exists()) / "plugins"
ALL_ROWS: tuple[Row, ...] = (
    *DIFFERENCES, *reports.EVENED_OUT, *support.SUPPORT, *modes.MODES, *networks.REFUSALS, *builders.UNABLE,
)  # fmt: skip
TYPES = get_type_hints(Facts)
# Those that know an engine; ``ssh`` knows units and programs of the host that are called like one.
SOURCES = [
    path
    for path in UTILS.rglob("*.py")
    if path.parent.name != "differences" and not {"ssh", "hosts", "modules", "doc_fragments"} & set(path.parts)
]


def of(name: str, version: str) -> Engine:
    return Engine.of(EngineIdentity(name, version, "1.41"))


def named(row: Any) -> str:
    return f"{getattr(row, 'name', '') or getattr(row, 'option', '') or row.what}-{row.versions()}"


# version, whether it changes a living container, and some facts that hold from one version on
VERSIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("podman", "4.3.1", {"live_fields": frozenset(), "unlimited_pids": 0, "user_modes": ("slirp4netns",)}),
    ("podman", "4.9.3", {"live_fields": frozenset(), "unlimited_pids": 0, "user_modes": ("slirp4netns", "pasta")}),
    ("podman", "5.0.3", {"live_fields": frozenset(), "unlimited_pids": -1, "update_resets_restart_policy": False}),
    ("podman", "5.1.0", {"live_fields": LIVE_FIELDS, "update_resets_restart_policy": True}),
    ("podman", "10.0.0", {"live_fields": LIVE_FIELDS, "loads_compressed": True}),
    ("podman", "6.0.1", {"user_modes": ("pasta",)}),
    ("docker", "28.5.2+dfsg4", {"takes_interface_sysctls": False, "mac_is_of_container": False}),
    ("docker", "20.10.24+dfsg1", {"live_fields": LIVE_FIELDS | {"KernelMemory"}, "creates_in_all_networks": False}),
    ("docker", "26.1.5+dfsg1", {"live_fields": LIVE_FIELDS, "creates_in_all_networks": True}),
]


@pytest.mark.parametrize(("name", "version", "facts"), VERSIONS)
def test_an_engine_has_the_facts_of_its_version(name: str, version: str, facts: dict[str, Any]) -> None:
    engine = of(name, version)
    assert {fact: getattr(engine, fact) for fact in facts} == facts


def test_an_engine_is_called_by_its_name_and_version() -> None:
    assert of("docker", "20.10.24+dfsg1").title == "Docker 20.10.24"
    assert of("podman", "5.8-dev").title == "Podman 5.8"


@pytest.mark.parametrize(
    ("version", "running", "expected"),
    [("5.4.2", True, LIVE_FIELDS), ("5.4.2", False, {"RestartPolicy"}), ("4.3.1", False, frozenset())],
)
def test_what_can_be_changed_depends_on_whether_the_container_runs(version: str, running: bool, expected: Any) -> None:
    assert of("podman", version).changes_live(running) == expected


@pytest.mark.parametrize("row", DIFFERENCES, ids=named)
def test_every_row_is_a_fact_with_another_value(row: Difference) -> None:
    kind = TYPES[row.name]
    base = getattr(kind, "__origin__", None) or next(
        (one for one in get_args(kind) if one is row.value.__class__), kind
    )
    base = getattr(next((one for one in get_args(kind) if one is not NoneType), base), "__origin__", base)
    assert isinstance(row.value, base) and row.value != getattr(Facts, row.name)


def test_every_fact_has_a_row() -> None:
    assert set(TYPES) == {row.name for row in DIFFERENCES}


@pytest.mark.parametrize("name", TYPES)
def test_every_fact_is_asked_for_by_code(name: str) -> None:
    """One that only tests ask for has its place among what is evened out, or nowhere."""
    own = (UTILS / "plugin_utils" / "engine" / "differences" / "engine.py").read_text()
    read = f"self.{name}" in own or any(f".{name}" in path.read_text() for path in SOURCES)
    assert read


def test_what_is_evened_out_is_no_fact() -> None:
    assert not {row.name for row in reports.EVENED_OUT} & set(TYPES)


@pytest.mark.parametrize("row", ALL_ROWS, ids=named)
def test_every_row_was_tried_or_says_where_it_is_from(row: Row) -> None:
    assert row.tried_on() or row.read


def test_no_two_rows_say_different_things_of_one_engine() -> None:
    """Where two hold, the later says more: as a whole, not for a part of the versions."""
    for first, second in combinations((*DIFFERENCES, *reports.EVENED_OUT), 2):
        if (first.name, first.engine) == (second.name, second.engine):
            apart = first.before is not None and first.before <= second.since
            assert apart or (not first.since and first.before is None), first.name


def comparisons(path: Path) -> Iterator[str]:
    """Where a file asks which engine or version it is instead of what it does."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Compare) and not isinstance(node.ops[0], (ast.In, ast.NotIn)):
            sides = [ast.unparse(one) for one in (node.left, *node.comparators)]
            if any(re.fullmatch(r"'(podman|docker)'|.*(engine|identity)\.(version|release)", side) for side in sides):
                yield f"{path.name}:{node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(UTILS).as_posix())
def test_nobody_else_tells_engines_apart(path: Path) -> None:
    assert list(comparisons(path)) == []


@pytest.mark.parametrize(
    ("reported", "word"),
    [("stopped", "exited"), ("configured", "created"), ("stopping", "running"), ("running", "running")],
)
def test_status_word(reported: str, word: str) -> None:
    assert status_word(reported) == word


def test_a_row_about_engines_without_root_is_about_no_other() -> None:
    row = Difference("has_pods", "podman", True, "It has.", since=(5, 0), rootless=True)
    engines = [Engine("podman", (5, 4), True), Engine("podman", (5, 4)), Engine("podman", (4, 3), True)]
    assert [row.holds_for(engine) for engine in engines] == [True, False, False]
    assert row.versions() == "Podman 5.0 and newer without root"
    assert [engine.title for engine in engines] == ["Podman 5.4 without root", "Podman 5.4", "Podman 4.3 without root"]
    assert support.level("devices", engines[0]) == support.APPLIED != support.level("devices", engines[1])
