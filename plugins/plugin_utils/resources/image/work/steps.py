# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of an image's plan, each as the engine's requests, and what came of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError
from ....telling import indented
from ...shared.plan import Plan, Step
from ...shared.platforms import require_platform
from ...shared.secrets import Masker
from .. import plan
from ..archive import Archived, find
from ..options import Options
from ..progress import Progress
from . import archive as image_archive
from . import build as building
from .build_context import Context
from .names import exact_name, image_by_id
from .observe import again

END_OF_OUTPUT = 20  # lines of a build's output in the error of one that failed
_DONE = {"pull": "pulled", "build": "built"}


class Steps:
    """What the steps of one plan do.

    ``changed`` says whether they changed something, as far as that is known; ``image`` is the one under the task's name
    then, ``came`` what was planned when an image had come, ``more`` what the result tells beside them.

    :param context: what is built, where something is.
    """

    def __init__(
        self,
        options: Options,
        observed: plan.Observed,
        context: Context | None,
        masker: Masker,
        log: Callable[[str], None],
    ) -> None:
        self._options = options
        self._observed = observed
        self._context = context
        self._masker = masker
        self._log = log
        self.name = observed.name
        self.image = observed.image
        self.changed = False
        self.came: Plan | None = None
        self.more: dict[str, Any] = {}
        self._steps: dict[str, Callable[..., None]] = {
            "pull": self._pull, "build": self._build, "load": self._load, "archive": self._save, "tag": self._tag,
            "push": self._push, "remove": self._remove,
        }  # fmt: skip

    def do(self, client: Client, step: Step) -> Plan | None:
        """Do one step; after one that brings an image, what is to be done with the one that came.

        :raises EngineError: with what was tried, in the engine's words.
        """
        self._steps[step.action](client, **step.args)
        if step.action in plan.SOURCES:
            self.came = self._arrived(client, step.action)
            return self.came
        if step.action != "push":
            self.changed = True
        return None

    def _arrived(self, client: Client, action: str) -> Plan:
        before = self._observed.image
        wanted = find(self._observed.archived, self._options.name) if self._observed.archived else None
        if action == "load":  # it may have brought a name that comes before the one that was meant
            self.name = exact_name(client, self._options.name)
        self.image = image = self._required(client, wanted)
        self._require_platform(client, action, before)
        self.changed = plan.id_of(before) != plan.id_of(self.image)
        return plan.following(self._options, again(client, self._options, self._observed, self.name, image))

    def _required(self, client: Client, wanted: Archived | None) -> dict[str, Any]:
        """What has come, under the task's name.

        :raises EngineError: it is not there, or another one is.
        """
        image = client.images.inspect(self.name)
        if wanted is not None and (image is None or not wanted.is_same(image)):
            by_id = image_by_id(client, wanted.ids)
            if by_id is not None:  # the archive has no name for it
                client.images.tag(by_id["Id"], self.name)
                image = client.images.inspect(self.name)
        if image is None:
            raise EngineError(f"The engine reports success, and the image {self._options.name} is not on the host.")
        return image

    def _require_platform(self, client: Client, action: str, before: Mapping[str, Any] | None) -> None:
        """Fail where another platform's image has come, and leave the name to the image that had it."""
        if self.image is None or action not in _DONE:
            return
        try:
            require_platform(self._options.name, _DONE[action], self._options.platform_of_source, self.image)
        except EngineError as error:
            if before is not None and plan.id_of(before) != plan.id_of(self.image):
                client.images.tag(before["Id"], self.name)
                error.message += " The name is the earlier image's again."
            raise

    def _pull(self, client: Client) -> None:
        name, platform = self._options.name, self._options.platform
        more: dict[str, Any] = {"platform": platform} if platform else {}
        self._attempt(
            f"The image {name} could not be pulled",
            lambda: client.images.pull(
                self.name, Progress(self._tell), **more, auth=self._options.auth_for(self.name)
            ),
        )  # fmt: skip

    def _build(self, client: Client) -> None:
        build, context = self._options.build, self._context
        if build is None or context is None:
            raise ValueError("there is nothing to build")  # the options and the look before this see to it
        progress = Progress(self._tell, self._masker.text)
        try:
            self._attempt(
                f"The image {self._options.name} could not be built from {build.path}",
                lambda: building.build(client, self.name, build, context, progress, self._options.credentials),
            )
        except EngineError as error:
            ending = "\n".join(progress.output.splitlines()[-END_OF_OUTPUT:])
            if ending:
                error.message += f"\nThe end of the build's output:\n{indented(ending)}"
            raise
        self.more |= {"stdout": progress.output, "stdout_lines": progress.output.splitlines()}

    def _load(self, client: Client) -> None:
        path, archived = str(self._options.load_path), self._observed.archived
        self._attempt(
            f"The archive {path} could not be loaded",
            lambda: client.images.load(
                image_archive.for_engines("load_path", path, archived, [client.engine]), Progress(self._tell)
            ),
        )

    def _save(self, client: Client) -> None:
        name, path = self._options.name, str(self._options.archive_path)
        writing = image_archive.Writing("archive_path", path)

        def save() -> None:
            with client.images.save([self.name]) as chunks:
                writing.write(chunks)

        self._attempt(f"The image {name} could not be saved in {path}", save)

    def _tag(self, client: Client) -> None:
        what = f"The image {self._options.name} could not be named {self._options.repository}"
        self._attempt(what, lambda: client.images.tag(self.name, str(self._observed.repository)))

    def _push(self, client: Client) -> None:
        name, digest = self._observed.repository or self.name, self._observed.pushed
        auth = self._options.auth_for(name)
        progress = Progress(self._tell)
        self._attempt(f"The image {name} could not be pushed", lambda: client.images.push(name, progress, auth=auth))
        pushed = progress.digest or digest
        self.changed = self.changed or progress.wrote or digest is None or pushed != digest
        self.more["digest"] = progress.digest or client.images.registry_digest(name, auth)

    def _remove(self, client: Client, name: str, force: bool) -> None:
        try:
            self._attempt(
                f"The image {name} could not be removed",
                lambda: client.images.remove(name, force=force, prune=self._options.prune),
            )
        except EngineError as error:
            if error.kind != "image_missing":
                raise

    def _attempt(self, what: str, action: Callable[[], Any]) -> None:
        try:
            action()
        except EngineError as error:
            raise EngineError(
                self._masker.text(f"{what}: {error.words}."), error.status, error.hint, error.kind
            ) from error

    def _tell(self, line: str) -> None:
        self._log(f"{self._options.name}: {line}")
