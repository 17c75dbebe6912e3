# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A session: one target's tunnel with the engine that answers behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.settings import ConnectionSettings
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.identity import EngineIdentity
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.tunnel import Tunnel, TunnelSettings, open_tunnel

# Root's sockets, in the order in which ``engine: auto`` tries them.
WELL_KNOWN_SOCKETS = {"podman": "/run/podman/podman.sock", "docker": "/var/run/docker.sock"}

Log = Callable[[str], None]


@dataclass
class Session:
    """What a task works with: the engine's client, who that engine is, and the way to it."""

    client: EngineClient
    identity: EngineIdentity
    socket: str
    tunnel: Tunnel

    def engine(self) -> dict[str, str]:
        """The ``engine`` of every result: {name, version, api_version, socket}."""
        return {
            "name": self.identity.name,
            "version": self.identity.version,
            "api_version": self.identity.api_version,
            "socket": self.socket,
        }

    def close(self) -> None:
        self.client.close()


def open_session(target: SshTarget, settings: ConnectionSettings, log: Log) -> Session:
    """Open (or reuse) the tunnel and find the engine.

    :raises SshError: the host is not reachable, or no engine's socket is (with the diagnosis).
    :raises EngineError: the engine answers, but not as it should.
    """
    tunnel = open_tunnel(target, TunnelSettings(idle=settings.tunnel_idle, retries=settings.tunnel_retries), log=log)
    key = _memory_key(settings)
    remembered = tunnel.recall(key)
    if remembered:
        identity = EngineIdentity.from_dict(remembered["identity"])
        return _session(tunnel, remembered["socket"], settings, log, identity)
    session = _find_engine(tunnel, settings, log)
    _require_wanted(session, settings, target)
    tunnel.remember(key, {"socket": session.socket, "identity": session.identity.to_dict()})
    return session


def forget_engine(tunnel: Tunnel, settings: ConnectionSettings) -> None:
    """Drop what is remembered of the engine: another one may listen on the socket by now."""
    tunnel.remember(_memory_key(settings), None)


def _memory_key(settings: ConnectionSettings) -> str:
    return f"engine {settings.engine} {settings.engine_socket or ''}"


def _session(
    tunnel: Tunnel, socket: str, settings: ConnectionSettings, log: Log, identity: EngineIdentity | None = None
) -> Session:
    client = EngineClient(tunnel.forward(socket), timeout=settings.engine_timeout, identity=identity, log=log)
    return Session(client=client, identity=client.identity, socket=socket, tunnel=tunnel)


def _candidates(settings: ConnectionSettings) -> list[str]:
    if settings.engine_socket:
        return [settings.engine_socket]
    if settings.engine != "auto":
        return [WELL_KNOWN_SOCKETS[settings.engine]]
    return list(WELL_KNOWN_SOCKETS.values())


def _find_engine(tunnel: Tunnel, settings: ConnectionSettings, log: Log) -> Session:
    missing: list[SshError] = []
    for socket in _candidates(settings):
        try:
            return _session(tunnel, socket, settings, log)
        except EngineError as error:
            if error.kind != "no_answer":
                raise
            diagnosis = tunnel.diagnose(socket)
            # Falling through is right only when there is nothing there; a socket that exists and fails is a failure.
            if diagnosis.kind != "socket_missing":
                raise diagnosis from error
            missing.append(diagnosis)
    if len(missing) == 1:
        raise missing[0]
    raise SshError(
        "socket_missing",
        " ".join(problem.message for problem in missing),
        "Set up an engine with the playbook sshfleet.containers.setup_server, "
        "or name the socket's path in engine_socket.",
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
