# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the inventory of containers."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ....dataclass import dataclass
from ....errors import InvalidOption, InvalidOptions
from .. import options as fleet
from .groups import KINDS, PREFIX, Grouping, safe

WARN, FAIL, IGNORE = UNREAD_HOSTS = "warn", "fail", "ignore"
_PREFIX = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)?")
_OF_THE_FLEET = (
    "every_engine", "name", "image", "labels", "state", "health", "at_once", "keep", "timeout_all",
)  # fmt: skip

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    **{name: fleet.ARGUMENT_SPEC[name] for name in _OF_THE_FLEET},
    "state": {**fleet.ARGUMENT_SPEC["state"], "default": ["running"]},
    "hosts": {"type": "list", "elements": "str", "default": ["all"]},
    "group_by": {"type": "list", "elements": "str", "choices": list(KINDS), "default": list(KINDS)},
    "group_by_labels": {"type": "list", "elements": "str", "default": []},
    "group_prefix": {"type": "str", "default": PREFIX},
    "unread_hosts": {"type": "str", "choices": list(UNREAD_HOSTS), "default": WARN},
}


@dataclass(frozen=True)
class Sought:
    """What an inventory of containers is made of. ``hosts`` are names of hosts and groups, or shell patterns."""

    wanted: fleet.Wanted
    hosts: tuple[str, ...]
    grouping: Grouping
    unread_hosts: str


def parse(params: Mapping[str, Any]) -> Sought:
    """Check the options.

    :raises InvalidOption: the first that can't be used.
    """
    read = {"read": [fleet.CONTAINERS], "inspect": False, "require_complete": False}
    wanted = fleet.parse({**params, **read})
    grouping = Grouping(
        tuple(dict.fromkeys(params["group_by"])),
        _labels(params["group_by_labels"]),
        _prefix(params["group_prefix"]),
    )
    return Sought(wanted, tuple(params["hosts"]), grouping, params["unread_hosts"])


def _prefix(prefix: str) -> str:
    if not _PREFIX.fullmatch(prefix):
        raise InvalidOption(
            "group_prefix", prefix, "no group's name can begin so.",
            "Begin with a letter or '_', and go on with letters, digits and '_'.",
        )  # fmt: skip
    return prefix


def _labels(labels: Sequence[str]) -> tuple[str, ...]:
    """Labels whose groups can't be taken for those of another one."""
    chosen = tuple(dict.fromkeys(labels))
    for label in chosen:
        for other in chosen:
            if label != other and f"{safe(other)}_".startswith(f"{safe(label)}_"):
                raise InvalidOption(
                    "group_by_labels", list(labels),
                    f"the groups of {label!r} and {other!r} would have the same names.",
                    "Leave one of the two out, and make its groups with keyed_groups.",
                )  # fmt: skip
    return chosen


def chosen(hosts: Mapping[str, Sequence[str]], patterns: Sequence[str], *, part: bool = False) -> list[str]:
    """The hosts to be read, in their order.

    :param hosts: all that there are, each with the names of its groups.
    :param patterns: names of hosts or groups, or shell patterns of them; with a ``!`` before it, they are left out.
    :param part: there are more hosts, which other controllers read: none of these may be meant, and none be here.
    :raises InvalidOptions: there is no host at all, or none that a pattern could mean.
    """
    if not hosts and not part:
        raise InvalidOptions(
            "No source before this one has a host whose containers could be read.",
            "Name the hosts before it: -i hosts.json -i NAME.fleet_containers.yml; in a directory, sources come in the "
            "order of their names.",
        )
    for pattern in () if part else unmatched(hosts, patterns):
        problem = f"no host and no group of the sources before this one is called {pattern!r}."
        raise InvalidOption("hosts", list(patterns), problem, "Correct the name, or name the source before this.")
    found: set[str] = set() if any(not one.startswith("!") for one in patterns) else set(hosts)
    for pattern in sorted(patterns, key=lambda one: one.startswith("!")):
        meant = _meant(hosts, pattern.removeprefix("!"))
        found = found - meant if pattern.startswith("!") else found | meant
    return [host for host in hosts if host in found]


def unmatched(hosts: Mapping[str, Sequence[str]], patterns: Sequence[str]) -> list[str]:
    """The patterns that mean none of the hosts, without their ``!``."""
    return [bare for pattern in patterns if not _meant(hosts, bare := pattern.removeprefix("!"))]


def _meant(hosts: Mapping[str, Sequence[str]], pattern: str) -> set[str]:
    return {
        host
        for host, groups in hosts.items()
        if any(fnmatch.fnmatchcase(name, pattern) for name in (host, "all", *groups))
    }
