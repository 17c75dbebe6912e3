# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a tree says about the peers beside its tasks: defaults of their modules, and lists of collections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from ..telling import listed
from .around import LOCALHOST, NO_LOCAL
from .calls import Call, with_options
from .edits import Edit, content_end, line_end, newline_of
from .judging import Judge, judge
from .names import COLLECTIONS, Ours
from .tasks import SECTIONS, Entry, Found, Task, entries_of
from .verdict import HAND, NOTE, OPTION, Finding, Verdict, heaviest

# The action groups of the peers; containers.podman has none.
GROUPS = {"community.docker.docker": "docker", "docker": "docker"}
LOCAL_PLAY = "a play on the controller"
OUR_GROUP = "remote"


@dataclass
class Place:
    """Something beside tasks that is about the peers.

    :param what: what it is, as ``module_defaults``.
    :param peer: which of them it is about.
    """

    line: int
    what: str
    peer: str
    findings: list[Finding] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return heaviest(finding.kind for finding in self.findings)


def defaults(text: str, found: Found, ours: Ours, staying: Mapping[str, int]) -> Iterator[Place]:
    """The ``module_defaults`` for the peers' modules.

    :param staying: how many tasks of the tree stay with each peer ("docker", "podman").
    """
    for holder in found.defaults:
        for entry in entries_of(holder.value):
            verdict = _group(text, entry, ours) if entry.name.startswith("group/") else _module(text, entry, ours)
            if verdict is None:
                continue
            peer = verdict.module.partition("_")[0]
            place = Place(entry.line, f"module_defaults: {entry.name}", peer, verdict.findings, verdict.edits)
            if staying.get(peer):
                text_ = f"{staying[peer]} tasks stay with {COLLECTIONS[peer]}: leave this for them, and add beside it"
                place.findings.append(Finding(HAND, entry.line, text_, (f"{verdict.becomes}:",)))
            yield place


def _module(text: str, entry: Entry, ours: Ours) -> Verdict | None:
    if not isinstance(entry.value, yaml.MappingNode):
        return None
    return judge(text, Task({entry.name: entry}, {}, entry.value), ours)


def _group(text: str, entry: Entry, ours: Ours) -> Verdict | None:
    peer = GROUPS.get(entry.name.removeprefix("group/"))
    if peer is None or not isinstance(entry.value, yaml.MappingNode):
        return None
    task = Task({entry.name: entry}, {}, entry.value)
    start = text.index(entry.name, entry.key.start_mark.index)
    call = Call(f"{peer}_container", entry.name, (start, start + len(entry.name)), entry.line, entry.key)
    verdict = Judge(text, task, with_options(call, entry.value, task, text), ours).judge()
    name = f"group/{ours.collection}.{OUR_GROUP}"
    verdict.becomes, verdict.edits[0] = name, Edit(start, start + len(entry.name), name)
    return verdict


def lists(text: str, found: Found, path: str, ours: Ours, staying: Mapping[str, int]) -> Iterator[Place]:
    """The lists of collections in requirements, in the ``meta`` of roles, in galaxy.yml and in plays."""
    for root in found.roots:
        for entry in entries_of(root):
            if entry.name == "collections" and isinstance(entry.value, yaml.SequenceNode):
                yield from _collections(
                    text, entry.value, ours, staying, installs="requirements" in path.rpartition("/")[2]
                )
            elif entry.name == "dependencies" and path.rpartition("/")[2] in ("galaxy.yml", "galaxy.yaml"):
                yield from _dependencies(entry, ours)
        for item in root.value if isinstance(root, yaml.SequenceNode) else ():
            for entry in entries_of(item):
                if entry.name == "collections" and isinstance(entry.value, yaml.SequenceNode):
                    yield from _collections(text, entry.value, ours, staying, installs=False)


def _collections(
    text: str, node: yaml.SequenceNode, ours: Ours, staying: Mapping[str, int], *, installs: bool
) -> Iterator[Place]:
    named = [(item, _name(item)) for item in node.value]
    there = any(name == ours.collection for _item, name in named)
    for item, name in named:
        peer = next((peer for peer, collection in COLLECTIONS.items() if collection == name), None)
        if peer is None:
            continue
        line = item.start_mark.line + 1
        place = Place(line, f"collections: {name}", peer)
        if not installs:
            place.findings.append(
                Finding(NOTE, line, "can go with the last of its tasks; ours are called by full names.")
            )
        elif not there:
            there = True
            place.findings.append(Finding(OPTION, line, "needs beside it", (f"- name: {ours.collection}",)))
            if not node.flow_style:
                indent = " " * (item.start_mark.column - 2) if text[: item.start_mark.index].endswith("- ") else ""
                end = content_end(item)
                at = line_end(text, max(end - 1, item.start_mark.index))
                place.edits.append(Edit(at, at, f"{newline_of(text)}{indent}- name: {ours.collection}"))
        if installs and not staying.get(peer):
            place.findings.append(Finding(NOTE, line, "No task of this tree needs it any more, once all are moved."))
        if place.findings:
            yield place


def _name(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value).partition(":")[0]
    return next((entry.text for entry in entries_of(node) if entry.name == "name"), "")


def _dependencies(entry: Entry, ours: Ours) -> Iterator[Place]:
    for one in entries_of(entry.value):
        peer = next((peer for peer, collection in COLLECTIONS.items() if collection == one.name), None)
        if peer is not None:
            finding = Finding(HAND, one.line, "needs beside it", (f'{ours.collection}: "*"',))
            yield Place(one.line, f"dependencies: {one.name}", peer, [finding])


def plays(found: Found, roles: Mapping[str, int]) -> Iterator[Place]:
    """The plays that run on the controller and have tasks of the peers in their roles.

    :param roles: how many tasks of the peers each role has.
    """
    for play in found.plays:
        said = {name: play[name].text for name in ("hosts", "connection") if name in play}
        if said.get("connection") != "local" and said.get("hosts") not in LOCALHOST:
            continue
        named = {name for name in _roles(play) if roles.get(name)}
        if count := sum(roles[name] for name in named):
            line = play["hosts"].line
            text = f"{count} tasks of the peers in its roles ({listed(sorted(named))}) would run here. {NO_LOCAL}"
            yield Place(line, LOCAL_PLAY, "", [Finding(HAND, line, text)])


def _roles(play: Mapping[str, Entry]) -> Iterator[str]:
    """The roles that a play names, in its list or in its tasks."""
    listed_ = play["roles"].value.value if "roles" in play else []
    for item in listed_ if isinstance(listed_, list) else ():
        inner = {entry.name: entry.text for entry in entries_of(item)}
        yield inner.get("role", inner.get("name", str(item.value))).rpartition(".")[2]
    for section in SECTIONS:
        for task in (
            play[section].value.value if section in play and isinstance(play[section].value.value, list) else ()
        ):
            for entry in entries_of(task):
                if entry.name.rpartition(".")[2] in ("include_role", "import_role"):
                    yield from (one.text.rpartition(".")[2] for one in entries_of(entry.value) if one.name == "name")
