# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Generated option sets on the four real engines: whatever is asked for is there, and only what is changed differs.

For each set: check mode says create, a run creates, another notation of the same set changes nothing; then one option
after the other is changed: check mode predicts exactly this difference and the actions of the run, and after the run
nothing differs any more. Each option that an engine supports is changed at least once. The seed is printed with the
counts; ``SSHFLEET_DRIFT_SEED`` sets it, to a number or to ``random``.

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
from typing import Any

from container_place import ENGINES, actions, briefly, options_of
from drift_place import IMAGE, NAME, drift_place, remove_containers
from lab_hosts import Lab
from option_sets import (
    DRAWS,
    NEEDS,
    OTHER,
    RUNS,
    Notations,
    Site,
    differs,
    in_other_words,
    together,
)

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options import applied, host
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.table import BY_NAME
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.comparison import differences
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.create import (
    require_supported,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.run import run_container

SEED = os.environ.get("SSHFLEET_DRIFT_SEED", "4")
# Containers that rest are made in no time; those that run show what is changed live.
RESTING, RUNNING = "present", "started"
# How many options are changed in one set at most, and how many are only there.
CHANGES, EXTRAS = 8, 8
DRAWN = 50  # so often at most, for a value that the engine supports and that differs
# What can be changed in a container that runs, but for networks.
POLICY = frozenset({"restart_policy", "restart_retries"})
UPDATES = POLICY | {
    "blkio_weight", "cpus", "cpu_period", "cpu_quota", "cpu_shares", "cpuset_cpus",
    "memory", "memory_reservation", "memory_swap", "pids_limit",
}  # fmt: skip
# What is changed last in a set, because an option that needs it goes with it.
ALONG = {"restart_policy": "restart_retries", "log_driver": "log_options"}


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
    notations: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(f"{self.seed} {self.name}")  # noqa: S311 - no secret
        self.info = self.client.system.info()
        self.supported = [name for name in DRAWS if self._draw(name)]

    # --- one container

    def options(self, given: dict[str, Any]) -> Options:
        params = {"name": NAME, "image": IMAGE, "keep_volumes": False, "stop_timeout": 0, **given}
        if "stop_timeout" in given:
            params["comparisons"] = {"stop_timeout": "strict"}
        return options_of(params)

    def run(self, given: dict[str, Any], check: bool = False) -> dict[str, Any]:
        return run_container(self.client, self.options(given), check_mode=check, sleep=briefly)

    # --- the properties

    def predicted(self, given: dict[str, Any]) -> dict[str, Any]:
        check, done = self.run(given, check=True), self.run(given)
        for key in ("changed", "actions", "diff"):
            if check[key] != done[key]:
                raise Unlike(f"check mode said {key}={check[key]!r}, the run {done[key]!r}, {done['warnings']}")
        return done

    def unchanged(self, words: dict[str, Notations], state: str) -> None:
        self.notations += 1
        given = {name: in_other_words(name, value, self.random) for name, value in words.items()}
        again = self.run({**given, "state": state})
        if again["changed"]:
            raise Unlike(f"run again with {given!r}, it changed {again['diff']!r} by {again['actions']!r}")

    def create(self, words: dict[str, Notations], state: str) -> None:
        done = self.predicted(plain(words, state))
        if actions(done) != ["create", "start"][: 1 + (state == RUNNING)]:
            raise Unlike(f"it was not created: {done['actions']}")
        self.unchanged(words, state)

    def change(self, option: str, words: dict[str, Notations], old: Any, state: str) -> None:
        before = self.client.containers.inspect(NAME) or {}
        done = self.predicted(plain(words, state))
        self.require_difference(option, old, words[option][0], done["diff"])
        if not self.expected(option, state, actions(done)):
            raise Unlike(f"it was done by {actions(done)}")
        same = (self.client.containers.inspect(NAME) or {}).get("Id") == before["Id"]
        if same != ("recreate" not in actions(done)):
            raise Unlike(f"after {actions(done)}, it is {'the same' if same else 'another'} container")
        if remarks := [text for text in done["warnings"] if "next run" in text]:
            raise Unlike(remarks[0])
        self.unchanged(words, state)

    def expected(self, option: str, state: str, done: list[str]) -> bool:
        engine = self.site.engine
        if option == "networks":
            return bool(done) and set(done) <= {"connect_network", "disconnect_network"}
        live = option in (UPDATES | ({"kernel_memory"} if engine.name != "podman" else set())) and (
            engine.name != "podman" or (engine.version >= (5, 4) and state == RUNNING)
        )
        live = live or (option in POLICY and engine.name == "podman" and engine.version >= (5, 4))
        return done == ["update" if live else "recreate"]

    def require_difference(self, option: str, old: Any, new: Any, diff: dict[str, dict[str, Any]]) -> None:
        """What differs between the two tasks is what the engine's container differs in."""
        if (sorted(diff["before"]), sorted(diff["after"])) != ([option], [option]):
            raise Unlike(f"other options differ, too: {diff}")
        if option == "networks":  # a container has aliases of its own there
            return
        was, asked = (self.options({option: value, **companions(option)}).values for value in (old, new))
        one, *_none = differences({option: asked[option]}, was, self.comparisons, self.site.engine) or [None]
        if one is None:
            raise Unlike(f"the two values are held for equal, but differ from the container: {diff}")
        before, after = self._by_name(diff["before"][option]), self._by_name(diff["after"][option])
        if before == applied.NOT_REPORTED:
            return
        if BY_NAME[option].secret or BY_NAME[option].kind == "dict":
            told = set(one.before) <= set(before) <= set(after) == set(one.after)  # the image may have had more
        else:
            told = (before, after) == (one.before, one.after)
        if not told and not (self.site.engine.name == "podman" and option in ("capabilities", "cap_drop")):
            raise Unlike(f"the difference is {before!r} to {after!r}, and should be {one.before!r} to {one.after!r}")

    def _by_name(self, value: Any) -> Any:
        return value.replace(self.site.other, OTHER) if isinstance(value, str) else value

    @property
    def comparisons(self) -> dict[str, str]:
        return {name: row.default_comparison.replace("ignore", "strict") for name, row in BY_NAME.items()}

    # --- the sets

    def _draw(self, option: str, old: Any = None) -> Notations | None:
        """A value that the engine and its host support, and that differs from an old one."""
        for _attempt in range(DRAWN):
            value = DRAWS[option](self.random, self.site)
            if self._refused(option, value[0]):
                continue
            if old is None or differs(option, old, value[0], self.site.engine):
                return value
        return None

    def _draw_changeable(self, option: str) -> Notations:
        """A value from which the option can be changed, where there is one."""
        values = [self._draw(option) or () for _attempt in range(DRAWN // 10)]
        return next((value for value in values if self._draw(option, value[0])), values[0])

    def _refused(self, option: str, value: Any) -> bool:
        options = self.options({option: value, **companions(option)})
        try:
            require_supported(options, self.site.engine)
            host.require(options.values, [option], self.info, self.site.engine)
        except InvalidOption:
            return True
        return False

    def can_change(self, option: str) -> bool:
        return self._draw(option, self._draw_changeable(option)[0]) is not None

    def option_sets(self, state: str) -> Iterator[tuple[dict[str, Notations], list[str]]]:
        """Sets, and the options to change in them: each option once, in a random order."""
        options = [name for name in self.supported if state == RESTING or name in RUNS]
        deck = self.random.sample(options, len(options))
        while deck:
            words: dict[str, Notations] = {}
            wanted = [name for name in deck if self._add(words, name, CHANGES)]
            deck = [name for name in deck if name not in wanted]
            for name in self.random.sample(options, EXTRAS):
                self._add(words, name, CHANGES + EXTRAS)
            yield words, sorted(wanted, key=lambda name: name in ALONG)

    def _add(self, words: dict[str, Notations], option: str, most: int) -> bool:
        """Put an option into a set, if it can stand beside what is there."""
        needed, needed_value = NEEDS.get(option, (None, None))
        if option in words or len(words) >= most or not together(option, words):
            return False
        if needed and needed not in words and not together(needed, words):
            return False
        if needed and needed_value is not None:
            if needed in words and words[needed][0] != needed_value:
                return False
            words[needed] = (needed_value,)
        elif needed and needed not in words:
            words[needed] = self._draw(needed) or ()
        words[option] = self._draw_changeable(option)
        return True

    def go(self) -> None:
        for state in (RESTING, RUNNING):
            for words, wanted in self.option_sets(state):
                self.sets += 1
                self._one(state, words, wanted)

    def _one(self, state: str, words: dict[str, Notations], wanted: list[str]) -> None:
        self._try(f"create {plain(words, state)!r}", words, state, lambda: self.create(words, state))
        for option in wanted:
            old, value = words[option][0], self._draw(option, words[option][0])
            if value is None:
                continue
            words = {name: one for name, one in words.items() if name != ALONG.get(option)} | {option: value}
            self.changes += 1
            self.changed.add(option)
            said = f"{option} from {old!r} to {value[0]!r}"
            self._try(said, words, state, partial(self.change, option, words, old, state))
        self.clear()

    def _try(self, said: str, words: dict[str, Notations], state: str, step: Callable[[], None]) -> None:
        """One step. After one that fails the container is made anew, so that the next ones can be tried."""
        try:
            step()
        except (EngineError, InvalidOption, Unlike) as problem:
            self.failures.append(f"{self.name}, {state}: {said}: {problem}\n    of {plain(words, state)!r}")
            self.clear()
            with suppress(EngineError):
                self.run(plain(words, state))

    def clear(self) -> None:
        remove_containers(self.client)


def plain(words: dict[str, Notations], state: str) -> dict[str, Any]:
    return {**{name: value[0] for name, value in words.items()}, "state": state}


def companions(option: str) -> dict[str, Any]:
    needed, value = NEEDS.get(option, (None, None))
    return {needed: value} if needed and value else {}


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
        left = {name for name in walk.supported if walk.can_change(name)} - walk.changed
        assert not left, f"{walk.name}: never changed"
