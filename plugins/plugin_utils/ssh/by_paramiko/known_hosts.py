# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads known_hosts files as sshd(8) describes them, and judges a host's key by them. It is pure: texts are handed in.

paramiko's own reader knows neither patterns nor ``@revoked``.
"""

from __future__ import annotations

import base64
import binascii
import fnmatch
import hashlib
import hmac
import os
from collections.abc import Iterable, Sequence

from ...dataclass import dataclass

KNOWN, UNKNOWN, CHANGED, REVOKED = "known", "unknown", "changed", "revoked"
_HASHED = "|1|"
SALT = 20  # bytes, as many as SHA-1 gives
LONGEST_LINE = 64 * 1024  # characters


@dataclass(frozen=True)
class Entry:
    """One line: ``names`` as they are written, the key's type and base64, and where the line stands."""

    names: str
    kind: str
    key: str
    revoked: bool = False
    file: str = ""
    line: int = 0


@dataclass(frozen=True)
class Judgement:
    """What the files say of a key; ``entry`` is the line that says so, None where none does."""

    verdict: str
    entry: Entry | None = None


def entries(text: str, file: str) -> list[Entry]:
    """The lines of a file that hold a key. Keys of certificate authorities are left out: paramiko takes no host
    certificates. So are lines that can't be read, as ssh does.
    """
    found = (_entry(line, file, number) for number, line in enumerate(text.split("\n"), 1))
    return [entry for entry in found if entry]


def _entry(line: str, file: str, number: int) -> Entry | None:
    words = line.split() if len(line) <= LONGEST_LINE else []
    if not words or words[0].startswith("#"):
        return None
    marker = words.pop(0) if words[0].startswith("@") else ""
    if marker not in ("", "@revoked") or len(words) < 3:
        return None
    names, kind, key = words[:3]
    try:
        base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        return None
    return Entry(names, kind, key, bool(marker), file, number)


def host_name(host: str, port: int) -> str:
    """A host as known_hosts files call it."""
    return host.lower() if port == 22 else f"[{host.lower()}]:{port}"


def matches(names: str, host: str) -> bool:
    """Whether the names of a line are the host's, which ``host_name`` gives."""
    if names.startswith(_HASHED):
        return _matches_hash(names, host)
    found = False
    for pattern in names.lower().split(","):
        if pattern.startswith("!"):
            if _fits(host, pattern[1:]):
                return False
        else:
            found = found or _fits(host, pattern)
    return found


def _fits(host: str, pattern: str) -> bool:
    """Brackets are part of a name here, not of a pattern."""
    return fnmatch.fnmatchcase(host, pattern.replace("[", "[[]"))


def _matches_hash(names: str, host: str) -> bool:
    salt, _bar, digest = names.removeprefix(_HASHED).partition("|")
    try:
        wanted = base64.b64decode(digest, validate=True)
        found = hmac.new(base64.b64decode(salt, validate=True), host.encode(), hashlib.sha1).digest()
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(found, wanted)


def hashed(host: str) -> str:
    """A name as ``HashKnownHosts`` writes it."""
    salt = os.urandom(SALT)
    digest = hmac.new(salt, host.encode(), hashlib.sha1).digest()
    return f"{_HASHED}{base64.b64encode(salt).decode()}|{base64.b64encode(digest).decode()}"


def of_host(known: Iterable[Entry], host: str) -> list[Entry]:
    return [entry for entry in known if matches(entry.names, host)]


def judged(of_this_host: Sequence[Entry], kind: str, key: str) -> Judgement:
    """What the lines of a host say of the key that it has shown. One of another type says nothing, as with ssh.

    :param kind: the key's type, and ``key`` its base64.
    """
    same = [entry for entry in of_this_host if entry.key == key]
    if revoked := next((entry for entry in same if entry.revoked), None):
        return Judgement(REVOKED, revoked)
    if same:
        return Judgement(KNOWN, same[0])
    other = next((entry for entry in of_this_host if entry.kind == kind and not entry.revoked), None)
    return Judgement(CHANGED, other) if other else Judgement(UNKNOWN)
