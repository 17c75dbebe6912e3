# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A quadlet as a task wants it, and the host → what is to be done: files, a reload of systemd, the unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any

from ...dataclass import dataclass
from ...errors import EngineError, InvalidOption
from ...telling import listed
from ..shared.plan import Plan, Resource, Step, in_sequence
from . import names
from .generated import Generated, Unit
from .options import ABSENT, CHANGED, STARTED, STOPPED, Options
from .told import File, State

KIND = "quadlet"
_LABEL = "PODMAN_SYSTEMD_UNIT"  # which Podman gives to what a unit runs
_NAMED_BY = {
    "container": "container.name, ContainerName=", "pod": "PodName= of a .pod, the names in the YAML of a .kube",
}  # fmt: skip


@dataclass(frozen=True)
class Observed:
    """What is on the host. ``files`` are those that the task is about, ``now`` and ``then`` what the generator makes of
    all quadlets as they are and as they are to be; ``unit`` is the one of this quadlet, ``state`` what it does;
    ``taken`` is the container or pod of its name, where that is not the unit's. ``doubts`` is what systemd would not
    read, and ``lacking`` are the quadlets that are not there, and that were taken for ones of an earlier task's.
    """

    folder: str
    files: Mapping[str, File] = field(default_factory=dict)
    now: Generated = field(default_factory=Generated)
    then: Generated = field(default_factory=Generated)
    unit: Unit | None = None
    state: State = field(default_factory=State)
    taken: str = ""
    doubts: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()

    def unit_name(self, options: Options) -> str:
        return self.unit.name if self.unit else options.unit


class NoSuchQuadlet(InvalidOption):
    """A task says nothing of a quadlet's content, and the host has no such file."""


class NeedsQuadlet(InvalidOption):
    """A file names another quadlet, ``needed``, which the host does not have."""

    def __init__(self, option: str, value: str, problem: str, remedy: str, needed: str) -> None:
        super().__init__(option, value, problem, remedy)
        self.needed = needed


def gone(options: Options, files: Mapping[str, File]) -> list[str]:
    """The files that are there and are to go."""
    if options.state != ABSENT:
        return [file for file, text in options.texts.items() if not text and file in files]
    own = [file for file in files if file == options.name or file.startswith(f"{names.dropin_folder(options.name)}/")]
    return [*own, *(file for file in options.texts if file in files and file not in own)]


def wanted(options: Options) -> dict[str, str]:
    """The files that are to be there, with their texts."""
    return {} if options.state == ABSENT else {file: text for file, text in options.texts.items() if text}


def is_others(container: Mapping[str, Any] | None, units: Iterable[str]) -> bool:
    """Whether a container, as the engine describes it, is of none of these units. Podman labels those of units."""
    if container is None:
        return False
    labels = (container.get("Config") or {}).get("Labels") or {}
    return labels.get(_LABEL) not in set(units)


def require_accepted(options: Options, observed: Observed) -> None:
    """Refuse what the generator would not make a unit of, or what others need.

    :raises NoSuchQuadlet, NeedsQuadlet: see there.
    :raises InvalidOption: the generator refuses the files, with its words.
    :raises EngineError: kind ``dependents``: another quadlet needs the one that is to go; kind ``name_in_use``: the
        unit, its container or its pod would take the place of another one.
    """
    lost = sorted(set(observed.now.units) - set(observed.then.units) - {options.name})
    without = f"Podman makes no unit of {listed(lost)}: {_words(observed.then, lost)}."
    if options.state == ABSENT:
        if lost:
            raise EngineError(
                f"The quadlet {options.name} can't be removed: without it, {without} Nothing was changed.",
                hint="Change or remove these first.",
                kind="dependents",
            )
        return
    if options.name not in options.texts and options.name not in observed.files:
        problem = f"{observed.folder} has no such file."
        raise NoSuchQuadlet("name", options.name, problem, "Give content, path or container.")
    _require_own_unit(options, observed)
    _require_made(options, observed.then, observed.folder)
    _require_unit_of_its_own(options, observed, lost)
    if lost:
        raise InvalidOption("name", options.name, f"with it, {without}", "Nothing was changed there.")
    _require_free(options, observed)


def _require_own_unit(options: Options, observed: Observed) -> None:
    """
    :raises EngineError: kind ``name_in_use``: a unit of this name is there that no quadlet is the source of.
    """
    if observed.state.foreign:
        raise EngineError(
            f"The quadlet {options.name} can't have the unit {observed.unit_name(options)}: one of this name is there "
            f"already, which no quadlet has made ({observed.state.file}). Nothing was changed.",
            hint="Choose another name for the quadlet, or remove that unit first.",
            kind="name_in_use",
        )


def _require_free(options: Options, observed: Observed) -> None:
    """A unit's start removes what has the name of its container or pod (``podman run --replace``).

    :raises EngineError: kind ``name_in_use``: that is another one's.
    """
    if observed.taken and (options.state == STARTED or options.name in options.texts):
        kind = observed.taken.partition(" ")[0]
        raise EngineError(
            f"The quadlet {options.name} can't have the {observed.taken}: one of this name is there already, which is "
            f"not of the unit {observed.unit_name(options)} and would be removed by its start. Nothing was changed.",
            hint=f"Remove that one first (remote_{kind} with state: absent), or choose another name "
            f"({_NAMED_BY[kind]}).",
            kind="name_in_use",
        )


def _require_unit_of_its_own(options: Options, observed: Observed, lost: list[str]) -> None:
    """
    :raises InvalidOption: another quadlet makes the same unit.
    """
    unit = observed.then.units.get(options.name)
    for file in lost:
        if unit and observed.now.units[file].name == unit.name:
            problem = f"its unit is {unit.name}, and so is that of {observed.folder}/{file}. Nothing was changed."
            raise InvalidOption("name", options.name, problem, "Choose another name, or remove that file there first.")


def _require_made(options: Options, then: Generated, folder: str) -> None:
    """
    :raises InvalidOption: the generator complains of the task's files, or makes no unit of the quadlet.
    """
    changes = wanted(options)
    about = then.about(*changes)
    makes = options.name in then.units or names.is_template(options.name)
    if not changes or (makes and not about):
        return
    if not about and (path := then.unreadable()):
        raise InvalidOption(
            "name", options.name,
            f"Podman's generator reads no quadlet there while another file is wrong: {_words(then)}. "
            "Nothing was changed.",
            f"Mend or remove {path} first{_removal(folder, path)}.",
        )  # fmt: skip
    option = options.source or ("files" if options.name in changes else "dropins")
    problem = f"Podman's generator refuses it: {'; '.join(about) or _words(then)}."
    if needed := then.lacking(*changes):
        remedy = f"Nothing was changed there. Install {needed} first."
        raise NeedsQuadlet("name", options.name, problem, remedy, needed)
    raise InvalidOption(option, options.name, problem, "Nothing was changed there. Mend it as the generator says.")


def _removal(folder: str, path: str) -> str:
    file = path.removeprefix(f"{folder}/")
    return "" if "/" in file else f": remote_quadlet removes it with name: {file} and state: absent"


def _words(made: Generated, about: list[str] | None = None) -> str:
    found = made.about(*about) if about else []
    return "; ".join(found or made.errors) or "it does not say why"


def plan(options: Options, observed: Observed) -> Plan:
    """What is to be done, one after the other."""
    this = Resource(KIND, options.name)
    files = list(_files(this, options, observed))
    ends = list(_unit(this, options, observed, changed=bool(files)))
    state = observed.state
    reloads = bool(files) or (observed.unit is not None and (state.outdated or state.load == "not-found"))
    reason = "the files are others" if files else "systemd has not read them yet"
    reload = [this.step("reload", reason)] if reloads else []
    if options.state == ABSENT:
        return Plan(in_sequence([*ends, *files, *reload]))
    return Plan(in_sequence([*files, *reload, *ends]))


def _files(this: Resource, options: Options, observed: Observed) -> Iterator[Step]:
    for file, text in wanted(options).items():
        found = observed.files.get(file)
        args = {"file": file, "text": text, "mode": options.mode}
        if found is None:
            yield this.step("create", "there is no such file", args, {"file": file})
        elif found.text != text:
            yield this.step("update", "its text differs", args, {"file": file})
        elif found.mode != options.mode:
            yield this.step("update", f"its mode is {found.mode}", args, {"file": file})
    for file in gone(options, observed.files):
        reason = "state is absent" if options.state == ABSENT else "the task has no text for it"
        yield this.step("remove", reason, {"file": file}, {"file": file})


def _unit(this: Resource, options: Options, observed: Observed, *, changed: bool) -> Iterator[Step]:
    """What is to be done with the unit, at most one thing."""
    state, unit = observed.state, observed.unit_name(options)
    args = {"unit": unit, "timeout": options.timeout}
    shown: dict[str, Any] = {"unit": unit}
    along = {"along": list(state.along)} if state.along else {}
    if names.is_template(options.name):
        return
    if state.foreign:  # of an absent quadlet: others are refused
        return
    if options.state in (ABSENT, STOPPED):
        if state.runs:
            yield this.step("stop", f"state is {options.state}", args, shown | along)
        elif options.state == ABSENT and state.failed:
            yield this.step("forget", "it has failed", args, shown)
        return
    stale = _is_older(options, observed)
    if state.runs:
        if options.restart == CHANGED and (changed or stale):
            yield this.step(
                "restart", "its files are others" if changed else "it runs with older files", args, shown | along
            )
    elif options.state == STARTED and _is_to_start(observed, changed):
        yield this.step("start", "it has failed" if state.failed else "it does not run", args, shown)


def _is_to_start(observed: Observed, changed: bool) -> bool:
    """A unit that does its work and is gone is done again for other files only."""
    once = observed.unit is not None and observed.unit.once
    return not once or changed or observed.state.failed


def _is_older(options: Options, observed: Observed) -> bool:
    """Whether the unit was started before the files were written, by a run that was cut or by somebody else."""
    since = observed.state.since
    own = [
        found.written
        for file, found in observed.files.items()
        if file in options.texts or file == options.name or file.startswith(f"{names.dropin_folder(options.name)}/")
    ]
    return since > 0 and any(written > since for written in own)
