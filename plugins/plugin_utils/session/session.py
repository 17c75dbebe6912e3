# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A session: one target's tunnel with the engine that answers behind it, forwarded or dialed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..engine.bounds import MIB, Limits
from ..engine.client import EngineClient
from ..engine.identity import EngineIdentity
from ..errors import EngineError, SshError
from ..ssh.address.target import SshTarget
from ..ssh.command.dial import Dialer
from ..ssh.tunnel.tunnel import Tunnel, TunnelSettings, open_tunnel
from . import logins
from .dialing import Dialing
from .settings import ConnectionSettings

# Root's sockets, in the order in which ``engine: auto`` tries them.
WELL_KNOWN_SOCKETS = {"podman": "/run/podman/podman.sock", "docker": "/var/run/docker.sock"}

SOON = 10.0  # seconds within which an engine that works answers a ping

Log = Callable[[str], None]


@dataclass
class Session:
    """What a task works with: the engine's client, who that engine is, and the way to it.

    ``dialing`` and ``dialer`` are None where the socket is forwarded.
    """

    client: EngineClient
    identity: EngineIdentity
    socket: str
    tunnel: Tunnel
    dialing: Dialing | None = None
    dialer: Dialer | None = None

    def engine(self) -> dict[str, str]:
        """The ``engine`` of every result: {name, version, api_version, socket}."""
        return {
            "name": self.identity.name,
            "version": self.identity.version,
            "api_version": self.identity.api_version,
            "socket": self.socket,
        }

    @property
    def problem(self) -> SshError | None:
        """Why the engine could not be dialed, as far as that is known without looking."""
        return self.dialer.problem if self.dialer else None

    def diagnose(self) -> SshError:
        """Why a request got no answer: the error to raise."""
        if self.dialer and self.dialing:
            return self.problem or self.dialing.diagnose(self.socket)
        return self.tunnel.diagnose(self.socket)

    def answers(self) -> bool:
        """Whether the engine answers now."""
        try:
            self.client.system.ping(SOON)
        except EngineError:
            return False
        return True

    def close(self) -> None:
        self.client.close()
        if self.dialer:
            self.dialer.close()


def open_session(target: SshTarget, settings: ConnectionSettings, log: Log) -> Session:
    """Open (or reuse) the tunnel and find the engine.

    :raises SshError: the host is not reachable, or no engine's socket is (with the diagnosis).
    :raises EngineError: the engine answers, but not as it should.
    :raises InvalidOption: dialing is needed, and become can't do it.
    """
    tunnel = open_tunnel(target, TunnelSettings(idle=settings.tunnel_idle, retries=settings.tunnel_retries), log=log)
    opener = _Opener(tunnel, settings, log)
    key = _memory_key(settings)
    remembered = tunnel.recall(key)
    if remembered:
        return opener.again(remembered)
    session = opener.find()
    _require_wanted(session, settings, target)
    found = {"socket": session.socket, "identity": session.identity.to_dict()}
    tunnel.remember(key, {**found, "dial": session.dialer.words} if session.dialer else found)
    return session


def forget_engine(tunnel: Tunnel, settings: ConnectionSettings) -> None:
    """Drop what is remembered of the engine: another one may listen on the socket by now."""
    tunnel.remember(_memory_key(settings), None)


def _memory_key(settings: ConnectionSettings) -> str:
    key = f"engine {settings.engine} {settings.engine_socket or ''}"
    if settings.transport == "forward" or (settings.transport == "auto" and settings.become is None):
        return key
    return f"{key} {settings.transport} {settings.become.user if settings.become else ''}"


def _candidates(settings: ConnectionSettings) -> list[str]:
    if settings.engine_socket:
        return [settings.engine_socket]
    if settings.engine != "auto":
        return [WELL_KNOWN_SOCKETS[settings.engine]]
    return list(WELL_KNOWN_SOCKETS.values())


class _Opener:
    """Opens the way to a socket, and finds the socket."""

    def __init__(self, tunnel: Tunnel, settings: ConnectionSettings, log: Log) -> None:
        self._tunnel = tunnel
        self._settings = settings
        self._log = log
        self._dialing = Dialing(tunnel, settings.become, log)

    def again(self, remembered: dict[str, object]) -> Session:
        """The engine that an earlier task found, the way that it took; costs no request."""
        identity = EngineIdentity.from_dict(dict(remembered["identity"]))  # type: ignore[call-overload]
        words = remembered.get("dial")
        if isinstance(words, list):
            return self._dialed(str(remembered["socket"]), words, identity)
        return self._forwarded(str(remembered["socket"]), identity)

    def find(self) -> Session:
        """Falling through to the next socket is right only when there is nothing there; one that exists and fails is a
        failure.
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
        if self._settings.transport == "dial":
            return self._dialed(socket, self._dialing.choose(socket))
        try:
            return self._forwarded(socket)
        except EngineError as error:
            if error.kind != "no_answer":
                raise
            may_dial = self._settings.transport == "auto" and self._settings.become is not None
            diagnosis = self._tunnel.diagnose(socket, retire=not may_dial)
            if not may_dial or diagnosis.kind != "socket_denied":
                raise diagnosis from error
        self._log(f"{diagnosis.message} So it is dialed.")
        return self._dialed(socket, self._dialing.choose(socket))

    def _forwarded(self, socket: str, identity: EngineIdentity | None = None) -> Session:
        client = self._client(socket, self._tunnel.forward(socket), identity)
        return Session(client=client, identity=client.identity, socket=socket, tunnel=self._tunnel)

    def _dialed(self, socket: str, words: list[str], identity: EngineIdentity | None = None) -> Session:
        dialer = self._dialing.dialer(words)
        try:
            client = self._client(socket, dialer.path, identity)
        except BaseException as error:
            dialer.close()
            if isinstance(error, EngineError) and error.kind == "no_answer":
                raise dialer.problem or self._dialing.diagnose(socket) from error
            raise
        return Session(client, client.identity, socket, self._tunnel, self._dialing, dialer)

    def _client(self, socket: str, path: str, identity: EngineIdentity | None) -> EngineClient:
        where = f"{socket} on {self._tunnel.target.display}"
        settings = self._settings
        limits = Limits(size=settings.engine_answer_limit * MIB, depth=settings.engine_answer_depth)
        client = EngineClient(
            path, timeout=settings.engine_timeout, identity=identity, log=self._log, where=where, limits=limits
        )
        client.credentials = logins.of(self._tunnel)
        return client


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
