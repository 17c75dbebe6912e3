# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The known_hosts files of a login: which types of keys are asked for, and whether the key that came is the host's."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from . import known_hosts
from .honoured import ACCEPT_NEW, NO_CHECK, Login

LARGEST = 16 << 20  # bytes of one file that are read

# A type of key -> what it signs with, as the two sides agree on it.
_SIGNS = {"ssh-rsa": ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")}


class HostKeys:
    """What is known of the host of a login. ``name`` is how the files call it."""

    def __init__(self, login: Login) -> None:
        self._login = login
        self.name = login.known_as or known_hosts.host_name(login.host, login.port)
        self._unread: list[str] = []
        self._known = self._read()

    def _read(self) -> list[known_hosts.Entry]:
        found: list[known_hosts.Entry] = []
        self._unread = []
        for file in (*self._login.user_files, *self._login.global_files):
            try:
                with open(file, encoding="utf-8", errors="replace") as opened:  # noqa: PTH123
                    text = opened.read(LARGEST)
            except FileNotFoundError:
                continue
            except OSError as problem:  # ssh, too, reads those that it can
                self._unread.append(f"{file} can't be read: {problem.strerror}.")
                continue
            found += known_hosts.of_host(known_hosts.entries(text, file), self.name)
        return found

    def preferred(self, types: Sequence[str]) -> tuple[str, ...]:
        """Types of host keys, those first that are known of this host: it may have others, too."""
        known = [name for entry in self._known if not entry.revoked for name in _SIGNS.get(entry.kind, (entry.kind,))]
        first = [name for name in dict.fromkeys(known) if name in types]
        return (*first, *(name for name in types if name not in first))

    def judged(self, kind: str, key: str) -> tuple[bool, str]:
        """(whether the key is the host's, why it is refused: ssh's words, '' where it is not). One that may be written
        down is.

        :param kind: the key's type, and ``key`` its base64.
        """
        self._known = self._read()  # somebody else may just have written it down
        found = known_hosts.judged(self._known, kind, key)
        where = f" in {found.entry.file}:{found.entry.line}" if found.entry else ""
        label = kind.removeprefix("ssh-").partition("-")[0].upper()
        if found.verdict == known_hosts.REVOKED:
            return False, f"WARNING: REVOKED HOST KEY DETECTED! The {label} host key for {self.name} is marked{where}."
        if found.verdict == known_hosts.CHANGED and self._login.checking != NO_CHECK:
            return False, (
                "WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!\n"
                f"Offending {label} key{where}\n"
                f"Host key for {self.name} has changed and you have requested strict checking."
            )
        if found.verdict != known_hosts.UNKNOWN:
            return found.verdict == known_hosts.KNOWN, ""
        if self._login.checking == NO_CHECK or (self._login.checking == ACCEPT_NEW and not self._known):
            self._write(kind, key)
            return True, ""
        return False, "\n".join(self._unread) + (
            f"\nNo {label} host key is known for {self.name} and you have requested strict checking.\n"
            "Host key verification failed."
        )

    def _write(self, kind: str, key: str) -> None:
        """Write the key down, as ssh does: to the first of the user's files, and where that can't be, nowhere."""
        if not self._login.user_files:
            return
        file = Path(self._login.user_files[0])
        name = known_hosts.hashed(self.name) if self._login.hashed else self.name
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "r+b") as opened:
                whole = opened.seek(0, os.SEEK_END) == 0 or os.pread(descriptor, 1, opened.tell() - 1) == b"\n"
                opened.write(f"{'' if whole else chr(10)}{name} {kind} {key}\n".encode())
        except OSError:
            return
