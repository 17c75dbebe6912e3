# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Does to a host's image what its plan says; in check mode it only says so."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action import image_archive
from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.build_context import Context
from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.named_image import exact_name, image_by_id
from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.ownership import Owners
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.image import (
    full_name,
    short_id,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image import plan
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.archive import Archived, find
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.build import Build, require_possible
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.dockerfile import registries
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.options import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.progress import Progress
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.reference import same
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.result import image_result, prefixed
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.ownership import Thing
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.plans import Step
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.secrets import Masker

END_OF_OUTPUT = 20  # lines of a build's output in the error of one that failed
# What one request does: nobody can come in between.
_AT_ONCE = frozenset({"archive", "pull", "push", "remove", "tag"})
TO_COME = "(not known before it is there)"


def run_image(
    client: Any, options: Options, log: Callable[[str], None], *, check_mode: bool, owners: Owners | None = None
) -> dict[str, Any]:
    """Bring the image to the task's state; the module's result.

    :param owners: keeps other runs off while the names of images change.
    :raises EngineError: with what was tried, in the engine's words.
    :raises InvalidOption: a file of the controller can't be used.
    """
    if check_mode or owners is None:
        return ImageTask(client, options, log, check_mode).run()
    foreseen = ImageTask(client, options, log, check_mode=True)
    result = foreseen.run()
    if not result["actions"]:
        return result
    with owners.owning(foreseen.things()):  # somebody may have been faster, so it looks again
        return ImageTask(client, options, log, check_mode=False).run()


class ImageTask:
    """One task on one host. ``image`` is what the host has under the name, as far as that is known."""

    def __init__(self, client: Any, options: Options, log: Callable[[str], None], check_mode: bool) -> None:
        self._client = client
        self._options = options
        self._log = log
        self._check = check_mode
        self._masker = Masker()
        if options.build is not None:
            self._masker.learn(options.build.args)
        if options.credentials is not None:
            self._masker.learn_values([options.credentials.password])
        self._steps: list[Step] = []
        self._changed = False
        self._more: dict[str, Any] = {}
        self._before: dict[str, Any] = {}
        self._after: dict[str, Any] = {}
        self._name = exact_name(client, options.name)
        self._repository = exact_name(client, options.repository) if options.repository else None
        self.image: dict[str, Any] | None = client.inspect_image(self._name)

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
            self._take(plan.archive_step(self._options, image, written), self._save)
        tagged = self._client.inspect_image(self._repository) if self._repository else None
        retagged = self._take(plan.tag_step(self._options, image, tagged), self._tag)
        if self._options.push:
            self._push_if_needed(image, tagged if self._repository else image, retagged)
        if self._changed and not self._check:  # its names
            self.image = self._client.inspect_image(self._name)
        return self._result()

    def absent(self) -> dict[str, Any]:
        if self.image is None:
            return self._result()
        force = self._client.dialect.image_force_removes_containers
        for name in plan.remove_names(self._options, self.image, force_removes_containers=force):
            step = Step("remove", "state is absent", shown={"image": name})
            exact = self._name if name == self._options.name else name
            self._take(step, functools.partial(self._remove, exact, force=self._options.force_absent and not force))
        self._differ("id", _id(self.image), None)
        if not self._check:
            self.image = None
        return self._result()

    # --- the image itself

    def _come_by(self) -> None:
        options, before = self._options, self.image
        archived = self._archived(options.load_path) if options.load_path else None
        digest = None
        if options.source == "pull" and options.force_source and before is not None:
            digest = self._client.registry_digest(self._name, options.auth_for(self._name))
        step = plan.source_step(options, before, archived, digest)
        if step is None:
            return
        wanted = find(archived, options.name) if archived else None
        prepared = self._prepared(step.action, archived)
        self._steps.append(step)
        if self._check:
            self._changed = True
            self._differ("id", _id(before), prefixed(wanted.id) if wanted else TO_COME)
            return
        prepared()
        self.image = self._required(wanted)
        self._changed = _id(before) != _id(self.image)
        if self._changed:
            self._differ("id", _id(before), _id(self.image))

    def _prepared(self, action: str, archived: tuple[Archived, ...] | None) -> Callable[[], None]:
        """What does it. What the controller lacks for it is found in check mode too."""
        build = self._options.build
        if action == "build" and build is not None:  # the options see to it
            self._require_possible(build)
            context = Context(build.path, build.dockerfile)
            return lambda: self._build(build, context)
        if action == "load":
            self._require_archive(archived)
            return lambda: self._load(archived)
        return self._pull

    def _require_possible(self, build: Build) -> None:
        identity, dialect = self._client.identity, self._client.dialect
        require_possible(
            build, f"{identity.name} {identity.version}", namespaces=dialect.build_takes_namespaces,
            host_gateway=dialect.build_resolves_host_gateway,
        )  # fmt: skip

    def _required(self, wanted: Archived | None) -> dict[str, Any]:
        """What has come, under the task's name.

        :raises EngineError: it is not there, or another one is.
        """
        name = self._options.name
        image = self._client.inspect_image(self._name)
        if wanted is not None and (image is None or short_id(str(image["Id"])) not in wanted.ids):
            by_id = image_by_id(self._client, wanted.ids)
            if by_id is not None:  # the archive has no name for it
                self._client.tag_image(by_id["Id"], self._name)
                image = self._client.inspect_image(self._name)
        if image is None:
            raise EngineError(f"The engine reports success, and the image {name} is not on the host.")
        found: dict[str, Any] = image
        return found

    def _pull(self) -> None:
        name, platform = self._options.name, self._options.platform
        self._attempt(
            f"The image {name} could not be pulled",
            lambda: self._client.pull_image(
                self._name, Progress(self._tell), **({"platform": platform} if platform else {}),
                auth=self._options.auth_for(self._name),
            ),
        )  # fmt: skip

    def _build(self, build: Build, context: Context) -> None:
        name = self._options.name
        progress = Progress(self._tell, self._masker.text)
        more = {"silence": build.silence} if build.silence else {}
        auths = self._base_credentials(context)
        query = build.request(self._name, context.dockerfile)
        try:
            self._attempt(
                f"The image {name} could not be built from {build.path}",
                lambda: self._client.build_image(query, context.stream(), progress, auths=auths, **more),
            )
        except EngineError as error:
            ending = "\n".join(progress.output.splitlines()[-END_OF_OUTPUT:])
            if ending:
                error.message += f"\nThe end of the build's output:\n{ending}\n"
            raise
        self._more |= {"stdout": progress.output, "stdout_lines": progress.output.splitlines()}

    def _base_credentials(self, context: Context) -> dict[str, Mapping[str, str]]:
        """The credentials for the registries that the build pulls from, by their address."""
        build, known = self._options.build, self._options.credentials
        found = [known.auth()] if known else []
        for registry in registries(context.text(), build.args if build else {}):
            if (not known or known.registry != registry) and (login := self._client.credentials(registry)):
                found.append(login)
        return {auth["serveraddress"]: auth for auth in found}

    def _load(self, archived: tuple[Archived, ...] | None) -> None:
        path = str(self._options.load_path)
        self._attempt(
            f"The archive {path} could not be loaded",
            lambda: self._client.load_images(
                image_archive.for_engines("load_path", path, archived, [self._client.dialect]), Progress(self._tell)
            ),
        )

    def _require_archive(self, archived: tuple[Archived, ...] | None) -> None:
        path = Path(str(self._options.load_path))
        if not path.is_file():
            raise InvalidOption("load_path", str(path), "there is no such file on the controller.", "Correct it.")
        more = sorted(
            tag for one in archived or () for tag in one.tags if not same(tag, self._options.name)
        )  # fmt: skip
        if more:
            self._more["warnings"] = [f"The archive {path} has more images, which were loaded too: {', '.join(more)}."]

    @staticmethod
    def _archived(path: str) -> tuple[Archived, ...] | None:
        return image_archive.read_archive(path) if Path(path).is_file() else None

    # --- what is done with it

    def _save(self) -> None:
        name, path = self._options.name, str(self._options.archive_path)
        writing = image_archive.Writing("archive_path", path)

        def save() -> None:
            with self._client.saved_images([self._name]) as chunks:
                writing.write(chunks)

        self._attempt(f"The image {name} could not be saved in {path}", save)

    def _tag(self) -> None:
        what = f"The image {self._options.name} could not be named {self._options.repository}"
        self._attempt(what, lambda: self._client.tag_image(self._name, str(self._repository)))

    def _push_if_needed(self, image: Mapping[str, Any] | None, named: Mapping[str, Any] | None, again: bool) -> None:
        name = self._repository or self._name
        auth = self._options.auth_for(name)
        digest = self._client.registry_digest(name, auth)
        step = plan.push_step(self._options, None if image is None else named, digest, again)
        if step is None:
            return
        self._steps.append(step)
        if self._check:
            self._changed = True
            return
        progress = Progress(self._tell)
        self._attempt(
            f"The image {name} could not be pushed", lambda: self._client.push_image(name, progress, auth=auth)
        )
        pushed = progress.digest or digest
        self._changed = self._changed or progress.wrote or digest is None or pushed != digest
        self._more["digest"] = progress.digest or self._client.registry_digest(name, auth)

    def _remove(self, name: str, *, force: bool) -> None:
        try:
            self._attempt(
                f"The image {name} could not be removed",
                lambda: self._client.remove_image(name, force=force, prune=self._options.prune),
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
            **self._more,
        }


def _id(image: Mapping[str, Any] | None) -> str | None:
    return None if image is None else prefixed(str(image["Id"]))
