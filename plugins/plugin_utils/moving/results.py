# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where results are read that a peer's module has given, and what they are called here."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from ..dataclass import dataclass
from .peer_differences import RETURNED
from .tasks import Task

# What of a peer's result has the engine's own shape, as it is called by any of their modules.
# What Podman's own inspect has beside Docker's.
PODMAN_ONLY = frozenset({
    "ImageDigest", "ImageName", "Rootfs", "Pod", "StaticDir", "OCIConfigPath", "OCIRuntime", "ConmonPidFile", "PidFile",
    "EffectiveCaps", "BoundingCaps", "Dependencies", "Namespace", "IsInfra", "IsService", "KubeExitCodePropagation",
    "lockNumber", "Annotations", "CreateCommand", "StopSignal",
})  # fmt: skip
SHAPED = ("container", "containers", "network", "networks", "volume", "volumes", "image", "images", "host_info")
_PATH = re.compile(r"""(?:\.[A-Za-z_]\w*|\[\s*(?:'[^'\]]*'|"[^"\]]*"|-?\d+)\s*\])+""")
_RESULTS = re.compile(r"\b(\w+)\.results\b")
_STEP = re.compile(r"""\.(\w+)|\[\s*(?:'([^']*)'|"([^"]*)"|(-?\d+))\s*\]""")
_ATTRIBUTE = re.compile(rf"""['"]((?:{"|".join(SHAPED)})(?:\.\w+)*)['"]""")
_LOOPS = ("loop", "with_items", "with_list", "with_dict", "with_flattened")
_NEARBY = 300  # characters behind NAME.results in which map() and selectattr() name what they read


@dataclass(frozen=True)
class Read:
    """A place where a result is read in the engine's shape.

    :param what: as it is written there; ``here`` is its name in the shape of both engines, '' where none is known.
    :param podman_only: Docker's inspect has nothing of the kind.
    """

    line: int
    what: str
    here: str
    podman_only: bool = False

    def told(self) -> dict[str, object]:
        """As a part of a result."""
        return {"line": self.line, "what": self.what, "here": self.here}


def of_module(read: Read, module: str) -> Read:
    """A read of a module's result; those that only read give lists here."""
    if module.endswith("_info") and read.here.startswith("container."):
        return replace(read, here=read.here.replace("container.", "containers[0].", 1))
    return read


def in_file(text: str, tasks: Sequence[Task]) -> dict[int, list[Read]]:
    """The reads of results in a file, by the place among ``tasks`` of the one that has given them: the last before, or
    the task itself, that has this name for its result.
    """
    given: dict[str, list[int]] = {}
    for at, task in enumerate(tasks):
        if "register" in task.entries:
            given.setdefault(task.entries["register"].text, []).append(at)
    starts = [task.span[0] for task in tasks]
    found: dict[int, list[Read]] = {}

    def belongs(name: str, place: int, reads: Iterable[Read]) -> None:
        before = given[name][: bisect_right(given[name], bisect_right(starts, place) - 1)]
        if before:
            found.setdefault(before[-1], []).extend(reads)

    if pattern := mentions(given):
        for match in pattern.finditer(text):
            belongs(match[1], match.start(), _at(text, match.end(), match.start()))
    for task in tasks:
        for name in _looped_over(task):
            if name in given:
                belongs(name, task.span[0], _items(text, task))
    return {at: _longest(reads) for at, reads in found.items()}


def _longest(reads: Iterable[Read]) -> list[Read]:
    """Each read once; a test that something is there is none beside the read of what is in it."""
    found = sorted(set(reads), key=lambda read: (read.line, read.what))
    return [read for at, read in enumerate(found) if not any(map(partial(_goes_on, read), found[at + 1 : at + 2]))]


def _goes_on(read: Read, after: Read) -> bool:
    return read.line == after.line and after.what.startswith(read.what)


def named(text: str, name: str, start: int = 0, end: int | None = None) -> Iterator[Read]:
    """The reads of a variable in a part of a text, or in all of it."""
    pattern = mentions([name])
    for match in pattern.finditer(text, start, len(text) if end is None else end) if pattern else ():
        yield from _at(text, match.end(), match.start())


def _at(text: str, end: int, start: int) -> Iterator[Read]:
    """The reads of the variable whose name goes from ``start`` to ``end``."""
    path = _PATH.match(text, end)
    if path is None or _is_comment(text, start):
        return
    steps = _steps(path[0])
    if steps[0] == "results":
        steps = steps[2:] if len(steps) > 1 and steps[1].lstrip("-").isdigit() else steps[1:]
        for attribute in _ATTRIBUTE.finditer(text, path.end(), _expression_end(text, path.end())):
            what = f"{text[start : path.end()]} … {attribute[0]}"
            yield _read(text, attribute.start(), what, attribute[1].split("."))
    if steps and steps[0] in SHAPED and (len(steps) > 1 or steps[0] == "container"):
        yield _read(text, start, text[start : path.end()], steps)


def _expression_end(text: str, at: int) -> int:
    end = text.find("}}", at, at + _NEARBY)
    return end if end >= 0 else text.find("\n", at, at + _NEARBY) % (len(text) + 1)


def _items(text: str, task: Task) -> Iterator[Read]:
    """The reads of a loop's variable in its task."""
    control = task.entries["loop_control"].value if "loop_control" in task.entries else None
    pairs = {key.value: value.value for key, value in control.value} if control is not None and control.value else {}
    yield from named(text, str(pairs.get("loop_var", "item")), *task.span)


def _looped_over(task: Task) -> set[str]:
    """The variables over whose ``results`` a task loops."""
    return {name for key in _LOOPS if key in task.entries for name in _RESULTS.findall(task.entries[key].text)}


def _steps(path: str) -> list[str]:
    return [next(filter(None, step.groups()), "") for step in _STEP.finditer(path)]


def _is_comment(text: str, at: int) -> bool:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line.lstrip().startswith("#")


def _read(text: str, at: int, what: str, steps: Sequence[str]) -> Read:
    return Read(text.count("\n", 0, at) + 1, what, here(steps), not PODMAN_ONLY.isdisjoint(steps[:4]))


def here(steps: Sequence[str]) -> str:
    """What ``container.State.Status`` and the like are called in the shape that is the same for both engines, in plain
    text; '' where it has no name there.
    """
    if steps[0] not in ("container", "containers"):
        return ""
    at, inner = "", list(steps[1:])
    if inner and inner[0].lstrip("-").isdigit():
        at = f"[{inner.pop(0)}]"
    for length in range(len(inner), 0, -1):
        if (told := RETURNED.get(".".join(inner[:length]))) is not None:
            rest = "".join(f".{step}" for step in inner[length:])
            return f"{steps[0]}{at}.{told.replace('``', '')}{f' (of it: {rest[1:]})' if rest else ''}"
    return ""


def mentions(names: Iterable[str]) -> re.Pattern[str] | None:
    """What finds any of these variables in a text, so that a file is searched once; None for no variable."""
    known = sorted(set(names), key=len, reverse=True)
    return re.compile(rf"(?<![\w.'\"])({'|'.join(map(re.escape, known))})(?=[.\[])") if known else None
