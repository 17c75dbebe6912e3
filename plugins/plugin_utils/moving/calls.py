# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways in which a task calls a module: a dictionary of options, KEY=VALUE, ``action`` and ``args``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field

import yaml

from ..dataclass import dataclass
from .edits import Edit, entry_span, line_end, line_start, newline_of, removed
from .names import peer_called
from .tasks import ACTIONS, Entry, Task, entries_of, own_keys
from .values import INDENT, Leaf, Value, flow, leaf, lines_of, value_of

_QUOTES = "\"'\n"  # where a scalar ends that is not plain, or goes on in further lines
BLOCK, FLOW, PAIRS = "block", "flow", "pairs"
_PAIR = re.compile(r"""(?<![^\s"'])([A-Za-z_]\w*)=((?:"[^"]*"|'[^']*'|\{\{.*?\}\}|[^\s"'{]|\{(?!\{))*)""")
_FIRST_WORD = re.compile(r"[\w.]+")


@dataclass(frozen=True)
class Option:
    """An option that a task gives.

    :param key: where its name is in the text.
    :param span: where the option is, from its name to the end of its value.
    :param own: whether it stands in the task itself, and not in what an alias leads to.
    """

    name: str
    value: Value
    line: int
    key: tuple[int, int]
    span: tuple[int, int]
    form: str
    own: bool = True


@dataclass
class Call:
    """A task's call of a peer's module.

    :param module: the peer's module, without its collection.
    :param written: its name as it is written, and ``at`` where.
    :param form: how its options are written; ``holder`` is what has them, None where there is nothing.
    :param templated: all of the options are one template.
    """

    module: str
    written: str
    at: tuple[int, int]
    line: int
    key: yaml.Node
    form: str = BLOCK
    holder: yaml.Node | None = None
    options: list[Option] = field(default_factory=list)
    templated: bool = False
    local: bool = False


def call_of(task: Task, text: str) -> Call | None:
    """The call of a peer's module in a task; None where it calls another one."""
    for entry in task.entries.values():
        if (module := peer_called(entry.name)) is not None:
            call = _call(module, entry.name, entry.key, entry.key, text)
            return with_options(call, entry.value, task, text)
        if entry.name in ACTIONS and (found := _by_action(entry, text)) is not None:
            found.local = entry.name == "local_action"
            return with_options(found, entry.value, task, text)
    return None


def _call(module: str, written: str, node: yaml.Node, key: yaml.Node, text: str) -> Call:
    at = text.index(written, node.start_mark.index)
    return Call(module, written, (at, at + len(written)), node.start_mark.line + 1, key)


def _by_action(entry: Entry, text: str) -> Call | None:
    if isinstance(entry.value, yaml.ScalarNode):
        word = _FIRST_WORD.match(entry.text.strip())
        module = peer_called(word[0]) if word else None
        return _call(module, word[0], entry.value, entry.key, text) if word and module else None
    for inner in entries_of(entry.value):
        if inner.name == "module" and (module := peer_called(inner.text)) is not None:
            return _call(module, inner.text, inner.value, entry.key, text)
    return None


def with_options(call: Call, value: yaml.Node, task: Task, text: str) -> Call:
    """The call with the options that a task gives beside the module's name, and in ``args``."""
    if isinstance(value, yaml.MappingNode):
        call.form = FLOW if value.flow_style else BLOCK
        call.holder = value
        call.options += [option for option in _options(value, text) if option.name != "module"]
    elif isinstance(value, yaml.ScalarNode) and value.value:
        call.form, call.holder = PAIRS, value
        call.options += _pairs(value, text)
        call.templated = not call.options and "{{" in value.value
    if "args" in task.entries:
        args = task.entries["args"].value
        call.templated |= not isinstance(args, yaml.MappingNode)
        if isinstance(args, yaml.MappingNode) and call.holder is None:
            call.form, call.holder = (FLOW if args.flow_style else BLOCK), args
        call.options += _options(args, text)
    return call


def _options(node: yaml.Node, text: str) -> list[Option]:
    own = own_keys(node)
    form = FLOW if getattr(node, "flow_style", False) else BLOCK
    found = {}
    for entry in entries_of(node):
        key = entry.key.start_mark.index, entry.key.end_mark.index
        found[entry.name] = Option(
            entry.name, value_of(entry.value, text), entry.line, key, entry_span(text, entry.key, entry.value), form,
            key[0] in own and entry.name != "<<",
        )  # fmt: skip
    return [option for option in found.values() if option.name != "<<"]


def _pairs(node: yaml.ScalarNode, text: str) -> list[Option]:
    start, end = node.start_mark.index, node.end_mark.index
    found = []
    for pair in _PAIR.finditer(text, start, end):
        line = node.start_mark.line + 1 + text.count("\n", start, pair.start())
        value = pair[2][1:-1] if pair[2][:1] in ("'", '"') and pair[2][-1:] == pair[2][:1] else pair[2]
        tag = "pair:" if value.lower() in ("yes", "no", "true", "false") or value.isdigit() else leaf(value).tag
        one = Leaf(value, pair[2], tag, pair.span(2))
        found.append(Option(pair[1], one, line, pair.span(1), pair.span(), PAIRS))
    return found


def written(option: Option, options: Mapping[str, Value], text: str) -> Edit | None:
    """The edit that puts other options in the place of one; with no options it is taken away. None where its form can't
    hold them.
    """
    start, end = option.span
    if not options:
        if option.form == PAIRS:
            while end < len(text) and text[end] in " \t":
                end += 1
            return Edit(start, end, "")
        return removed(text, start, end, flow=option.form == FLOW)
    if option.form == PAIRS:
        pairs = _as_pairs(options)
        return None if pairs is None else Edit(start, end, pairs)
    if option.form == FLOW:
        return Edit(start, end, flow(dict(options))[1:-1])
    indent = " " * (start - text.rfind("\n", 0, start) - 1)
    return Edit(start, end, (newline_of(text) + indent).join(lines_of(options)))


def _as_pairs(options: Mapping[str, Value]) -> str | None:
    """Options as KEY=VALUE; None where one is no scalar."""
    scalars = {name: one for name, one in options.items() if isinstance(one, Leaf)}
    pairs = (f"{name}={leaf(one.value).raw if one.raw[:1] == '{' else one.raw}" for name, one in scalars.items())
    return " ".join(pairs) if len(scalars) == len(options) else None


def added(call: Call, options: Mapping[str, Value], text: str, edits: Sequence[Edit]) -> Edit | None:
    """The edit that gives a call further options; None where its form can't hold them.

    :param edits: what else is written in this call; the new lines stand behind one that stays.
    """
    node, pairs = call.holder, _as_pairs(options)
    if node is None:
        at = line_end(text, call.key.end_mark.index)
        indent = " " * (call.key.start_mark.column + INDENT)
        return Edit(at, at, "".join(newline_of(text) + indent + line for line in lines_of(options)))
    if call.form == PAIRS:
        at = node.end_mark.index
        return Edit(at, at, f" {pairs}") if text[at - 1] not in _QUOTES and pairs is not None else None
    if call.form == FLOW:
        at = node.start_mark.index + 1
        return Edit(at, at, flow(dict(options))[1:-1] + (", " if node.value else ""))
    own = [option for option in call.options if option.own and option.form == BLOCK]
    return _new_lines(own, options, text, edits) if own else None


def _new_lines(own: list[Option], options: Mapping[str, Value], text: str, edits: Sequence[Edit]) -> Edit:
    lines = lines_of(options)
    start = own[0].span[0]
    first = line_start(text, start)
    indent = " " * (start - first)
    for option in reversed(own):
        at = line_end(text, option.span[1])
        if not any(edit.start < at < edit.end for edit in edits):
            return Edit(at, at, "".join(newline_of(text) + indent + line for line in lines))
    return Edit(first, first, "".join(indent + line + newline_of(text) for line in lines))
