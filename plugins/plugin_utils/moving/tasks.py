# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks, plays and defaults in the text of a YAML file, with what is around them.

A file that is no playbook and no list of tasks has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

import yaml

from ..dataclass import dataclass
from .values import LOADER

BLOCKS = ("block", "rescue", "always")
SECTIONS = ("pre_tasks", "tasks", "post_tasks", "handlers")
ACTIONS = ("action", "local_action")
# What a block or a play says for the tasks in it.
INHERITED = ("connection", "delegate_to", "become_user", "hosts", "environment", "remote_user")
MOST_NODES = 200_000  # of a file, aliases written out


class BrokenYaml(Exception):
    """The text is no YAML; ``line`` from 1, and the text says why."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


@dataclass(frozen=True)
class Entry:
    """A key of a mapping and its value."""

    name: str
    key: yaml.ScalarNode
    value: yaml.Node

    @property
    def line(self) -> int:
        return int(self.key.start_mark.line) + 1

    @property
    def text(self) -> str:
        """The value, where it is a scalar."""
        return str(self.value.value) if isinstance(self.value, yaml.ScalarNode) else ""


@dataclass(frozen=True)
class Task:
    """A task: its keys, and what the blocks and the play around it say (``INHERITED``).

    :param node: its mapping.
    """

    entries: Mapping[str, Entry]
    around: Mapping[str, str]
    node: yaml.MappingNode

    def says(self, name: str) -> str:
        """What the task or something around it says for this keyword; '' for nothing."""
        return self.entries[name].text if name in self.entries else self.around.get(name, "")

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 1

    @property
    def name(self) -> str:
        return self.entries["name"].text if "name" in self.entries else ""

    @property
    def span(self) -> tuple[int, int]:
        return self.node.start_mark.index, self.node.end_mark.index


@dataclass
class Found:
    """What a file has: its tasks, in their order, its plays, and the ``module_defaults`` of plays, blocks and tasks."""

    tasks: list[Task] = field(default_factory=list)
    plays: list[Mapping[str, Entry]] = field(default_factory=list)
    defaults: list[Entry] = field(default_factory=list)
    roots: list[yaml.Node] = field(default_factory=list)


def read(text: str) -> Found:
    """The tasks in the text of a file, which has no byte order mark.

    :raises BrokenYaml: it can't be read.
    """
    found = Found()
    try:
        found.roots = [node for node in yaml.compose_all(text, LOADER) if node is not None]
        sizes: dict[int, int] = {}
        if sum(_size(root, sizes) for root in found.roots) > MOST_NODES:
            raise ValueError(f"written out, its aliases are more than {MOST_NODES} values")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BrokenYaml(mark.line + 1 if mark else 1, str(error.problem or error.context)) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BrokenYaml(1, str(error).partition("\n")[0] or type(error).__name__) from error
    for root in found.roots:
        if isinstance(root, yaml.SequenceNode):
            _list(root, {}, found, set())
    return found


def _size(node: yaml.Node, sizes: dict[int, int]) -> int:
    """How many values a node is with its aliases written out.

    :raises ValueError: an alias is inside of what it stands for.
    """
    if isinstance(node, yaml.ScalarNode):
        return 1
    if sizes.setdefault(id(node), -1) < 0:
        sizes[id(node)] = -2 if sizes[id(node)] == -1 else -3
        if sizes[id(node)] == -3:
            raise ValueError("an alias is inside of what it stands for")
        inner = [one for pair in node.value for one in pair] if isinstance(node, yaml.MappingNode) else node.value
        sizes[id(node)] = 1 + sum(_size(one, sizes) for one in inner)
    return sizes[id(node)]


def entries_of(node: yaml.Node) -> Iterator[Entry]:
    """The keys of a mapping, those that come through ``<<`` too; of a twin, the last."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                for source in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                    yield from entries_of(source)
        yield from (Entry(key.value, key, value) for key, value in node.value if isinstance(key.value, str))


def own_keys(node: yaml.Node) -> set[int]:
    """Where the keys begin that stand in the mapping itself."""
    return {key.start_mark.index for key, _value in node.value} if isinstance(node, yaml.MappingNode) else set()


def _list(node: yaml.SequenceNode, around: Mapping[str, str], found: Found, seen: set[int]) -> None:
    if id(node) in seen:  # an alias of what was looked at
        return
    seen.add(id(node))
    for item in node.value:
        if isinstance(item, yaml.MappingNode) and id(item) not in seen:
            seen.add(id(item))
            _item(item, around, found, seen)


def _item(node: yaml.MappingNode, around: Mapping[str, str], found: Found, seen: set[int]) -> None:
    entries = {entry.name: entry for entry in entries_of(node)}
    if "module_defaults" in entries:
        found.defaults.append(entries["module_defaults"])
    if "hosts" in entries:
        found.plays.append(entries)
    inside = {**around, **{name: entries[name].text for name in INHERITED if name in entries}}
    lists = [name for name in (*SECTIONS, *BLOCKS) if name in entries]
    for name in lists:
        value: Any = entries[name].value
        if isinstance(value, yaml.SequenceNode):
            _list(value, inside, found, seen)
    if not lists and "hosts" not in entries:
        found.tasks.append(Task(entries, dict(around), node))
