# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ships one image to many hosts, from a host or from an archive of the controller, without a registry."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ....engine.protocol import Client
from ....engine.wire import UNREADABLE
from ....errors import EngineError, FleetError, InvalidOption
from ....session.session import Session
from ....telling import listed
from ...image import likeness
from ...image.archive import Cargo, find
from ...image.result import prefixed
from ...image.work import archive as image_archive
from ...image.work.names import exact_name, image_by_id, named_image
from ...shared.image_names import is_id, short_id
from ...shared.work.runner import Runner
from .. import options as ship
from ..leaving_out import LeavingOut
from ..options import Shipment
from ..plan import plan, step
from .feeding import feed

AT_ONCE = 16  # hosts that are asked at a time what they have

Open = Callable[[], Session]
Log = Callable[[str], None]


class HostSource:
    """The image of a host.

    :raises EngineError: kind ``image_missing``.
    """

    def __init__(self, session: Session, shipment: Shipment) -> None:
        self._client, self._name = session.client, exact_name(session.client, shipment.name)
        image = self._client.images.inspect(self._name)
        if image is None:
            raise EngineError(
                f"There is no image {shipment.name} on {shipment.source}, which it is to be shipped from.", 404,
                "Pull, build or load it there first: see remote_image.", "image_missing",
            )  # fmt: skip
        layers = tuple((image.get("RootFS") or {}).get("Layers") or ())
        identity = short_id(str(image["Id"]))
        self.cargo = Cargo(
            identity, frozenset({identity}), layers, ship.entries_of(layers), int(image.get("Size") or 0),
            likeness.of_image(image), likeness.kept_by_manifest(image),
        )  # fmt: skip

    @contextlib.contextmanager
    def opened(self, _clients: Collection[Client]) -> Iterator[Iterator[bytes]]:
        """The archive in pieces."""
        with self._client.images.save([self._name]) as chunks:
            yield chunks


class ArchiveSource:
    """An archive of the controller.

    :raises InvalidOption: it has no such image.
    """

    def __init__(self, shipment: Shipment) -> None:
        self._path = str(shipment.path)
        archived = image_archive.read_archive(self._path)
        wanted = find(archived or (), shipment.name)
        if wanted is None:
            held = listed(sorted(tag for one in archived or () for tag in one.tags)) or "no image that can be read"
            raise InvalidOption(
                "path", self._path, f"it has no image {shipment.name}, but {held}.", "Correct name or path."
            )
        self._archived = archived or ()
        self.cargo = image_archive.cargo(self._path, wanted)

    @contextlib.contextmanager
    def opened(self, clients: Collection[Client]) -> Iterator[Iterator[bytes]]:
        """The archive in pieces, as all of these engines can read it."""
        engines = [client.engine for client in clients]
        yield image_archive.for_engines("path", self._path, self._archived, engines)


@dataclass
class Target:
    """One target: the way to it, what it needs, and how it went. ``sent`` and ``skipped`` are bytes."""

    name: str
    session: Session | None = None
    action: str = ship.PRESENT
    before: str | None = None
    left_out: frozenset[str] = frozenset()
    sent: int = 0
    skipped: int = 0
    seconds: float = 0.0
    error: FleetError | None = None

    @property
    def client(self) -> Client:
        if self.session is None:
            raise RuntimeError(f"{self.name} was never reached")  # then there is an error, and nobody asks
        return self.session.client


class Shipping:
    """One shipment. ``ways`` opens a session to each target, ``runners`` gives what does the steps on it."""

    def __init__(
        self,
        shipment: Shipment,
        source: HostSource | ArchiveSource,
        ways: Mapping[str, Open],
        log: Log,
        runners: Callable[[Session], Runner] = lambda session: Runner(session.client, lambda _line: None),
    ) -> None:
        self._shipment = shipment
        self._source = source
        self._cargo: Cargo = source.cargo
        self._ways = ways
        self._log = log
        self._runners = runners
        self.targets: list[Target] = []

    def run(self, *, check_mode: bool) -> list[Target]:
        """Bring the image to all targets; how it went with each."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            self.targets = list(pool.map(self._looked_at, self._ways))
        try:
            planned = plan(self._shipment.name, {one.name: one.action for one in self._well()})
            if not check_mode:
                wanting = {one.args["target"] for one in planned.steps if one.action == ship.SHIP}
                self._ship([one for one in self.targets if one.name in wanting])
                for one in self._well():
                    self._attempt(one, self._settle)
        finally:
            for one in self.targets:
                if one.session is not None:
                    one.session.close()
        return self.targets

    def _well(self) -> list[Target]:
        return [one for one in self.targets if one.error is None]

    def _looked_at(self, name: str) -> Target:
        """What the target has, and so needs."""
        target = Target(name)
        self._attempt(target, self._look)
        return target

    def _look(self, target: Target) -> None:
        target.session = self._ways[target.name]()
        client = target.client
        named = named_image(client, self._shipment.name)
        target.before = prefixed(str(named["Id"])) if named else None
        target.action = ship.action(self._cargo, named, None)
        if target.action == ship.PRESENT:
            return
        target.action = ship.action(self._cargo, named, image_by_id(client, self._cargo.ids))
        if target.action == ship.SHIP and self._cargo.entries:
            images = (client.images.inspect(image["Id"]) for image in client.images.list())
            chained = not client.engine.reuses_single_layers
            known = ship.known_layers(self._cargo, (image for image in images if image), chained=chained)
            target.left_out = ship.left_out(self._cargo, known)

    def _ship(self, targets: Sequence[Target]) -> None:
        """Read the source once for all of them; whoever did not manage with what it has gets everything."""
        self._pass(targets)
        again = [one for one in targets if one.error is not None and one.left_out and not _is_gone(one.error)]
        for one in again:
            self._log(f"{one.name}: {one.error}: so it gets all layers.")
            one.error, one.left_out = None, frozenset()
        self._pass(again)

    def _pass(self, targets: Sequence[Target]) -> None:
        if not targets:
            return
        began = time.monotonic()
        with self._source.opened([one.client for one in targets]) as chunks:
            errors = feed(chunks, [self._taking(one, began) for one in targets])
        for one, error in zip(targets, errors, strict=True):
            if error is not None and not isinstance(error, FleetError):
                raise error
            one.error = error

    def _doing(self, target: Target, action: str) -> contextlib.AbstractContextManager[None]:
        """Within a step on a target's engine."""
        if target.session is None:
            raise RuntimeError(f"{target.name} was never reached")
        return self._runners(target.session).doing(step(self._shipment.name, target.name, action))

    def _taking(self, target: Target, began: float) -> Callable[[Iterable[bytes]], None]:
        leaving = LeavingOut(target.left_out)

        def counted(pieces: Iterable[bytes]) -> Iterator[bytes]:
            for piece in leaving.through(pieces):
                target.sent += len(piece)
                yield piece

        def take(pieces: Iterable[bytes]) -> None:
            try:
                with self._doing(target, ship.SHIP):
                    target.client.images.load(counted(pieces))
            finally:
                target.skipped = leaving.left_out
                target.seconds = time.monotonic() - began

        return take

    def _settle(self, target: Target) -> None:
        """Give the image its name where the archive has not, and look that it is the very image.

        :raises EngineError: it is not.
        """
        if target.action == ship.PRESENT:
            return
        client, name = target.client, self._shipment.name
        named = named_image(client, name)
        if ship.action(self._cargo, named, None) != ship.PRESENT:
            found = image_by_id(client, self._cargo.ids)
            if found is not None and not is_id(name):
                with self._doing(target, ship.TAG):
                    client.images.tag(found["Id"], exact_name(client, name))
                named = named_image(client, name)
        if ship.action(self._cargo, named, None) != ship.PRESENT:
            came = prefixed(str(named["Id"])) if named else "nothing"
            raise EngineError(
                f"The image {name} was loaded, and its ID is not that of the source: {came} instead of "
                f"{prefixed(self._cargo.id)}.",
                hint="Ship it again; if that does not help, look at the engine's log.",
            )

    @staticmethod
    def _attempt(target: Target, action: Callable[[Target], None]) -> None:
        try:
            action(target)
        except FleetError as error:
            target.error = error
        except UNREADABLE as problem:
            if target.session is None:
                raise
            target.error = target.client.unreadable(problem)


def _is_gone(error: FleetError) -> bool:
    return isinstance(error, EngineError) and error.unanswered
