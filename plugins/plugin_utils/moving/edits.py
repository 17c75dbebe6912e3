# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes to a text, by where they are. Nothing else of it is touched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import yaml


@dataclass(frozen=True, order=True)
class Edit:
    """From ``start`` to ``end`` (characters of the text) stands ``text`` instead."""

    start: int
    end: int
    text: str


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits.

    :param edits: such that :func:`fit`.
    """
    pieces, at = [], 0
    for edit in sorted(set(edits)):
        pieces += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*pieces, text[at:]])


def fit(edits: Iterable[Edit]) -> bool:
    """Whether no two of them are about the same place and differ."""
    at = 0
    for edit in sorted(set(edits)):
        if edit.start < at:
            return False
        at = edit.end
    return True


def content_end(node: yaml.Node) -> int:
    """Where what a node says ends; the node itself may go on over comments and empty lines."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return content_end(node.value[-1][1])
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return content_end(node.value[-1])
    return int(node.end_mark.index)


def entry_span(text: str, key: yaml.Node, value: yaml.Node) -> tuple[int, int]:
    """From the beginning of a key to the end of its value; a comment behind the value is not in it."""
    start, end = int(key.start_mark.index), max(content_end(value), int(key.end_mark.index))
    while end > start and text[end - 1] in " \t\r\n":
        end -= 1
    if text[end - 1 : end] != ":" and not text[key.end_mark.index : end].strip():  # a value that is nothing
        end = text.index(":", key.end_mark.index) + 1
    return start, end


def line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """Where the line ends, its line break not in it."""
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return end - 1 if end and text[end - 1] == "\r" and end > at else end


def newline_of(text: str) -> str:
    """The line break that a text uses."""
    at = text.find("\n")
    return "\r\n" if at > 0 and text[at - 1] == "\r" else "\n"


def removed(text: str, start: int, end: int, *, flow: bool) -> Edit:
    """The edit that takes an entry away: in a block its lines, between braces itself and a comma."""
    if flow:
        after = end
        while after < len(text) and text[after] in " \t\r\n":
            after += 1
        if text[after : after + 1] == ",":
            after += 1
            while text[after : after + 1] in (" ", "\t"):
                after += 1
            return Edit(start, after, "")
        before = start
        while before and text[before - 1] in " \t\r\n":
            before -= 1
        return Edit(before - 1 if text[before - 1 : before] == "," else start, end, "")
    first = line_start(text, start)
    if text[first:start].strip():  # stands behind a dash: what follows takes its place
        return Edit(start, _next_key(text, end), "")
    last = text.find("\n", end)
    return Edit(first, len(text) if last < 0 else last + 1, "")


def _next_key(text: str, end: int) -> int:
    at = text.find("\n", end)
    at = len(text) if at < 0 else at + 1
    while at < len(text) and text[at] in " \t":
        at += 1
    return at
