# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option in every mode on the four real engines: a second run changes nothing, or the task is refused before
anything is touched, in check mode too.

A mode is an option with one value, such as network_mode=host, or a few that have nothing to do with each other. Beside
it stand as many other options as go together, and only a set that does not hold is taken apart, to name the option.
What an engine drops or refuses in a mode is the table ``resources/container/options/modes.py``.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from container_place import briefly, options_of
from drift_place import IMAGE, NAME, drift_place, remove_containers
from drift_sets import LIMITS
from everywhere import everywhere
from lab_hosts import Lab
from option_sets import DRAWS, NEEDS, NETWORKS, OTHER, RUNS, Site, together

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import FleetError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options import host as host_table
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.create import (
    require_supported,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.run import run_container

RESTING, RUNNING = "present", "started"
DRAWN = 10  # so often at most, for a value that asks for something
MODES: tuple[dict[str, Any], ...] = (
    {"network_mode": "host"}, {"network_mode": "none"}, {"network_mode": f"container:{OTHER}"},
    {"networks": [{"name": NETWORKS[0]}, {"name": NETWORKS[1], "mac_address": "92:d0:c6:0a:29:33"}]},
    {"network_mode": "slirp4netns:allow_host_loopback=true,mtu=1400"},
    {"network_mode": "bridge", "networks": [{"name": "bridge"}, {"name": NETWORKS[1]}]},
    {"privileged": True}, {"auto_remove": True, "log_driver": "none", "uts": "host", "ipc_mode": "none"},
    {"read_only": True, "init": True, "tty": True, "userns_mode": "host", "cgroupns_mode": "host"},
    {"pid_mode": "host", "ipc_mode": "host"}, {"pid_mode": f"container:{OTHER}", "ipc_mode": f"container:{OTHER}"},
)  # fmt: skip
# These may only show in a container that runs: it has addresses, ports and a namespace then.
MODES_OF_RUNNING = MODES[:4]


@dataclass
class Modes:
    """One engine's modes; ``failures`` has a line for each option that does not hold."""

    client: EngineClient
    site: Site
    info: Mapping[str, Any]
    failures: list[str] = field(default_factory=list)

    def run(self, given: Mapping[str, Any], check: bool = False) -> dict[str, Any]:
        params = {"name": NAME, "image": IMAGE, "keep_volumes": False, "stop_timeout": 0, **given}
        return run_container(self.client, options_of(params), check_mode=check, sleep=briefly)

    def refused(self, given: Mapping[str, Any]) -> bool:
        """Whether the module refuses it by itself: that is looked at without the engine; or the host has no limits."""
        if not self.site.limits and not LIMITS.isdisjoint(given):
            return True
        try:
            options = options_of({"name": NAME, "image": IMAGE, **given})
            require_supported(options, self.site.engine)
            lacking = host_table.lacking(options.values, list(options.values), self.info, self.site.engine)
        except InvalidOption:
            return True
        return bool(lacking)

    def problem(self, given: Mapping[str, Any]) -> str:
        """Why a container with these options does not stay unchanged, '' where it does."""
        try:
            check, done = self.run(given, check=True), self.run(given)
            said = [key for key in ("changed", "actions", "diff") if check[key] != done[key]]
            again = self.run(given)
        except FleetError as error:
            return f"it is refused by the engine only: {error.message}"
        finally:
            remove_containers(self.client)
        if said:
            return f"check mode told another {said}"
        if again["changed"]:
            return f"a second run changes {again['diff']}"
        return next((text for text in done["warnings"] if "next run" in text), "")

    def sets(self, mode: Mapping[str, Any], options: list[str]) -> Iterator[dict[str, dict[str, Any]]]:
        """Options that go together, with what they need: {option: {option: value, …}}."""
        chance = random.Random(f"{mode}")  # noqa: S311 - no secret
        drawn = {name: self.drawn(chance, name) for name in options if name not in mode}
        left = {name: given for name, given in drawn.items() if given and not self.clashes(given, {}, mode)}
        while left:
            one: dict[str, dict[str, Any]] = {}
            for name, given in left.items():
                taken = {other for more in one.values() for other in more}
                if all(together(each, taken - {each}) for each in given) and not self.clashes(given, one, mode):
                    one[name] = given
            left = {name: given for name, given in left.items() if name not in one}
            yield one

    def clashes(self, given: Mapping[str, Any], one: Mapping[str, Mapping[str, Any]], mode: Mapping[str, Any]) -> bool:
        beside = {name: value for more in one.values() for name, value in more.items()}
        return any(name in {**beside, **mode} for name in given) or self.refused({**mode, **beside, **given})

    def drawn(self, chance: random.Random, option: str) -> dict[str, Any]:
        """A value that asks for something, with what it needs."""
        needed, value = NEEDS.get(option, (None, None))
        along = {needed: value if value is not None else DRAWS[needed](chance, self.site)[0]} if needed else {}
        values = (DRAWS[option](chance, self.site)[0] for _attempt in range(DRAWN))
        return next(({**along, option: value} for value in values if value not in (False, "", [], {}, "no")), {})

    def culprits(self, mode: Mapping[str, Any], one: dict[str, dict[str, Any]]) -> None:
        given = {name: value for more in one.values() for name, value in more.items()}
        problem = self.problem({**mode, **given})
        if not problem:
            return
        before, names = len(self.failures), list(one)
        if len(names) > 1:
            for half in (names[: len(names) // 2], names[len(names) // 2 :]):
                self.culprits(mode, {name: one[name] for name in half})
        if len(self.failures) == before:
            self.failures.append(f"{mode}, {given}: {problem}")

    def go(self) -> None:
        for mode in MODES:
            for state in (RESTING, RUNNING)[: 1 + (mode in MODES_OF_RUNNING)]:
                known = {name: value for name, value in mode.items() if not self.refused({name: value})}
                if not known:
                    continue
                known["state"] = state
                for one in self.sets(known, [name for name in DRAWS if state == RESTING or name in RUNS]):
                    self.culprits(known, one)


def test_in_every_mode_a_second_run_changes_nothing_or_the_first_is_refused(session_lab: Lab) -> None:
    def examine(host: str, engine: str) -> None:
        with drift_place(session_lab, host, engine) as (client, site):
            modes = Modes(client, site, client.system.info())
            modes.go()
            assert not modes.failures, "\n".join(modes.failures)

    everywhere(examine)
