# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brings a volume into the state that a task describes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError
from ...shared.ownership import Thing
from ...shared.plan import Step
from ...shared.work.ownership import Owners, owning
from ..options import Options
from ..plan import Observed, body_of, differences, plan
from ..result import users, volume_result

# Under this name a volume is made and removed again to see whether the engine takes its options.
TRIAL = "{name}.sshfleet-trial"


class VolumeWork:
    """One run of remote_volume."""

    def __init__(
        self,
        client: Client,
        options: Options,
        check_mode: bool,
        log: Callable[[str], None],
        owners: Owners | None = None,
    ) -> None:
        self._owners = owners
        self._client = client
        self._options = options
        self._check_mode = check_mode
        self._log = log
        self._noquota_apart = client.engine.noquota_apart
        self._steps: dict[str, Callable[..., None]] = {
            "create": self._create,
            "remove": self._remove,
            "recreate": self._recreate,
        }

    def run(self) -> dict[str, Any]:
        """Do it, or in check mode tell what would be done; the module's result.

        :raises EngineError: the engine refused, or containers use a volume that would have to go.
        """
        observed = self._observe()
        planned = plan(self._options, observed, noquota_apart=self._noquota_apart)
        if planned.changed and not self._check_mode:
            marked = any(step.action == "recreate" for step in planned.steps)
            with owning(self._owners, [Thing("volume", self._options.name, marked)]):
                if self._owners is not None:  # somebody may have been faster
                    planned = plan(self._options, self._observe(), noquota_apart=self._noquota_apart)
                for step in planned.steps:
                    self._do(step)
            observed = self._observe()
        volume = observed.volume
        left = volume is not None and self._options.state == "present" and not planned.changed
        drift = differences(self._options, volume, noquota_apart=self._noquota_apart) if volume and left else ()
        return {
            "changed": planned.changed,
            "actions": planned.actions(),
            "volume": volume and volume_result(volume, observed.users),
            "drift": [one.option for one in drift],
            "diff": planned.diff(),
            "warnings": list(planned.warnings),
        }

    def _observe(self) -> Observed:
        volume = self._client.volumes.inspect(self._options.name)
        if volume is None:
            return Observed()
        listed = self._client.containers.list(all=True, filters={"volume": [volume["Name"]]})
        return Observed(volume, tuple(users(listed).get(volume["Name"], ())))

    def _do(self, step: Step) -> None:
        self._log(f"{self._options.name}: {step.action} ({step.reason})")
        try:
            self._steps[step.action](**step.args)
        except EngineError as error:
            if error.status is None:
                raise
            message = f"The volume {self._options.name}: {step.action} was refused: {error.words}."
            raise EngineError(message, error.status, error.hint, error.kind) from error

    def _create(self, body: dict[str, Any]) -> None:
        self._client.volumes.create(body)

    def _remove(self) -> None:
        self._client.volumes.remove(self._options.name)

    def _recreate(self, body: dict[str, Any], old: dict[str, Any], tried: bool) -> None:
        """What an engine refuses is seen before the old volume, and what is in it, is gone."""
        if tried:
            self._try({**body, "Name": TRIAL.format(name=self._options.name)})
        self._remove()
        try:
            self._create(body)
        except EngineError as error:
            message = f"{error.words}. {self._put_back(old)}"
            raise EngineError(message, error.status, error.hint, error.kind) from error

    def _put_back(self, old: dict[str, Any]) -> str:
        """Make the volume as it was, without what was in it; what came of that, in words."""
        try:
            self._client.volumes.create(body_of(old))
        except EngineError as error:
            return f"The old one is gone, with what was in it, and could not be created again: {error.message}"
        return "The old one is there again, but what was in it is lost."

    def _try(self, body: dict[str, Any]) -> None:
        try:
            self._client.volumes.create(body)
        except EngineError as error:
            words = error.message.replace(body["Name"], self._options.name).strip().rstrip(".")
            message = f"{words}. Nothing was changed, and nothing is lost."
            raise EngineError(message, error.status, error.hint, error.kind) from error
        self._client.volumes.remove(body["Name"])
