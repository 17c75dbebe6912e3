# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A session with one host's engine, over a connection to the host. Sessions are opened and closed here.

This imports neither Ansible nor resources: any plugin opens a session with a target and settings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from ..engine.bounds import MIB, Limits
from ..engine.client import EngineClient
from ..engine.identity import EngineIdentity
from ..errors import EngineError, SshError
from ..ssh.address.target import SshTarget
from ..ssh.command.host_command import SESSION_WITHIN
from ..ssh.command.sudo import Become
from ..ssh.transport import Dialed, Finished, Lock, Transport, open_transport
from .dialing import Dialing
from .listeners import SSH_PORT
from .settings import ConnectionSettings

__all__ = ["WELL_KNOWN_SOCKETS", "Finished", "Lock", "Session", "open_session"]

# Root's sockets, in the order in which ``engine: auto`` tries them.
WELL_KNOWN_SOCKETS = {"podman": "/run/podman/podman.sock", "docker": "/var/run/docker.sock"}

SOON = 10.0  # seconds within which an engine that works answers a ping

Log = Callable[[str], None]


class Connect(Protocol):
    """Makes the connection to a host; see ``open_transport``."""

    def __call__(self, target: SshTarget, log: Log, *, idle: int, retries: int) -> Transport: ...


@dataclass
class Session:
    """What a task works with: the engine's client, who that engine is, and the connection to its host.

    ``dialing`` and ``dialed`` are None where the socket is forwarded.
    """

    client: EngineClient
    identity: EngineIdentity
    socket: str
    transport: Transport
    settings: ConnectionSettings
    dialing: Dialing | None = None
    dialed: Dialed | None = None

    def engine(self) -> dict[str, str]:
        """The ``engine`` of every result: {name, version, api_version, socket}."""
        return {
            "name": self.identity.name,
            "version": self.identity.version,
            "api_version": self.identity.api_version,
            "socket": self.socket,
        }

    @property
    def place(self) -> str:
        """What makes the engine this one, as this controller calls it: its socket, and the host's name and port."""
        target = self.transport.target
        return f"{self.socket} on {target.host.lower()} {target.port or SSH_PORT}"

    @property
    def problem(self) -> SshError | None:
        """Why the engine could not be dialed, as far as it is known without looking; None where it is not known, or
        nothing is wrong.
        """
        return self.dialed.problem if self.dialed else None

    def diagnose(self) -> SshError:
        """The error to raise for a request that got no answer."""
        if self.dialed and self.dialing:
            return self.problem or self.dialing.diagnose(self.socket)
        return self.transport.diagnose(self.socket)

    def answers(self) -> bool:
        """Whether the engine answers now."""
        try:
            self.client.system.ping(SOON)
        except EngineError:
            return False
        return True

    def run_on_host(
        self,
        argv: list[str],
        stdin: str,
        timeout: float,
        *,
        become: Become | None = None,
        session_within: float = SESSION_WITHIN,
    ) -> Finished:
        """Run a command on the host to its end, as the login user or as another one.

        :param timeout: seconds; ``returncode`` is None when the command does not end in time.
        :param session_within: seconds to wait for a session where sshd opens no further one.
        :raises SshError: it can't be run.
        """
        return self.transport.run(argv, stdin, timeout, become=become, session_within=session_within)

    def remember(self, key: str, value: Any) -> None:
        """Keep a JSON value for as long as the connection to the host lives; None forgets it."""
        self.transport.remember(key, value)

    def recall(self, key: str) -> Any:
        """What was remembered under the key, None when there is nothing."""
        return self.transport.recall(key)

    def lock(self, about: str) -> Lock:
        """This controller's lock about something that the words name, not yet taken."""
        return self.transport.lock(about)

    def salt(self) -> str:
        """A secret of this user's on this controller, the same in all runs."""
        return self.transport.salt()

    def forget_engine(self) -> None:
        """Drop what is remembered of the engine: another one may listen on the socket by now."""
        self.transport.remember(_memory_key(self.settings), None)

    def close(self) -> None:
        """End what is this session's own; a connection to the host that can outlive this process stays for the next
        one.
        """
        self.client.close()
        if self.dialed:
            self.dialed.close()
        self.transport.leave()


def _silent(_message: str) -> None:
    """Log nothing."""


def open_session(
    target: SshTarget, settings: ConnectionSettings, log: Log = _silent, connect: Connect | None = None
) -> Session:
    """Connect to the host, or find the connection that is there, and find the engine.

    :param log: gets a line about each step that takes time or was not planned.
    :param connect: makes the connection; None for the one that the settings say.
    :raises SshError: the host is not reachable, or no engine's socket is (with the diagnosis).
    :raises EngineError: the engine answers, but not as it should.
    :raises InvalidOption: dialing is needed, and become is by another method than sudo.
    """
    connect = connect or partial(open_transport, client=settings.client)
    transport = connect(target, log, idle=settings.tunnel_idle, retries=settings.tunnel_retries)
    try:
        return _found(transport, settings, log)
    except BaseException:
        transport.leave()
        raise


def _found(transport: Transport, settings: ConnectionSettings, log: Log) -> Session:
    """A session with the engine over a connection to its host; see ``open_session``."""
    opener = _Opener(transport, settings, log)
    key = _memory_key(settings)
    remembered = transport.recall(key)
    if remembered:
        return opener.again(remembered)
    session = opener.find()
    _require_wanted(session, settings, transport.target)
    found = {"socket": session.socket, "identity": session.identity.to_dict()}
    transport.remember(key, {**found, "dial": session.dialed.argv} if session.dialed else found)
    return session


def _memory_key(settings: ConnectionSettings) -> str:
    key = f"engine {settings.engine} {settings.engine_socket or ''}"
    if settings.way == "forward" or (settings.way == "auto" and settings.become is None):
        return key
    return f"{key} {settings.way} {settings.become.user if settings.become else ''}"


def _candidates(settings: ConnectionSettings) -> list[str]:
    if settings.engine_socket:
        return [settings.engine_socket]
    if settings.engine != "auto":
        return [WELL_KNOWN_SOCKETS[settings.engine]]
    return list(WELL_KNOWN_SOCKETS.values())


class _Opener:
    """Opens a session over a transport: finds the engine's socket, and the way to it."""

    def __init__(self, transport: Transport, settings: ConnectionSettings, log: Log) -> None:
        self._transport = transport
        self._settings = settings
        self._log = log
        self._dialing = Dialing(transport, settings.become, log)

    def again(self, remembered: dict[str, object]) -> Session:
        """A session with the engine that an earlier task found, in the way that it took. It costs no request."""
        identity = EngineIdentity.from_dict(dict(remembered["identity"]))  # type: ignore[call-overload]
        words = remembered.get("dial")
        if isinstance(words, list):
            return self._dialed(str(remembered["socket"]), words, identity)
        return self._forwarded(str(remembered["socket"]), identity)

    def find(self) -> Session:
        """A session with the first engine that is there. The next socket is tried only where the one before does not
        exist; a socket that exists and fails is a failure.
        """
        missing: list[SshError] = []
        for socket in _candidates(self._settings):
            try:
                return self._open(socket)
            except SshError as error:
                if error.kind != "socket_missing":
                    raise
                missing.append(error)
        if len(missing) == 1:
            raise missing[0]
        raise SshError(
            "socket_missing",
            " ".join(problem.message for problem in missing),
            "Set up an engine with the playbook sshfleet.containers.setup_server, "
            "or name the socket's path in engine_socket.",
        )

    def _open(self, socket: str) -> Session:
        if self._settings.way == "dial":
            return self._dialed(socket, self._dialing.choose(socket))
        try:
            return self._forwarded(socket)
        except EngineError as error:
            if error.kind != "no_answer":
                raise
            may_dial = self._settings.way == "auto" and self._settings.become is not None
            diagnosis = self._transport.diagnose(socket, retire=not may_dial)
            if not may_dial or diagnosis.kind != "socket_denied":
                raise diagnosis from error
        self._log(f"{diagnosis.message} So it is dialed.")
        return self._dialed(socket, self._dialing.choose(socket))

    def _forwarded(self, socket: str, identity: EngineIdentity | None = None) -> Session:
        client = self._client(socket, self._transport.forward(socket), identity)
        return Session(client, client.identity, socket, self._transport, self._settings)

    def _dialed(self, socket: str, words: list[str], identity: EngineIdentity | None = None) -> Session:
        dialed = self._dialing.dialed(words)
        try:
            client = self._client(socket, dialed.path, identity)
        except BaseException as error:
            dialed.close()
            if isinstance(error, EngineError) and error.kind == "no_answer":
                raise dialed.problem or self._dialing.diagnose(socket) from error
            raise
        return Session(client, client.identity, socket, self._transport, self._settings, self._dialing, dialed)

    def _client(self, socket: str, path: str, identity: EngineIdentity | None) -> EngineClient:
        where = f"{socket} on {self._transport.target.display}"
        settings = self._settings
        limits = Limits(size=settings.engine_answer_limit * MIB, depth=settings.engine_answer_depth)
        return EngineClient(
            path,
            timeout=settings.engine_timeout,
            identity=identity,
            log=self._log,
            where=where,
            limits=limits,
            guarded=True,  # the runner of steps gives the permission
            asks_for_root=socket not in WELL_KNOWN_SOCKETS.values(),
        )


def _require_wanted(session: Session, settings: ConnectionSettings, target: SshTarget) -> None:
    if settings.engine in ("auto", session.identity.name):
        return
    session.close()
    raise EngineError(
        f"{target.name or target.host}: {session.socket} is served by {session.identity.name} "
        f"{session.identity.version}, but engine={settings.engine} was asked for.",
        hint=f"Set engine to {session.identity.name} or auto, or name the other engine's socket in engine_socket.",
        kind="engine_mismatch",
    )
