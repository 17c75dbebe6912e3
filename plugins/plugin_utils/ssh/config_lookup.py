# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds out what the user's ssh configuration says about many hosts by asking ssh itself (``ssh -G``), several at a
time.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import signal
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, TypedDict

from ..dataclass import dataclass
from ..errors import SshError
from .address.argv import quoted
from .address.effective import Effective, Local, same_way
from .address.target import SshTarget
from .login import messages, process

AT_ONCE = 8  # processes; on two cores more is no faster
TIMEOUT = 30.0  # seconds for one question; only a 'Match exec' or a name server takes long
# What an entry says, or what is another one for each host by itself.
_IN_ENTRIES = frozenset({"host", "hostname", "user", "port", "identityfile", "proxyjump"})
NO_CONFIG = "none"  # what ssh's -F takes for no configuration at all


class Entry(Protocol):
    """What is known of a host. None means that nothing is said; a ``jump_host`` of '' means that there is none."""

    @property
    def name(self) -> str: ...
    @property
    def hostname(self) -> str: ...
    @property
    def user(self) -> str | None: ...
    @property
    def port(self) -> int | None: ...
    @property
    def identity_file(self) -> str | None: ...
    @property
    def jump_host(self) -> str | None: ...


class Found(TypedDict, total=False):
    """What ssh adds to an entry; a key that is missing here is left to ssh."""

    hostname: str
    user: str
    port: int
    identity_file: str
    jump_host: str


@dataclass(frozen=True)
class Client:
    """The ssh to ask, and the only file it reads (None: its usual ones)."""

    executable: str = "ssh"
    config_file: str | None = None

    def question(self, entry: Entry, found: Found | None = None) -> tuple[str, ...]:
        """The command line that asks how ssh would connect to this entry, given what it says and, for the rest, what
        was found.
        """
        known = found or {}
        options = {
            "User": _quoted(entry.user or known.get("user"), percent=False),
            "Port": entry.port or known.get("port"),
            "IdentityFile": _quoted(entry.identity_file or known.get("identity_file")),
            "ProxyJump": _jump(entry.jump_host) or known.get("jump_host"),
        }
        words = [word for name, value in options.items() if value for word in ("-o", f"{name}={value}")]
        return self._argv(words, known.get("hostname", entry.hostname))

    def without_config(self) -> tuple[str, ...]:
        """The command line that asks for ssh's own defaults."""
        return (self.executable, "-G", "-T", "-F", NO_CONFIG, "--", "localhost")

    def _argv(self, words: Iterable[str], host: str) -> tuple[str, ...]:
        config = ("-F", self.config_file) if self.config_file else ()
        return (self.executable, "-G", "-T", *config, *words, "--", host)

    def ask(self, argv: Sequence[str]) -> process.Finished:
        """Run one question with the caller's own agent, which a ``Match exec`` may look at.

        :raises SshError: kind ``ssh_client``, when the executable can't be started.
        """
        target = SshTarget("", ssh_executable=self.executable, agent_socket=os.environ.get("SSH_AUTH_SOCK"))
        started: list[int] = []
        done = process.run(target, list(argv), TIMEOUT, on_start=started.append)
        if done.returncode is None:  # what a 'Match exec' started is still there, in ssh's own session
            with contextlib.suppress(ProcessLookupError):
                os.killpg(started[0], signal.SIGKILL)
        return done


Ask = Callable[[Sequence[str]], process.Finished]


def look_up(
    entries: Sequence[Entry],
    client: Client,
    ask: Ask | None = None,
    local: Local | None = None,
    is_file: Callable[[str], bool] = lambda path: Path(path).is_file(),
) -> dict[str, Found]:
    """What ssh adds to each entry, by the entry's name. Entries that need nothing are not asked about.

    Every question is asked once, ``AT_ONCE`` of them at a time; the first that fails ends it.

    :raises SshError: kind ``ssh_client``: there is no ssh, it refuses its configuration, or it takes too long.
    """
    asked = [entry for entry in entries if _incomplete(entry)]
    return _looked_up(asked, client, ask or client.ask, local, is_file)[0] if asked else {}


def explained(
    entries: Sequence[Entry], client: Client, ask: Ask | None = None
) -> dict[str, tuple[Found, tuple[str, ...]]]:
    """What ssh adds to each entry, by its name, and the keywords (in lower case) with which its configuration says more
    than an entry can hold.

    :raises SshError: as :func:`look_up` does.
    """
    if not entries:
        return {}
    found, said, defaults = _looked_up(entries, client, ask or client.ask, None, lambda path: Path(path).is_file())
    usual = set(defaults.lines)
    more = {
        name: tuple(dict.fromkeys(keyword for keyword, value in answer.lines if (keyword, value) not in usual))
        for name, answer in said.items()
    }
    return {
        name: (found[name], tuple(keyword for keyword in more[name] if keyword not in _IN_ENTRIES)) for name in found
    }


def _looked_up(
    asked: Sequence[Entry], client: Client, ask: Ask, local: Local | None, is_file: Callable[[str], bool]
) -> tuple[dict[str, Found], dict[str, Effective], Effective]:
    """What ssh adds to each entry, all that it says of each, and what it says of none."""
    questions = [(asked[0], client.without_config()), *((entry, client.question(entry)) for entry in asked)]
    answers = _answers(questions, client, ask)
    local = local or Local.here()
    defaults = answers[client.without_config()]
    said = {entry.name: answers[client.question(entry)] for entry in asked}
    found = {entry.name: _found(entry, said[entry.name], defaults, local, is_file) for entry in asked}
    renamed = [entry for entry in asked if "hostname" in found[entry.name]]
    again = _answers([(entry, client.question(entry, found[entry.name])) for entry in renamed], client, ask)
    for entry in renamed:
        if not same_way(said[entry.name], again[client.question(entry, found[entry.name])], local):
            del found[entry.name]["hostname"]  # the alias has settings that its address alone would not get
    return found, said, defaults


def _incomplete(entry: Entry) -> bool:
    """Whether ssh could add anything to an entry; the hostname counts unless it is an address."""
    said = (entry.user, entry.port, entry.identity_file, entry.jump_host)
    return any(value is None for value in said) or not _is_address(entry.hostname)


def _is_address(hostname: str) -> bool:
    with contextlib.suppress(ValueError):
        return bool(ipaddress.ip_address(hostname))
    return False


def _found(entry: Entry, said: Effective, defaults: Effective, local: Local, is_file: Callable[[str], bool]) -> Found:
    """What ssh says that differs from its defaults. The user is always among it where the entry has none, because ssh
    always has one.
    """
    found: Found = {}
    if said.hostname.casefold() != entry.hostname.casefold():
        found["hostname"] = said.hostname
    if entry.user is None:
        found["user"] = said.user
    if entry.port is None and said.port != defaults.port:
        found["port"] = said.port
    if entry.identity_file is None and said.identity_files != defaults.identity_files:
        paths = said.identity_paths(local)
        if key := next((path for path in paths if path and is_file(path)), None):
            found["identity_file"] = key
    if entry.jump_host is None and (jump := said.jump_host):
        found["jump_host"] = jump
    return found


def _answers(
    questions: Sequence[tuple[Entry, tuple[str, ...]]], client: Client, ask: Ask
) -> dict[tuple[str, ...], Effective]:
    """The answer to each different question.

    :raises SshError: the first question in this order that failed.
    """
    different: dict[tuple[str, ...], Entry] = {}
    for entry, argv in questions:
        different.setdefault(argv, entry)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda argv: _answer(different[argv], client, ask(argv)), different))
    return dict(zip(different, answers, strict=True))


def _answer(entry: Entry, client: Client, done: process.Finished) -> Effective:
    where = f'ssh cannot say how it would reach host "{entry.name}" ({entry.hostname})'
    if done.returncode is None:
        hint = "Look at the 'Match exec' commands of the ssh configuration, or switch ssh_config_lookup off."
        raise SshError("ssh_client", f"{where}: it took more than {TIMEOUT:g} seconds.", hint)
    if done.returncode != 0:
        words = messages.quotation(done.stderr) or f"exit code {done.returncode}"
        hint = f"Correct the ssh configuration ({client.config_file or '~/.ssh/config'}), or switch off the lookup."
        raise SshError("ssh_client", f"{where}: {words}.", hint)
    return Effective.parse(done.stdout)


def _quoted(value: str | None, *, percent: bool = True) -> str | None:
    return value and quoted(value, percent=percent)


def _jump(value: str | None) -> str | None:
    return "none" if value == "" else value
