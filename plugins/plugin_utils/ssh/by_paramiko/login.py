# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logs in with paramiko, over one jump host after the other. What goes wrong is said in ssh's words, because the
diagnosis of logins knows those.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import random
import select
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ...errors import InvalidOption, SshError
from ..address import jumps
from ..address.target import SshTarget
from ..login import diagnosis, identities, key_file, retry
from ..login.diagnosis import Outcome
from ..login.password import PASSWORD_PROMPT
from ..master.lock import lock_about
from ..tunnel import relay
from . import honoured, host_keys, library
from .honoured import Here, Login
from .library import Gone, Refused

HANDSHAKE = 60.0  # seconds
AUTHENTICATION = 120.0  # seconds, sshd's own LoginGraceTime
_FAMILIES = {"inet": socket.AF_INET, "inet6": socket.AF_INET6}
_SIGN_OF_LIFE = b"SSH-"
UNKNOWN_HOST_HINT = (
    "Compare the key and write it down in a known_hosts file, or let unknown keys be written down with "
    "ansible_ssh_common_args='-o StrictHostKeyChecking=accept-new'; paramiko does that by itself nowhere."
)


class Failed(Exception):
    """A login that came to nothing; the text is what ssh would have said."""


def here() -> Here:
    """This controller's user."""
    try:
        account = pwd.getpwuid(os.getuid())
    except KeyError:  # a user without a name, as in a container
        return Here(os.environ.get("HOME") or "/", None)
    return Here(account.pw_dir, account.pw_name)  # as ssh, which does not look at $HOME


def connected(
    target: SshTarget, directory: str, retries: int, log: Callable[[str], None]
) -> tuple[SshTarget, list[Any]]:
    """The target with its jump hosts, and the connections to them and to it, in their order.

    :param directory: the runtime directory.
    :raises SshError: one of them can't be reached, or does not let us in.
    :raises InvalidOption: a setting that paramiko can't honour.
    """
    target = jumps.routed(target, lambda _hop: "")
    way = [*jumps.way(target), target]
    logins = [honoured.login(one, here()) for one in way]
    made: list[Any] = []
    try:
        for one, login in zip(way, logins, strict=True):
            try:
                made.append(_tried(one, login, made[-1] if made else None, directory, retries, log))
            except SshError as problem:
                raise problem if one is target else relay.on_the_way(problem, target) from problem
    except BaseException:
        close(made)
        raise
    return target, made


def close(connections: list[Any]) -> None:
    """End connections, the one that leads over the others first."""
    for one in reversed(connections):
        one.close()
        one.join(1.0)


def _tried(target: SshTarget, login: Login, over: Any, directory: str, retries: int, log: Callable[[str], None]) -> Any:
    """A connection, tried again where that makes sense."""
    began, tries = time.monotonic(), 0
    budget = retry.BUDGET_BEHIND_HOPS if over else retry.DROP_BUDGET
    while True:
        try:
            return _Attempt(target, login, directory).connection(over)
        except Failed as problem:
            tries += 1
            outcome = Outcome(255, str(problem), tries, time.monotonic() - began)
        finding = diagnosis.classify(outcome)
        history = retry.History(tries, outcome.seconds)
        pause = retry.delay(finding.cause, history, retries, random.random(), budget)  # noqa: S311
        if pause is None:
            error = diagnosis.connection_error(target, outcome)
            if (finding.kind, finding.cause) == ("host_key", "unknown"):
                error.hint = UNKNOWN_HOST_HINT
            raise error
        log(f"paramiko to {target.display}: {finding.cause}, next try in {pause:.2f} s")
        time.sleep(pause)


class _Attempt:
    """One login. ``trusted`` is whether the host's key is known, so that it may be given a password."""

    def __init__(self, target: SshTarget, login: Login, directory: str) -> None:
        self.target = target
        self.login = login
        self.directory = directory
        self.trusted = False
        self.skipped: list[str] = []  # keys that were passed over, and why

    def connection(self, over: Any) -> Any:
        """A connection that is logged in.

        :param over: the connection to the jump host before it, None without one.
        :raises Failed: there is none.
        """
        stream = self._channel(over) if over else self._socket()
        made = None
        try:
            made = library.connection(stream)
            self._greet(made)
            self._log_in(made)
        except BaseException as problem:
            if made:
                made.close()
            stream.close()
            if made and isinstance(problem, (EOFError, OSError, library.library().SSHException)):
                raise Failed(self._words(made, problem)) from problem
            raise
        made.set_keepalive(self.login.alive_interval)
        return made

    def _socket(self) -> socket.socket:
        login = self.login
        where = f"connect to host {login.host} port {login.port}"
        family = _FAMILIES.get(login.family, socket.AF_UNSPEC)
        try:
            found = socket.getaddrinfo(login.host, login.port, family, socket.SOCK_STREAM)
        except (socket.gaierror, ValueError) as problem:
            words = problem.strerror if isinstance(problem, socket.gaierror) else "the name is none"
            raise Failed(f"Could not resolve hostname {login.host}: {words}") from problem
        problems = [f"{where}: no address"]
        for kind, mode, protocol, _name, address in found:
            stream = socket.socket(kind, mode, protocol)
            try:
                stream.settimeout(login.connect_timeout)
                stream.connect(address)
                self._prepare(stream)
                _require_banner(stream, login.connect_timeout)
                return stream
            except OSError as problem:
                stream.close()
                late = isinstance(problem, TimeoutError)
                problems.append(f"{where}: {'Connection timed out' if late else problem.strerror or problem}")
            except BaseException:
                stream.close()
                raise
        raise Failed(problems[-1])

    def _prepare(self, stream: socket.socket) -> None:
        """Requests are small and wait for their answers; and a peer that is gone is given up when ssh would."""
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.login.alive_interval and hasattr(socket, "TCP_USER_TIMEOUT"):
            patience = 1000 * self.login.alive_interval * max(1, self.login.alive_count)
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, patience)

    def _channel(self, over: Any) -> Any:
        fields = (self.login.host, self.login.port, "127.0.0.1", 0)
        name = self.target.via.name if self.target.via else ""
        try:
            return library.open_channel(over, "direct-tcpip", fields, self.login.connect_timeout + HANDSHAKE)
        except Refused as problem:
            raise Failed(f"{name}: open failed: {problem}") from problem
        except Gone as problem:
            raise Failed(f"Connection to {name} closed by UNKNOWN port 65535") from problem

    def _greet(self, made: Any) -> None:
        """Agree on algorithms, and look whether it is the host.

        :raises Failed: it is not.
        """
        made.banner_timeout = self.login.connect_timeout
        made.auth_timeout = AUTHENTICATION
        keys = host_keys.HostKeys(self.login)
        options = made.get_security_options()
        options.key_types = keys.preferred(options.key_types)
        made.start_client(timeout=HANDSHAKE)
        if not made.initial_kex_done:
            raise Failed(f"Connection to {self.login.host} timed out during the key exchange")
        shown = made.get_remote_server_key()
        with lock_about(self.directory, "\n".join((keys.name, *self.login.user_files))) as lock:
            try:
                self.trusted, problem = keys.judged(shown.get_name(), shown.get_base64())
            finally:
                lock.remove()
        if problem:
            raise Failed(problem)

    def _log_in(self, made: Any) -> None:
        paramiko = library.library()
        try:
            made.auth_none(self.login.user)
        except paramiko.BadAuthenticationType as answer:
            allowed = list(answer.allowed_types)
        else:
            return
        if "publickey" in allowed and self.login.publickey:
            done, allowed = self._by_keys(made, allowed)
            if done:
                return
        if self.target.password is not None and self.trusted and self._by_password(made, allowed):
            return
        raise Failed("\n".join([*self.skipped, self._denied(allowed)]))

    def _denied(self, allowed: list[str]) -> str:
        return f"{self.login.user}@{self.login.host}: Permission denied ({','.join(allowed)})."

    def _by_keys(self, made: Any, allowed: list[str]) -> tuple[bool, list[str]]:
        """(whether we are in, the ways that are left)."""
        paramiko = library.library()
        with contextlib.closing(library.Agent(self.login.agent)) as agent:
            for key in self._keys(agent):
                try:
                    left = made.auth_publickey(self.login.user, key)
                except paramiko.AuthenticationException:
                    if not made.is_active():
                        raise
                    continue
                return (True, []) if not left else (False, list(left))
        return False, allowed

    def _keys(self, agent: library.Agent) -> Iterator[Any]:
        """The keys to offer: those of files, from the agent where that has them, then the agent's others."""
        if self.target.private_key is not None:
            yield self._key_of_text(self.target.private_key)
            return
        held = {key.asbytes(): key for key in agent.keys}
        for path in self.login.keys:
            public = seen.public if (seen := identities.read_key(Path(path))) else b""
            if public in held:
                yield held.pop(public)
            elif (key := self._key_of_file(path, seen)) is not None:
                yield key
        if not self.login.only_these:
            yield from held.values()

    def _key_of_file(self, path: str, seen: identities.Key | None) -> Any:
        """The key, None where the file has none that can be used: ssh passes over such, too."""
        _refuse_fido(path, seen)
        if not os.path.lexists(path) or (seen and (not seen.private or seen.encrypted)):
            return None
        if identities.is_open_to_others(Path(path)):
            self.skipped.append(f'Load key "{path}": bad permissions')
            return None
        why: str | None = ""
        try:
            key = library.key(Path(path).read_text(encoding="ascii"), f"{path}-cert.pub")
        except (OSError, ValueError) as problem:
            key, why = None, problem.strerror if isinstance(problem, OSError) else ""
        if key is None:
            self.skipped.append(f'Load key "{path}": {why or "invalid format"}')
        return key

    def _key_of_text(self, text: str) -> Any:
        if self.target.private_key_passphrase and key_file.is_encrypted(text):
            text = key_file.decrypted(text, self.target.private_key_passphrase)
        if (key := library.key(text)) is None:
            display = self.target.display
            raise SshError("authentication", f"{display} can't be logged in to.", identities.REMEDIES["key_text"])
        return key

    def _by_password(self, made: Any, allowed: list[str]) -> bool:
        """Give the password, once."""
        password, paramiko = self.target.password or "", library.library()
        prompt, left = self.target.password_prompt or PASSWORD_PROMPT, [password]

        def answer(_title: str, _words: str, fields: list[tuple[str, bool]]) -> list[str]:
            return [left.pop() if prompt in words and left else "" for words, _shown in fields]

        try:
            if "password" in allowed and self.login.password:
                return not made.auth_password(self.login.user, password, fallback=False)
            if "keyboard-interactive" in allowed and self.login.interactive:
                return not made.auth_interactive(self.login.user, answer)
        except paramiko.AuthenticationException:
            if not made.is_active():
                raise
        return False

    def _words(self, made: Any, problem: Exception) -> str:
        """ssh's words for a connection that ended before we were logged in."""
        paramiko, login = library.library(), self.login
        told = "\n".join(library.said(made))
        text = str(problem)
        if isinstance(problem, paramiko.IncompatiblePeer) or "no acceptable" in text:
            words = f"Unable to negotiate with {login.host} port {login.port}: no matching method found ({text})"
        elif "protocol banner" in text:
            words = "kex_exchange_identification: Connection closed by remote host"
        elif isinstance(problem, paramiko.AuthenticationException):
            words = told if "Too many" in told else self._denied([])
        else:
            words = f"Connection closed by {login.host} port {login.port}"
        return f"{told}\n{words}".strip()


def _require_banner(stream: socket.socket, seconds: float) -> None:
    """Look at the first bytes, which stay where they are: an sshd that sends us away says why in place of a banner.

    :raises Failed: it does, or closes the connection without a word.
    """
    readable, _writable, _failed = select.select([stream], [], [], seconds)
    if not readable:
        raise Failed("Connection timed out during banner exchange")
    try:
        begun = stream.recv(256, socket.MSG_PEEK)
    except OSError:
        begun = b""
    if not begun:
        raise Failed("kex_exchange_identification: Connection closed by remote host")
    if not begun.startswith(_SIGN_OF_LIFE) and b"Not allowed" in begun:
        words = begun.decode(errors="replace").strip()
        raise Failed(f"{words}\nkex_exchange_identification: Connection closed by remote host")


def _refuse_fido(path: str, seen: identities.Key | None) -> None:
    if seen and seen.private and b"sk-" in seen.public[:8]:
        problem = "the key is in a FIDO token, which paramiko can't use."
        remedy = "Load it into an ssh-agent, name another key, or use OpenSSH's client (transport=openssh)."
        raise InvalidOption("ansible_ssh_private_key_file", path, problem, remedy)
