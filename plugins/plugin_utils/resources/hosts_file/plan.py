# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The text of a hosts.json and what a task wants of one host → what is to be done, and the text after that."""

from __future__ import annotations

from typing import Any

from ...dataclass import dataclass
from ...errors import HostsFileError, InvalidOption
from ...hosts import chain, edit
from ...hosts.entry import HostEntry, HostsFile
from ...hosts.read import parse_hosts
from ...telling import listed
from ..shared.plan import Plan, Resource, Step
from .options import Wanted

REACHING = ("hostname", "user", "port", "identity_file", "jump_host")


class NoSuchHost(InvalidOption):
    """A host that is to be changed is not in the file, and there is no address to add it with."""


@dataclass(frozen=True)
class Planned:
    """What is to be done to the file. ``before`` is its text, None where there is no file; ``hosts`` are those after
    it; ``reaches`` is whether something about reaching the host becomes otherwise.
    """

    plan: Plan
    before: str | None
    after: str
    hosts: HostsFile
    entry: HostEntry | None
    reaches: bool


def planned(there: bytes | None, wanted: Wanted, path: str) -> Planned:
    """What a task does to a file.

    :param there: the file's bytes, None where there is none.
    :raises HostsFileError: the file breaks a rule, or would after this.
    :raises NoSuchHost: see there.
    :raises InvalidOption: other hosts need the one that is to be removed.
    """
    data = edit.EMPTY.encode() if there is None else there
    found = checked(data, path, "It was left as it is. Mend it first.")
    before = data.decode()
    actual = found_by_name(found).get(wanted.name)
    if wanted.present:
        after, changed = _changed(before, found, actual, wanted)
    else:
        after, changed = _without(before, found, actual, wanted.name), ("hostname",) if actual else ()
    hosts = found if after == before else checked(after.encode(), path, "The file would be so, and was left as it is.")
    entry = found_by_name(hosts).get(wanted.name)
    return Planned(
        Plan((_step(path, wanted, actual, changed),)) if changed else Plan(),
        None if there is None else before,
        after,
        hosts,
        entry,
        reaches=entry is not None and any(key in REACHING for key in changed),
    )


def found_by_name(hosts: HostsFile) -> dict[str, HostEntry]:
    return {entry.name: entry for entry in hosts.hosts}


def checked(data: bytes, path: str, hint: str) -> HostsFile:
    """The hosts of a file.

    :raises HostsFileError: it breaks a rule; its hint is this one.
    """
    try:
        return parse_hosts(data, path)
    except HostsFileError as error:
        error.hint = hint
        raise


def _changed(text: str, found: HostsFile, actual: HostEntry | None, wanted: Wanted) -> tuple[str, tuple[str, ...]]:
    """The text with the host as it is wanted, and the keys that are otherwise then."""
    if actual is None and "hostname" not in wanted.values:
        raise NoSuchHost(
            "name", wanted.name, "it is no host of the file yet.", "Give hostname to add it, or correct the name."
        )
    values = {key: value for key, value in wanted.values.items() if actual is None or differs(actual, key, value)}
    after = edit.with_host(text, wanted.name, values) if values else text
    if wanted.default is None or wanted.default == (found.default_host == wanted.name):
        return after, tuple(values)
    return edit.with_default_host(after, wanted.name if wanted.default else None), (*values, "default_host")


def differs(actual: HostEntry, key: str, value: Any) -> bool:
    """Whether a key of a host is otherwise than this value, None for nothing said."""
    nothing = () if key == "groups" else None
    return bool(getattr(actual, key) != (nothing if value is None else value))


def _step(path: str, wanted: Wanted, actual: HostEntry | None, changed: tuple[str, ...]) -> Step:
    action, reason = ("change", f"{' and '.join(changed)} differ" + ("s" if len(changed) == 1 else ""))
    if not wanted.present:
        action, reason = "remove", "state is absent"
    elif actual is None:
        action, reason = "add", "the file has no such host"
    return Resource("path", path).step(action, reason, shown={"host": wanted.name})


def _without(text: str, found: HostsFile, actual: HostEntry | None, name: str) -> str:
    """The text without the host, where it is there."""
    if actual is None:
        return text
    users = [entry.name for entry in found.hosts if entry.name != name and name in chain.written_hosts(entry)]
    if users:
        raise InvalidOption(
            "name", name, f"it is the jump host of {listed(users, ', ')}.", "Give them another jump_host first."
        )
    after = edit.without_host(text, name)
    return edit.with_default_host(after, None) if found.default_host == name else after
