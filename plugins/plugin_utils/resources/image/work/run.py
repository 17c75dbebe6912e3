# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Does to a host's image what its plan says; in check mode it only says so."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError, FleetError, InvalidOption
from ....telling import indented, listed
from ...shared.image_names import full_name, same, short_id
from ...shared.ownership import Thing
from ...shared.plan import Resource, Step
from ...shared.platforms import require_platform
from ...shared.secrets import Masker
from ...shared.work.needed import needed, tell_of_localhost
from ...shared.work.ownership import Owners
from .. import plan
from ..archive import Archived, find, for_platform
from ..build import Build
from ..options import Options
from ..progress import Progress
from ..result import image_result, prefixed
from . import archive as image_archive
from . import build as building
from .build_context import Context
from .names import all_names, exact_name, image_by_id

END_OF_OUTPUT = 20  # lines of a build's output in the error of one that failed
# What one request does: nobody can come in between.
_AT_ONCE = frozenset({"archive", "pull", "push", "remove", "tag"})
TO_COME = "(not known before it is there)"
_DONE = {"pull": "pulled", "build": "built"}


def run_image(
    client: Client, options: Options, log: Callable[[str], None], *, check_mode: bool, owners: Owners | None = None
) -> dict[str, Any]:
    """Bring the image to the task's state; the module's result.

    :param owners: keeps other runs off while the names of images change.
    :raises EngineError: with what was tried, in the engine's words.
    :raises InvalidOption: a file of the controller can't be used.
    """
    if check_mode or owners is None:
        return ImageTask(client, options, log, check_mode).run()
    foreseen = ImageTask(client, options, log, check_mode=True, requires=True)
    result = foreseen.run()
    if not result["actions"]:
        return result
    with owners.owning(foreseen.things()):  # somebody may have been faster, so it looks again
        return ImageTask(client, options, log, check_mode=False).run()


class ImageTask:
    """One task on one host. ``image`` is what the host has under the name, as far as that is known.

    :param requires: what a run needs is an error where it is not there, also while nothing is done.
    """

    def __init__(
        self, client: Client, options: Options, log: Callable[[str], None], check_mode: bool, requires: bool = False
    ) -> None:
        self._client = client
        self._options = options
        self._log = log
        self._check = check_mode
        self._warns = check_mode and not requires
        self._masker = Masker()
        self._masker.leave(filter(None, (options.name, options.repository)))
        if options.build is not None:
            self._masker.learn(options.build.args)
        if options.credentials is not None:
            self._masker.learn_values([options.credentials.password])
        self._steps: list[Step] = []
        self._changed = False
        self._more: dict[str, Any] = {}
        self._warnings: list[str] = []
        self._before: dict[str, Any] = {}
        self._after: dict[str, Any] = {}
        self._name = exact_name(client, options.name)
        self._repository = exact_name(client, options.repository) if options.repository else None
        self.image: dict[str, Any] | None = client.images.inspect(self._name)

    def run(self) -> dict[str, Any]:
        return self.absent() if self._options.state == "absent" else self.present()

    def things(self) -> list[Thing]:
        """The names that the steps may give to another image, or take from one."""
        single = len(self._steps) == 1 and self._steps[0].action in _AT_ONCE
        return [Thing("image", full_name(name), not single) for name in (self._name, self._repository) if name]

    def present(self) -> dict[str, Any]:
        self._come_by()
        image = None if self._check and self._steps else self.image
        if self._options.archive_path:
            written = self._archived(self._options.archive_path)
            self._take(plan.archive_step(self._options, self._name, image, written), self._save)
        tagged = self._client.images.inspect(self._repository) if self._repository else None
        retagged = self._take(plan.tag_step(self._options, image, tagged), self._tag)
        if self._options.push:
            self._push_if_needed(image, tagged if self._repository else image, retagged)
        if self._changed and not self._check:  # its names
            self.image = self._client.images.inspect(self._name)
        return self._result()

    def absent(self) -> dict[str, Any]:
        """A short name goes with all that it stands for."""
        force = self._client.engine.image_force_removes_containers
        for exact in all_names(self._client, self._options.name):
            image = self._client.images.inspect(exact)
            if image is None:
                continue
            for name in plan.remove_names(self._options, exact, image, force_removes_containers=force):
                step = Resource("image", name).step("remove", "state is absent", shown={"image": name})
                self._take(step, functools.partial(self._remove, name, force=self._options.force_absent and not force))
        if self._steps:
            self._differ("id", _id(self.image), None)
        if not self._check:
            self.image = None
        return self._result()

    # --- the image itself

    def _come_by(self) -> None:
        options, before = self._options, self.image
        archived = self._archived(options.load_path) if options.load_path else None
        if archived:
            archived = for_platform(archived, building.own_platform(self._client))
        digest = None
        if options.source == "pull" and options.force_source and before is not None:
            digest = self._client.images.registry_digest(self._name, options.auth_for(self._name))
        try:
            step = plan.source_step(options, before, archived, digest)
        except EngineError as error:
            self._needed(f"image {options.name}", error)
            return
        if step is None:
            return
        wanted = find(archived, options.name) if archived else None
        prepared = self._prepared(step.action, archived)
        self._steps.append(step)
        if self._check:
            if step.action == "pull" and before is None and self._warns:
                tell_of_localhost(options.name, self._warnings.append)
            self._changed = True
            self._differ("id", _id(before), prefixed(wanted.id) if wanted else TO_COME)
            return
        prepared()
        if step.action == "load":  # it may have brought a name that comes before the one that was meant
            self._name = exact_name(self._client, options.name)
        self.image = self._required(wanted)
        self._require_platform(step.action, before)
        self._changed = _id(before) != _id(self.image)
        if self._changed:
            self._differ("id", _id(before), _id(self.image))

    def _prepared(self, action: str, archived: tuple[Archived, ...] | None) -> Callable[[], None]:
        """What does it. What the controller lacks for it is found in check mode too."""
        build = self._options.build
        if action == "build" and build is not None:  # the options see to it
            try:
                context = Context(build.path, build.dockerfile)
            except InvalidOption as error:
                self._needed(f"directory {build.path} with a Dockerfile", error, "the controller")
                return lambda: None
            building.require_possible(self._client, build, context)
            return lambda: self._build(build, context)
        if action == "load":
            self._require_archive(archived)
            return lambda: self._load(archived)
        return self._pull

    def _required(self, wanted: Archived | None) -> dict[str, Any]:
        """What has come, under the task's name.

        :raises EngineError: it is not there, or another one is.
        """
        name = self._options.name
        image = self._client.images.inspect(self._name)
        if wanted is not None and (image is None or short_id(str(image["Id"])) not in wanted.ids):
            by_id = image_by_id(self._client, wanted.ids)
            if by_id is not None:  # the archive has no name for it
                self._client.images.tag(by_id["Id"], self._name)
                image = self._client.images.inspect(self._name)
        if image is None:
            raise EngineError(f"The engine reports success, and the image {name} is not on the host.")
        found: dict[str, Any] = image
        return found

    def _require_platform(self, action: str, before: Mapping[str, Any] | None) -> None:
        """Fail where another platform's image has come, and leave the name to the image that had it."""
        if self.image is None or action not in _DONE:
            return
        try:
            require_platform(self._options.name, _DONE[action], self._options.platform_of_source, self.image)
        except EngineError as error:
            if before is not None and _id(before) != _id(self.image):
                self._client.images.tag(before["Id"], self._name)
                error.message += " The name is the earlier image's again."
            raise

    def _pull(self) -> None:
        name, platform = self._options.name, self._options.platform
        self._attempt(
            f"The image {name} could not be pulled",
            lambda: self._client.images.pull(
                self._name, Progress(self._tell), **({"platform": platform} if platform else {}),
                auth=self._options.auth_for(self._name),
            ),
        )  # fmt: skip

    def _build(self, build: Build, context: Context) -> None:
        progress = Progress(self._tell, self._masker.text)
        try:
            self._attempt(
                f"The image {self._options.name} could not be built from {build.path}",
                lambda: building.build(self._client, self._name, build, context, progress, self._options.credentials),
            )
        except EngineError as error:
            ending = "\n".join(progress.output.splitlines()[-END_OF_OUTPUT:])
            if ending:
                error.message += f"\nThe end of the build's output:\n{indented(ending)}"
            raise
        self._more |= {"stdout": progress.output, "stdout_lines": progress.output.splitlines()}

    def _load(self, archived: tuple[Archived, ...] | None) -> None:
        path = str(self._options.load_path)
        self._attempt(
            f"The archive {path} could not be loaded",
            lambda: self._client.images.load(
                image_archive.for_engines("load_path", path, archived, [self._client.engine]), Progress(self._tell)
            ),
        )

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

    @staticmethod
    def _archived(path: str) -> tuple[Archived, ...] | None:
        return image_archive.read_archive(path) if Path(path).is_file() else None

    # --- what is done with it

    def _save(self) -> None:
        name, path = self._options.name, str(self._options.archive_path)
        writing = image_archive.Writing("archive_path", path)

        def save() -> None:
            with self._client.images.save([self._name]) as chunks:
                writing.write(chunks)

        self._attempt(f"The image {name} could not be saved in {path}", save)

    def _tag(self) -> None:
        what = f"The image {self._options.name} could not be named {self._options.repository}"
        self._attempt(what, lambda: self._client.images.tag(self._name, str(self._repository)))

    def _push_if_needed(self, image: Mapping[str, Any] | None, named: Mapping[str, Any] | None, again: bool) -> None:
        name = self._repository or self._name
        auth = self._options.auth_for(name)
        digest = self._client.images.registry_digest(name, auth)
        step = plan.push_step(self._options, None if image is None else named, digest, again)
        if step is None:
            return
        self._steps.append(step)
        if self._check:
            self._changed = True
            return
        progress = Progress(self._tell)
        self._attempt(
            f"The image {name} could not be pushed", lambda: self._client.images.push(name, progress, auth=auth)
        )
        pushed = progress.digest or digest
        self._changed = self._changed or progress.wrote or digest is None or pushed != digest
        self._more["digest"] = progress.digest or self._client.images.registry_digest(name, auth)

    def _remove(self, name: str, *, force: bool) -> None:
        try:
            self._attempt(
                f"The image {name} could not be removed",
                lambda: self._client.images.remove(name, force=force, prune=self._options.prune),
            )
        except EngineError as error:
            if error.kind != "image_missing":
                raise

    # --- all of them

    def _take(self, step: Step | None, action: Callable[[], None]) -> bool:
        """Note a step down and, unless this is check mode, do it."""
        if step is None:
            return False
        self._steps.append(step)
        self._changed = True
        if not self._check:
            action()
        if step.action in ("tag", "archive"):
            self._differ(step.action, None, step.shown["image"])
        return True

    def _attempt(self, what: str, action: Callable[[], Any]) -> None:
        try:
            action()
        except EngineError as error:
            raise EngineError(
                self._masker.text(f"{what}: {error.words}."), error.status, error.hint, error.kind
            ) from error

    def _needed(self, thing: str, error: FleetError, where: str = "the host") -> None:
        """What is not there; see ``needed``."""
        needed(thing, error, check_mode=self._warns, warn=self._warnings.append, where=where)

    def _tell(self, line: str) -> None:
        self._log(f"{self._options.name}: {line}")

    def _differ(self, what: str, before: Any, after: Any) -> None:
        self._before[what], self._after[what] = before, after

    def _result(self) -> dict[str, Any]:
        return {
            "changed": self._changed,
            "actions": [{"action": step.action, "reason": step.reason, **step.shown} for step in self._steps],
            "image": None if self.image is None else image_result(self.image, self._masker),
            "diff": {"before": self._before, "after": self._after},
            "warnings": self._warnings,
            **self._more,
        }


def _id(image: Mapping[str, Any] | None) -> str | None:
    return None if image is None else prefixed(str(image["Id"]))
