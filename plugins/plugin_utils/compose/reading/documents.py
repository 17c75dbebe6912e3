# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The text of a compose file becomes its documents: plain data, the line of each value, and what is to be reset.

PyYAML's parser reads the text; its events are put together here. PyYAML's own loader, and ruamel.yaml's, take YAML 1.1
or 1.2 for granted, where compose is between them, lose repeated keys or lines, and answer deep nesting with a crash.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Any

import yaml

from ...dataclass import dataclass
from ..problems import Path, Problems, Source
from .scalars import Date, plain

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
RESET, OVERRIDE = "!reset", "!override"
MERGE = "<<"
DEEPEST = 100  # levels of nesting
MOST = 200_000  # values, those that aliases repeat among them
_TEXT = "tag:yaml.org,2002:str"
_UNREPEATED = "Write it out, or use fewer aliases."


@dataclass(frozen=True)
class Document:
    """One document of a file. ``resets`` are the paths that it takes away from what earlier files say."""

    content: Any
    source: Source
    resets: tuple[Path, ...] = ()


@dataclass
class _Node:
    """A value as it stands in the file; ``items`` of a mapping are keys and values in turn."""

    line: int
    tag: str | None
    value: Any = None
    items: list[_Node] = field(default_factory=list)
    kind: str = "scalar"
    plain: bool = False


class _Unreadable(Exception):
    def __init__(self, line: int, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.line, self.problem, self.remedy = line, problem, remedy


def documents(text: str, file: str, problems: Problems) -> list[Document]:
    """All documents of a file. What is wrong is noted in ``problems``, and ends the reading."""
    found: list[Document] = []
    try:
        for node in _nodes(text.encode("utf-8", "surrogatepass")):
            build = _Build(file, problems)
            content = build.value(node, (), ())
            found.append(Document(content, Source(file, build.lines), tuple(build.resets)))
    except _Unreadable as error:
        problems.at_line(file, error.line, error.problem, error.remedy)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        words = " ".join(filter(None, (error.context, error.problem)))
        problems.at_line(
            file, mark.line + 1 if mark else 1, f"is no YAML: {words}.", "Correct the line, or the one above."
        )
    except yaml.YAMLError as error:
        problems.at_line(file, 1, f"is no YAML: {error}.", "Write it as UTF-8 text.")
    return found


def _nodes(text: bytes) -> Iterator[_Node]:
    """The root of each document, made of the parser's events without recursion."""
    anchors: dict[str, _Node] = {}
    stack: list[_Node] = []
    root: _Node | None = None
    for event in yaml.parse(text, Loader=_PARSER):
        if isinstance(event, yaml.DocumentStartEvent):
            anchors, stack, root = {}, [], None
        elif isinstance(event, yaml.DocumentEndEvent):
            if root is not None:
                yield root
        elif isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
        elif isinstance(event, yaml.NodeEvent):
            node = _node(event, anchors)
            root = root or node
            if stack:
                stack[-1].items.append(node)
            if isinstance(event, yaml.CollectionStartEvent):
                if len(stack) >= DEEPEST:
                    raise _Unreadable(node.line, f"is nested more than {DEEPEST} levels deep.", "Write it flatter.")
                stack.append(node)


def _node(event: Any, anchors: dict[str, _Node]) -> _Node:
    line = event.start_mark.line + 1
    if isinstance(event, yaml.AliasEvent):
        if event.anchor not in anchors:
            raise _Unreadable(line, f"*{event.anchor} is used before &{event.anchor} is there.", "Move the anchor up.")
        return anchors[event.anchor]
    if isinstance(event, yaml.ScalarEvent):
        node = _Node(line, event.tag, event.value, plain=not event.style)
    else:
        node = _Node(line, event.tag, kind="list" if isinstance(event, yaml.SequenceStartEvent) else "mapping")
    if event.anchor:
        anchors[event.anchor] = node
    return node


class _Build:
    """Makes data of a document's nodes."""

    def __init__(self, file: str, problems: Problems) -> None:
        self.lines: dict[Path, int] = {}
        self.resets: list[Path] = []
        self._file, self._problems = file, problems
        self._made = 0

    def value(self, node: _Node, path: Path, within: tuple[int, ...]) -> Any:
        """
        :param within: the nodes that this one stands in, by ``id``.
        """
        self._count(node, within)
        if node.tag == OVERRIDE:
            self._mark(node, path)
        if node.kind == "scalar":
            return self._scalar(node)
        if node.kind == "list":
            return self._list(node, path, (*within, id(node)))
        return self._mapping(node, path, (*within, id(node)))

    def _count(self, node: _Node, within: tuple[int, ...]) -> None:
        self._made += 1
        if id(node) in within:
            raise _Unreadable(node.line, "an alias stands within its own anchor.", "Write the value out.")
        if self._made > MOST:
            raise _Unreadable(node.line, f"there are more than {MOST} values, with those of aliases.", _UNREPEATED)

    def _mark(self, node: _Node, path: Path) -> None:
        self.resets.append(path)
        if path and isinstance(path[-1], int):
            self._problems.at_line(
                self._file,
                node.line,
                f"{node.tag} does nothing on an item of a list.",
                f"Write it before the list: KEY: {OVERRIDE} [...].",
            )

    @staticmethod
    def _scalar(node: _Node) -> Any:
        return plain(node.value) if node.plain and node.tag != _TEXT else node.value

    def _list(self, node: _Node, path: Path, within: tuple[int, ...]) -> list[Any]:
        made = []
        for index, item in enumerate(node.items):
            where = (*path, index)
            self.lines.setdefault(where, item.line)
            if item.tag == RESET:
                self._mark(item, where)
                continue
            made.append(self.value(item, where, within))
        return made

    def _mapping(self, node: _Node, path: Path, within: tuple[int, ...]) -> dict[str, Any]:
        keys = self._keys(node, path)
        made: dict[str, Any] = {}
        merged: list[_Node] = []
        for key, item in keys:
            if key == MERGE:
                merged.append(item)
                continue
            where = (*path, key)
            if item.tag == RESET:
                self.resets.append(where)
                continue
            made[key] = self.value(item, where, within)
        for item in merged:
            self._merge(item, made, path, within)
        return made

    def _keys(self, node: _Node, path: Path) -> list[tuple[str, _Node]]:
        keys: list[tuple[str, _Node]] = []
        seen: dict[str, int] = {}
        for name, item in zip(node.items[::2], node.items[1::2], strict=True):
            key = self._scalar(name) if name.kind == "scalar" else None
            if not isinstance(key, str) or isinstance(key, Date):
                self._problems.at_line(
                    self._file, name.line, f"a key is no text: {name.value!r}.", "Put it into quotes."
                )
                continue
            if key in seen:
                first = f"the key {key!r} stands in line {seen[key]} already."
                self._problems.at_line(self._file, name.line, first, "Remove one of them.")
                continue
            seen[key] = name.line
            self.lines[(*path, key)] = name.line
            keys.append((key, item))
        return keys

    def _merge(self, node: _Node, made: dict[str, Any], path: Path, within: tuple[int, ...]) -> None:
        """What ``<<`` brings along: the first mapping wins, and own keys do before it."""
        for one in node.items if node.kind == "list" else [node]:
            if one.kind != "mapping":
                raise _Unreadable(node.line, "<< takes a mapping, or a list of mappings.", "Name the anchor of one.")
            own, self.lines = self.lines, {}
            brought = self.value(one, path, within)
            for where, line in self.lines.items():
                own.setdefault(where, line)
            self.lines = own
            for key, item in brought.items():
                made.setdefault(key, item)
