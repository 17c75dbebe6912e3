# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes a network anew so that no container loses its place in it, wherever that ends.

What was there is written into a journal on the host before anything is touched (``resources/network/journal.py``), and
whoever finds a journal brings the containers back.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection
from typing import Any

from ....engine.differences.engine import Engine
from ....engine.protocol import Client
from ....errors import EngineError
from ...shared.work.answering import answers_again
from .. import endpoints, journal
from ..actual import Member, Network, found_by, members, network
from ..journal import Journal
from ..plan import body_of

Log = Callable[[str], None]

UNWRITTEN = (
    "The engine makes no volume in which it could be noted which containers are in {name} while it is remade, so an "
    "interruption would not have been made good: {problem}"
)


def read_network(client: Client, name: str, engine: Engine) -> Network | None:
    """The network of this name or ID, None when there is none."""
    description = client.networks.inspect_native(name)
    found = network(description, engine) if description is not None else None
    return found if found_by(name, found) else None


def read_in_dockers_words(client: Client, found: Network) -> dict[str, Any] | None:
    """What the engine says of a network in Docker's words; asked for where it was read in Podman's."""
    return client.networks.inspect(found.name) if client.engine.own_api else dict(found.description)


def read_members(client: Client, found: Network) -> tuple[Member, ...]:
    """All containers that are in a network. Those that don't run are in it too: they could not start without it."""
    return members(client.containers.list(all=True, filters={"network": [found.name]}), found)


def read_journal(client: Client, name: str) -> Journal | None:
    """What an interrupted remaking of the network has left."""
    return journal.read(client.volumes.list(journal.volume_filter(name)))


def new_journal(old: Network, members: tuple[Member, ...], before: Journal | None) -> Journal:
    """The journal of what is about to be done; it stands for an earlier one, too."""
    return journal.written(os.urandom(6).hex(), old, members, before)


def write_journal(client: Client, new: Journal, name: str, before: Journal | None, warn: Log) -> None:
    """Write it down, and forget the earlier one. Where the engine makes no volumes, that is said.

    :raises EngineError: its answer is lost.
    """
    try:
        client.volumes.create(journal.volume_body(new, name))
    except EngineError as error:
        if error.status is None:
            raise
        warn(UNWRITTEN.format(name=name, problem=error.message))
        return
    forget_journal(client, before)


def forget_journal(client: Client, old: Journal | None) -> None:
    """Remove a journal that has done its work."""
    for volume in old.volumes if old else ():
        try:
            client.volumes.remove(volume)
        except EngineError as error:
            if error.kind != "volume_missing":
                raise


def as_it_was(member: Member, engine: Engine) -> dict[str, Any]:
    """The settings with which a container comes back into its old network. Podman does not tell which addresses were
    asked for; there, all are kept.
    """
    return endpoints.settings(member, None, not engine.tells_fixed_addresses)


def connect_again(client: Client, name: str, member: Member, log: Log) -> bool:
    """Connect a container as it was; whether that worked."""
    try:
        client.networks.connect(name, member.id, as_it_was(member, client.engine))
    except EngineError as error:
        log(f"{name}: {member.name} could not be connected again: {error.message}")
        return False
    return True


# What the engines say of a new network, in lower case, and what to do then.
_OTHER_SUBNET = "Give a subnet in ipam_config of which no other network of the host has a part."
_HINTS = {
    "ipv6 address pool": "Give an IPv6 subnet in ipam_config: Docker before 27 assigns none.",
    "pool overlaps": _OTHER_SUBNET,
    "already used on the host": _OTHER_SUBNET,
}


def hint(error: EngineError) -> str:
    """The engine's own, or what is known to help."""
    said = error.message.lower()
    return error.hint or next((remedy for words, remedy in _HINTS.items() if words in said), "")


class Recreation:
    """One remaking. Brings back the old network when the new one, or a container's place in it, is refused.

    :param off: the IDs of those of the members that an interrupted remaking has taken off already.
    :param gone: that it had removed the old network, too.
    :param before: the journal that it has left.
    """

    def __init__(
        self,
        client: Client,
        old: Network,
        members: tuple[Member, ...],
        log: Log,
        warn: Log,
        *,
        off: Collection[str] = (),
        gone: bool = False,
        before: Journal | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._engine = client.engine
        self._old = old
        self._members = members
        self._log = log
        self._warn = warn
        self._off = off
        self._gone = gone
        self._sleep = sleep
        self._journal = new_journal(old, members, before)
        self._before = before

    def run(self, body: dict[str, Any], pools: Any, keep_addresses: bool) -> None:
        """Do it.

        :raises EngineError: with the engine's words, and whether the old network is back; or whose place is lost.
        """
        name = self._old.name
        write_journal(self._client, self._journal, name, self._before, self._warn)
        try:
            for member in self._members:
                if member.id not in self._off:
                    self._client.networks.disconnect(name, member.id, force=True)
            if not self._gone:
                self._client.networks.remove(self._old.id)
            self._client.networks.create(self._labelled(body))
            for member in self._members:
                self._client.networks.connect(name, member.id, endpoints.settings(member, pools, keep_addresses))
        except EngineError as error:
            raise self._undone(error) from error
        forget_journal(self._client, self._journal)

    def _labelled(self, body: dict[str, Any]) -> dict[str, Any]:
        if "ConfigFrom" in body:  # Docker takes all labels from there
            return body
        return {**body, "Labels": {**body["Labels"], journal.REMADE_LABEL: self._journal.token}}

    def _undone(self, error: EngineError) -> EngineError:
        """The failure to report, after everything has been put back."""
        name, names = self._old.name, ", ".join(member.name for member in self._members) or "none"
        lost = error.status is None
        if lost and not answers_again(self._client, self._sleep):
            error.hint = (
                f"The network {name} was being remade, and these containers may be in no network {name} now: {names}. "
                "Run the task again, and they are connected as they were."
            )
            return error
        message = f"The network {name} could not be recreated: {error.words}. {self._put_back(names)}"
        kind = "engine_error" if lost else error.kind
        return EngineError(message, error.status, hint(error), kind)

    def _put_back(self, names: str) -> str:
        """Bring back what was there; what came of it, in words. It is looked at first, for an answer may be lost."""
        client, name = self._client, self._old.name
        again = "Run the task again, and they are connected as they were."
        try:
            found = read_network(client, name, self._engine)
            if found is not None and self._is_new(found):
                for member in read_members(client, found):
                    client.networks.disconnect(name, member.id, force=True)
                client.networks.remove(name)
                found = None
            if found is None:
                client.networks.create_again(body_of(self._old), self._old.description)
                found = read_network(client, name, self._engine)
            inside = {member.id for member in read_members(client, found)} if found else set()
        except EngineError as error:
            return f"The old one could not be brought back: {error.words}. Containers that were in it: {names}. {again}"
        out = [member for member in self._members if member.id not in inside]
        lost = [member.name for member in out if not connect_again(client, name, member, self._log)]
        if lost:
            return f"The old one is back, but without these containers: {', '.join(lost)}. {again}"
        try:
            forget_journal(client, self._journal)
        except EngineError as error:
            self._log(f"{name}: {error.message}")
        return "The old one is back, with its containers."

    def _is_new(self, found: Network) -> bool:
        """Podman makes a network's ID of its name, so the label tells; where there can be none, the ID does."""
        if found.config_from:
            return found.id != self._old.id
        return found.labels.get(journal.REMADE_LABEL) == self._journal.token
