# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""hosts.json → HostsFile, or every problem of the file at once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..errors import HostsFileError
from .check import EXAMPLE, Problem, check, shown
from .entry import HostsFile
from .scan import JsonError, Lines, scan


def load_hosts(path: str) -> HostsFile:
    """Read and check a hosts.json.

    :raises HostsFileError: the file cannot be read or is refused.
    """
    return parse_hosts(read_bytes(path), path)


def read_bytes(path: str) -> bytes:
    """:raises HostsFileError: the file cannot be read."""
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        remedy = "Correct the path, or the file's owner and mode."
        raise HostsFileError(path, [f"{path}: the hosts file cannot be read: {reason}. {remedy}"]) from error


def parse_hosts(data: bytes, path: str) -> HostsFile:
    """Check the bytes of a hosts.json; ``path`` is for the messages only.

    :raises HostsFileError: with all problems in the order of the file, one line of text each.
    """
    text = _decode(data, path)
    problems: list[Problem] = []
    try:
        result = check(scan(text), problems)
    except JsonError as error:
        remedy = error.remedy if text.strip() else f"A hosts.json looks like {EXAMPLE}."
        problem = f"this is not JSON: the file {error.problem}" if text.strip() else "the file is empty"
        raise _refusal(path, text, [Problem(error.offset, problem, remedy)]) from error
    if problems:
        raise _refusal(path, text, problems)
    return result


def _decode(data: bytes, path: str) -> str:
    for mark, name in ((b"\xef\xbb\xbf", "UTF-8"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16")):
        if data.startswith(mark):
            text = f"the file begins with a byte order mark (BOM, {name}). Save it as UTF-8 without one."
            raise HostsFileError(path, [f"{path}:1: {text}"])
    if data.startswith(b"$ANSIBLE_VAULT"):
        text = "the file is encrypted with Ansible Vault. A hosts.json holds no secrets: run ansible-vault decrypt."
        raise HostsFileError(path, [f"{path}:1: {text}"])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        text = f"the file is not UTF-8 (byte 0x{data[error.start]:02x}). Save it as UTF-8."
        raise HostsFileError(path, [f"{path}:{line}: {text}"]) from error


def _refusal(path: str, text: str, problems: Iterable[Problem]) -> HostsFileError:
    lines = Lines(text)
    in_order = sorted(problems, key=lambda problem: problem.offset)
    return HostsFileError(path, [_sentence(path, lines, problem) for problem in in_order])


def _sentence(path: str, lines: Lines, problem: Problem) -> str:
    named = (("host", problem.host), ("key", problem.key))
    where = [f"{what} {shown(name)}" for what, name in named if name is not None]
    where += [f"value {problem.value}"] if problem.value is not None else []
    place = f"{', '.join(where)}: " if where else ""
    twin = f" (first on line {lines.at(problem.first)})" if problem.first is not None else ""
    return f"{path}:{lines.at(problem.offset)}: {place}{problem.text}{twin}. {problem.remedy}"
