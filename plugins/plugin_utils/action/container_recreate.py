# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recreation that cannot lose a service: the old container is kept until the new one runs, and comes back if not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.states import PAUSED, STOPPED

if TYPE_CHECKING:
    from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.container_steps import Steps

# The old container's name while the new one is tried: <name>.sshfleet-old-<id>.
ASIDE = ".sshfleet-old-"
# A new container that ends within this time with an error has failed; looked at so often, so far apart (seconds).
LOOKS, PAUSE = 3, 0.25


def recreate(steps: Steps, old: Mapping[str, Any], args: Mapping[str, Any]) -> None:
    """Replace a container by a new one of the same name.

    :param old: the old container's inspect.
    :param args: ``body``, ``connect``, ``disconnect`` as for a creation; ``start``: whether the new one is started;
        ``was``: the old one's state (running, paused, stopped).
    :raises EngineError: telling what went wrong with the new one, and how it stands with the old one.
    """
    if (old.get("HostConfig") or {}).get("AutoRemove"):
        _replace_vanishing(steps, old, args)
        return
    aside = _Aside(steps, old, str(args["was"]))
    try:
        aside.put()
        _create_and_start(steps, args)
        aside.drop()
    except EngineError as error:
        if error.status is None and error.kind == "no_answer":
            raise  # nothing can be put back over a connection that is gone
        what = f"The container {steps.name} could not be recreated"
        failure = steps.failure(what, error, logs=False)
        log_end = steps.log_end(steps.name) if aside.is_away else ""
        message = f"{failure.message} {aside.restore()}{log_end}"
        raise EngineError(message, failure.status, failure.hint, failure.kind) from error


def _create_and_start(steps: Steps, args: Mapping[str, Any]) -> None:
    steps.create(args["body"], args["connect"], args["disconnect"])
    if not args["start"]:
        return
    try:
        steps.client.start(steps.name)
    except EngineError as error:
        raise steps.failure("the new one did not start", error, logs=False) from error
    _require_running(steps)


def _require_running(steps: Steps) -> None:
    """A new container that ends with an error, or that its restart policy has to start again, has failed."""
    has_ended = False
    for look in range(LOOKS):
        if look:
            steps.sleep(PAUSE)
        inspect = steps.client.inspect_container(steps.name) or {}
        state = inspect.get("State") or {}
        code = state.get("ExitCode") or 0
        has_ended = has_ended or bool(inspect.get("RestartCount") or state.get("Restarting"))
        # While its restart policy has it running again, the engine tells no exit code: the next look may.
        if code and (has_ended or not state.get("Running")):
            raise EngineError(f"the new one ended at once, with exit code {code}.", kind="container_ended")
    if has_ended:
        raise EngineError("the new one ended at once; its restart policy starts it over.", kind="container_ended")


def _replace_vanishing(steps: Steps, old: Mapping[str, Any], args: Mapping[str, Any]) -> None:
    """A container with auto-removal is gone once it is stopped: there is nothing to come back to."""
    steps.warnings.append(
        f"The container {steps.name} is removed by the engine when it stops, so it could not be kept while the new one "
        "was tried."
    )
    steps.client.remove(old["Id"], force=True, volumes=not steps.options.keep_volumes)
    _create_and_start(steps, args)


class _Aside:
    """The old container while the new one is tried: stopped, without a restart policy, under another name."""

    def __init__(self, steps: Steps, old: Mapping[str, Any], was: str) -> None:
        self.steps = steps
        self.client = steps.client
        self.old_id: str = old["Id"]
        self.name = steps.name
        self.aside = f"{self.name}{ASIDE}{self.old_id[:12]}"
        self.was = was
        self.policy = dict((old.get("HostConfig") or {}).get("RestartPolicy") or {})
        self.undo: list[Callable[[], Any]] = []
        self.is_away = False  # from here on the name is the new one's

    def put(self) -> None:
        if self.was == PAUSED:
            self.client.unpause(self.old_id)
            self.undo.append(lambda: self.client.pause(self.old_id))
        if self.was != STOPPED:
            self.undo.append(lambda: self.client.start(self.old_id))
            self.client.stop(self.old_id, self.steps.stop_timeout)
        self._set_policy_to_no()
        self.client.rename(self.old_id, self.aside)
        self.undo.append(lambda: self.client.rename(self.old_id, self.name))
        self.is_away = True

    def _set_policy_to_no(self) -> None:
        """So that a reboot in the middle does not start it beside the new one."""
        if not self.steps.engine.updates_live(self.was != STOPPED) or (self.policy.get("Name") or "no") == "no":
            return
        self.undo.append(lambda: self.client.update(self.old_id, {"RestartPolicy": self.policy}))
        self.client.update(self.old_id, {"RestartPolicy": {"Name": "no", "MaximumRetryCount": 0}})

    def drop(self) -> None:
        self.client.remove(self.old_id, force=True, volumes=not self.steps.options.keep_volumes)

    def restore(self) -> str:
        """Remove the new container and bring the old one back; tells how that went."""
        problems = []
        new = self.client.inspect_container(self.name)
        if new is not None and new["Id"] != self.old_id:
            self.undo.append(lambda: self.client.remove(new["Id"], force=True, volumes=True))
        while self.undo:
            try:
                self.undo.pop()()
            except EngineError as error:
                problems.append(error.message)
        if problems:
            return (
                f"The old container ({self.old_id[:12]}, {self.name} or {self.aside}) could not be brought back: "
                f"{'; '.join(problems)}."
            )
        state = "is as it was" if self.was == STOPPED else f"is {self.was} again"
        return f"The old container {self.name} is back and {state}."
