# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Generated option sets, and the changes of their options one after the other; what an engine supports is in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from container_place import options_of
from drift_place import IMAGE, NAME
from option_sets import DRAWS, NEEDS, RUNS, Notations, Site, differs, in_other_words, together

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences import support
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options import host
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.create import (
    require_supported,
)

# Containers that rest are made in no time; those that run show what is changed live.
RESTING, RUNNING = "present", "started"
# How many options are changed in one set at most, and how many are only there.
CHANGES, EXTRAS = 8, 8
LIMITS = frozenset(row.option for row in host.LACKS)  # what a host may have no limit of
DRAWN = 50  # so often at most, for a value that the engine supports and that differs
# What is changed last in a set, because an option that needs it goes with it.
ALONG = {"restart_policy": "restart_retries", "log_driver": "log_options"}


@dataclass(frozen=True)
class Step:
    """One option's change: the set after it, and the same set in other words."""

    option: str
    words: dict[str, Notations]
    others: dict[str, Any]


@dataclass
class Sets:
    """The option sets for one engine.

    :param info: what the engine tells of itself and its host.
    """

    site: Site
    info: Mapping[str, Any]
    random: Random
    supported: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.supported = [name for name in DRAWS if self._draw(name)]

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
        if not self.site.limits and option in LIMITS:
            return True
        if support.level(option, self.site.engine) == support.REFUSED:  # but for the value that means nothing
            return True
        asked = options({option: value, **companions(option)})
        try:
            require_supported(asked, self.site.engine)
        except InvalidOption:
            return True
        return bool(host.lacking(asked.values, [option], self.info, self.site.engine))

    def can_change(self, option: str) -> bool:
        return self._draw(option, self._draw_changeable(option)[0]) is not None

    def option_sets(self, state: str) -> Iterator[tuple[dict[str, Notations], list[str]]]:
        """Sets, and the options to change in them: each option once, in a random order."""
        names = [name for name in self.supported if state == RESTING or name in RUNS]
        deck = self.random.sample(names, len(names))
        while deck:
            words: dict[str, Notations] = {}
            wanted = [name for name in deck if self._add(words, name, CHANGES)]
            deck = [name for name in deck if name not in wanted]
            for name in self.random.sample(names, EXTRAS):
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

    def in_other_words(self, words: dict[str, Notations]) -> dict[str, Any]:
        return {name: in_other_words(name, value, self.random) for name, value in words.items()}

    def steps(self, words: dict[str, Notations], wanted: list[str]) -> Iterator[Step]:
        for option in wanted:
            if value := self._draw(option, words[option][0]):
                words = changed(words, {option: value})
                yield Step(option, words, self.in_other_words(words))


def options(given: dict[str, Any]) -> Options:
    params = {"name": NAME, "image": IMAGE, "keep_volumes": False, "stop_timeout": 0, **given}
    if "stop_timeout" in given:
        params["comparisons"] = {"stop_timeout": "strict"}
    return options_of(params)


def plain(words: dict[str, Notations], state: str = "") -> dict[str, Any]:
    return {name: value[0] for name, value in words.items()} | ({"state": state} if state else {})


def changed(words: dict[str, Notations], new: dict[str, Notations]) -> dict[str, Notations]:
    """The set with other values; what needs the old value of an option goes with that."""
    along = {ALONG.get(option) for option in new}
    return {name: value for name, value in words.items() if name not in along or name in new} | new


def companions(option: str) -> dict[str, Any]:
    needed, value = NEEDS.get(option, (None, None))
    return {needed: value} if needed and value else {}
