# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What runs on the host: Podman's own command, for it alone looks at registries and units; and how its words are read.

What it prints goes to files first: an update that has begun goes on where the connection is cut.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from ...dataclass import dataclass
from .options import Options

WORDS = 30  # lines of a unit's log
_SCRIPT = r"""
LC_ALL=C; export LC_ALL
unset CONTAINER_HOST CONTAINER_CONNECTION
scope=$1 verb=$2; shift 2
log() { journalctl "$@"; }
if [ "$scope" = user ]; then
  XDG_RUNTIME_DIR=/run/user/$(id -u) DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/$(id -u)/bus
  export XDG_RUNTIME_DIR DBUS_SESSION_BUS_ADDRESS
  log() { journalctl --user "$@"; }
fi
case $verb in
  who)
    id -u
    command -v podman
    exit 0 ;;
  update)
    trap '' HUP
    cd / || exit 4
    work=$(mktemp -d) || exit 4
    trap 'rm -rf "$work"' EXIT
    date +%s
    podman "$@" >"$work/out" 2>"$work/err" </dev/null
    code=$?
    cat "$work/out"
    cat "$work/err" >&2
    exit $code ;;
  words)
    log -q --no-pager -o cat -u "$1" --since "@$2" 2>/dev/null | head -n WORDS ;;
esac
""".replace("WORDS", str(WORDS))

# What the command says of a container -> what it is told as here.
CURRENT, PENDING, UPDATED, FAILED, ROLLED_BACK = "current", "pending", "updated", "failed", "rolled_back"
_STATUS = {"false": CURRENT, "pending": PENDING, "true": UPDATED, "failed": FAILED, "rolled back": ROLLED_BACK}
_DEBUG = "--log-level=debug"
_SEVERAL = re.compile(r"\d+ errors occurred:\n\t\* ")
_HIDDEN = re.compile(r'msg="(Error checking updates for image (?:[^"\\]|\\.)*)"')


def argv(scope: str, verb: str, *words: str) -> list[str]:
    """The command for one verb: ``who``, ``update`` with the words of ``command``, or ``words`` with a unit and the
    seconds since 1970 from which on its log is wanted.
    """
    return ["/bin/sh", "-c", _SCRIPT, "auto-update", scope, verb, *words]


def command(options: Options, *, dry: bool, hides_errors: bool) -> list[str]:
    """The words of Podman's command.

    :param dry: whether it only looks.
    :param hides_errors: whether it tells only those who debug it that a registry could not be asked.
    """
    words = [_DEBUG] if hides_errors else []
    words += ["auto-update", "--format=json"]
    words += ["--dry-run"] if dry else [f"--rollback={str(options.rollback).lower()}"]
    if options.authfile:
        words.append(f"--authfile={options.authfile}")
    if options.validate_certs is not None:
        words.append(f"--tls-verify={str(options.validate_certs).lower()}")
    return words


@dataclass(frozen=True)
class Line:
    """What is told of one container; ``status`` is one of the constants above."""

    name: str
    id: str
    image: str
    policy: str
    unit: str
    status: str


@dataclass(frozen=True)
class Report:
    """What the command has told; ``began`` is in seconds since 1970."""

    began: int = 0
    lines: tuple[Line, ...] = ()
    errors: tuple[str, ...] = ()


def read(output: str, errors: str) -> Report | None:
    """What the command has printed; None of what is no report."""
    began, _end, told = output.partition("\n")
    try:
        lines = json.loads(told) if told.strip() else []
        return Report(int(began), tuple(_line(one) for one in lines), tuple(_errors(errors)))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _line(one: dict[str, Any]) -> Line:
    return Line(
        name=str(one["ContainerName"]), id=str(one["ContainerID"]), image=str(one["Image"]), policy=str(one["Policy"]),
        unit=str(one["Unit"]), status=_STATUS[str(one["Updated"])],
    )  # fmt: skip


def _errors(text: str) -> Iterable[str]:
    """The errors at the end, and those that only the log has; what is before is the progress of pulls."""
    yield from (found.replace('\\"', '"') for found in _HIDDEN.findall(text))
    _progress, _word, said = f"\n{text}".rpartition("\nError: ")
    if not _word:
        return
    if several := _SEVERAL.match(said):
        yield from (one.strip() for one in said[several.end() :].split("\n\t* "))
    elif said.strip():
        yield said.strip()
