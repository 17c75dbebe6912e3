# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible's ssh arguments, parsed and cleaned: what would slow, redirect or end our master is removed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...dataclass import dataclass
from ...errors import InvalidOption

# ssh's getopt string (OpenSSH 9.2 - 10.0): flags that take a value. Every other letter is a plain flag.
WITH_VALUE = frozenset("BbcDEeFIiJLlmOoPpQRSWw")

# -C: 28 instead of 120 MB/s, and Compression=no cannot undo it. M, O, S: we have a master of our own. -q, -v, -y, -E:
# they hide or drown the messages that the diagnosis reads. The rest asks for a terminal, a command, other forwards, or
# makes ssh print something and exit.
DROPPED_FLAGS = frozenset("CMfgGNnqsTtVvy")
DROPPED_WITH_VALUE = frozenset("DELOQRSWew")
DROPPED_KEYWORDS = frozenset({"compression", "controlmaster", "controlpath", "controlpersist"})

# Values that are paths: relative ones make the working directory a part of what the connection is.
PATH_FLAGS = frozenset("FiI")
PATH_KEYWORDS = frozenset(
    {
        "certificatefile",
        "globalknownhostsfile",
        "identityagent",
        "identityfile",
        "include",
        "pkcs11provider",
        "revokedhostkeys",
        "userknownhostsfile",
    }
)
_ABSOLUTE = ("/", "~", "%d", "none", "${", "SSH_AUTH_SOCK")
_KEYWORD = re.compile(r"""^\s*"?([A-Za-z0-9]+)"?(?:\s*=\s*|\s+)(.*\S)\s*$""", re.DOTALL)
ORIGIN = "ansible_ssh_args, ansible_ssh_common_args or ansible_ssh_extra_args"


@dataclass(frozen=True)
class Argument:
    """One ssh option: ``flag`` is its letter, ``value`` its value, None for a flag without one."""

    flag: str
    value: str | None = None

    @property
    def keyword(self) -> str:
        """The lower-case name of an ``-o`` option, else ''."""
        return self._keyword_and_value()[0]

    @property
    def keyword_value(self) -> str:
        """The value of an ``-o`` option without its quotes, else ''."""
        return self._keyword_and_value()[1]

    def _keyword_and_value(self) -> tuple[str, str]:
        match = _KEYWORD.match(self.value or "") if self.flag == "o" else None
        return (match[1].lower(), match[2].strip('"')) if match else ("", "")

    def rendered(self) -> list[str]:
        return [f"-{self.flag}"] if self.value is None else [f"-{self.flag}", self.value]


def parse(args: Sequence[str]) -> list[Argument]:
    """Read ssh arguments as ssh's getopt does: ``-vC``, ``-oX=y``, ``-o X=y``, ``-o 'X y'``, ``-vo X=y``.

    :raises InvalidOption: a word that ssh would take for the host, or an option without its value.
    """
    found: list[Argument] = []
    rest = iter(args)
    for word in rest:
        if not word.startswith("-") or word in ("-", "--"):
            raise InvalidOption(
                ORIGIN, word, "ssh would take this word for the host to connect to.", "Only options belong there."
            )
        letters = word[1:]
        for position, letter in enumerate(letters):
            if letter not in WITH_VALUE:
                found.append(Argument(letter))
                continue
            found.append(Argument(letter, letters[position + 1 :] or _next(rest, word)))
            break
    return [_checked(argument) for argument in found]


def _next(rest: object, word: str) -> str:
    value = next(rest, None)  # type: ignore[call-overload]
    if value is None:
        raise InvalidOption(ORIGIN, word, "the option's value is missing.", "Write it after the option.")
    return str(value)


def _checked(argument: Argument) -> Argument:
    if argument.flag == "o" and not argument.keyword:
        raise InvalidOption(ORIGIN, f"-o {argument.value}", "this is not Keyword=value.", "Write -o Keyword=value.")
    return argument


def sanitised(args: Sequence[str]) -> list[Argument]:
    """The arguments that our master is started with, in their order.

    :raises InvalidOption: as :func:`parse` does.
    """
    return [argument for argument in parse(args) if not _dropped(argument)]


def _dropped(argument: Argument) -> bool:
    return argument.flag in DROPPED_FLAGS or argument.flag in DROPPED_WITH_VALUE or argument.keyword in DROPPED_KEYWORDS


def sets(arguments: Sequence[Argument], keyword: str) -> bool:
    """Whether an ``-o`` option with this name is among the arguments."""
    return any(argument.keyword == keyword.lower() for argument in arguments)


def uses_relative_path(arguments: Sequence[Argument]) -> bool:
    """Whether some value is a path that depends on the working directory."""
    return any(_relative(argument) for argument in arguments)


def _relative(argument: Argument) -> bool:
    if argument.flag in PATH_FLAGS:
        paths = [argument.value or ""]
    elif argument.keyword in PATH_KEYWORDS:
        paths = argument.keyword_value.split()
    else:
        return False
    return any(not path.lstrip('"').startswith(_ABSOLUTE) for path in paths)
