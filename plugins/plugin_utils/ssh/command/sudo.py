# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""sudo on the target, decided purely: its command line, what it is answered, and what its failures mean."""

from __future__ import annotations

import re
import secrets
import shlex
from dataclasses import field

from ...dataclass import dataclass
from ...errors import InvalidOption, SshError
from ..address.target import SshTarget
from ..login import messages

METHODS = ("sudo", "ansible.builtin.sudo")


@dataclass(frozen=True)
class Become:
    """How a task becomes another user, as Ansible's become plugin tells it. ``password`` is never shown."""

    method: str = "sudo"
    user: str = "root"
    exe: str = "sudo"
    flags: str = "-H -S -n"
    password: str | None = field(default=None, repr=False)


def require_sudo(become: Become) -> None:
    """Refuse what can't lead to a socket.

    :raises InvalidOption: another method than sudo, or a password that sudo can't be given.
    """
    if become.method not in METHODS:
        raise InvalidOption(
            "become_method",
            become.method,
            "an engine's socket is reached as another user through sudo only.",
            "Set become_method=sudo, or log in as a user who may open the socket (ansible_user).",
        )
    if become.password and "\n" in become.password:
        raise InvalidOption(
            "ansible_become_password", "********", "it holds a line break.", "Give the password without it."
        )


@dataclass(frozen=True)
class Tokens:
    """Two random texts that nobody else writes: sudo's prompt, and the first line of the command it has started."""

    prompt: str
    marker: str


def new_tokens() -> Tokens:
    token = secrets.token_hex(16)
    return Tokens(f"[sshfleet {token}] password:", f"sshfleet-{token}-started")


def command_line(words: list[str], become: Become | None, tokens: Tokens) -> str:
    """The command line for the login shell: the command, through sudo where there is somebody to become. Before the
    command begins, a line with the marker and its process ID is printed; whatever shells print while they start comes
    before that.
    """
    started = f"echo {tokens.marker} $$; exec {shlex.join(words)}"
    prefix = _sudo(become, tokens.prompt) if become else []
    return shlex.join([*prefix, "sh", "-c", started])


def _sudo(become: Become, prompt: str) -> list[str]:
    """sudo and its options, with LC_ALL=C because its messages are read."""
    flags = [kept for flag in shlex.split(become.flags) if (kept := _interactive(flag))]
    asks = ["-S", "-p", prompt] if become.password else ["-n"]
    return ["env", "LC_ALL=C", *shlex.split(become.exe), *flags, *asks, "-u", become.user]


def _interactive(flag: str) -> str:
    """The flag without -n and -S, which are ours to say; '' when nothing is left of it."""
    if flag in ("--non-interactive", "--stdin"):
        return ""
    if flag.startswith("--") or not re.fullmatch(r"-[A-Za-z]+", flag):
        return flag
    kept = flag.replace("n", "").replace("S", "")
    return "" if kept == "-" else kept


class Handshake:
    """Reads what a starting command writes, and answers one question: sudo's for the password.

    ``opened`` tells that the command runs, and ``pid`` is then its process ID on the target. ``failed`` tells that it
    will not run, because sudo asks in vain. ``said`` is what came on stderr, without the prompt and the password.
    """

    def __init__(self, tokens: Tokens, password: str | None = None) -> None:
        self._marker = re.compile(rb"%s (\d+)\n" % re.escape(tokens.marker.encode()))
        self._prompt = tokens.prompt.encode()
        self._password = password
        self._output = self._errors = b""
        self.asked = 0
        self.opened = False
        self.pid = 0

    @property
    def failed(self) -> bool:
        return self.asked > (1 if self._password else 0)

    @property
    def said(self) -> str:
        text = self._errors.replace(self._prompt, b"").decode(errors="replace")
        return text.replace(self._password, "********") if self._password else text

    def output(self, data: bytes) -> bytes:
        """Take what came on stdout, and return the part that is the command's: what follows the marker's line."""
        if self.opened:
            return data
        self._output += data
        found = self._marker.search(self._output)
        if not found:
            return b""
        self.opened, self.pid = True, int(found[1])
        rest, self._output = self._output[found.end() :], b""
        return rest

    def errors(self, data: bytes) -> bytes:
        """Take what came on stderr, and return what has to be written to stdin now; mostly that is nothing."""
        self._errors += data
        before, self.asked = self.asked, self._errors.count(self._prompt)
        if before or not self.asked or not self._password or self.opened:
            return b""
        return f"{self._password}\n".encode()


_NOT_GIVEN = (
    "sudo asks for a password, none was given",
    "Give it with --ask-become-pass or ansible_become_password, or let the user use sudo without one (NOPASSWD).",
)
_NOT_ACCEPTED = ("sudo does not accept the password", "Correct ansible_become_password (or what you type for it).")
# What sudo, or the shell in its place, says on stderr (LC_ALL=C; sudo 1.9) -> what is wrong and what to do.
SAYS: tuple[tuple[str, str, str], ...] = (
    (
        r"must have a tty",
        "sudo wants a terminal (requiretty)",
        "In sudoers there: Defaults:{login} !requiretty",
    ),
    (r"password is required|no askpass|terminal is required", *_NOT_GIVEN),
    (
        r"not in the sudoers file|not allowed to|may not run sudo",
        "sudo does not allow it",
        "As root there, let {login} run commands as {user}: a file in /etc/sudoers.d with '{login} ALL=({user}) ALL'.",
    ),
    (r"unknown user", "there is no user {user}", "Correct become_user."),
    (
        r"{exe}\W+(command )?not found|{exe}\W+No such file|not found:? {exe}",
        "there is no {exe}",
        "Install sudo there, correct become_exe, or log in as a user who may open the socket.",
    ),
    (r"incorrect password|Sorry, try again", *_NOT_ACCEPTED),
)


def sudo_error(target: SshTarget, become: Become, handshake: Handshake, *, in_time: bool = True) -> SshError:
    """The error for a command that sudo did not start, with what mends it.

    :param in_time: whether sudo ended by itself.
    """
    names = {"login": target.user or "the user", "user": become.user, "exe": become.exe}
    what, hint = _reason(handshake, names, in_time)
    said = messages.joined(handshake.said.splitlines())
    message = f"{target.display} does not let us become {become.user} with sudo: {what}{f' ({said})' if said else ''}."
    return SshError("sudo", message, hint)


def _reason(handshake: Handshake, names: dict[str, str], in_time: bool) -> tuple[str, str]:
    if handshake.failed:
        return _NOT_ACCEPTED if handshake.asked > 1 else _NOT_GIVEN
    for pattern, what, hint in SAYS:
        if re.search(pattern.replace("{exe}", re.escape(names["exe"])), handshake.said):
            return what.format(**names), hint.format(**names)
    if not in_time:
        return "it did not start a command in time", "Try sudo there by hand; maybe it asks something of its own."
    return "it started no command", "Try sudo there by hand."
