# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Commands of ours in a container: how much they may say and how long. The fake is a container that never ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution.work.asking import QUOTED, Asking


class Endless(FakeClient):
    """Says a word every so many seconds; ``time`` is the clock. After ``words`` of them it closes its output."""

    def __init__(self, every: float, word: bytes = b"x", words: float = float("inf"), code: int | None = None) -> None:
        super().__init__(guarded=False)  # parts of a step are called by themselves
        self.every, self.word, self.words, self.code = every, word, words, code
        self.time = 0.0
        self.ended: list[str] = []

    def execs_create(self, container: str, config: Any) -> str:
        return "e1"

    def execs_attach(
        self,
        identity: str,
        output: Callable[[int, bytes], None],
        *,
        tty: bool = False,
        source: Iterator[bytes] | None = None,
        deadline: float | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        assert deadline is not None
        while self.words > 0:
            self.words -= 1
            self.time += min(self.every, deadline - now())
            if now() >= deadline:
                raise TimeoutError
            output(1, self.word)

    def execs_inspect(self, identity: str) -> dict[str, Any]:
        return {"Running": self.code is None, "ExitCode": self.code}

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    def end(self, identity: str) -> str:
        self.ended.append(identity)
        return "was ended with SIGTERM"

    def asked(self, reads: int = 0) -> tuple[int, bytes, str]:
        asking = Asking(self, "1" * 64, "app", self.end, 60.0, 600.0, lambda: self.time, self.sleep)
        return asking.run(["find"], "/srv", 1000, reads)


CASES = [
    ("it says nothing", Endless(1e9), 0, 60.0, "come to an end"),
    ("it has closed its output", Endless(0.0, words=0), 0, 60.0, "come to an end"),
    ("it drips", Endless(50.0), 0, 600.0, "come to an end"),
    ("it says too much", Endless(0.01, b"x" * 100), 0, 0.11, "prints more than 1000 bytes"),
    ("it has much to read", Endless(1e9), 2_000_000_000, 160.0, "come to an end"),
    ("it says that it has", Endless(1e9), 1 << 62, 3660.0, "come to an end"),
]


@pytest.mark.parametrize(("engine", "reads", "after", "words"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_it_is_ended(engine: Endless, reads: int, after: float, words: str) -> None:
    with pytest.raises(EngineError, match=words) as caught:
        engine.asked(reads)
    assert caught.value.kind == "container_answer"
    assert "The container app, asked about '/srv'" in caught.value.message
    assert "the command was ended with SIGTERM" in caught.value.message
    assert engine.ended == ["e1"] and engine.time == pytest.approx(after, abs=1.5)


def test_one_that_cannot_be_ended_is_told() -> None:
    engine = Endless(1e9)

    def end(identity: str) -> str:
        raise EngineError("the user that logs in may not signal it.")

    engine.end = end  # type: ignore[method-assign]
    with pytest.raises(EngineError, match="may still run there: the user that logs in may not signal it"):
        engine.asked()


def test_an_answer_and_a_complaint_that_is_quoted() -> None:
    assert Endless(59.0, b"ab", words=5, code=3).asked() == (3, b"ab" * 5, "")
    engine = Endless(1.0, words=1, code=1)
    engine.execs_attach = lambda identity, output, **times: output(2, b"no" * 2000)  # type: ignore[method-assign]
    code, _printed, complaint = Asking(engine, "1", "app", None, 60, 600).run(["mv"], "/srv")
    assert code == 1 and len(complaint) <= QUOTED + 2
