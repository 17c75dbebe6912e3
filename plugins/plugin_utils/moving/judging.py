# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judges one task: what becomes of its module and of each of its options, and the edits for that."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from . import around, calls, modules, podman_modules
from .calls import FLOW, Call, Option
from .conversions import ByHand, Conversion, Depends, Impossible
from .edits import Edit, fit
from .moves import ON_CONTROLLER, Moves
from .names import Ours, options_of, way_options
from .peer_differences import DOCKER, PODMAN
from .tasks import Task
from .values import Leaf, Value, leaf, lines_of
from .verdict import HAND, IMPOSSIBLE, NOTE, OPTION, TEMPLATE, Finding, Verdict

# What a value would lose that is written anew: comments, and an anchor that others name.
_COMMENT = re.compile(r"\s#[^\n]*\n|[\s:]&[\w-]")
ALIASED = "It stands behind an alias (<<), where others use it too."
NOT_KNOWN = "There is nothing of the kind here. Leave the task with the peer: both work on the same engine."


# Where what is different in an option of docker_container changes what a task does.
_MATTER: dict[str, Callable[[Mapping[str, Option]], bool]] = {
    "log_options": lambda given: "log_driver" not in given,
    "restart_retries": lambda given: _text(given.get("restart_policy")) not in ("on-failure", None),
    "detach": lambda given: _text(given["detach"]) in ("false", "no"),
}


def _text(option: Option | None) -> str | None:
    """The value of an option that is given; None for a template or none."""
    value = option.value if option is not None else None
    return value.value.lower() if isinstance(value, Leaf) and not value.templated else None


class Judge:
    """The judgement of one task."""

    def __init__(self, text: str, task: Task, call: Call, ours: Ours) -> None:
        self.text, self.task, self.call, self.ours = text, task, call, ours
        self.moves = modules.MOVES.get(call.module, Moves())
        self.verdict = Verdict(task.line, task.name, call.module, call.written, span=task.span)
        self.names: Mapping[str, str] = {}  # of our module
        self.given: dict[str, Option] = {}  # by the peer's name
        self.done: set[str] = set()

    def judge(self) -> Verdict:
        """What becomes of the task."""
        self.verdict.register = self.task.entries["register"].text if "register" in self.task.entries else ""
        target = self.ours.stands_for.get(self.call.module)
        if target is None:
            self.say(IMPOSSIBLE, self.call.line, modules.NONE.get(self.call.module, NOT_KNOWN))
            return self.verdict
        self.names = self.ours.canonical(target)
        self.verdict.becomes = f"{self.ours.collection}.{target}"
        self.verdict.edits.append(Edit(*self.call.at, self.verdict.becomes))
        if self.call.templated:
            self.say(TEMPLATE, self.call.line, "All options are one template.")
        known = options_of(self.call.module)
        self.given = {known.get(option.name, option.name): option for option in self.call.options}
        for finding, edits in around.findings(self.task, self.call, self.given, self.text):
            self.verdict.findings.append(finding)
            self.verdict.edits += edits
        self._options()
        self._shape(target)
        return self.verdict

    def _options(self) -> None:
        for conversion in self.moves.conversions:
            taken = [name for name in conversion.options if name in self.given]
            if taken or conversion.always:
                self._convert(conversion, taken)
        for name, option in self.given.items():
            if name not in self.done:
                self._option(name, option)
        if self.moves.added:
            self._add(self.moves.added)
        for name, matters in _MATTER.items():
            if self.call.module == "docker_container" and name in self.given and matters(self.given):
                self.say(NOTE, self.given[name].line, f"{name}: {DOCKER[name].replace('``', '')}")

    def say(self, kind: str, line: int, text: str, lines: tuple[str, ...] = ()) -> None:
        self.verdict.findings.append(Finding(kind, line, text, lines))

    def _convert(self, conversion: Conversion, taken: list[str]) -> None:
        self.done |= set(taken)
        line = self.given[taken[0]].line if taken else self.call.line
        names = ", ".join(self.given[name].name for name in taken) or self.call.module
        shown = _shown(self.given[taken[0]]) if len(taken) == 1 else names
        values = {name: self.given[name].value for name in (*taken, *conversion.also) if name in self.given}
        try:
            written = conversion.write(values)
        except Impossible as problem:
            return self.say(IMPOSSIBLE, line, f"{names}: {problem}")
        except Depends as problem:
            return self.say(TEMPLATE, line, f"{names}: {problem}")
        except ByHand as problem:
            return self.say(HAND, line, f"{names}: {problem}", problem.lines)
        if not taken:
            return self._add(written)
        for name in taken:
            self._path(name, next(iter(written), name))
        first, *others = (self.given[name] for name in taken)
        if len(taken) == 1 and self._only_name(first, written):
            return None
        if not written:
            self.say(OPTION, line, f"{shown} is left out: it means nothing here.")
        else:
            self.say(OPTION, line, shown, tuple(lines_of(written)))
        self._put(first, written)
        for option in others:
            self._put(option, {})
        return None

    def _only_name(self, option: Option, written: Mapping[str, Value]) -> bool:
        """Whether the value stays as it is written, so that at most the name changes."""
        if len(written) != 1:
            return False
        ((name, value),) = written.items()
        if value is not option.value:
            return False
        self._rename(option, name)
        return True

    def _rename(self, option: Option, name: str) -> None:
        if self.names.get(option.name) == self.names.get(name, name):
            return
        self.say(OPTION, option.line, option.name, (_shown(option, name),))
        start, end = option.key
        raw = self.text[start:end]
        self._edit(option, Edit(start, end, raw.replace(option.name, name)))

    def _option(self, name: str, option: Option) -> None:
        """An option that no conversion is about."""
        state = podman_modules.NO_STATES.get(self.call.module, {}) if name == "state" else {}
        if isinstance(option.value, Leaf) and option.value.value in state:
            self.say(IMPOSSIBLE, option.line, f"state: {option.value.value}: {state[option.value.value]}")
        elif name in self.moves.none:
            self.say(IMPOSSIBLE, option.line, f"{option.name}: {self.moves.none[name]}")
        elif name in way_options().values() and self.call.module.startswith("docker_"):
            for finding, written in around.way(name, option, self.task):
                self.verdict.findings.append(finding)
                if written is not None:
                    self._put(option, written)
        else:
            self._path(name, name)
            self._same(name, option)

    def _path(self, name: str, target: str) -> None:
        """A path that leads to another machine here."""
        option = self.given[name]
        if name in self.moves.paths and not around.is_local(self.task, self.call):
            self.say(HAND, option.line, f"{option.name}: {ON_CONTROLLER}", (_shown(option, target),))

    def _same(self, name: str, option: Option) -> None:
        target = PODMAN[name][0] if self.call.module == "podman_container" and name in PODMAN else name
        if target not in self.names:
            text = f"{self.call.module} has no option {option.name}."
            if name in options_of(self.call.module).values():
                text = f"{option.name}: There is nothing of the kind here."
            return self.say(IMPOSSIBLE, option.line, text)
        self._rename(option, self.names[target])
        if name == "env" and self.call.module.startswith("podman_"):
            self._env(option)
        return None

    def _env(self, option: Option) -> None:
        """Numbers and booleans, which podman_container writes as Python does."""
        if not isinstance(option.value, dict):
            return
        lines = []
        for key, value in option.value.items():
            if isinstance(value, Leaf) and value.span and not value.is_text and not value.null:
                text = str(value.true) if value.boolean else value.raw
                lines.append(f'{key}: "{text}"')
                self._edit(option, Edit(*value.span, f'"{text}"'))
        if lines:
            self.say(OPTION, option.line, f"{option.name} takes texts", tuple(lines))

    def _put(self, option: Option, written: Mapping[str, Value]) -> None:
        edit = calls.written(option, written, self.text)
        if _COMMENT.search(self.text, *option.span):
            self.say(HAND, option.line, f"{option.name}: there are comments or anchors in it, which would be lost.")
        elif edit is None:
            self.say(HAND, option.line, f"{option.name}: KEY=VALUE can't say that: write the options as a dictionary.")
        else:
            self._edit(option, edit)

    def _edit(self, option: Option, edit: Edit) -> None:
        holder = self.call.holder
        if not option.own or (holder is not None and self.text.startswith("&", holder.start_mark.index)):
            self.say(HAND, option.line, f"{option.name}: {ALIASED}")
        elif option.form == FLOW and not fit([edit, *self.verdict.edits]):
            self.say(HAND, option.line, f"{option.name}: write the options in lines of their own first.")
        else:
            self.verdict.edits.append(edit)

    def _add(self, options: Mapping[str, Value]) -> None:
        more = {name: value for name, value in options.items() if not self._gives(name)}
        if not more:
            return
        lines = tuple(lines_of(more))
        placeholder = any(isinstance(value, Leaf) and value.value == "NAME" for value in more.values())
        edit = calls.added(self.call, more, self.text, self.verdict.edits)
        self.say(HAND if placeholder or edit is None else OPTION, self.call.line, "also needs", lines)
        self.verdict.edits += [edit] if edit else []

    def _gives(self, name: str) -> bool:
        return any(self.names.get(option.name) == name for option in self.call.options)

    def _shape(self, target: str) -> None:
        """The edit that has the result look as the peer's does; for those whose result is read."""
        self.verdict.says_shape = self._gives("result_format")
        if "result_format" in self.ours.modules[target] and not self.verdict.says_shape:
            line: Mapping[str, Value] = {"result_format": leaf("engine")}
            self.verdict.engine_shape = calls.added(self.call, line, self.text, self.verdict.edits)


def _shown(option: Option, name: str = "") -> str:
    """An option as a person would write it, without what is below it."""
    value = f": {option.value.raw}" if isinstance(option.value, Leaf) else ""
    return f"{name or option.name}{value}"


def judge(text: str, task: Task, ours: Ours) -> Verdict | None:
    """What becomes of a task; None where it calls no module of a peer.

    :param text: of the file.
    """
    call = calls.call_of(task, text)
    return Judge(text, task, call, ours).judge() if call else None
