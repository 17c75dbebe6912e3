# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds a target's chain of jump hosts, as ssh would. It is pure: what ssh's configuration says is handed in.

ssh's own ``-J`` starts a child that gets none of our options and logs in once per target. Here each jump host is a
target of its own, with one master that all targets behind it share.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Sequence
from urllib.parse import unquote

from ...dataclass import dataclass
from ...errors import InvalidOption
from . import options
from .options import Argument
from .target import SshTarget, place

MAX_HOPS = 10
OPTION = "ProxyJump"

# What a jump host takes over from the target's arguments: where host keys are kept and how they are checked, the
# agent, and what the two sides may agree on. The target's key, user and port are its own.
INHERITED = frozenset(
    {
        "addressfamily",
        "casignaturealgorithms",
        "checkhostip",
        "ciphers",
        "connectionattempts",
        "connecttimeout",
        "globalknownhostsfile",
        "hashknownhosts",
        "hostkeyalgorithms",
        "identityagent",
        "kexalgorithms",
        "knownhostscommand",
        "macs",
        "pubkeyacceptedalgorithms",
        "requiredrsasize",
        "revokedhostkeys",
        "serveralivecountmax",
        "serveraliveinterval",
        "stricthostkeychecking",
        "updatehostkeys",
        "userknownhostsfile",
        "verifyhostkeydns",
    }
)
# A user who gives a known_hosts file for the targets may keep the jump hosts' keys where ssh -J looks for them.
DEFAULT_KNOWN_HOSTS = "~/.ssh/known_hosts ~/.ssh/known_hosts2"

_PLACE = re.compile(r"(?:(?P<user>.+)@)?(?:\[(?P<literal>[^\[\]@]+)\]|(?P<host>[^\[\]@:/,]+))(?::(?P<port>[0-9]+))?")
_LITERAL = re.compile(r"\[[^\]]*\]")  # an IPv6 address may hold a zone: %eth0
_TOKEN = re.compile(r"%[%hnpr]")
_FORBIDDEN = re.compile(r"[\s'`\"$\\;&<>|(){}]|^-")  # what ssh refuses in a jump host's name

# Gives a target's ProxyJump from ssh's configuration, '' where there is none.
Configured = Callable[[SshTarget], str]


@dataclass(frozen=True)
class Hop:
    """One jump host as it is written; ``user`` and ``port`` are None where nothing is said of them."""

    host: str
    user: str | None = None
    port: int | None = None

    def __str__(self) -> str:
        return place(self.host, self.user, self.port)

    def covers(self, other: Hop) -> bool:
        """Whether everything that is said here is true of the other one, so that a key for this one is a key for the
        other.
        """
        return (
            self.host.lower() == other.host.lower()
            and self.user in (None, other.user)
            and (self.port or other.port or 22) == (other.port or 22)
        )


def routed(target: SshTarget, configured: Configured) -> SshTarget:
    """The target with its last jump host in ``via``, which has the one before it in its own ``via``; the same target
    where there are no jump hosts.

    The arguments that name jump hosts are removed from it. A ProxyCommand is left to ssh.

    :raises InvalidOption: a jump host that can't be read, a loop, or more than ``MAX_HOPS``.
    """
    said = _given(target.arguments)
    chain = parse(configured(target) if said is None else said)
    if not chain:
        return _without_jumps(target, "-o", f"{OPTION}=none") if said == "" else target
    via: SshTarget | None = None
    for hop in _complete(target, chain, configured):
        via = _target(target, hop, via)
    return dataclasses.replace(_without_jumps(target), via=via)


def way(target: SshTarget) -> list[SshTarget]:
    """The jump hosts of a routed target, first hop first."""
    hops: list[SshTarget] = []
    hop = target.via
    while hop is not None:
        hops.insert(0, hop)
        hop = hop.via
    return hops


def parse(chain: str) -> tuple[Hop, ...]:
    """Read jump hosts written as ``[user@]host[:port]`` or as ``ssh://`` URIs, separated by commas. There are none in
    ``none`` and in '', and in a text with tokens, which is left to ssh.

    :raises InvalidOption: a part that is none of these.
    """
    text = chain.strip().strip('"')
    if text.lower() in ("", "none") or _TOKEN.search(_LITERAL.sub("", text)):
        return ()
    return tuple(_hop(part.strip(), text) for part in text.split(","))


def _hop(text: str, chain: str) -> Hop:
    uri = text[:6].lower() == "ssh://"
    match = _PLACE.fullmatch(text[6:].removesuffix("/") if uri else text)
    host = (match["literal"] or match["host"]) if match else ""
    user = match["user"] if match else None
    port = int(match["port"]) if match and match["port"] else None
    if (
        not match
        or _FORBIDDEN.search(host)
        or host.lower() == "none"
        or not 1 <= (22 if port is None else port) <= 65535
    ):
        problem = f"{text!r} is no jump host."
        raise InvalidOption(OPTION, chain, problem, "Write [user@]host[:port], several separated by commas.")
    return Hop(host, unquote(user) if uri and user else user, port)


def _given(arguments: Iterable[Argument]) -> str | None:
    """What the arguments say first about jump hosts: a ProxyJump, 'none' for a ProxyCommand, None where they say
    nothing.
    """
    for argument in arguments:
        if argument.flag == "J":
            return argument.value or ""
        if argument.keyword == "proxyjump":
            return argument.keyword_value
        if argument.keyword == "proxycommand":
            return "none"
    return None


def _complete(target: SshTarget, chain: tuple[Hop, ...], configured: Configured) -> tuple[Hop, ...]:
    """The chain with the jump hosts that ssh's configuration puts before its first one; the others are reached as the
    chain says.
    """
    asked: list[Hop] = []
    while True:
        if len(chain) > MAX_HOPS:
            problem = f"this is a chain of {len(chain)} jump hosts."
            raise InvalidOption(OPTION, _shown(chain), problem, f"{MAX_HOPS} at most are taken.")
        if chain[0] in asked:
            problem = f"the jump hosts of your ssh configuration lead round in a circle at {chain[0]}."
            remedy = f"Correct the ProxyJump lines for {', '.join(str(hop) for hop in asked)}."
            raise InvalidOption(OPTION, _shown(chain), problem, remedy)
        asked.append(chain[0])
        before = parse(configured(_target(target, chain[0], None)))
        if not before:
            return chain
        chain = before + chain


def _shown(chain: Iterable[Hop]) -> str:
    return ",".join(str(hop) for hop in chain)


def _target(target: SshTarget, hop: Hop, via: SshTarget | None) -> SshTarget:
    """A jump host as a target of its own. User, port and key that nobody names are left to ssh's configuration."""
    return SshTarget(
        host=hop.host,
        port=hop.port,
        user=hop.user,
        private_key_file=_key(target.jump_keys, hop),
        ssh_executable=target.ssh_executable,
        ssh_args=tuple(_inherited(target.arguments)),
        host_key_checking=target.host_key_checking,
        connect_timeout=target.connect_timeout,
        agent_socket=target.agent_socket,
        name=f"jump host {hop}",
        via=via,
    )


def _key(keys: Iterable[tuple[str, str]], hop: Hop) -> str | None:
    return next((key for name, key in keys if any(named.covers(hop) for named in parse(name))), None)


def _inherited(arguments: Iterable[Argument]) -> Iterable[str]:
    seen = set()
    for argument in arguments:
        if argument.flag == "F":
            yield from argument.rendered()
        elif argument.keyword in INHERITED and argument.keyword not in seen:
            seen.add(argument.keyword)
            yield from _with_default_files(argument).rendered()


def _with_default_files(argument: Argument) -> Argument:
    if argument.keyword != "userknownhostsfile" or argument.keyword_value.lower() in ("none", "/dev/null"):
        return argument
    return Argument("o", f"{argument.value} {DEFAULT_KNOWN_HOSTS}")


def _without_jumps(target: SshTarget, *instead: str) -> SshTarget:
    """The target without its arguments on jump hosts, because ssh refuses a ``-J`` beside the ProxyCommand that
    replaces it.
    """
    kept = [_words(words) for words in (target.ssh_args, target.extra_args)]
    return dataclasses.replace(target, ssh_args=(*instead, *kept[0]), extra_args=tuple(kept[1]))


def _words(words: Sequence[str]) -> list[str]:
    kept = [a for a in options.parse(words) if a.flag != "J" and a.keyword not in ("proxyjump", "proxycommand")]
    return [word for argument in kept for word in argument.rendered()]
