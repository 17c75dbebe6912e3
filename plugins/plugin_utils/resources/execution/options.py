# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A command for a running container: from a task's options to the engine's request and to the result."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from ...dataclass import dataclass
from ...engine.differences.engine import Engine
from ...errors import InvalidOption
from ..shared import parsers
from ..shared.secrets import MASK, looks_secret
from ..shared.spellings import SHORTEST_IN_TEXT
from . import refusal
from .output import Output

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "container": {"type": "str", "required": True, "aliases": ["name"]},
    "argv": {"type": "list", "elements": "str"},
    "command": {"type": "str"},
    "chdir": {"type": "str"},
    "env": {"type": "dict"},
    "user": {"type": "str"},
    "privileged": {"type": "bool", "default": False},
    "stdin": {"type": "str"},
    "stdin_add_newline": {"type": "bool", "default": True},
    "strip_empty_ends": {"type": "bool", "default": True},
    "tty": {"type": "bool", "default": False},
    "detach": {"type": "bool", "default": False},
    "timeout": {"type": "float"},
    "max_output": {"type": "str", "default": "16M"},
}
SPEC_RULES: dict[str, Any] = {
    "mutually_exclusive": [("argv", "command")],
    "required_one_of": [("argv", "command")],
}
CHUNK = 256 * 1024
END_OF_TYPING = b"\x04"


@dataclass(frozen=True)
class Command:
    """What to run, and how its output is kept. ``timeout`` is in seconds, ``most`` in bytes for each of the outputs."""

    container: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    chdir: str | None
    user: str | None
    privileged: bool
    stdin: bytes | None
    tty: bool
    detach: bool
    strip: bool
    timeout: float | None
    most: int

    def request(self) -> dict[str, Any]:
        """The body of the engine's request."""
        body: dict[str, Any] = {
            "Cmd": list(self.argv), "Env": [f"{key}={value}" for key, value in self.env.items()], "Tty": self.tty,
            "Privileged": self.privileged, "AttachStdin": self.stdin is not None, "AttachStdout": not self.detach,
            "AttachStderr": not self.detach,
        }  # fmt: skip
        more = {"WorkingDir": self.chdir, "User": self.user}
        return body | {key: value for key, value in more.items() if value is not None}

    def source(self) -> Iterator[bytes] | None:
        """The input in chunks; None for none. On a terminal, only Ctrl-D says that there is no more: one at the
        beginning of a line, two behind other characters.
        """
        if self.stdin is None:
            return None
        data = self.stdin
        if self.tty:
            data += END_OF_TYPING if not data or data.endswith(b"\n") else 2 * END_OF_TYPING
        return (data[start : start + CHUNK] for start in range(0, len(data), CHUNK))

    def secrets(self) -> set[str]:
        """The values of the variables whose names look secret; short ones would be found everywhere."""
        return {value for key, value in self.env.items() if looks_secret(key) and len(value) >= SHORTEST_IN_TEXT}


def parse(params: Mapping[str, Any]) -> Command:
    """Check the options beyond their types.

    :raises InvalidOption: for the first value that can't be used.
    """
    argv = _argv(params)
    if params["detach"]:
        for option in ("stdin", "timeout"):
            if params[option] is not None:
                raise InvalidOption(
                    option, MASK if option == "stdin" else params[option], "a detached command is left alone.",
                    "Leave it out, or set detach to false.",
                )  # fmt: skip
    timeout = params["timeout"]
    if timeout is not None and timeout <= 0:
        raise InvalidOption("timeout", timeout, "no command ends in that time.", "Give more than 0 seconds.")
    return Command(
        parsers.name("container", params["container"]), argv, environment(params["env"]),
        None if params["chdir"] is None else parsers.directory("chdir", params["chdir"]),
        None if params["user"] is None else parsers.text("user", params["user"]),
        params["privileged"], _stdin(params), params["tty"], params["detach"], params["strip_empty_ends"], timeout,
        parsers.size("max_output", params["max_output"]),
    )  # fmt: skip


def _argv(params: Mapping[str, Any]) -> tuple[str, ...]:
    option = "argv" if params["argv"] is not None else "command"
    try:
        argv = tuple(params["argv"] if option == "argv" else shlex.split(params["command"]))
    except ValueError as error:
        raise InvalidOption(option, params["command"], f"{error}.", "Use argv, which needs no quotes.") from None
    if not argv or not argv[0]:
        raise InvalidOption(option, params[option], "it names no program.", "Begin with the program to run.")
    if any("\0" in word for word in argv):
        raise InvalidOption(option, params[option], "no argument can hold a NUL character.", "Give it in stdin.")
    return argv


def environment(given: Mapping[str, Any] | None) -> dict[str, str]:
    """The environment of a command. Numbers and booleans are refused as the peer does: what YAML makes of yes or 010 is
    not what was written.

    :raises InvalidOption: a name or value that no command can have.
    """
    env = {}
    for key, value in (given or {}).items():
        if not isinstance(value, str):
            shown = MASK if looks_secret(str(key)) else value
            raise InvalidOption(f"env.{key}", shown, "it is no text.", "Put it into quotes.")
        if not str(key) or "=" in str(key) or "\0" in str(key) + value:
            raise InvalidOption("env", key, "no variable can have this name.", "Use letters, digits and '_'.")
        env[str(key)] = value
    return env


def _stdin(params: Mapping[str, Any]) -> bytes | None:
    text: str | None = params["stdin"]
    if text is None:
        return None
    return (text + "\n" if params["stdin_add_newline"] else text).encode(errors="surrogateescape")


def outcome(command: Command, stdout: Output, stderr: Output, code: int | None, engine: Engine) -> dict[str, Any]:
    """The result of a command that has ended: {failed, rc, stdout, stdout_lines, stderr, stderr_lines, truncated}.

    ``failed`` is said because Ansible would otherwise take every other code than 0 for a failure; ``msg`` is what it
    shows where failed_when makes one of it.
    """
    texts = {"stdout": stdout.text(), "stderr": stderr.text()}
    if engine.execs_add_words:
        said = "stdout" if command.tty else "stderr"
        texts[said] = refusal.without_added(texts[said])
    if command.strip:
        texts = {name: text.rstrip("\r\n") for name, text in texts.items()}
    return _result(code, texts, stdout.cut > 0 or stderr.cut > 0)


def never_ran(words: str, code: int) -> dict[str, Any]:
    """The result of a command whose program did not start."""
    return _result(code, {"stdout": "", "stderr": words}, truncated=False) | {
        "msg": f"The command could not be started (exit code {code}): {words}"
    }


def _result(code: int | None, texts: dict[str, str], truncated: bool) -> dict[str, Any]:
    lines = {f"{name}_lines": text.splitlines() for name, text in texts.items()}
    message = {"msg": f"The command ended with exit code {code}."} if code else {}
    return {"failed": False, "rc": code, **texts, **lines, "truncated": truncated, **message}
