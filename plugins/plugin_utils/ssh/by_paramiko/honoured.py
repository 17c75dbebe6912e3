# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a target's settings mean for paramiko, and which of them it can't honour. It is pure; those are refused by name.

ssh's configuration files are not read: what is not among Ansible's settings has ssh's own defaults.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

from ...dataclass import dataclass
from ...errors import InvalidOption
from ..address.options import ORIGIN, Argument
from ..address.target import SshTarget

REMEDY = "Leave it out, or use OpenSSH's client (transport=openssh)."

# ssh's flags, as the options that they stand for.
_AS_OPTIONS = {"p": "port", "l": "user", "i": "identityfile", "J": "proxyjump"}
_FAMILIES = {"4": "inet", "6": "inet6"}
# About what this connection does not do, or does anyway: forwarding of agents, X and terminals, questions, logs.
_IDLE_FLAGS = frozenset("AaXxYyKkTtqvn")
_IDLE = frozenset(
    {
        "addkeystoagent",
        "batchmode",
        "checkhostip",
        "clearallforwardings",
        "connectionattempts",
        "escapechar",
        "exitonforwardfailure",
        "forwardagent",
        "forwardx11",
        "forwardx11trusted",
        "ipqos",
        "loglevel",
        "numberofpasswordprompts",
        "permitlocalcommand",
        "requesttty",
        "sendenv",
        "setenv",
        "streamlocalbindmask",
        "streamlocalbindunlink",
        "tcpkeepalive",
        "updatehostkeys",
        "visualhostkey",
    }
)
_HONOURED = frozenset(
    {
        "addressfamily",
        "connecttimeout",
        "globalknownhostsfile",
        "hashknownhosts",
        "hostkeyalias",
        "hostname",
        "identitiesonly",
        "identityagent",
        "identityfile",
        "kbdinteractiveauthentication",
        "passwordauthentication",
        "port",
        "preferredauthentications",
        "pubkeyauthentication",
        "serveralivecountmax",
        "serveraliveinterval",
        "stricthostkeychecking",
        "user",
        "userknownhostsfile",
    }
)
_OFF = ("no", "none")
_GLOBAL_FILES = ("/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2")
_USER_FILES = ("~/.ssh/known_hosts", "~/.ssh/known_hosts2")
_KEYS = ("~/.ssh/id_ed25519", "~/.ssh/id_ecdsa", "~/.ssh/id_rsa")
_TOKEN = re.compile(r"%(.)")
REFUSE, ACCEPT_NEW, NO_CHECK = "refuse", "accept_new", "no_check"
_CHECKING = {"yes": REFUSE, "ask": REFUSE, "accept-new": ACCEPT_NEW, "no": NO_CHECK, "off": NO_CHECK}


@dataclass(frozen=True)
class Here:
    """This controller: the user's home directory, and his name, None where he has no account."""

    home: str
    user: str | None


@dataclass(frozen=True)
class Login:
    """How paramiko is to log in.

    ``keys`` are key files in their order, ``only_these`` whether the agent's other keys are left alone. ``checking``
    is REFUSE, ACCEPT_NEW or NO_CHECK: what becomes of unknown host keys, which are written to the first of
    ``user_files``, ``hashed`` or not. ``known_as`` is the host's name there where it is not its own.
    ``alive_interval`` (seconds) and ``alive_count`` say when a silent connection is given up.
    """

    host: str
    port: int
    user: str
    keys: tuple[str, ...]
    only_these: bool
    agent: str | None
    publickey: bool
    password: bool
    interactive: bool
    checking: str
    known_as: str | None
    user_files: tuple[str, ...]
    global_files: tuple[str, ...]
    hashed: bool
    family: str
    connect_timeout: int
    alive_interval: int
    alive_count: int


def login(target: SshTarget, here: Here) -> Login:
    """How paramiko logs in to a target.

    :raises InvalidOption: a setting that it can't honour, or a value that can't be used.
    """
    if target.pkcs11_provider:
        raise _refused("ansible_ssh_pkcs11_provider", target.pkcs11_provider, "paramiko can use no smart card.")
    early, late = list(_options(target.early_arguments)), list(_options(target.late_arguments))
    given = [*early, *_own(target), *late]
    first: dict[str, str] = {}
    for name, value in given:
        first.setdefault(name, value)
    host = first.get("hostname") or target.host
    user = first.get("user") or here.user
    if not user:
        remedy = "Name the user on the host (ansible_user)."
        raise InvalidOption("ansible_user", None, "this controller's user has no name of his own.", remedy)
    port = _number(first, "port", 22, most=65535)
    tokens = {"%": "%", "d": here.home, "h": host, "n": target.host, "p": str(port), "r": user, "u": here.user or ""}
    named = [value for name, value in given if name == "identityfile"]
    keys = _KEYS if not named and target.private_key is None else named
    methods = [method.strip() for method in first.get("preferredauthentications", "").lower().split(",")]

    def allowed(method: str, option: str) -> bool:
        return first.get(option, "yes").lower() not in _OFF and (methods == [""] or method in methods)

    def files(option: str, default: tuple[str, ...]) -> tuple[str, ...]:
        value = first.get(option)
        names = default if value is None else [name for name in _split(option, value) if name.lower() != "none"]
        return tuple(_path(name, tokens, here.home) for name in names)

    return Login(
        host=host,
        port=port,
        user=user,
        keys=tuple(_path(key, tokens, here.home) for key in keys if key.lower() != "none"),
        only_these=first.get("identitiesonly", "no").lower() == "yes" or target.private_key is not None,
        agent=_agent(first.get("identityagent"), target.agent_socket, tokens, here.home),
        publickey=allowed("publickey", "pubkeyauthentication"),
        password=allowed("password", "passwordauthentication"),
        interactive=allowed("keyboard-interactive", "kbdinteractiveauthentication"),
        checking=_checking(first.get("stricthostkeychecking", "ask")),
        known_as=first.get("hostkeyalias"),
        user_files=files("userknownhostsfile", _USER_FILES),
        global_files=files("globalknownhostsfile", _GLOBAL_FILES),
        hashed=first.get("hashknownhosts", "no").lower() == "yes",
        family=first.get("addressfamily", "any").lower(),
        connect_timeout=_number(first, "connecttimeout", 10),
        alive_interval=_number(first, "serveraliveinterval", 15, least=0),
        alive_count=_number(first, "serveralivecountmax", 3),
    )


def _own(target: SshTarget) -> Iterator[tuple[str, str]]:
    """What has a setting of its own, as options."""
    if target.host_key_checking is False:
        yield "stricthostkeychecking", "no"
    if target.port is not None:
        yield "port", str(target.port)
    if target.user is not None:
        yield "user", target.user
    if target.private_key_file is not None:
        yield "identityfile", target.private_key_file.replace("%", "%%")
    yield "connecttimeout", str(target.connect_timeout)


def _options(arguments: list[Argument]) -> Iterator[tuple[str, str]]:
    """The arguments as (lower-case option, value), without those that change nothing here.

    :raises InvalidOption: one that can't be honoured.
    """
    for argument in arguments:
        if argument.flag in _FAMILIES:
            yield "addressfamily", _FAMILIES[argument.flag]
            continue
        name = argument.keyword or _AS_OPTIONS.get(argument.flag, "")
        value = argument.keyword_value or argument.value or ""
        if name in _HONOURED:
            yield name, value
        elif not _means_nothing(argument, name, value):
            raise _refused(ORIGIN, " ".join(argument.rendered()), "paramiko can't do that.")


def _means_nothing(argument: Argument, name: str, value: str) -> bool:
    if argument.flag == "F":  # no configuration file is read anyway
        return value.lower() in ("none", "/dev/null")
    return argument.flag in _IDLE_FLAGS or name in _IDLE or (bool(name) and value.lower() in _OFF)


def _refused(option: str, value: str, problem: str) -> InvalidOption:
    return InvalidOption(option, value, problem, REMEDY)


def _checking(value: str) -> str:
    if value.lower() not in _CHECKING:
        raise InvalidOption(ORIGIN, f"StrictHostKeyChecking={value}", "ssh knows no such value.", "Correct it.")
    return _CHECKING[value.lower()]


def _number(first: Mapping[str, str], name: str, default: int, least: int = 1, most: int = 86400) -> int:
    value = first.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
        raise InvalidOption(ORIGIN, f"{name}={value}", f"it must be from {least} to {most}.", "Correct it.")
    return int(value)


def _split(option: str, value: str) -> list[str]:
    try:
        return shlex.split(value)
    except ValueError as problem:
        raise InvalidOption(ORIGIN, f"{option}={value}", f"{problem}.", "Close the quotation.") from None


def _agent(named: str | None, own: str | None, tokens: Mapping[str, str], home: str) -> str | None:
    if named is None or named == "SSH_AUTH_SOCK":
        return own
    return None if named.lower() == "none" else _path(named, tokens, home)


def _path(value: str, tokens: Mapping[str, str], home: str) -> str:
    """A path with ``~`` and ssh's tokens replaced.

    :raises InvalidOption: a token or a variable that is not known here.
    """

    def replaced(match: re.Match[str]) -> str:
        if match[1] not in tokens:
            raise _refused(ORIGIN, value, f"what %{match[1]} stands for is not known here.")
        return tokens[match[1]]

    if "${" in value:
        raise _refused(ORIGIN, value, "environment variables in paths are not replaced here.")
    path = _TOKEN.sub(replaced, value)
    return home + path[1:] if path == "~" or path.startswith("~/") else path
