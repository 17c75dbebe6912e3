# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recreation that cannot lose a service: the old container is kept until the new one is proven, and comes back if not.

The old one is renamed first and the new one created beside it, so that a refused creation costs no downtime. At any
moment the names on the engine tell the next run how to go on (``resources.container.leftover``).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from ....errors import EngineError
from ...shared.kept_names import Mark
from ...shared.states import PAUSED, STOPPED, container_name, current_state
from ...shared.work.answering import answers_again
from ..plan.leftover import Leftover, new_mark, replaced_by
from . import lifecycle
from .context import Context
from .removal import discard, kill

NO_POLICY = {"Name": "no", "MaximumRetryCount": 0}
# How often the old one's start is tried while its port is not free again.
OLD_TRIES = 15
VANISHES = (
    "The container {name} is removed by the engine when it stops, so it could not be kept while the new one was tried."
)


def recreate(context: Context, old: Mapping[str, Any], was: str, start: bool, **made: Any) -> None:
    """Replace a container by a new one of the same name.

    :param old: its inspect.
    :param was: running, paused or stopped.
    :param start: whether the new one is started.
    :param made: ``body``, ``connect`` and ``disconnect`` as for a creation.
    :raises EngineError: telling what went wrong with the new one, and how it stands with the old one.
    """
    change = Change(context, str(old["Id"]), new_mark(context.name, old, was))
    change.vanishes = bool((old.get("HostConfig") or {}).get("AutoRemove"))
    try:
        change.put_aside()
        change.create_new(made)
        change.stop_old()
        if start:
            change.start_new(made)
    except EngineError as error:
        raise change.undone(error) from error
    if not context.keep_old:
        change.drop_old()


def finish(context: Context, old: Leftover, prove: bool) -> None:
    """End a recreation that was interrupted after the start of the new container.

    :param prove: whether the new one still has to show that it runs.
    :raises EngineError: as with :func:`recreate`.
    """
    change = Change(context, old.id, old.mark)
    if prove:
        change.new = str((context.client.containers.inspect(context.name) or {}).get("Id") or "")
        try:
            lifecycle.prove(context, change.new)
        except EngineError as error:
            raise change.undone(error) from error
    change.drop_old()


def restore(context: Context, old: Leftover, unfinished: str | None, stay_aside: bool) -> None:
    """Undo a recreation that was interrupted before the new container was proven.

    :param unfinished: the ID of the new container, if there is one.
    :param stay_aside: only make room: the old one is about to be replaced again.
    :raises EngineError: the old one could not be brought back.
    """
    change = Change(context, old.id, old.mark)
    change.new = unfinished or ""
    try:
        if stay_aside:
            change.remove_new()
        else:
            change.put_back(context.options.state != "stopped")
    except EngineError as error:
        what = f"The container {old.mark.name}, kept as {old.mark}, could not be brought back"
        raise context.failure(what, error, logs=False) from error


class Change:
    """The two containers of a recreation, by their IDs; ``new`` is '' while there is none."""

    def __init__(self, context: Context, old: str, mark: Mark) -> None:
        self.context = context
        self.client = context.client
        self.old = old
        self.mark = mark
        self.new = ""
        self.vanishes = False

    def put_aside(self) -> None:
        """The name is the journal: all that follows can be undone by whoever reads it."""
        inspect = self.client.containers.inspect(self.old)
        if inspect is not None and container_name(inspect) != str(self.mark):
            self.client.containers.rename(self.old, str(self.mark))
        if self.mark.policy != "no" and self.context.engine.sets_policy_live:  # a reboot starts it beside the new one
            self._set_policy(NO_POLICY)

    def create_new(self, made: Mapping[str, Any]) -> None:
        """Create the new one. What a run that was cut had asked for may come only now: then it gives way."""
        try:
            self.new = lifecycle.create(self.context, **made)
        except EngineError as error:
            late = self._found_new() if error.kind == "name_in_use" else None
            if late is None or current_state(late) != STOPPED:
                raise
            self.remove_new()
            self.new = lifecycle.create(self.context, **made)

    def stop_old(self) -> None:
        inspect = self.client.containers.inspect(self.old) or {}
        if current_state(inspect) == PAUSED:
            self.client.containers.unpause(self.old)
        if current_state(inspect) != STOPPED:
            if self.vanishes:
                self.context.warn(VANISHES.format(name=self.context.name))
            lifecycle.halt(self.context, self.old)

    def start_new(self, made: Mapping[str, Any]) -> None:
        try:
            lifecycle.start_made(self.context, self.new, made, note=partial(setattr, self, "new"))
        except EngineError as error:
            raise self.context.failure("the new one did not start", error, logs=False) from error
        lifecycle.prove(self.context, self.new)

    def drop_old(self) -> None:
        try:
            discard(self.client, self.old, not self.context.options.keep_volumes, self.context.sleep)
        except EngineError as error:
            what = f"The container {self.context.name} was recreated, but the old one, kept as {self.mark}, stays"
            raise self.context.failure(what, error, logs=False) from error

    def undone(self, error: EngineError) -> EngineError:
        """The failure to report, after everything has been put back."""
        interrupted = error.status is None and error.unanswered
        if interrupted and not answers_again(self.client, self.context.sleep):
            error.hint = (
                f"The container {self.context.name} was being recreated, and the old one may now be called "
                f"{self.mark}: run the task again, and it is brought back or replaced."
            )
            return error
        failure = self.context.failure(f"The container {self.context.name} could not be recreated", error, logs=False)
        log_end = self.context.log_end(self.new) if self.new else ""
        message = f"{failure.message} {self._put_back()}{log_end}"
        kind = "engine_error" if error.kind == "no_answer" else failure.kind
        return EngineError(message, failure.status, failure.hint, kind=kind)

    def _put_back(self) -> str:
        """Put everything back; tells how that went."""
        try:
            self.put_back()
            back = self.client.containers.inspect(self.old)
        except EngineError as problem:
            words = problem.words
            return (
                f"The old container ({self.old[:12]}, {self.mark.name} or {self.mark}) could not be brought back: "
                f"{words}. Run the task again to have it brought back or replaced."
            )
        if back is None:
            return f"The old container {self.mark.name} is gone: the engine removed it when it stopped."
        state = "is as it was" if self.mark.was == STOPPED else f"is {self.mark.was} again"
        return f"The old container {self.mark.name} is back and {state}."

    def put_back(self, start: bool = True) -> None:
        """Remove the new container and bring the old one back.

        On Podman the old one has its name back before it runs. With state=present only the failed new one's name can
        tell the next run that it is still to be started, so it goes last.
        """
        name_first = self.context.engine.found_by_name_at_start
        if name_first and self.context.options.state == "present" and (new := self._found_new()):
            if container_name(new) != str(self.mark.of_the_failed):
                self.client.containers.rename(new["Id"], str(self.mark.of_the_failed))
            self.new = str(new["Id"])
            if current_state(new) != STOPPED:
                kill(self.client, self.new)
            self._bring_back(start)
            self.remove_new()
            return
        self.remove_new()
        self._bring_back(start)

    def remove_new(self) -> None:
        if new := self._found_new():
            discard(self.client, new["Id"], True, self.context.sleep)

    def _found_new(self) -> Mapping[str, Any] | None:
        """Also where the answer to its creation never came: then it has the old one's name."""
        new: Mapping[str, Any] | None = self.client.containers.inspect(self.new or self.context.name)
        mine = new is not None and (str(new["Id"]) == self.new or replaced_by(new) == self.old)
        return new if mine else None

    def _bring_back(self, start: bool = True) -> None:
        """Do what is missing for the old one to be as it was; the name comes last where it can."""
        inspect = self.client.containers.inspect(self.old)
        if inspect is None:
            return
        policy = ((inspect.get("HostConfig") or {}).get("RestartPolicy") or {}).get("Name") or "no"
        if policy != self.mark.policy and self.context.engine.sets_policy_live:
            self._set_policy(self.mark.restart_policy)
        if self.context.engine.found_by_name_at_start:  # the name at its start is the one by which others find it
            self._rename_back(inspect)
        if start:
            self._run_again(current_state(inspect))
        self._rename_back(self.client.containers.inspect(self.old) or inspect)

    def _set_policy(self, policy: Mapping[str, Any]) -> None:
        """As far as the engine does it: a container whose limits Podman could not change may take no change any more,
        which is no reason to keep it.
        """
        try:
            self.client.containers.update(self.old, {"RestartPolicy": policy})
        except EngineError as error:
            if error.status is None:
                raise
            name, said = self.mark.name, self.context.masker.text(error.words)
            self.context.warn(f"The restart policy of the old container {name} could not be set: {said}.")

    def _run_again(self, state: str) -> None:
        if self.mark.was == STOPPED:
            return
        if state == STOPPED:
            lifecycle.start(self.context, self.old, OLD_TRIES)
        if self.mark.was == PAUSED and state != PAUSED:
            self.client.containers.pause(self.old)

    def _rename_back(self, inspect: Mapping[str, Any]) -> None:
        if container_name(inspect) != self.mark.name:
            self.client.containers.rename(self.old, self.mark.name)
