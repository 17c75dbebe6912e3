# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what ``ssh -G`` prints, and tells whether two of its answers mean the same connection."""

from __future__ import annotations

import os
import pwd
import re
import socket
from collections.abc import Iterator, Mapping
from pathlib import PurePath

from ...dataclass import dataclass

# The name that was asked for, and Ansible and our tunnel have control sockets of their own.
OF_THE_NAME = frozenset({"host", "controlpath"})
# Stand for the name on the command line wherever ssh prints them unexpanded.
_NAME_TOKENS = re.compile(r"%[nk]")
_TOKEN = re.compile(r"%(.?)|\$\{([^}]*)\}")


@dataclass(frozen=True)
class Local:
    """What ssh's tokens say of this controller. ``home`` is the account's home, because ssh does not look at ``$HOME``;
    ``environ`` are the environment variables.
    """

    home: str
    user: str
    uid: int
    hostname: str
    environ: Mapping[str, str]

    @classmethod
    def here(cls) -> Local:
        """:raises KeyError: this uid has no account, which ssh doesn't accept either."""
        account = pwd.getpwuid(os.getuid())
        return cls(account.pw_dir, account.pw_name, account.pw_uid, socket.gethostname(), os.environ)


@dataclass(frozen=True)
class Effective:
    """One answer of ``ssh -G``. ``lines`` are pairs (keyword, value) in ssh's order, with keywords in lower case and
    values as ssh prints them.
    """

    lines: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, output: str) -> Effective:
        """Read lines of ``keyword value``; a value may hold spaces."""
        pairs = (line.partition(" ") for line in output.splitlines() if line)
        return cls(tuple((keyword.lower(), value) for keyword, _space, value in pairs))

    def get(self, keyword: str) -> str:
        """The first value of a keyword, or ''."""
        return next((value for name, value in self.lines if name == keyword), "")

    @property
    def hostname(self) -> str:
        return self.get("hostname")

    @property
    def user(self) -> str:
        return self.get("user")

    @property
    def port(self) -> int:
        return int(self.get("port") or 22)

    @property
    def identity_files(self) -> tuple[str, ...]:
        """The key files as ssh prints them, with ``~`` and tokens; ssh's default files where none is configured."""
        return tuple(value for name, value in self.lines if name == "identityfile")

    @property
    def jump_host(self) -> str:
        """The jump hosts as ``[user@]host[:port]``, separated by commas; '' where there are none, or only ssh can work
        them out.
        """
        jump = self.get("proxyjump")
        hops = [hop.removeprefix("ssh://").rstrip("/") for hop in jump.split(",")]
        return "" if "%" in jump else ",".join(hops)

    def identity_paths(self, local: Local) -> tuple[str | None, ...]:
        """The key files as absolute paths, in ssh's order. None stands for a value that only ssh can work out, and for
        'none'.
        """
        tokens = {
            "%": "%",
            "d": local.home,
            "h": self.hostname,
            "i": str(local.uid),
            "L": local.hostname.partition(".")[0],
            "l": local.hostname,
            "n": self.get("host"),
            "p": str(self.port),
            "r": self.user,
            "u": local.user,
        }
        return tuple(_expanded(value, tokens, local) for value in self.identity_files)


def same_way(alias: Effective, address: Effective, local: Local) -> bool:
    """Whether ssh connects in the same way by both names. What its tokens stand for and the order of keys count."""
    if any(_NAME_TOKENS.search(value) for name, value in alias.lines if name not in OF_THE_NAME):
        return False
    return _settings(alias, local) == _settings(address, local)


def _settings(answer: Effective, local: Local) -> tuple[list[tuple[str, str]], list[str], str]:
    apart = OF_THE_NAME | {"identityfile", "proxyjump"}
    lines = sorted((name, value) for name, value in answer.lines if name not in apart)
    paths = zip(answer.identity_paths(local), answer.identity_files, strict=True)
    keys = dict.fromkeys(path or written for path, written in paths)
    return lines, list(keys), answer.jump_host or answer.get("proxyjump")


def _expanded(value: str, tokens: Mapping[str, str], local: Local) -> str | None:
    """A path with its tokens and variables replaced. None where a token is unknown here, and for a path that ssh would
    read in another way if it were given to it.
    """
    try:
        path = "".join(_parts(value, tokens, local.environ))
    except KeyError:
        return None
    if path == "~" or path.startswith("~/"):
        path = local.home + path[1:]
    path = os.path.expanduser(path)  # noqa: PTH111 - leaves the path of an unknown user as it is
    return path if PurePath(path).is_absolute() and not set(path) & set('%"$') else None


def _parts(value: str, tokens: Mapping[str, str], environ: Mapping[str, str]) -> Iterator[str]:
    end = 0
    for match in _TOKEN.finditer(value):
        yield value[end : match.start()]
        yield environ[match[2]] if match[2] is not None else tokens[match[1]]
        end = match.end()
    yield value[end:]
