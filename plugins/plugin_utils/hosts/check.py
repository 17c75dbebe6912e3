# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tree of a hosts.json → its hosts and its problems; nothing stops at the first problem."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from . import chain, rules
from .entry import HostEntry, HostsFile
from .scan import Member, Node

NEWEST_VERSION = 1
LONGEST_EXCERPT = 80  # characters of a bad value that a message shows
TWICE = "is there twice"
EXAMPLE = '{"version": 1, "hosts": {"web1": {"hostname": "192.0.2.10"}}}'


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where: ``offset`` in characters; ``value`` is None when no value is to blame."""

    offset: int
    text: str
    remedy: str
    host: str | None = None
    key: str | None = None
    value: str | None = None
    first: int | None = None  # offset of the first of two


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a host: the kinds of JSON value it takes, the rule for its value, and words for a wrong kind."""

    kinds: tuple[str, ...]
    rule: Callable[[Any], rules.Complaint | None] | None
    expected: str


HOST_KEYS: Mapping[str, Key] = {
    "hostname": Key(("string",), rules.hostname, "a host name or an IP address in double quotes"),
    "user": Key(("string",), rules.user, "a user name in double quotes, or leave the key out for your own"),
    "port": Key(("number", "null"), rules.port, "a whole number from 1 to 65535 without quotes, or null"),
    "identity_file": Key(("string", "null"), rules.identity_file, "a path in double quotes, or null"),
    "jump_host": Key(("string", "null"), rules.jump_host, 'a host in double quotes, "" for none, or null'),
    "groups": Key(("array",), None, 'a list of group names such as ["web", "db"]'),
    "description": Key(("string", "null"), rules.description, "a text in double quotes, or null"),
}
TOP_KEYS = ("version", "default_host", "hosts")
KINDS = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "number": "a number",
    "boolean": "a boolean",
    "null": "null",
}


def check(root: Node, problems: list[Problem]) -> HostsFile:
    """Append every problem to ``problems``; the HostsFile is whole only when there is none."""
    if root.kind != "object":
        text = f"the file is {KINDS[root.kind]}, not an object"
        problems.append(Problem(root.offset, text, f"A hosts.json looks like {EXAMPLE}."))
        return HostsFile(())
    top = _members(root, TOP_KEYS, None, problems)
    if "version" in top:
        problems += _version(top["version"].node)
    if "hosts" not in top:
        remedy = f"A hosts.json looks like {EXAMPLE}; another kind of inventory needs another file name."
        problems.append(Problem(root.offset, 'the key "hosts" is missing', remedy))
    hosts, names = _hosts(top["hosts"].node, problems) if "hosts" in top else ((), None)
    default = top["default_host"].node if "default_host" in top else None
    if default:
        problems += _default_host(default, names)
    return HostsFile(hosts, default.value if default else None)


def _members(node: Node, known: Iterable[str], host: str | None, problems: list[Problem]) -> dict[str, Member]:
    """The first member of each known key; unknown and repeated keys are problems."""
    first: dict[str, Member] = {}
    for member in node.value:
        if member.key not in known:
            text, remedy = "is no key that a hosts.json has", _known(member.key, known)
            problems.append(Problem(member.offset, text, remedy, host, member.key))
        elif member.key in first:
            at = first[member.key].offset
            problems.append(Problem(member.offset, TWICE, "Keep one of the two.", host, member.key, first=at))
        else:
            first[member.key] = member
    return first


def _known(key: str, known: Iterable[str]) -> str:
    return f"{_guess(key.lower(), known)}The keys are: {', '.join(known)}."


def _guess(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), 1) if len(word) <= LONGEST_EXCERPT else []
    return f"Did you mean {shown(close[0])}? " if close else ""


def _version(node: Node) -> Iterator[Problem]:
    if node.kind != "number" or not isinstance(node.value, int) or node.value < 0:
        text = f"is not a version, but {KINDS[node.kind]}" if node.kind != "number" else "is not a version"
        remedy = f'Write "version": {NEWEST_VERSION}, without quotes.'
        yield Problem(node.offset, text, remedy, None, "version", _value(node))
    elif node.value > NEWEST_VERSION:
        text = f"is newer than {NEWEST_VERSION}, the newest that this collection reads"
        yield Problem(node.offset, text, "Update sshfleet.containers.", None, "version", _value(node))


def _default_host(node: Node, names: Mapping[str, Member] | None) -> Iterator[Problem]:
    """``names`` is None when the file's hosts could not be read, so that no name can be called wrong."""
    if node.kind not in ("string", "null"):
        remedy = "Give the name of a host in double quotes, or null."
        yield Problem(node.offset, f"is {KINDS[node.kind]}", remedy, None, "default_host", _value(node))
    elif node.kind == "string" and names is not None and node.value not in names:
        remedy = f'{_guess(node.value, names)}Give the name of a host in "hosts", or null.'
        yield Problem(node.offset, "is not a host of this file", remedy, None, "default_host", _value(node))


def _hosts(node: Node, problems: list[Problem]) -> tuple[tuple[HostEntry, ...], dict[str, Member] | None]:
    """The entries without problems, and every host's first member under its name (None: there are no hosts to read)."""
    if node.kind != "object":
        remedy = 'Write "hosts": {"web1": {"hostname": "192.0.2.10"}}, each host under its name.'
        text = f"is {KINDS[node.kind]}, not an object"
        problems.append(Problem(node.offset, text, remedy, None, "hosts", _value(node)))
        return (), None
    names: dict[str, Member] = {}
    entries: list[HostEntry] = []
    group_places: dict[str, Node] = {}
    for member in node.value:
        if member.key in names:
            at, remedy = names[member.key].offset, "Keep one of the two, or rename one."
            problems.append(Problem(member.offset, TWICE, remedy, member.key, first=at))
        names.setdefault(member.key, member)
        if complaint := rules.host_name(member.key):
            problems.append(Problem(member.offset, f"the name {complaint.problem}", complaint.remedy, member.key))
        entries += _entry(member, group_places, problems)
    for group in group_places.keys() & names.keys():
        text = "is the name of a host and of a group, and Ansible's patterns cannot tell them apart"
        problems.append(Problem(group_places[group].offset, text, "Rename one of them.", None, "groups", shown(group)))
    problems += _chain_problems(entries, names)
    return tuple(entries), names


def _chain_problems(entries: Iterable[HostEntry], members: Mapping[str, Member]) -> Iterator[Problem]:
    """What shows only when the jump hosts that name other entries are looked up."""
    by_name = {entry.name: entry for entry in entries}
    for entry in by_name.values():
        if complaint := chain.complaint(entry, by_name):
            member = members[entry.name]
            keys = {key.key: key.node for key in member.node.value}
            offset = keys["jump_host"].offset if "jump_host" in keys else member.offset
            value = shown(entry.jump_host)
            yield Problem(offset, complaint.problem, complaint.remedy, entry.name, "jump_host", value)


def _entry(member: Member, group_places: dict[str, Node], problems: list[Problem]) -> Iterator[HostEntry]:
    host = member.key
    if member.node.kind != "object":
        text = f"is {KINDS[member.node.kind]}, not an object"
        remedy = 'Write {"hostname": "192.0.2.10"}.'
        problems.append(Problem(member.node.offset, text, remedy, host, None, _value(member.node)))
        return
    before = len(problems)
    members = _members(member.node, HOST_KEYS, host, problems)
    if "hostname" not in members:
        remedy = 'Add "hostname": "ADDRESS"; it is the only key that a host must have.'
        problems.append(Problem(member.offset, "is missing", remedy, host, "hostname"))
    for name, found in members.items():
        problems += _value_problems(host, name, found.node)
    if "groups" in members:
        problems += _group_problems(host, members["groups"].node, group_places)
    if len(problems) == before:
        values = {name: found.node.value for name, found in members.items()}
        values["groups"] = tuple(item.value for item in values.get("groups", ()))
        yield HostEntry(name=host, **values)


def _value_problems(host: str, name: str, node: Node) -> Iterator[Problem]:
    key = HOST_KEYS[name]
    if node.kind not in key.kinds:
        yield Problem(node.offset, f"is {KINDS[node.kind]}", f"Give {key.expected}.", host, name, _value(node))
    elif node.kind != "null" and key.rule and (complaint := key.rule(node.value)):
        yield Problem(node.offset, complaint.problem, complaint.remedy, host, name, _value(node))


def _group_problems(host: str, node: Node, group_places: dict[str, Node]) -> Iterator[Problem]:
    """Also notes in ``group_places`` where each group is named first."""
    seen: dict[str, int] = {}
    for item in node.value if node.kind == "array" else ():
        if item.kind != "string":
            remedy = "Give names of groups in double quotes."
            yield Problem(item.offset, f"is {KINDS[item.kind]}", remedy, host, "groups", _value(item))
            continue
        if item.value in seen:
            first = seen[item.value]
            yield Problem(item.offset, TWICE, "Keep one of the two.", host, "groups", _value(item), first)
        elif complaint := rules.group(item.value):
            yield Problem(item.offset, complaint.problem, complaint.remedy, host, "groups", _value(item))
        seen.setdefault(item.value, item.offset)
        group_places.setdefault(item.value, item)


def shown(value: Any) -> str:
    """A value as JSON with everything but ASCII escaped: nothing in a bad file reaches a terminal as it is."""
    text = json.dumps(value)
    return text if len(text) <= LONGEST_EXCERPT else f"{text[:LONGEST_EXCERPT]}…"


def _value(node: Node) -> str | None:
    return None if node.kind in ("object", "array") else shown(node.value)
