# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The end of a container's log in messages: late, unreadable, and full of words that are not the engine's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from dict_engine import Engine, done, run

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.log import log_end

Looks = Callable[[list[str]], Engine]


@pytest.fixture
def looks() -> Looks:
    """An engine with a container whose log reads differently at each look, the last of them for ever."""

    def make(texts: list[str], driver: str = "journald") -> Engine:
        engine = Engine()
        run(engine, log_driver=driver)
        told = iter(texts)
        engine.containers_log_tail = lambda *args, **kwargs: next(told, texts[-1])  # type: ignore[method-assign]
        engine.calls.clear()
        return engine

    return make


def end(engine: Engine) -> tuple[str, int]:
    """The end of the log, and how often it was read."""
    said = log_end(engine, "app", lambda _seconds: None)
    return said, engine.requests().count("containers.log_tail")


LATE: list[tuple[list[str], str, int]] = [
    (["a\n", "a\n"], "\nThe end of its log:\n    a", 2),
    (["", "a\n", "a\nb\n", "a\nb\n"], "\nThe end of its log:\n    a\n    b", 4),
    ([""], "", 4),
]


@pytest.mark.parametrize(("texts", "said", "count"), LATE)
def test_the_journal_is_looked_at_until_it_has_it_all(looks: Looks, texts: list[str], said: str, count: int) -> None:
    assert end(looks(texts)) == (said, count)


def test_other_logs_are_read_once() -> None:
    engine = Engine()
    run(engine, log_driver="json-file")
    engine.log = "words"
    engine.calls.clear()
    assert end(engine) == ("\nThe end of its log:\n    words", 1)


@pytest.mark.parametrize(
    ("state", "error", "said"),
    [
        ("started", EngineError("no reading.\n", 501), "\nIts log cannot be read: no reading."),
        ("present", EngineError("no such file", 500), ""),
        ("started", EngineError("gone", 404, kind="container_missing"), ""),
        ("started", EngineError("No answer", kind="no_answer"), ""),
    ],
)
def test_a_log_that_cannot_be_read_is_told_of_where_there_should_be_one(
    state: str, error: EngineError, said: str
) -> None:
    engine = Engine()
    run(engine, state=state)
    engine.fail["containers.log_tail"] = error
    assert end(engine) == (said, 1)
    assert log_end(engine, "nobody", lambda _seconds: None) == ""


def test_the_words_of_a_log_are_no_engines_words() -> None:
    """A container that can't reach its database says what an engine says that can't reach a registry."""
    engine = Engine()
    engine.log = "dial tcp: connection refused"
    with pytest.raises(EngineError) as failed:
        run(engine, wait_for={"exit_code": [0], "timeout": 0.1})
    assert "connection refused" in failed.value.message and failed.value.hint == ""
    engine.ends = 3
    result = run(engine, name="job", detach=False, log_driver="json-file")
    assert "connection refused" in result["msg"] and result["error"]["hint"] == ""


def test_the_words_that_no_log_can_be_read_are_masked() -> None:
    engine = Engine()
    engine.ends = 3
    engine.fail["containers.log_tail"] = EngineError("driver with token hunter22 reads nothing", 500)
    result: dict[str, Any] = run(engine, env={"TOKEN": "hunter22"})
    assert result["warnings"][0].endswith("Its log cannot be read: driver with token ******** reads nothing.")


def test_a_job_is_replaced_by_one_that_fails() -> None:
    """With detach=false, the new one's end is what the task is for."""
    engine = Engine()
    engine.ends = 0
    run(engine, detach=False)
    engine.ends = 3
    result = run(engine, detach=False, command="x")
    assert done(result) == ["recreate", "await_end"] and result["failed"] and result["status"] == 3
