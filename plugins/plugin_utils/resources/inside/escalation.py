# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The talk with sudo, su and their like before a command begins: their prompt, the password, and that it has begun."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

QUOTED = 2000  # bytes of what was said


class Becoming(Protocol):
    """What is asked of Ansible's become plugins."""

    name: str

    def check_success(self, b_output: bytes) -> bool: ...

    def check_password_prompt(self, b_output: bytes) -> bool: ...

    def check_incorrect_password(self, b_output: bytes) -> bool: ...

    def check_missing_password(self, b_output: bytes) -> bool: ...


class NotBecome(Exception):
    """The other user was not become; the message says why, in Ansible's own words where it has some."""


class Escalation:
    """One command's talk. It hears what the command writes, and gives its input: the password when it is asked for, the
    rest when the command itself has begun.

    :param password: with its line's end; None where none is expected to be asked for.
    """

    def __init__(self, plugin: Becoming, password: bytes | None, data: Iterable[bytes] = ()) -> None:
        self._plugin = plugin
        self._password = password
        self._data = data
        self._heard = {1: b"", 2: b""}
        self._asked = False
        self._answered = False
        self.begun = False

    def hear(self, stream: int, data: bytes) -> None:
        """Take what the command has written, as long as it has not begun.

        :param stream: 1 for stdout, 2 for stderr.
        :raises NotBecome: the password is wrong.
        """
        if self.begun:
            return
        self._heard[stream] += data
        said = self._heard[stream]
        if self._plugin.check_success(said):
            self.begun = True
        elif self._password is not None and self._plugin.check_password_prompt(said):
            if self._answered:
                raise NotBecome(f"Incorrect {self._plugin.name} password")
            self._asked = True

    def source(self) -> Iterator[bytes | None]:
        """The command's input; None where something has to be heard first."""
        while not self.begun:
            if self._asked and not self._answered:
                self._answered = True
                self._heard = {1: b"", 2: b""}
                yield self._password
            else:
                yield None
        yield from self._data

    def ended(self) -> None:
        """The command has ended.

        :raises NotBecome: it had not begun, and the reason is a password. Other reasons the command itself has told.
        """
        said = self._heard[1] + self._heard[2]
        if self.begun:
            return
        if self._plugin.check_incorrect_password(said):
            raise NotBecome(f"Incorrect {self._plugin.name} password")
        if self._plugin.check_missing_password(said):
            raise NotBecome(f"Missing {self._plugin.name} password")

    def late(self, seconds: float) -> NotBecome:
        """The error to raise where nothing came for so long."""
        waited = "the command to begin" if self._answered or self._password is None else "the prompt for a password"
        said = (self._heard[1] + self._heard[2])[:QUOTED].decode(errors="replace").strip()
        words = f"{self._plugin.name} in the container: waited {seconds:g} seconds for {waited} (ansible_timeout)."
        return NotBecome(f"{words} It said: {said}" if said else words)
