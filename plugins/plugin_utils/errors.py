# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors of this collection: raised below, translated into Ansible's results in one place (plugin_utils.action)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .error_classes import BY_KIND
from .telling import LONGEST_VALUE, listed, shortened, with_short_words

if TYPE_CHECKING:
    from typing import Self


class FleetError(Exception):
    """Base of all our errors: ``message`` says what is wrong, ``hint`` what to do about it ('' when there is none).

    ``kind`` is one of ``error_classes.CLASSES``; ``beside`` is what a result tells beside the error, without secrets;
    ``peers_words`` are what community.docker's modules say of it, where a playbook may ask for just that.
    """

    kind: str
    beside: Mapping[str, Any] = MappingProxyType({})
    peers_words: str = ""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def known_as(self, words: str) -> Self:
        """This error with the words of community.docker's modules, which a result in their shape has."""
        self.peers_words = words
        return self

    def details(self, message: str, hint: str) -> dict[str, Any]:
        """The ``error`` of a result.

        :param message: for people, without secrets; so is the hint.
        """
        return {"kind": self.kind, "message": message, "hint": hint}

    @property
    def words(self) -> str:
        """The message as a part of another sentence: without the full stop at its end."""
        return self.message.strip().rstrip(".")


class HostsFileError(FleetError):
    """A hosts.json that cannot be accepted; ``problems`` holds every problem found, one line of text each, and the
    message the first of them.
    """

    kind = "hosts_file"

    def __init__(self, path: str, problems: Sequence[str]) -> None:
        self.path = path
        self.problems = list(problems)
        super().__init__(listed(self.problems, "\n", " problems"))


class ComposeFileError(FleetError):
    """Compose files that can't be used; ``problems`` holds every problem found, one line of text each."""

    kind = "compose_file"

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__(listed(self.problems, "\n", " problems"))


class SshError(FleetError):
    """The way to the engine's socket is not there; ``unreachable`` (else failed) follows from the kind."""

    def __init__(self, kind: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.kind = kind
        self.unreachable = BY_KIND[kind].unreachable


class TooLate(FleetError):
    """A host had not answered when the time for all hosts together was over."""

    kind = "too_late"

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"It had not answered when the {seconds:g} seconds of timeout_all were over.",
            "Give timeout_all more seconds, or read more hosts at once (at_once). A host that never answers ends with "
            "its own time-out (ansible_timeout, sshfleet_engine_timeout), which can be shorter.",
        )


class PolicyError(FleetError):
    """The policy of a host does not let something be changed; nothing was."""

    kind = "policy"


class AuditError(FleetError):
    """A line of the audit trail can't be written."""

    kind = "audit"


class EngineError(FleetError):
    """The engine answered with an error, or not at all (``status`` is then None). ``status`` is the HTTP status."""

    kind = "engine_error"

    def __init__(self, message: str, status: int | None = None, hint: str = "", kind: str = "engine_error") -> None:
        super().__init__(message, hint)
        self.status = status
        self.kind = kind

    def details(self, message: str, hint: str) -> dict[str, Any]:
        return {**super().details(message, hint), "status": self.status}

    @property
    def unanswered(self) -> bool:
        """Whether no answer came: the engine, the tunnel or the host may be gone."""
        return self.kind in ("no_answer", "answer_lost")


class InvalidOptions(FleetError):
    """Options that do not fit the module's; found before anything is touched."""

    kind = "invalid_option"

    def told(self, masked: Callable[[str], str]) -> str:
        """The message for people, without the middle of a very long value; ``message`` has all of it.

        :param masked: takes the secrets out, which it would not know when they are cut.
        """
        return with_short_words(masked(self.message))


class InvalidOption(InvalidOptions):
    """A value a user gave that cannot be used."""

    def __init__(self, option: str, value: Any, problem: str, remedy: str = "") -> None:
        self._parts = f"Option {option!r} has the value ", repr(value), f": {problem}"
        super().__init__("".join(self._parts), remedy)
        self.option = option
        self.value = value

    def details(self, message: str, hint: str) -> dict[str, Any]:
        return {**super().details(message, hint), "option": self.option}

    def told(self, masked: Callable[[str], str]) -> str:
        if self.message != "".join(self._parts):  # somebody has found better words
            return super().told(masked)
        before, value, after = map(masked, self._parts)
        return f"{with_short_words(before)}{shortened(value, LONGEST_VALUE)}{with_short_words(after)}"
