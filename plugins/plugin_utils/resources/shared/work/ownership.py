# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One owner at a time for each object that is changed: the other runs wait, and then plan anew.

Runs of one controller are kept apart by a lock that the kernel gives back when its holder ends; runs of several
controllers by marks on the host (``resources/shared/ownership.py``). A run owns a thing when its own mark is there and
no other that lives: it looks after it has made its own, so of two that come at once one sees the other, or both do, and
then both step back for a moment.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from ....engine.protocol import Client
from ....errors import EngineError
from ....hosts.login_name import login_name
from ....session.session import Lock, Session
from ..ownership import FILTER, Mark, Owner, Thing, Watch, each_once, marks, volume_body, volume_name
from . import patience
from .patience import Log, Pace, Waiting


class Controller(Protocol):
    """What the runs of one user on one controller share; a session has it."""

    def lock(self, about: str) -> Lock:
        """The lock about something that the words name, not yet taken."""

    def salt(self) -> str:
        """A secret, the same in all runs."""


class Owners:
    """Owners of the things of one engine.

    :param client: an EngineClient.
    :param controller: this controller's locks and its salt.
    :param place: what makes the engine this one, as this controller calls it: host, port and socket.
    :param log: gets a line about whom somebody waits for.
    :param tell: gets it once that takes long.
    """

    def __init__(
        self,
        client: Client,
        controller: Controller,
        place: str,
        log: Log,
        pace: Pace | None = None,
        tell: Log | None = None,
    ) -> None:
        self.client = client
        self.controller = controller
        self.place = place
        self.log = log
        self.tell = tell or log
        self.pace = pace or Pace()
        self._markings: list[_Marking] = []

    @contextlib.contextmanager
    def owning(self, things: Iterable[Thing]) -> Iterator[None]:
        """Own all these things. All take their locks in the same order, and marks at once or not at all, so that nobody
        waits for one that waits for him.

        :raises EngineError: kind ``busy``: somebody else changes one of them for too long.
        :raises SshError: the lock's file can't be made.
        """
        with contextlib.ExitStack() as stack:
            ordered = sorted(each_once(things))
            for thing in ordered:
                stack.enter_context(self._locked(thing))
            if marked := [thing for thing in ordered if thing.marked]:
                marking = _Marking(self, marked)
                stack.enter_context(marking.marked())
                self._markings.append(marking)
                stack.callback(self._markings.remove, marking)
            for thing in ordered:
                if thing.shared and not thing.marked:
                    self.unmarked(thing)
            yield

    def settled(self, thing: Thing) -> bool:
        """Wait until nobody changes a thing; whether there was somebody.

        :raises EngineError: as with :meth:`owning`.
        """
        began, found = patience.seconds(), self._others(thing)
        if not found:
            return False
        with self.owning([thing]):
            self.log(f"The {thing} was changed for {patience.seconds() - began:.0f} seconds more.")
        return True

    def unmarked(self, thing: Thing) -> bool:
        """Wait until no other controller changes a thing that only has to stay as it is; whether one did. Whoever asks
        has the lock about it.

        :raises EngineError: as with :meth:`owning`.
        """
        watch, waiting, own = Watch(self.pace.lapse), self.waiting(str(thing)), self.owner()
        waited = False
        while about := [mark for mark in self.found() if mark.is_about(thing)]:
            if not (living := watch.living(about, own, patience.seconds())):
                for mark in about:
                    self.remove(self.client, mark.volume)
                break
            waiting.on(living[0].owner.who)
            waited = True
        return waited

    def remove(self, client: Client, volume: str) -> bool:
        """Remove a mark; whether it is gone."""
        try:
            with client.changing():  # a mark is no step: it belongs to whoever does the steps
                client.volumes.remove(volume)
        except EngineError as error:
            if error.kind != "volume_missing":
                self.log(f"The mark {volume} stays for now: {error}")
                return False
        return True

    def require(self) -> None:
        """Go on only while what is owned is.

        :raises EngineError: kind ``busy``: others may have taken over.
        """
        for marking in self._markings:
            marking.require()

    def owner(self) -> Owner:
        """This run, for one change. Two names of one host are two controllers: their locks have two names."""
        here = f"{self.controller.salt()} {socket.gethostname()} {self.place}"
        controller = hashlib.sha256(here.encode()).hexdigest()[:16]
        return Owner(os.urandom(6).hex(), controller, f"{_user()}@{socket.gethostname()}, process {os.getpid()}")

    def lock(self, thing: str) -> Lock:
        """This controller's lock about a thing."""
        return self.controller.lock(f"changing {thing} of {self.place}")

    def waiting(self, what: str) -> Waiting:
        """What somebody who waits for something goes by."""
        return Waiting(what, self.pace, self.log, self.tell)

    def found(self) -> list[Mark]:
        """All marks on the host."""
        return marks(self.client.volumes.list(FILTER))

    def _others(self, thing: Thing) -> bool:
        lock = self.lock(str(thing))
        if not lock.acquire(wait=False):
            return True
        with _removed(lock):
            return any(mark.is_about(thing) for mark in self.found())

    @contextlib.contextmanager
    def _locked(self, thing: Thing) -> Iterator[None]:
        lock, waiting = self.lock(str(thing)), self.waiting(str(thing))
        while not lock.acquire(wait=False, shared=thing.shared):
            waiting.on(f"another run here ({lock.noted() or 'which has just begun'})")
        lock.note(f"{_user()}, process {os.getpid()}")
        with _removed(lock):
            yield


class _Marking:
    """The marks on the host of one change of all these things."""

    def __init__(self, owners: Owners, things: Sequence[Thing]) -> None:
        self._owners = owners
        self._client = owners.client
        self._pace = owners.pace
        self._things = things
        self._what = f"{things[0]}{f' and {len(things) - 1} more' if len(things) > 1 else ''}"
        self._own = owners.owner()
        self._number = 0
        self._there: list[str] = []
        self._renewed = 0.0
        self._ended = threading.Event()

    @contextlib.contextmanager
    def marked(self) -> Iterator[None]:
        """Own the thing among all controllers. Where the engine makes no volumes, only this controller's runs are kept
        apart; a word at -vvv says so.
        """
        beating = threading.Thread(target=self._beat, daemon=True)
        try:
            self._acquire_if_possible()
            beating.start()
            yield
        finally:
            self._ended.set()
            if beating.ident is not None:
                beating.join()
            self._take_away(self._client)

    def require(self) -> None:
        """Go on only while nobody can have taken over.

        :raises EngineError: kind ``busy``: this run was stopped, or its signs of life did not arrive, for too long.
        """
        if self._there and patience.seconds() - self._renewed > self._pace.lapse:
            raise EngineError(
                f"This run could not show for {self._pace.lapse:g} seconds that it still changes the {self._what}, so "
                "another one may have taken over, and it goes no further.",
                hint="Run the task again.", kind="busy",
            )  # fmt: skip

    def _acquire_if_possible(self) -> None:
        try:
            self._acquire()
        except EngineError as error:
            if error.status is None:  # a lost answer, or somebody else's change that does not end
                raise
            self._owners.log(f"No mark could be made on the host, so other controllers are not kept off: {error}")

    def _acquire(self) -> None:
        watch, waiting = Watch(self._pace.lapse), self._owners.waiting(self._what)
        self._put(self._client)
        while True:
            found = self._owners.found()
            about = [mark for mark in found if mark.is_about(*self._things)]
            living = watch.living(about, self._own, patience.seconds())
            if not living and self._there:
                self._sweep(found)
                return
            if living:
                self._take_away(self._client)
                waiting.on(living[0].owner.who)
            else:
                self._put(self._client)

    def _put(self, client: Client) -> None:
        self._number += 1
        began = patience.seconds()
        self._there.append(volume_name(self._own, self._number))  # also if the answer gets lost
        with client.changing():
            client.volumes.create(volume_body(self._own, self._things, self._number))
        self._renewed = began

    def _take_away(self, client: Client, keep: str = "") -> None:
        for name in [name for name in self._there if name != keep]:
            if self._owners.remove(client, name):
                self._there.remove(name)

    def _sweep(self, found: list[Mark]) -> None:
        """Remove the marks of owners that are gone: all others about these things, and of those about other things what
        runs of this controller have left, which had locks that nobody holds any more.
        """
        for mark in found:
            if mark.owner.run == self._own.run:
                continue
            if mark.is_about(*self._things):
                self._owners.remove(self._client, mark.volume)
            elif mark.owner.controller == self._own.controller:
                lock = self._owners.lock(mark.about.partition("\n")[0])
                if lock.acquire(wait=False):
                    with _removed(lock):
                        self._owners.remove(self._client, mark.volume)

    def _beat(self) -> None:
        """Show that this run lives, from a thread, for the next request may take an hour. Once it has been silent for
        too long (the process was stopped, the engine did not answer), others may have taken over: it stays silent.
        """
        client = None
        try:
            while not self._ended.wait(self._pace.beat):
                if not self._there or patience.seconds() - self._renewed > self._pace.lapse / 2:
                    continue
                try:
                    client = client or self._client.another(self._pace.lapse / 3)
                    self._put(client)
                    self._take_away(client, keep=self._there[-1])
                except EngineError as error:
                    self._owners.log(f"The mark about the {self._what} could not be renewed: {error}")
        finally:
            if client is not None:
                client.close()


@contextlib.contextmanager
def _removed(lock: Lock) -> Iterator[None]:
    """Give a lock back in the end, and leave no file."""
    try:
        yield
    finally:
        try:
            lock.remove_unless_shared()
        finally:
            lock.release()


def _user() -> str:
    return login_name() or f"uid {os.getuid()}"


def owners_of(session: Session, log: Log, tell: Log) -> Owners:
    """The owners of the things of a session's engine."""
    return Owners(session.client, session, session.place, log, tell=tell)


def owning(owners: Owners | None, things: Iterable[Thing]) -> contextlib.AbstractContextManager[None]:
    """Own these things inside, as ``owners.owning`` does; nobody is kept off where there are no owners."""
    return owners.owning(things) if owners is not None else contextlib.nullcontext()
