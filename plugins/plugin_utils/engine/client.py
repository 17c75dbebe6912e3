# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One engine behind one Unix socket: the requests that the actions make, the same for Podman and Docker.

Every request raises EngineError (kinds in ``failures.py``). Names and references are checked before they come here.
Where an engine does something else than Docker with the same request, ``differences`` says so and the request makes up
for it. The requests about one kind of thing are a group, in a file of their own; all go over one ``Wire``.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from ..errors import EngineError
from .archives import Archives
from .bounds import Limits
from .containers import Containers
from .differences.engine import Engine
from .events import Events
from .execs import Execs
from .identity import EngineIdentity, is_rootless
from .images import Images
from .kube import Kube
from .networks import Networks
from .permission import Permission
from .pods import Pods
from .protocol import Auth
from .registries import Registries
from .secrets import Secrets
from .system import System
from .volumes import Volumes
from .wire import Log, Wire, quiet

if TYPE_CHECKING:
    from typing import Self

    from .protocol import Client


class EngineClient:
    """A client of one engine: ``client.containers.start("web")``. With ``identity`` (remembered with the tunnel) making
    one costs no request.

    ``socket_path`` is a local Unix socket; ``timeout`` is in seconds, for each answer as a whole, of a stream for each
    silence; ``log`` gets one line for each warning of the engine; ``where`` names socket and host in errors that are
    not in the engine's own words; ``limits`` are those of one answer; ``guarded`` lets requests that change something
    go out inside ``changing`` only; ``permission`` is that of another client, to be shared; ``asks_for_root`` has an
    engine that is not remembered asked whether it runs without root. Raises EngineError, also when the docker SDK is
    missing (kind ``controller``).
    """

    def __init__(
        self,
        socket_path: str,
        *,
        timeout: float = 60,
        identity: EngineIdentity | None = None,
        log: Log = quiet,
        where: str = "",
        limits: Limits = Limits(),  # noqa: B008 - it is frozen
        guarded: bool = False,
        permission: Permission | None = None,
        asks_for_root: bool = False,
    ) -> None:
        self.wire = wire = Wire(
            socket_path,
            timeout=timeout,
            identity=identity,
            log=log,
            where=where,
            limits=limits,
            permission=permission or Permission(guarded),
        )
        self.system = System(wire)
        self.containers = Containers(wire)
        self.execs = Execs(wire)
        self.archives = Archives(wire)
        self.images = Images(wire)
        self.networks = Networks(wire)
        self.volumes = Volumes(wire)
        self.secrets = Secrets(wire)
        self.pods = Pods(wire)
        self.kube = Kube(wire)
        self.registries = Registries(wire)
        self.events = Events(wire)
        if asks_for_root and identity is None:
            wire.learn(rootless=is_rootless(self.system.info()))

    @property
    def identity(self) -> EngineIdentity:
        """Who answers there."""
        return self.wire.identity

    @property
    def engine(self) -> Engine:
        """What this engine does otherwise than others."""
        return self.wire.engine

    @property
    def timeout(self) -> float:
        """Seconds that an answer may take."""
        return self.wire.timeout

    @property
    def warned(self) -> list[str]:
        """The engine's warnings so far."""
        return self.wire.warned

    @property
    def answered(self) -> bool:
        """Whether the engine has said anything."""
        return self.wire.answered

    @property
    def may_have_changed(self) -> bool:
        """Whether a request that changes something has gone out, whatever came of it."""
        return self.changes > 0

    @property
    def changes(self) -> int:
        """How many requests that change something have gone out, whatever came of them."""
        return self.wire.changes

    @property
    def credentials(self) -> Callable[[str], Auth | None]:
        """Gives the credentials for a registry (its host), where there was a login; see remote_login."""
        return self.wire.credentials

    @credentials.setter
    def credentials(self, credentials: Callable[[str], Auth | None]) -> None:
        self.wire.credentials = credentials

    def changing(self) -> AbstractContextManager[None]:
        """Inside, requests that change something may go out, from whatever thread, and from clients made by
        ``another`` too. Outside, a guarded client raises UnpermittedChange for them.
        """
        return self.wire.permission.changing()

    def another(self, timeout: float) -> Self:
        """A client of the same engine with connections of its own, for another thread; costs no request."""
        wire = self.wire
        made = type(self)(
            wire.socket_path,
            timeout=timeout,
            identity=wire.identity,
            where=wire.where,
            limits=wire.limits,
            permission=wire.permission,
        )
        made.credentials = wire.credentials
        return made

    def unreadable(self, problem: Exception) -> EngineError:
        """The error for an answer of the right shape that can't be read all the same, where reading it failed so."""
        return self.wire.unreadable(problem)

    def close(self) -> None:
        """Close the connections; the client cannot be used any more."""
        self.wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


if TYPE_CHECKING:

    def _is_a_client(client: EngineClient) -> Client:
        return client
