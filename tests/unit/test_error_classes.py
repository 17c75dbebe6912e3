# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Holds that the one table of errors is the only one, by reading the code: nothing in it is unused, nothing beside it.

Also that every class is provoked for real by a test in tests/lab, which says so with the marker ``provokes``.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from checkout import CHECKOUT

from ansible_collections.sshfleet.containers.plugins.plugin_utils import errors
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine import failures
from ansible_collections.sshfleet.containers.plugins.plugin_utils.error_classes import BY_KIND, CLASSES, Retry, Stage
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command import socket_diagnosis
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login import diagnosis, identities, retry

SOURCES = sorted((CHECKOUT / "plugins").rglob("*.py"))
# Where a kind is handed on and not named.
HANDED_ON = {"kind", "error.kind", "failure.kind", "problem.kind", "finding.kind"}
# An error in hand, as the code calls it; other things have kinds too.
IN_HAND = {"error", "problem", "failure", "diagnosis"}
# Causes that no words of ssh tell: there is no ssh to start, a connection that was there is gone.
WITHOUT_WORDS = {"ssh_client/missing", "unreachable/lost"}
# What cannot be provoked on purpose.
# What may come of asking an engine who it is.
ANSWERED = {"no_answer", "bad_answer", "timeout", "unknown_engine", "engine_mismatch"}
NOT_PROVOKED = {"unreachable/other"}


@cache
def nodes(path: Path) -> list[ast.AST]:
    """What is in a file that may name a kind: calls and comparisons. Each file is read once."""
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, (ast.Call, ast.Compare))]


def calls(path: Path, name: str) -> Iterator[ast.Call]:
    for node in nodes(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def kind_argument(call: ast.Call, position: int) -> ast.expr | None:
    named = [keyword.value for keyword in call.keywords if keyword.arg == "kind"]
    return named[0] if named else call.args[position] if len(call.args) > position else None


def raised(name: str, position: int) -> set[str]:
    """The kinds that are named where such errors are made."""
    kinds = set()
    for path in SOURCES:
        for call in calls(path, name):
            argument = kind_argument(call, position)
            if isinstance(argument, ast.Constant):
                kinds.add(str(argument.value))
            elif argument is not None and not isinstance(argument, ast.Starred):
                assert ast.unparse(argument) in HANDED_ON, f"{path}:{call.lineno}: of what kind is this error?"
    return kinds


def compared() -> Iterator[tuple[str, str]]:
    """(kind, where) of every comparison of an error's kind with a text."""
    for path in SOURCES:
        for node in nodes(path):
            if isinstance(node, ast.Compare) and ast.unparse(node.left) in {f"{name}.kind" for name in IN_HAND}:
                for text in ast.walk(ast.Tuple(node.comparators, ast.Load())):
                    if isinstance(text, ast.Constant) and isinstance(text.value, str):
                        yield text.value, f"{path}:{node.lineno}"


def fixed_kinds() -> set[str]:
    """The kinds that belong to a class of errors."""
    found = [one.__dict__.get("kind") for one in vars(errors).values() if isinstance(one, type)]
    return {kind for kind in found if isinstance(kind, str)}


@cache
def findings() -> set[str]:
    """kind/cause of all that ssh's words can mean."""
    told = {f"{kind}/{cause}" for _pattern, kind, cause in diagnosis.CONNECTION}
    for path in SOURCES:
        for call in calls(path, "Finding"):
            if all(isinstance(argument, ast.Constant) for argument in call.args):
                told.add("/".join(str(ast.literal_eval(argument)) for argument in call.args))
    return told


def test_every_kind_that_is_used_is_in_the_table_and_the_other_way_round() -> None:
    used = raised("SshError", 0) | raised("EngineError", 3) | fixed_kinds()
    used |= {kind for kind, _pattern in failures.MESSAGES} | {finding.partition("/")[0] for finding in findings()}
    assert used == set(BY_KIND)
    assert len(BY_KIND) == len(CLASSES)


def test_nothing_asks_for_a_kind_that_is_not_there() -> None:
    assert [(kind, where) for kind, where in compared() if kind not in BY_KIND] == []
    assert set(BY_KIND) >= socket_diagnosis.FIXED_AT_LOGIN
    assert set(BY_KIND) >= set(failures.HINTS)


def test_the_causes_of_the_table_are_those_of_the_code() -> None:
    known = {f"{one.kind}/{cause.name}" for one in CLASSES for cause in one.causes}
    told = {finding for finding in findings() if BY_KIND[finding.partition("/")[0]].causes}
    told |= {f"authentication/{cause}" for cause in identities.REMEDIES} | WITHOUT_WORDS
    assert told == known
    single = findings() - told
    assert {finding.partition("/")[0] for finding in single} == {finding.partition("/")[2] for finding in single}


def test_the_retries_are_the_tables() -> None:
    causes = {(one.kind, cause.name, cause.retry) for one in CLASSES for cause in one.causes}
    causes |= {(one.kind, one.kind, one.retry) for one in CLASSES if one.stage is Stage.HOST and not one.causes}
    for kind, name, how in causes:
        wait = retry.delay(name, retry.History(1, 0.0), retries=2, jitter=0.5)
        again = retry.delay(name, retry.History(9, 1.0), retries=2, jitter=0.5)
        given = {(False, False): Retry.NO, (True, False): Retry.QUICK, (True, True): Retry.PATIENT}
        assert given[wait is not None, again is not None] is how, (kind, name)


def test_a_hint_belongs_to_a_cause() -> None:
    for kind, cause in diagnosis._HINTS:
        assert cause in {"", *(one.name for one in BY_KIND[kind].causes)}


def test_every_class_says_what_to_do() -> None:
    for one in CLASSES:
        for text in (one.meaning, one.sign, one.remedy, *(text for c in one.causes for text in (c.sign, c.remedy))):
            assert text.strip() == text != ""
            assert "\n" not in text


def test_an_error_takes_its_outcome_from_the_table() -> None:
    for one in CLASSES:
        assert errors.SshError(one.kind, "m").unreachable is one.unreachable
    with pytest.raises(KeyError):
        raise errors.SshError("no_such_kind", "m")


@cache
def provoked() -> set[str]:
    """What the marks ``provokes`` in tests/lab name."""
    found = set()
    for path in (CHECKOUT / "tests" / "lab").rglob("test_*.py"):
        for node in nodes(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "provokes":
                found |= {str(ast.literal_eval(argument)) for argument in node.args}
    return found


def test_every_class_is_provoked_for_real() -> None:
    wanted = {f"{one.kind}/{cause.name}" for one in CLASSES for cause in one.causes}
    wanted |= {one.kind for one in CLASSES if not one.causes}
    assert provoked() >= wanted - NOT_PROVOKED, "mark a test in tests/lab with @pytest.mark.provokes"
    assert provoked() <= wanted | set(BY_KIND)


def test_the_ping_playbook_knows_what_is_said_of_a_host_that_was_reached() -> None:
    (play,) = yaml.safe_load((CHECKOUT / "playbooks" / "ping.yml").read_text())
    inside = re.compile(play["vars"]["ping_inside"])
    for one in CLASSES:
        if one.stage in (Stage.OPTIONS, Stage.HOST):
            assert not inside.match(one.kind), one.kind
        elif one.stage is Stage.SOCKET or one.kind in ANSWERED:
            assert inside.match(one.kind), one.kind


def test_the_page_is_the_tables() -> None:
    script = CHECKOUT / "scripts" / "errors_page.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run scripts/errors_page.py\n{done.stdout}{done.stderr}"
