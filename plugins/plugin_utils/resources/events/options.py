# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An engine's events: from a task's options to the request, and one shape for both engines. Pure."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption
from ..shared.moments import Moment, moment, require_order, written

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "since": {"type": "str", "default": "1h"},
    "until": {"type": "str"},
    "types": {"type": "list", "elements": "str"},
    "actions": {"type": "list", "elements": "str"},
    "names": {"type": "list", "elements": "str", "aliases": ["name"]},
    "labels": {"type": "dict"},
    "limit": {"type": "int", "default": 1000},
}
# Podman's words for what Docker calls otherwise, by type.
_ACTIONS = {
    "container": {"died": "die", "remove": "destroy", "exec": "exec_start", "exec_died": "exec_die"},
    "image": {"remove": "delete", "loadfromarchive": "load"},
    "volume": {"remove": "destroy"},
    "network": {"remove": "destroy"},
}  # fmt: skip
_ENDS = frozenset({"die", "exec_die"})
_OF_A_CONTAINER = frozenset({"connect", "disconnect"})
_ALWAYS_TOLD = frozenset({"podId", "image", "name"})
_BARE_ID = re.compile(r"[0-9a-f]{64}")
_NANO = 10**9
MOST_KEPT = 64 * 1024 * 1024  # characters of events that are kept; labels are among them


@dataclass(frozen=True)
class Wanted:
    """Which events: of a window, of types, with actions, of things with names and labels; the last ``limit`` ones."""

    since: Moment
    until: Moment | None
    types: frozenset[str]
    actions: frozenset[str]
    names: frozenset[str]
    labels: Mapping[str, str]
    limit: int

    def window(self, now: float) -> tuple[float, float]:
        """Its beginning and end in seconds since 1970. It never ends in the future: the engine would wait for that."""
        return self.since.at(now), min(now, self.until.at(now) if self.until else now)

    def filters(self) -> dict[str, list[str]]:
        """What the engine itself can sort out; all engines know the same types."""
        return {"type": sorted(self.types)} if self.types else {}


def parse(params: Mapping[str, Any]) -> Wanted:
    """Check the options beyond their types.

    :raises InvalidOption: for the first value that can't be used.
    """
    since, until = moment("since", params["since"]), moment("until", params["until"])
    require_order(since, until, params["since"])
    if params["limit"] < 1:
        raise InvalidOption("limit", params["limit"], "there would be nothing left.", "Use 1 or more.")
    labels = {}
    for key, value in (params["labels"] or {}).items():
        if isinstance(value, (dict, list)):
            raise InvalidOption(f"labels.{key}", value, "a label's value is a text.", "Give one text for each label.")
        labels[str(key)] = "" if value is None else str(value)
    return Wanted(
        since or Moment(3600, relative=True), until, frozenset(params["types"] or ()),
        frozenset(params["actions"] or ()), frozenset(params["names"] or ()), labels, params["limit"],
    )  # fmt: skip


def result(events: Iterable[Mapping[str, Any]], wanted: Wanted, mask: Any) -> dict[str, Any]:
    """The module's result: {changed, events: [{time, type, action, id, name, attributes}], truncated}.

    :param mask: takes secrets out of a text.
    """
    kept: deque[tuple[int, dict[str, Any]]] = deque()
    count = size = 0
    for raw in events:
        event = _event(raw, mask)
        if not _is_wanted(event, wanted):
            continue
        kept.append((_length(event), event))
        count += 1
        size += kept[-1][0]
        while len(kept) > wanted.limit or (size > MOST_KEPT and len(kept) > 1):
            size -= kept.popleft()[0]
    found = sorted((event for _length, event in kept), key=lambda event: str(event["time"]))
    return {"changed": False, "events": found, "truncated": count > len(found)}


def _length(event: Mapping[str, Any]) -> int:
    return sum(len(str(value)) for value in event.values())


def _event(raw: Mapping[str, Any], mask: Any) -> dict[str, Any]:
    kind = str(raw.get("Type") or "")
    word, _colon, detail = str(raw.get("Action") or raw.get("status") or "").partition(": ")
    actor = raw.get("Actor") or {}
    told = {str(key): mask(str(value)) for key, value in (actor.get("Attributes") or {}).items()}
    action = _ACTIONS.get(kind, {}).get(word, word)
    identity, name, attributes = _named(
        kind, action, str(actor.get("ID") or raw.get("id") or ""), _attributes(told, action)
    )
    return {
        "time": _time(raw),
        "type": kind,
        "action": action,
        "detail": mask(detail or str(raw.get("HealthStatus") or "")) or attributes.get("error", ""),
        "id": identity,
        "name": name,
        "attributes": attributes,
    }


def _attributes(told: Mapping[str, str], action: str) -> dict[str, str]:
    """Docker's names for what Podman tells: an end has its ``exitCode``; Podman 4.3 writes one into every event, and
    newer ones into that of a removal. What Podman always writes is left out where it is empty.
    """
    found = {key: value for key, value in told.items() if value or key not in _ALWAYS_TOLD}
    code = found.pop("containerExitCode", None)
    if code is not None and action in _ENDS:
        found.setdefault("exitCode", code)
    return found


def _named(kind: str, action: str, identity: str, attributes: Mapping[str, str]) -> tuple[str, str, dict[str, str]]:
    """(ID, name, attributes) of what it happened to; '' for what the engine does not tell."""
    found = dict(attributes)
    if kind == "network":
        if action in _OF_A_CONTAINER and "container" not in found:  # Podman gives the container's ID for the network's
            found["container"], identity = identity, ""
        if "network" in found:
            found["name"] = found.pop("network")
    name = found.get("name", "")
    if kind == "volume":  # its name is its ID; Docker tells only that, Podman only the name
        identity = name = identity or name
    elif kind == "image":
        identity = identity or (name if _BARE_ID.fullmatch(name) else "")  # Podman about a build
        identity = f"sha256:{identity}" if _BARE_ID.fullmatch(identity) else identity
    return identity, name, found


def _time(raw: Mapping[str, Any]) -> str:
    """RFC 3339 in UTC with microseconds."""
    seconds, nanos = divmod(int(raw.get("timeNano") or int(raw.get("time") or 0) * _NANO), _NANO)
    found = datetime.fromtimestamp(seconds, UTC).replace(microsecond=nanos // 1000)
    return written(found)


def _is_wanted(event: Mapping[str, Any], wanted: Wanted) -> bool:
    attributes = event["attributes"]
    return (
        (not wanted.types or event["type"] in wanted.types)
        and (not wanted.actions or event["action"] in wanted.actions)
        and (not wanted.names or any(_is_called(event, name) for name in wanted.names))
        and all(key in attributes and value in ("", attributes[key]) for key, value in wanted.labels.items())
    )


def _is_called(event: Mapping[str, Any], name: str) -> bool:
    identity = str(event["id"])
    return event["name"] == name or (len(name) >= 12 and identity.startswith((name, f"sha256:{name}")))
