# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The text of a hosts.json with one thing in it changed; all else stays as it is, character by character.

JSON that is read and written anew loses the layout that people have given it. What is new looks like what is there: a
new host like the last one, a key like those beside it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .check import HOST_KEYS, NEWEST_VERSION, TOP_KEYS
from .scan import Member, Node, scan

EMPTY = f'{{\n  "version": {NEWEST_VERSION},\n  "hosts": {{}}\n}}\n'
_HOST_KEYS = tuple(HOST_KEYS)
_COLON = re.compile(r"[ \t]*:[ \t]*\Z")


def with_host(text: str, name: str, values: Mapping[str, Any]) -> str:
    """The text with these keys of a host, which is added at the end where it is not there.

    :param text: one that ``parse_hosts`` takes.
    :param values: what the keys are to be; None takes a key out. What is not named stays.
    """
    hosts = _hosts(text)
    if name not in hosts.keys:
        given = {key: values[key] for key in _HOST_KEYS if values.get(key) is not None}
        return _added(text, hosts, name, _Looks.of(text, hosts).host(given))
    for key, value in values.items():
        text = _with_key(text, name, key, value)
    return text


def without_host(text: str, name: str) -> str:
    """The text without a host that it has."""
    return _removed(text, _hosts(text), name)


def with_default_host(text: str, name: str | None) -> str:
    """The text with this default host, None for none."""
    top = _Object.of(scan(text))
    if "default_host" in top.keys:
        return _replaced(text, top.member("default_host"), _json(name))
    return text if name is None else _added(text, top, "default_host", _json(name), TOP_KEYS)


class _Object(NamedTuple):
    """An object or array: where its brackets are, and what is in between. ``space`` is what stands before its key."""

    start: int
    close: int
    members: tuple[Member, ...]
    space: str = ""

    @classmethod
    def of(cls, node: Node, space: str = "") -> _Object:
        """``node`` is an object, or an array, whose members then have the key ''."""
        members = node.value if node.kind == "object" else [Member("", item.offset, item) for item in node.value]
        return cls(node.offset, node.end - 1, tuple(members), space)

    @property
    def keys(self) -> list[str]:
        return [member.key for member in self.members]

    def member(self, key: str) -> Member:
        return self.members[self.keys.index(key)]

    def space_before(self, text: str, index: int) -> str:
        """What lies between the bracket or comma and a member."""
        begin = text.index(",", self.members[index - 1].node.end) + 1 if index else self.start + 1
        return text[begin : self.members[index].offset]

    def separator(self, text: str, otherwise: str) -> str:
        """What lies between a comma and the next member, or would.

        :param otherwise: where there is nothing to go by.
        """
        last = self.space_before(text, len(self.members) - 1)
        return last if len(self.members) > 1 or "\n" in last else otherwise


def _hosts(text: str) -> _Object:
    top = _Object.of(scan(text))
    return _Object.of(top.member("hosts").node, top.space_before(text, top.keys.index("hosts")))


def _with_key(text: str, name: str, key: str, value: Any) -> str:
    hosts = _hosts(text)
    host = _Object.of(hosts.member(name).node)
    if value is None:
        return _removed(text, host, key) if key in host.keys else text
    rendered = _Looks.of(text, hosts, host).value(value)
    if key in host.keys:
        return _replaced(text, host.member(key), rendered)
    return _added(text, host, key, rendered, _HOST_KEYS)


def _replaced(text: str, member: Member, value: str) -> str:
    return f"{text[: member.node.offset]}{value}{text[member.node.end :]}"


def _removed(text: str, among: _Object, key: str) -> str:
    index = among.keys.index(key)
    member = among.members[index]
    if len(among.members) == 1:
        return f"{text[: among.start + 1]}{text[among.close :]}"
    if index == len(among.members) - 1:
        return f"{text[: among.members[index - 1].node.end]}{text[member.node.end :]}"
    return f"{text[: member.offset]}{text[among.members[index + 1].offset :]}"


def _added(text: str, to: _Object, key: str, value: str, order: Sequence[str] = ()) -> str:
    """The text with one more member: behind the last of those that come before it in the order, or of all."""
    colon = _colon(text, to)
    new = f"{_json(key)}{colon}{value}"
    if not to.members:
        return f"{text[: to.start + 1]}{_alone(new, to.space)}{text[to.close :]}"
    separator = to.separator(text, _blank(colon))
    before = [index for index, one in enumerate(to.keys) if not order or order.index(one) < order.index(key)]
    if not before:
        first = to.members[0].offset
        return f"{text[:first]}{new},{separator}{text[first:]}"
    end = to.members[before[-1]].node.end
    return f"{text[:end]},{separator}{new}{text[end:]}"


def _alone(new: str, space: str) -> str:
    """What is between the brackets of an object of the first level with one member, whose key has this space before
    it.
    """
    if "\n" not in space:
        return new
    indent = space.rpartition("\n")[2]
    line = "\r\n" if "\r\n" in space else "\n"
    return f"{line}{indent}{indent}{new}{line}{indent}"


def _colon(text: str, among: _Object) -> str:
    """What lies between a key and its value, here or else at the beginning of the file."""
    member = (among.members or _Object.of(scan(text)).members)[0]
    found = _COLON.search(text[member.offset : member.node.offset])
    return found[0] if found else ": "


def _blank(colon: str) -> str:
    """What stands behind a comma on one line, by what stands behind a key."""
    return " " if colon.endswith(" ") else ""


class _Brackets(NamedTuple):
    """The space of an object or array: behind the opening bracket, behind each comma, before the closing bracket."""

    opening: str
    separator: str
    closing: str

    @classmethod
    def of(cls, text: str, sample: _Object, otherwise: str) -> _Brackets:
        opening, closing = sample.space_before(text, 0), text[sample.members[-1].node.end : sample.close]
        return cls(opening, sample.separator(text, otherwise), closing)

    @property
    def lines(self) -> bool:
        return "\n" in self.opening + self.separator + self.closing

    def around(self, items: Sequence[str], brackets: str) -> str:
        return f"{brackets[0]}{self.opening}{f',{self.separator}'.join(items)}{self.closing}{brackets[1]}"


class _Looks(NamedTuple):
    """How the values of a host are written."""

    colon: str
    members: _Brackets
    items: _Brackets

    @classmethod
    def of(cls, text: str, hosts: _Object, host: _Object | None = None) -> _Looks:
        """As those of the host are written, or as the last one's."""
        nodes = [member.node for member in reversed(hosts.members)]
        sample = host or (_Object.of(nodes[0]) if nodes else None)
        colon = _colon(text, sample or hosts)
        plain = _Brackets("", _blank(colon), "")
        members = _Brackets.of(text, sample, plain.separator) if sample else plain
        array = _groups(sample) if sample else None
        if array is None:
            array = next((found for node in nodes if (found := _groups(_Object.of(node)))), None)
        items = _Brackets.of(text, array, plain.separator) if array else plain
        return cls(colon, members, plain if items.lines and not members.lines else items)

    def host(self, values: Mapping[str, Any]) -> str:
        return self.members.around([f"{_json(key)}{self.colon}{self.value(values[key])}" for key in values], "{}")

    def value(self, value: Any) -> str:
        if isinstance(value, (list, tuple)):
            return self.items.around([_json(item) for item in value], "[]")
        return _json(value)


def _groups(host: _Object) -> _Object | None:
    """A host's array of groups, None where that is empty or not there."""
    if "groups" not in host.keys:
        return None
    found = _Object.of(host.member("groups").node)
    return found if found.members else None


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
