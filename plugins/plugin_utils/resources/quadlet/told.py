# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the script of ``script.py`` has printed."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import field

from ...dataclass import dataclass

END = "end"
_ALONG = "along "
_GENERATED = re.compile(r"/run/(?:user/\d+/)?systemd/generator(?:\.early|\.late)?/")


@dataclass(frozen=True)
class File:
    """A file of the host: its mode in octal, when it was written (seconds since 1970), its text."""

    mode: str
    written: int
    text: str


@dataclass(frozen=True)
class Look:
    """What ``look`` has printed. ``now`` and ``then`` are the generator's output and complaints, about the files as
    they are and as they are to be; ``work`` is where these lay for it.
    """

    uid: int = -1
    folder: str = ""
    generator: str = ""
    systemd: bool = False
    work: str = ""
    files: Mapping[str, File] = field(default_factory=dict)
    now: tuple[str, str] = ("", "")
    then: tuple[str, str] = ("", "")


def read_look(said: str) -> Look | None:
    """What ``look`` has printed; None of what is not all of that."""
    lines = said.split("\n")
    if END not in lines:
        return None
    words: dict[str, list[str]] = {}
    files: dict[str, File] = {}
    try:
        for line in lines[: lines.index(END)]:
            key, _blank, rest = line.partition(" ")
            if key == "file":
                file, mode, written, *text = rest.split(" ")
                files[file] = File(mode, int(written), _unpacked("".join(text)))
            else:
                words[key] = rest.split(" ")
        now, then = (_both(words.get(key, ["", ""])) for key in ("now", "then"))
        uid = int(words.get("uid", ["-1"])[0])
    except ValueError:
        return None
    plain = {key: " ".join(words.get(key, [""])) for key in ("folder", "generator", "work")}
    return Look(uid=uid, systemd="systemd" in words, files=files, now=now, then=then, **plain)


def _both(packed: list[str]) -> tuple[str, str]:
    output, errors = packed
    return _unpacked(output), _unpacked(errors)


def _unpacked(packed: str) -> str:
    try:
        return base64.b64decode(packed, validate=True).decode(errors="surrogateescape")
    except binascii.Error as problem:
        raise ValueError(str(problem)) from problem


@dataclass(frozen=True)
class State:
    """A unit as systemd has it. ``since`` is when it became active, in seconds since 1970, 0 where that is not told;
    ``file`` is where the unit's own file is; ``restarts`` is how often systemd has started it again by itself;
    ``along`` are the units that run and that systemd stops and restarts with it, because they require it.
    """

    load: str = "not-found"
    active: str = "inactive"
    sub: str = "dead"
    result: str = "success"
    outdated: bool = False
    since: int = 0
    file: str = ""
    restarts: int = 0
    along: tuple[str, ...] = ()

    @property
    def foreign(self) -> bool:
        """Whether no generator has made it, and so no quadlet."""
        return bool(self.file) and not _GENERATED.match(self.file)

    @property
    def runs(self) -> bool:
        return self.active in ("active", "activating", "reloading")

    @property
    def failed(self) -> bool:
        return self.active == "failed"

    @property
    def keeps_ending(self) -> bool:
        """Whether it has ended since its start, and systemd starts it again."""
        return self.restarts > 0 or self.sub.startswith("auto-restart")

    @property
    def ends(self) -> bool:
        """Whether it is on its way down, with its commands for the end still at work."""
        return self.active == "deactivating"


def read_state(said: str) -> State:
    """What ``state`` has printed; what is not told is as of a unit that is not there."""
    found = dict(line.partition("=")[::2] for line in said.split("\n") if "=" in line)
    restarts = found.get("NRestarts", "")
    since = found.get("ActiveEnterTimestamp", "").removeprefix("@")
    return State(
        load=found.get("LoadState") or State.load,
        active=found.get("ActiveState") or State.active,
        sub=found.get("SubState") or State.sub,
        result=found.get("Result") or State.result,
        outdated=found.get("NeedDaemonReload") == "yes",
        since=int(since) if since.isdigit() else 0,
        file=found.get("FragmentPath", ""),
        restarts=int(restarts) if restarts.isdigit() else 0,
        along=tuple(sorted(line.removeprefix(_ALONG) for line in said.split("\n") if line.startswith(_ALONG))),
    )
