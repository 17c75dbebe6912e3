# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The faults of tests/faults.yml, and which tests provoke them: those that say so with ``@pytest.mark.fault("…")``.

Tests are read and not run here; where one runs is told by how it is written (``place``), or by the mark's ``on``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from checkout import CHECKOUT

TESTS = CHECKOUT / "tests"
EVERY_ENGINE = "every engine"
# What a test is that runs on all engines, and where it says so: its decorator, or what it calls.
ON_ALL = {"on_every_engine": EVERY_ENGINE, "everywhere": EVERY_ENGINE, "through_ansible": EVERY_ENGINE}
ON_ALL |= dict.fromkeys(("on_every_podman", "beside_another"), "every Podman")
# What fixtures of tests/lab lead to, where the test names no other host.
FIXTURES = {"bench": "bookworm1", "jumper": "bookworm1, bookworm2, trixie1", "ready": EVERY_ENGINE}
BOTH_HOSTS = "bookworm1, forky1"  # as tests/lab/tunnel/conftest.py calls them


@dataclass(frozen=True)
class Fault:
    """A row of the page: see tests/faults.yml for what the fields say. ``kinds`` are kind or kind/cause."""

    name: str
    when: str
    kinds: tuple[str, ...]
    says: str
    left: str
    next: str


@dataclass(frozen=True)
class Marked:
    """A test that provokes a fault."""

    fault: str
    file: Path
    test: str
    on: str

    @property
    def name(self) -> str:
        return f"{self.file.relative_to(TESTS).as_posix()}::{self.test}"


def sections() -> dict[str, list[Fault]]:
    """All faults, by the section of the page."""
    read: list[dict[str, Any]] = yaml.safe_load((TESTS / "faults.yml").read_text())
    return {section["title"]: [_fault(section, one) for one in section["faults"]] for section in read}


def _fault(section: Mapping[str, Any], one: Mapping[str, Any]) -> Fault:
    texts = {key: " ".join(str(one.get(key) or section[key]).split()) for key in ("left", "next")}
    return Fault(one["fault"], one["when"], tuple(one.get("kind", ())), one["says"], **texts)


def marked() -> list[Marked]:
    """The marks of all tests, in the order of files and lines."""
    return [mark for path in sorted(TESTS.rglob("test_*.py")) for mark in _marks(path)]


def texts(path: Path) -> str:
    """All texts in a file of tests, one after the other: what is asserted of kinds of errors is among them."""
    found = (node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant))
    return "\n".join(value for value in found if isinstance(value, str))


def _marks(path: Path) -> Iterator[Marked]:
    if ".mark.fault(" not in (source := path.read_text()):
        return
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            for mark in (one for one in node.decorator_list if ast.unparse(one).startswith("pytest.mark.fault(")):
                assert isinstance(mark, ast.Call)
                said = [str(ast.literal_eval(keyword.value)) for keyword in mark.keywords if keyword.arg == "on"]
                for argument in mark.args:
                    yield Marked(ast.literal_eval(argument), path, node.name, said[0] if said else place(path, node))


def place(path: Path, test: ast.FunctionDef) -> str:
    """Where a test runs, by its decorators, what it calls, and its fixtures.

    :raises ValueError: none of them tells; the mark has to.
    """
    if path.is_relative_to(TESTS / "unit"):
        return "no host needed"
    decorators = [ast.unparse(one) for one in test.decorator_list]
    newest = ", and the newest ones" if "pytest.mark.newest" in decorators else ""
    clients = ", with OpenSSH and paramiko" if "both_clients" in decorators else ""
    called = {ast.unparse(node.func) for node in ast.walk(test) if isinstance(node, ast.Call)}
    for name in (*decorators, *called):
        if name in ON_ALL:
            return ON_ALL[name] + newest
    fixtures = [argument.arg for argument in test.args.args]
    for decorator in decorators:
        if decorator.startswith("pytest.mark.parametrize('bench'"):
            return (BOTH_HOSTS if "both_hosts" in decorator else ", ".join(_listed(test, decorator))) + clients
    for fixture in fixtures:
        if fixture in FIXTURES:
            return FIXTURES[fixture] + newest + clients
    raise ValueError(f"{path}::{test.name}: where does it run? Say it in the mark: fault(…, on='…')")


def _listed(test: ast.FunctionDef, decorator: str) -> list[str]:
    """The hosts that a decorator names."""
    (call,) = (one for one in test.decorator_list if ast.unparse(one) == decorator)
    assert isinstance(call, ast.Call)
    hosts: list[str] = ast.literal_eval(call.args[1])
    return hosts
