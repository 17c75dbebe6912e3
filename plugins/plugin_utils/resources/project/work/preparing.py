# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks every part of an application as a task of its own module would, and tells all that is wrong at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from ....errors import InvalidOptions
from ...container.options.parsing import Options as ContainerOptions
from ...container.plan.dependents import other_containers
from ...container.work import remote_container
from ...image.options import Options as ImageOptions
from ...image.work import remote_image
from ...network.work import remote_network
from ...shared.image_names import full_name, same
from ...shared.states import RUNNING_STATES
from ...shared.work.module import Module, Task
from ...volume.work import remote_volume
from .. import consistency
from ..application import Application, Image, Member
from ..options import Control, Wanted, state_of, with_labels

Made = TypeVar("Made")
_ABSENT = "absent"
ENDED = (_ABSENT, "stopped")


def prepared(
    task: Task, application: Application, control: Control, images: Iterable[Mapping[str, Any]] = ()
) -> Wanted:
    """What a task wants, checked.

    :param images: the options of remote_image tasks, beside the images of the application.
    :raises InvalidOptions: all that is wrong; nothing was asked.
    """
    parts = _Parts(task, control)
    containers = parts.all("containers", application.containers, parts.container)
    networks = parts.all("networks", application.networks, lambda one: parts.shared(remote_network.MODULE, one))
    volumes = parts.all("volumes", application.volumes, lambda one: parts.shared(remote_volume.MODULE, one))
    used = [one.image for one in containers.values() if one.image]
    asked = [*images, *(params for one in application.images if (params := _image_task(one, used)))]
    always = {full_name(one.name) for one in application.images if one.pull == "always" and one.build is None}
    containers = {
        name: replace(one, pull="always") if one.image and full_name(one.image) in always else one
        for name, one in containers.items()
    }
    made = [parts.made("images", str(one.get("name")), parts.image, one) for one in asked]
    published = {
        name: options.values.get("published_ports") or {}
        for name, options in containers.items()
        if options.state in RUNNING_STATES
    }
    shares = {name: {other for _option, other in other_containers(one.values)} for name, one in containers.items()}
    found = [*parts.problems, *consistency.problems(application, published, shares)]
    if found:
        raise InvalidOptions("\n".join(found), "Nothing was changed.")
    application = consistency.in_order(application, shares)
    return Wanted(
        application,
        control,
        {member.name: containers[member.name] for member in application.containers},
        {name: one for name, one in networks.items() if one is not None},
        {name: one for name, one in volumes.items() if one is not None},
        tuple(one for one in made if one is not None) if control.state != _ABSENT else (),
    )


class _Parts:
    """Checks one part after the other, and keeps what is wrong."""

    def __init__(self, task: Task, control: Control) -> None:
        self._task = task
        self._control = control
        self.problems: list[str] = []

    def all(self, kind: str, ones: Iterable[Any], make: Callable[[Any], Made]) -> dict[str, Made]:
        """What becomes of each, by name; of the first, where a name is there twice."""
        found: dict[str, Made] = {}
        for one in ones:
            made = self.made(kind, one.name, make, one)
            if made is not None:
                found.setdefault(one.name, made)
        return found

    def made(self, kind: str, name: str, make: Callable[[Any], Made], one: Any) -> Made | None:
        """What becomes of one part; None where something is wrong with it."""
        try:
            return make(one)
        except InvalidOptions as error:
            self.problems.append(f"{kind}: {name}: {error.message} {error.hint}".rstrip())
            return None

    def container(self, member: Member) -> ContainerOptions:
        state = state_of(self._control, member.params.get("state"))
        given = {**member.params, "state": state}
        if state in ENDED:  # the whole project is to end, whatever its containers would else be waited for
            given.pop("wait_for", None)
        params = self._task.validated(remote_container.MODULE, given)
        options: ContainerOptions = with_labels(member.written_labels, remote_container.prepare(self._task, params))
        return replace(options, files=member.files, rollout=member.rollout)

    def shared(self, module: Module[Any], one: Any) -> Any:
        """The options of a network or volume; None of one that somebody else makes."""
        if one.external:
            return None
        state = _ABSENT if self._control.state == _ABSENT else "present"
        params = self._task.validated(module, {**one.params, "state": state})
        return with_labels(one.written_labels, module.prepare(self._task, params))

    def image(self, params: Mapping[str, Any]) -> ImageOptions:
        return remote_image.prepare(self._task, self._task.validated(remote_image.MODULE, params))


def _image_task(image: Image, used: Iterable[str]) -> dict[str, Any] | None:
    """The task about an image that is built, or that no container is made of; the others come with the containers."""
    if image.build is not None:
        return {"name": image.name, "source": "build", "build": dict(image.build), "force_source": image.anew}
    if any(same(image.name, one) for one in used):
        return None
    if image.pull == "never":
        return {"name": image.name, "source": "local"}
    platform = {"pull": {"platform": image.platform}} if image.platform else {}
    return {"name": image.name, "source": "pull", "force_source": image.pull == "always", **platform}
