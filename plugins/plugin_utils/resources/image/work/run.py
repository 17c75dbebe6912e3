# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brings an image of a host to the state that a task describes; in check mode it only says how."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ....errors import FleetError, InvalidOption
from ....telling import listed
from ...shared.image_names import full_name, same
from ...shared.ownership import Thing
from ...shared.plan import Plan, Step, in_sequence
from ...shared.result_format import PLAIN, Telling
from ...shared.secrets import Masker
from ...shared.work.needed import needed, tell_of_localhost
from ...shared.work.runner import Runner
from .. import plan
from ..archive import Archived
from ..options import Options
from ..result_format import FORMATS, Seen
from . import build as building
from .build_context import Context
from .observe import observe
from .steps import Steps

# What one request does: nobody can come in between.
_AT_ONCE = frozenset({"archive", "pull", "push", "remove", "tag"})


def run_image(
    runner: Runner, options: Options, *, check_mode: bool = False, telling: Telling = PLAIN
) -> dict[str, Any]:
    """Bring the image to the task's state; the module's result.

    :param telling: in which shape it is wanted.
    :raises EngineError: with what was tried, in the engine's words.
    :raises InvalidOption: a file of the controller can't be used.
    """
    return telling.choose(FORMATS)(_Run(runner, options, check_mode).seen(), telling)


class _Run:
    """One task: what was read, what is planned, and what has been done."""

    def __init__(self, runner: Runner, options: Options, check_mode: bool) -> None:
        self._runner = runner
        self._client = runner.engine
        self._options = options
        self._check_mode = check_mode
        self._masker = Masker()
        self._masker.leave(filter(None, (options.name, options.repository)))
        if options.build is not None:
            self._masker.learn(options.build.args)
        if options.credentials is not None:
            self._masker.learn_values([options.credentials.password])
        self._context: Context | None = None  # what is built
        self._warnings: list[str] = []
        self._steps: Steps | None = None  # once something is done

    def seen(self) -> Seen:
        if self._check_mode:
            observed, planned = self._looked()
        else:
            observed, planned = self._runner.converge(self._looked, self._things, self._change)
        changed, before, more = planned.changed, observed.image, {}
        image = before
        if self._steps is not None:
            planned = self._as_it_was_done(planned, observed, self._steps)
            changed, image, more = self._steps.changed, self._image(self._steps), self._steps.more
        return Seen(self._options, self._masker, planned, changed, before, image, more, self._warnings)

    def _looked(self) -> tuple[plan.Observed, Plan]:
        """What there is, and what is to be done about it."""
        self._warnings.clear()
        observed = observe(self._client, self._options)
        force = self._client.engine.image_force_removes_containers
        planned = plan.plan(self._options, observed, force_removes_containers=force)
        if self._options.state != "absent" and (error := plan.lacking(self._options, observed.image)):
            self._needed(f"image {self._options.name}", error)
        if planned.changed:
            self._prepare(planned.steps[0], observed)
        return observed, planned

    def _prepare(self, first: Step, observed: plan.Observed) -> None:
        """What the controller lacks is found before anything is done, in check mode too."""
        if first.action == "build":
            self._prepare_build()
        elif first.action == "load":
            self._require_archive(observed.archived)
        elif first.action == "pull" and self._check_mode and observed.image is None:
            tell_of_localhost(self._options.name, self._warnings.append)

    def _prepare_build(self) -> None:
        build = self._options.build
        if build is None:  # the options see to it
            return
        try:
            self._context = Context(build.path, build.dockerfile)
        except InvalidOption as error:
            self._needed(f"directory {build.path} with a Dockerfile", error, "the controller")
            return
        building.require_possible(self._client, build, self._context)

    def _require_archive(self, archived: tuple[Archived, ...] | None) -> None:
        path = Path(str(self._options.load_path))
        if not path.is_file():
            error = InvalidOption("load_path", str(path), "there is no such file on the controller.", "Correct it.")
            self._needed(f"file {path}", error, "the controller")
        more = sorted(
            tag for one in archived or () for tag in one.tags if not same(tag, self._options.name)
        )  # fmt: skip
        if more:
            self._warnings.append(f"The archive {path} has more images, which were loaded too: {listed(more)}.")

    def _things(self, observed: plan.Observed, planned: Plan) -> list[Thing]:
        """The names that the steps may give to another image, or take from one."""
        single = len(planned.steps) == 1 and planned.steps[0].action in _AT_ONCE
        names = filter(None, (observed.name, observed.repository))
        return [Thing("image", full_name(name), not single) for name in names]

    def _change(self, observed: plan.Observed, planned: Plan) -> None:
        self._steps = Steps(self._options, observed, self._context, self._masker, self._runner.log)
        self._runner.run(planned, self._steps.do)

    def _as_it_was_done(self, planned: Plan, observed: plan.Observed, steps: Steps) -> Plan:
        """The plan with what was done in the end: what came decides what follows."""
        if steps.came is None:
            return planned
        before, after = plan.id_of(observed.image), plan.id_of(steps.image)
        came: tuple[dict[str, Any], dict[str, Any]] = ({"id": before}, {"id": after}) if before != after else ({}, {})
        return Plan(
            in_sequence((planned.steps[0], *steps.came.steps)),
            before={**came[0], **steps.came.before},
            after={**came[1], **steps.came.after},
        )

    def _image(self, steps: Steps) -> Any:
        """The image with the names that it has now."""
        if self._options.state == "absent":
            return None
        return self._client.images.inspect(steps.name) if steps.changed else steps.image

    def _needed(self, thing: str, error: FleetError, where: str = "the host") -> None:
        """What is not there; see ``needed``."""
        needed(thing, error, check_mode=self._check_mode, warn=self._warnings.append, where=where)
