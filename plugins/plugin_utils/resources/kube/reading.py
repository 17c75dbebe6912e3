# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The objects of Kubernetes YAML: its texts become a list of them, each with its place in its file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...compose.problems import Path, Problems, Source, written
from ...compose.reading.documents import documents
from ...compose.reading.scalars import Date, untagged
from ...dataclass import dataclass
from ...errors import InvalidOptions
from ...telling import listed

WORKLOADS = ("Pod", "Deployment", "DaemonSet", "Job")
CONFIG_MAP, SECRET, CLAIM = "ConfigMap", "Secret", "PersistentVolumeClaim"
KINDS = (*WORKLOADS, CONFIG_MAP, SECRET, CLAIM)
_LIST = "List"
_INSTEAD = {
    "Service": "Publish ports of the host with hostPort of a container; pods find each other by their names.",
    "Ingress": "Publish ports of the host with hostPort of a container.",
    "StatefulSet": "Write a Pod for each replica, or a Deployment.",
    "ReplicaSet": "Write a Deployment.",
    "CronJob": "Write a Job, and run the task when it is to run.",
    "Namespace": "There are none: take it out of the YAML.",
}
_TAKE_OUT = "Take it out of the YAML."


@dataclass(frozen=True)
class Object:
    """One object: ``body`` is plain data without nulls; ``base`` is the way to it in its document."""

    kind: str
    name: str
    body: Mapping[str, Any]
    source: Source
    base: Path = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".strip()

    def line(self, path: Path = ()) -> int:
        """The line of this value, or of as much of the way to it as there is; of all of it, that of its kind."""
        known = self.source.line((*self.base, *path))
        return known[1] if known[0] > len(self.base) else self.source.line((*self.base, "kind"))[1]

    def place(self, path: Path = ()) -> str:
        """Where something of it stands, for people: file, line, object and key."""
        return f"{self.source.file}:{self.line(path)}: {self}{': ' if path else ''}{written(path)}"


class Found:
    """What is wrong with objects, and what is worth a warning."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.warnings: list[str] = []

    def add(self, one: Object, path: Path, problem: str, remedy: str = "") -> None:
        text = f"{one.place(path)} {problem} {remedy}".strip()
        if text not in self.problems:
            self.problems.append(text)

    def stop_if_any(self) -> None:
        """:raises InvalidOptions: something was found."""
        if self.problems:
            raise InvalidOptions(listed(self.problems, "\n", " problems"))


def text_of(value: Any) -> str:
    """A text of YAML as it is, and what is data already as such a text."""
    return value if isinstance(value, str) else json.dumps(value, indent=1)


def objects(texts: Iterable[tuple[str, str]], only: str = "") -> list[Object]:
    """All objects of some texts, in their order; the items of a List in its place.

    :param texts: what each is called for people (a path, or an option), and the text.
    :param only: the one kind that may be there; '' for all that are known.
    :raises InvalidOptions: with everything that is wrong: no YAML, no object, a kind that Podman does not play, two of
        one name.
    """
    problems, found = Problems(), Found()
    made: list[Object] = []
    for name, text in texts:
        for document in documents(text, name, problems):
            if document.resets:
                problems.at_line(name, 1, "has a tag of compose files.", "Take !reset and !override out.")
            made += _objects(document.content, document.source, (), found)
    found.problems[:0] = problems.found
    for one in made:
        _require_kind(one, only, found)
    _require_apart(made, found)
    found.stop_if_any()
    return made


def _objects(content: Any, source: Source, base: Path, found: Found) -> Iterator[Object]:
    if content is None:
        return
    if isinstance(content, list) and not base:  # a list of objects, as data of a task are
        for index, item in enumerate(content):
            yield from _objects(item, source, (index,), found)
        return
    if not isinstance(content, dict):
        found.problems.append(
            f"{source.file}:{source.line(base)[1]}: {written(base) or 'the document'} is no object. Write a mapping "
            "with apiVersion, kind and metadata."
        )
    elif content.get("kind") == _LIST:
        items = content.get("items")
        for index, item in enumerate(items if isinstance(items, list) else ()):
            yield from _objects(item, source, (*base, "items", index), found)
    else:
        metadata = content.get("metadata")
        name = metadata.get("name") if isinstance(metadata, dict) else None
        kind = content.get("kind")
        shown = name if isinstance(name, str) and not isinstance(name, Date) else ""
        yield Object(kind if isinstance(kind, str) else "", shown, without_nulls(content), source, base)


def without_nulls(value: Any) -> Any:
    """Data without what is null, which is for Kubernetes as if it were not there."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def plain_data(value: Any) -> Any:
    """Data as JSON has it."""
    return untagged(value)


def _require_kind(one: Object, only: str, found: Found) -> None:
    if not one.kind:
        found.add(one, ("kind",), "is missing: it is no Kubernetes object.", f"Use one of {', '.join(KINDS)}.")
    elif only and one.kind != only:
        found.add(one, ("kind",), f"is not {only}, which alone may stand here.", "Put it into the YAML itself.")
    elif one.kind not in KINDS:
        remedy = _INSTEAD.get(one.kind, _TAKE_OUT)
        found.add(one, ("kind",), f"Podman does not play a {one.kind} ({', '.join(KINDS)}).", remedy)
    elif not one.name:
        found.add(one, ("metadata", "name"), "is missing, or no text.", "Give the object a name, in quotes if need be.")


def _require_apart(made: list[Object], found: Found) -> None:
    seen: dict[tuple[str, str], Object] = {}
    for one in made:
        if one.name and (first := seen.setdefault((one.kind, one.name), one)) is not one:
            place = f"{first.source.file}:{first.line()}"
            found.add(one, (), f"is there twice, also at {place}.", "Take one of them out, or rename it.")
