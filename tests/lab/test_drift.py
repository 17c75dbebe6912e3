# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Generated option sets on the four real engines: whatever is asked for is there, and only what is changed differs.

For each set: check mode says create, a run creates, another notation of the same set changes nothing; then options are
changed. Check mode predicts for each one alone exactly its difference and action. Then they are changed: one after the
other what is changed live, and at once what follows each other and recreates the container, because that costs the most
time here. Check mode predicts exactly these differences and the action of the run, and after it nothing differs any
more. Each option that an engine supports is changed at least once. The seed is printed with the counts;
``SSHFLEET_DRIFT_SEED`` sets it, to a number or to ``random``.

A seeded random and not a library for property tests: what counts is that each option is met on each engine, and a
shrinking search would make hundreds of containers more. A failure names the engine, the option and both values.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Any

from container_place import actions, briefly
from drift_place import NAME, drift_place, remove_containers
from drift_sets import ALONG, RESTING, RUNNING, Sets, Step, changed, companions, options, plain
from engine_cases import ENGINES
from lab_hosts import Lab
from option_sets import OTHER, Notations, Site

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options import applied
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.table import BY_NAME
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.comparison import differences
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.run import run_container

SEED = os.environ.get("SSHFLEET_DRIFT_SEED", "4")
# What can be changed in a container that runs, but for networks.
POLICY = frozenset({"restart_policy", "restart_retries"})
UPDATES = POLICY | {
    "blkio_weight", "cpus", "cpu_period", "cpu_quota", "cpu_shares", "cpuset_cpus",
    "memory", "memory_reservation", "memory_swap", "pids_limit",
}  # fmt: skip
IN_THE_IMAGE = {"COLOR", "PATH"}  # variables


class Unlike(AssertionError):
    """A property does not hold."""


@dataclass
class Walk:
    """One engine's option sets; ``failures`` has a line for each property that did not hold."""

    name: str
    client: EngineClient
    site: Site
    seed: str
    sets: int = 0
    changes: int = 0
    changed: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        chance = random.Random(f"{self.seed} {self.name}")  # noqa: S311 - no secret
        self.drawn = Sets(self.site, self.client.system.info(), chance)

    # --- one container

    def run(self, given: dict[str, Any], check: bool = False) -> dict[str, Any]:
        return run_container(self.client, options(given), check_mode=check, sleep=briefly)

    # --- the properties

    def predicted(self, given: dict[str, Any]) -> dict[str, Any]:
        check, done = self.run(given, check=True), self.run(given)
        for key in ("changed", "actions", "diff"):
            if check[key] != done[key]:
                raise Unlike(f"check mode said {key}={check[key]!r}, the run {done[key]!r}, {done['warnings']}")
        return done

    def unchanged(self, given: dict[str, Any], state: str) -> None:
        again = self.run({**given, "state": state})
        if again["changed"]:
            raise Unlike(f"run again with {given!r}, it changed {again['diff']!r} by {again['actions']!r}")

    def create(self, words: dict[str, Notations], others: dict[str, Any], state: str) -> None:
        done = self.predicted(plain(words, state))
        if actions(done) != ["create", "start"][: 1 + (state == RUNNING)]:
            raise Unlike(f"it was not created: {done['actions']}")
        self.unchanged(others, state)

    def foreseen(self, option: str, words: dict[str, Notations], new: Notations, state: str) -> None:
        """Check mode tells of an option that is changed alone."""
        check = self.run(plain(changed(words, {option: new}), state), check=True)
        self.require_difference({option: words[option][0]}, {option: new[0]}, check["diff"])
        if not self.expected(option, state, actions(check)):
            raise Unlike(f"it is to be done by {actions(check)}")

    def change(self, words: dict[str, Notations], steps: list[Step], state: str) -> None:
        before = self.client.containers.inspect(NAME) or {}
        new = {step.option: step.words[step.option] for step in steps}
        done = self.predicted(plain(steps[-1].words, state))
        self.require_difference({name: words[name][0] for name in new}, plain(new), done["diff"])
        if not all(self.expected(option, state, actions(done)) for option in new):
            raise Unlike(f"it was done by {actions(done)}")
        same = (self.client.containers.inspect(NAME) or {}).get("Id") == before["Id"]
        if same != ("recreate" not in actions(done)):
            raise Unlike(f"after {actions(done)}, it is {'the same' if same else 'another'} container")
        if remarks := [text for text in done["warnings"] if "next run" in text]:
            raise Unlike(remarks[0])
        self.unchanged(steps[-1].others, state)

    def is_live(self, option: str, state: str) -> bool:
        """Whether a change of it leaves the container in place."""
        if option == "networks":
            return True
        podman, version = self.site.engine.name == "podman", self.site.engine.version
        if option in POLICY and podman:
            return version >= (5, 4)
        if option in UPDATES | ({"kernel_memory"} if not podman else set()):
            return not podman or (version >= (5, 4) and state == RUNNING)
        return False

    def expected(self, option: str, state: str, done: list[str]) -> bool:
        if option == "networks":
            return bool(done) and set(done) <= {"connect_network", "disconnect_network"}
        return done == ["update" if self.is_live(option, state) else "recreate"]

    def require_difference(self, old: dict[str, Any], new: dict[str, Any], diff: dict[str, dict[str, Any]]) -> None:
        """What differs between the two tasks is what the engine's container differs in.

        :param old: the plain values of the options that are changed, as ``new``.
        """
        if not sorted(diff["before"]) == sorted(diff["after"]) == sorted(new):
            raise Unlike(f"other options differ, too: {diff}")
        for option in new:
            if option != "networks":  # a container has aliases of its own there
                self._require_values(option, old[option], new[option], diff)

    def _require_values(self, option: str, old: Any, new: Any, diff: dict[str, dict[str, Any]]) -> None:
        was, asked = (options({option: value, **companions(option)}).values for value in (old, new))
        one, *_none = differences({option: asked[option]}, was, self.comparisons, self.site.engine) or [None]
        if one is None:
            raise Unlike(f"the two values are held for equal, but differ from the container: {diff}")
        before, after = self._by_name(diff["before"][option]), self._by_name(diff["after"][option])
        if before == applied.NOT_REPORTED:
            return
        if BY_NAME[option].secret or BY_NAME[option].kind == "dict":
            of_image = set(after) - set(one.after)  # what the image sets comes back
            told = set(one.before) <= set(before) <= set(after) >= set(one.after) and of_image <= IN_THE_IMAGE
        else:
            told = (before, after) == (one.before, one.after)
        if not told and not (self.site.engine.name == "podman" and option in ("capabilities", "cap_drop", "devices")):
            raise Unlike(f"the difference is {before!r} to {after!r}, and should be {one.before!r} to {one.after!r}")

    def _by_name(self, value: Any) -> Any:
        return value.replace(self.site.other, OTHER) if isinstance(value, str) else value

    @property
    def comparisons(self) -> dict[str, str]:
        return {name: row.default_comparison.replace("ignore", "strict") for name, row in BY_NAME.items()}

    def go(self) -> None:
        for state in (RESTING, RUNNING):
            for words, wanted in self.drawn.option_sets(state):
                self.sets += 1
                self._one(state, words, wanted)

    def _one(self, state: str, words: dict[str, Notations], wanted: list[str]) -> None:
        others = self.drawn.in_other_words(words)
        steps = list(self.drawn.steps(words, wanted))
        self._try(f"create {plain(words, state)!r}", words, state, lambda: self.create(words, others, state))
        self.changes += len(steps)
        self.changed.update(step.option for step in steps)
        for option, new in ((step.option, step.words[step.option]) for step in steps):
            told = said(words, {option: new})
            self._try(told, words, state, partial(self.foreseen, option, words, new, state))
        for live, some in groupby(steps, lambda step: step.option in ALONG or self.is_live(step.option, state)):
            for at_once in ([step] for step in some) if live else (list(some),):
                words = self._change(words, at_once, state)
        self.clear()

    def _change(self, words: dict[str, Notations], steps: list[Step], state: str) -> dict[str, Notations]:
        """Take steps at once, and return the set that is there then. When that fails, they are taken one after the
        other, to name the options at fault.
        """
        several, after = len(steps) > 1, steps[-1].words
        told = said(words, {step.option: step.words[step.option] for step in steps})
        left = words if several else after
        if not self._try(told, left, state, partial(self.change, words, steps, state)) and several:
            for step in steps:
                left = self._change(left, [step], state)
        return after

    def _try(self, said: str, words: dict[str, Notations], state: str, step: Callable[[], None]) -> bool:
        """One step, and whether it went well.

        :param words: of which the container is made anew after a step that failed, so that the next ones can be tried.
        """
        try:
            step()
        except (EngineError, InvalidOption, Unlike) as problem:
            self.failures.append(f"{self.name}, {state}: {said}: {problem}\n    of {plain(words, state)!r}")
            self.clear()
            with suppress(EngineError):
                self.run(plain(words, state))
            return False
        return True

    def clear(self) -> None:
        remove_containers(self.client)


def said(words: dict[str, Notations], new: dict[str, Notations]) -> str:
    return ", ".join(f"{option} from {words[option][0]!r} to {value[0]!r}" for option, value in new.items())


@contextmanager
def prepared(lab: Lab, host: str, engine: str, seed: str) -> Iterator[Walk]:
    with drift_place(lab, host, engine) as (client, site):
        yield Walk(f"{host} {engine}", client, site, seed)


def test_whatever_is_asked_for_is_there_and_only_what_is_changed_differs(
    session_lab: Lab, tell: Callable[[str], None]
) -> None:
    seed = str(random.randrange(10**6)) if SEED == "random" else SEED  # noqa: S311 - no secret
    with ExitStack() as stack, ThreadPoolExecutor(len(ENGINES)) as executor:
        walks = [stack.enter_context(prepared(session_lab, *engine, seed)) for engine in ENGINES]
        list(executor.map(Walk.go, walks))
    sets, changes = (
        " to ".join(str(end(getattr(walk, name) for walk in walks)) for end in (min, max))
        for name in ("sets", "changes")
    )
    counts = f"{sets} option sets, {changes} changes on each of {len(walks)} engines"
    tell(f"remote_container drift: {counts}, seed {seed}")
    failures = [failure for walk in walks for failure in walk.failures]
    assert not failures, "\n".join([f"seed {seed}:", *failures])
    for walk in walks:
        left = {name for name in walk.drawn.supported if walk.drawn.can_change(name)} - walk.changed
        assert not left, f"{walk.name}: never changed"
