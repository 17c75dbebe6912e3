# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run's exit code says, and what decides it: Ansible, or a strategy over the hosts."""

from __future__ import annotations

from collections.abc import Mapping

from ..dataclass import dataclass
from ..errors import InvalidOption

SUCCESS, SOME_FAILED, ALL_FAILED, MINORITY, MAIN_FAILED, NOBODY, STOPPED = 0, 10, 11, 12, 13, 14, 15
STRATEGIES = ("fail_fast", "all", "any", "majority")
MAIN = "main="

# In words, what this collection's own numbers say. Ansible uses none of them.
OWN = {
    SOME_FAILED: "some hosts failed",
    ALL_FAILED: "all hosts failed",
    MINORITY: "no majority of the hosts succeeded",
    MAIN_FAILED: "the main host failed",
    NOBODY: "nothing ran on the hosts that decide",
    STOPPED: "the run was stopped at the first failure",
}
ANSIBLES = {
    0: "no host failed",
    1: "Ansible ended with an error",
    2: "a task failed on at least one host",
    4: "at least one host was unreachable",
    5: "the command's options were wrong",
    99: "interrupted by the user",
    250: "an unexpected error",
}
UNREADABLE = "a playbook could not be read"  # which is 4, too
# What Ansible says of hosts. Any other number is an error of the run itself, and stays as it is.
OF_HOSTS = (0, 2, 4)


@dataclass(frozen=True)
class Strategy:
    """``name`` is one of STRATEGIES, ``main``, or empty where Ansible decides; ``host`` is that of ``main``."""

    name: str = ""
    host: str = ""

    @property
    def stops(self) -> bool:
        """Whether the first failure ends the run."""
        return self.name == "fail_fast"


@dataclass(frozen=True)
class Ending:
    """An exit code and what it means."""

    code: int
    words: str

    def __str__(self) -> str:
        return f"Exit code {self.code}: {self.words}."


def strategy(text: str | None) -> Strategy:
    """The strategy that an option names; raises InvalidOption."""
    text = (text or "").strip()
    if text.startswith(MAIN) and text != MAIN:
        return Strategy("main", text.removeprefix(MAIN))
    if text and text not in STRATEGIES:
        remedy = f"Use one of {', '.join(STRATEGIES)}, or {MAIN}HOST."
        raise InvalidOption("exit_strategy", text, "there is no such strategy.", remedy)
    return Strategy(text)


def ending(wanted: Strategy, failed: Mapping[str, bool], ansibles: int) -> Ending:
    """How the run ends.

    :param failed: of each host on which something ran, whether it failed or was unreachable in the end.
    :param ansibles: the exit code that Ansible has.
    """
    if not wanted.name or ansibles not in OF_HOSTS or (ansibles and not any(failed.values())):
        words = ANSIBLES.get(ansibles, "as Ansible says")
        return Ending(ansibles, UNREADABLE if ansibles == 4 and not any(failed.values()) else words)
    code = _code(wanted, failed)
    return Ending(code, _success(wanted, failed) if code == SUCCESS else _failure(code, wanted, failed))


def _code(wanted: Strategy, failed: Mapping[str, bool]) -> int:
    count, bad = len(failed), sum(failed.values())
    if wanted.name == "main":
        return NOBODY if wanted.host not in failed else MAIN_FAILED if failed[wanted.host] else SUCCESS
    if wanted.name in ("any", "majority") and not count:
        return NOBODY
    if wanted.name == "majority":
        return SUCCESS if 2 * bad < count else ALL_FAILED if bad == count else MINORITY
    if not bad or (wanted.name == "any" and bad < count):
        return SUCCESS
    return STOPPED if wanted.stops else ALL_FAILED if bad == count else SOME_FAILED


def _success(wanted: Strategy, failed: Mapping[str, bool]) -> str:
    bad = sum(failed.values())
    if not bad:
        return "no host failed"
    decided = f"{wanted.host} succeeded" if wanted.name == "main" else f"{len(failed) - bad} of {len(failed)} succeeded"
    return f"{decided}, which is enough for exit_strategy {wanted.name}"


def _failure(code: int, wanted: Strategy, failed: Mapping[str, bool]) -> str:
    of = f"{sum(failed.values())} of {len(failed)}"
    if wanted.name == "main":
        return f"{OWN[code]} ({wanted.host})"
    return OWN[code] if code == NOBODY else f"{OWN[code]} ({of} failed)"
