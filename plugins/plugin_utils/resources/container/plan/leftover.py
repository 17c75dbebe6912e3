# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an interrupted recreation leaves behind, and what it means; nothing happens here.

The old container's name is the journal, because no engine can change labels of a living container: it is renamed before
anything else, and the new name holds all that is needed to bring it back. The new container's label tells which one it
replaces, so that a container which somebody made in the meantime is never taken for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ....dataclass import dataclass
from ...shared.kept_names import ID_LENGTH, KEPT_NAME, NEW, OLD, Mark
from ...shared.labels import REPLACES_LABEL
from ...shared.states import PAUSED, STOPPED, container_name, current_state

RESTORE, FINISH, REMOVE = "restore", "finish", "remove_leftover"


@dataclass(frozen=True)
class Leftover:
    """A container that was put aside and never came back, nor was removed: the engine's inspect and its mark."""

    inspect: Mapping[str, Any]
    mark: Mark

    @property
    def id(self) -> str:
        return str(self.inspect["Id"])


@dataclass(frozen=True)
class Judgement:
    """What has to be done, as (RESTORE, FINISH or REMOVE, leftover), and the container with which it goes on.

    ``unfinished`` is the ID of a new container that was never proven and gives way to the old one.
    """

    decisions: tuple[tuple[str, Leftover], ...]
    container: Mapping[str, Any] | None
    unfinished: str | None = None


def new_mark(name: str, inspect: Mapping[str, Any], was: str) -> Mark:
    """The mark under which a container is put aside."""
    policy = (inspect.get("HostConfig") or {}).get("RestartPolicy") or {}
    retries = int(policy.get("MaximumRetryCount") or 0)
    return Mark(name, str(inspect["Id"])[:ID_LENGTH], was, policy.get("Name") or "no", retries)


def as_leftover(inspect: Mapping[str, Any] | None) -> Leftover | None:
    """The container as a leftover, None when it is none: the ID in the name has to be its own, or the old one's."""
    match = KEPT_NAME.fullmatch(container_name(inspect)) if inspect else None
    if inspect is None or match is None:
        return None
    old = str(inspect["Id"]) if match["part"] == OLD else replaced_by(inspect) or ""
    if not old.startswith(match["short_id"]):
        return None
    name, part, short_id, was, policy, retries = match.groups()
    return Leftover(inspect, Mark(name, short_id, was, policy, int(retries), part))


def name_filter(name: str) -> str:
    """A filter of list requests for the leftovers of a container; names hold no other special character."""
    return f"^{name.replace('.', '[.]')}[.]sshfleet-(old|new)-"


def replaced_by(inspect: Mapping[str, Any] | None) -> str | None:
    """The ID of the container that this one was made to replace."""
    labels = ((inspect or {}).get("Config") or {}).get("Labels") or {}
    return labels.get(REPLACES_LABEL)


def judge(container: Mapping[str, Any] | None, leftovers: Sequence[Leftover], state: str) -> Judgement:
    """What the leftovers of one container mean.

    :param container: the inspect of what has the name now.
    :param state: the one that the task wants; nothing is started only to be stopped.
    """
    olds = sorted((one for one in leftovers if one.mark.part == OLD), key=lambda one: str(one.inspect.get("Created")))
    replaced = replaced_by(container)
    old = next((one for one in olds if container is None or one.id == replaced), None)
    failed = [one for one in leftovers if one.mark.part == NEW]
    # The old one has its name back, and may not run yet.
    back = next((one for one in failed if container and str(container["Id"]).startswith(one.mark.short_id)), None)
    if old is None and back is not None and container is not None:
        old = Leftover(container, replace(back.mark, part=OLD))
    unfinished = next((one.id for one in failed if old and one.mark.short_id == old.mark.short_id), None)
    others = tuple((REMOVE, one) for one in leftovers if one is not old and one.id != unfinished)
    if old is None:
        return Judgement(others, container)
    if container is not None and back is None and not _has_failed(container):
        return Judgement((*others, (FINISH, old)), container)
    if unfinished is None and container is not None:
        unfinished = str(container["Id"])
    return Judgement((*others, (RESTORE, old)), _as_it_was(old, state), unfinished)


def _has_failed(new: Mapping[str, Any]) -> bool:
    """A new container that was never started, or has ended with an error, is not the one to go on with."""
    state = new.get("State") or {}
    return current_state(new) == STOPPED and (state.get("Status") != "exited" or bool(state.get("ExitCode")))


def _as_it_was(old: Leftover, state: str) -> Mapping[str, Any]:
    """The inspect of a leftover once it is restored."""
    was = current_state(old.inspect) if state == "stopped" else old.mark.was
    running = {"Running": was != STOPPED, "Paused": was == PAUSED, "Status": "exited" if was == STOPPED else was}
    host = {**(old.inspect.get("HostConfig") or {}), "RestartPolicy": old.mark.restart_policy}
    return {
        **old.inspect,
        "Name": f"/{old.mark.name}",
        "State": {**(old.inspect.get("State") or {}), **running},
        "HostConfig": host,
    }
