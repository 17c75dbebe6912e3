# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of a YAML file as they are written there, and the lines that say others.

PyYAML's nodes know where in the text they begin and end, and read the text as Ansible does. Nothing is dumped anew, so
that all around a change stays as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from ..dataclass import dataclass

# libyaml's, where it is there, is ten times as fast.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
STR = "tag:yaml.org,2002:str"
_BOOL = "tag:yaml.org,2002:bool"
_NULL = "tag:yaml.org,2002:null"
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_TRUE = ("yes", "true", "on", "y", "1")
_PLAIN = re.compile(r"[A-Za-z0-9_/.][\w./@+=-]*(:[\w./@+=-]+)*")
INDENT = 2


@dataclass(frozen=True)
class Leaf:
    """A scalar.

    :param value: what it means.
    :param raw: how it is written; on one line where it can be written elsewhere like that.
    :param tag: of YAML, or a tag such as ``!vault``.
    :param span: where it is in the file's text (characters), None for one that was made here.
    """

    value: str
    raw: str
    tag: str = STR
    span: tuple[int, int] | None = None

    @property
    def templated(self) -> bool:
        """Only a run knows the value."""
        return "{{" in self.value or "{%" in self.value or self.tag.startswith("!")

    @property
    def true(self) -> bool:
        return self.value.lower() in _TRUE

    @property
    def boolean(self) -> bool:
        return self.tag == _BOOL

    @property
    def null(self) -> bool:
        return self.tag == _NULL

    @property
    def is_text(self) -> bool:
        """Whether YAML reads a text, not a number, a boolean or nothing."""
        return self.tag not in (_BOOL, _NULL, *_NUMBERS)


Value = Leaf | list[Any] | dict[str, Any]


def leaf(value: str) -> Leaf:
    """A scalar made here, quoted where YAML would read something else than this text."""
    tag = yaml.SafeLoader.yaml_implicit_resolvers
    plain = _PLAIN.fullmatch(value) and not any(
        pattern.match(value) for found, pattern in tag.get(value[:1], ()) if found != STR
    )
    return Leaf(value, value if plain else json.dumps(value, ensure_ascii=False))


def unquoted(value: str, tag: str = _BOOL) -> Leaf:
    """A number or a boolean made here."""
    return Leaf(value, value, tag)


def value_of(node: yaml.Node, text: str) -> Value:
    """A node as a value. Of keys that stand twice, the last counts, and ``<<`` is a key like others."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): value_of(value, text) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [value_of(item, text) for item in node.value]
    start, end = node.start_mark.index, node.end_mark.index
    raw = text[start:end]
    if "\n" in raw:
        raw = json.dumps(node.value, ensure_ascii=False)
    return Leaf(str(node.value), raw, str(node.tag), (start, end))


def has_template(value: Value) -> bool:
    """Whether anything in it depends on a run."""
    if isinstance(value, Leaf):
        return value.templated
    return any(map(has_template, value.values() if isinstance(value, dict) else value))


def lines_of(options: Mapping[str, Value]) -> list[str]:
    """Options as lines of YAML, the first ones not set in."""
    return [line for name, value in options.items() for line in _entry(f"{name}:", value)]


def _entry(head: str, value: Value) -> list[str]:
    if isinstance(value, Leaf):
        return [f"{head} {value.raw}".rstrip()]
    if not value:
        return [f"{head} {'{}' if isinstance(value, dict) else '[]'}"]
    inner = lines_of(value) if isinstance(value, dict) else [line for item in value for line in _item(item)]
    return [head, *(" " * INDENT + line for line in inner)]


def _item(value: Value) -> list[str]:
    if isinstance(value, Leaf):
        return [f"- {value.raw}"]
    if isinstance(value, list):
        return [f"- {flow(value)}"]
    first, *more = lines_of(value) or ["{}"]
    return [f"- {first}", *(f"  {line}" for line in more)]


def flow(value: Value) -> str:
    """A value in one line, as in ``{a: 1, b: [2]}``."""
    if isinstance(value, Leaf):
        return value.raw if not re.search(r"[,\[\]{}]", value.raw) or value.raw[:1] in "\"'" else leaf(value.value).raw
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    return "{" + ", ".join(f"{name}: {flow(item)}" for name, item in value.items()) + "}"


def texts(value: Value) -> Sequence[Leaf]:
    """A scalar, or a list of scalars, as a list; what is nested in others is left out."""
    return [value] if isinstance(value, Leaf) else [item for item in value if isinstance(item, Leaf)]
