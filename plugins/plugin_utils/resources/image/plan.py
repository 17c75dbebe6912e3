# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan: which steps lead from the images that are there to what a task wants. Nothing happens here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...dataclass import dataclass
from ...errors import EngineError, InvalidOption
from ...telling import listed
from ..shared.image_names import is_id, repository_of, same
from ..shared.plan import Plan, Resource, Step, in_sequence
from ..shared.platforms import platform_of, same_platform
from .archive import Archived, find
from .options import Options
from .result import prefixed

Image = Mapping[str, Any]


TO_COME = "(not known before it is there)"
SOURCES = frozenset({"pull", "build", "load"})  # steps that bring an image


@dataclass(frozen=True)
class Observed:
    """What was read. ``name`` and ``repository`` are the task's two names as the engine has them; ``image`` and
    ``tagged`` are the engine's inspects of the images under them, None where there is none.

    ``archived`` is what the archive to load holds, ``written`` what the one to write holds now: None where there is
    none that can be read. ``digest`` and ``pushed`` are what the registry has under the name to pull and to push, None
    where that is not known. ``named`` are (name, inspect) of all images that the name stands for, for their removal.
    """

    name: str
    image: Image | None = None
    repository: str | None = None
    tagged: Image | None = None
    archived: tuple[Archived, ...] | None = None
    written: tuple[Archived, ...] | None = None
    digest: str | None = None
    pushed: str | None = None
    named: tuple[tuple[str, Image], ...] = ()


def plan(options: Options, observed: Observed, *, force_removes_containers: bool = False) -> Plan:
    """Decide what to do. What follows an image that is still to come is planned for one that is like no other; see
    :func:`following`.

    :param force_removes_containers: whether the engine takes containers along where an image is removed by force.
    :raises InvalidOption: the archive has no such image.
    """
    if options.state == "absent":
        return _removal(options, observed, force_removes_containers)
    source = None if lacking(options, observed.image) else source_step(
        options, observed.image, observed.archived, observed.digest
    )  # fmt: skip
    if source is None:
        return following(options, observed)
    rest = following(options, replace(observed, image=None))
    wanted = find(observed.archived, options.name) if observed.archived else None
    return replace(
        rest,
        steps=in_sequence((source, *rest.steps)),
        before={"id": id_of(observed.image), **rest.before},
        after={"id": prefixed(wanted.id) if wanted else TO_COME, **rest.after},
    )


def following(options: Options, observed: Observed) -> Plan:
    """What is done with an image that is there, or (where ``image`` is None) is to come."""
    image, tagged = observed.image, observed.tagged
    written = archive_step(options, observed.name, image, observed.written)
    retagged = tag_step(options, image, tagged)
    named = tagged if options.repository else image
    pushed = push_step(options, named if image else None, observed.pushed, retagged is not None)
    made = [step for step in (written, retagged) if step]
    return Plan(
        in_sequence((*made, *([pushed] if pushed else []))),
        before={step.action: None for step in made},
        after={step.action: step.shown["image"] for step in made},
    )


def _removal(options: Options, observed: Observed, force_removes_containers: bool) -> Plan:
    """A short name goes with all that it stands for."""
    force = options.force_absent and not force_removes_containers
    steps = [
        Resource("image", name).step("remove", "state is absent", {"name": name, "force": force}, {"image": name})
        for exact, image in observed.named
        for name in remove_names(options, exact, image, force_removes_containers=force_removes_containers)
    ]
    if not steps:
        return Plan()
    return Plan(in_sequence(steps), before={"id": id_of(observed.image)}, after={"id": None})


def id_of(image: Image | None) -> str | None:
    """An image's whole ID."""
    return None if image is None else prefixed(str(image["Id"]))


def lacking(options: Options, image: Image | None) -> EngineError | None:
    """The error of a task whose image has to be there, where it is not."""
    if image is not None or options.source != "local":
        return None
    return EngineError(
        f"There is no image {options.name} on the host.", 404, "Pull, build or load it: see source.", "image_missing"
    )


def _step(action: str, reason: str, target: str) -> Step:
    """``target`` is the image that it makes, writes or pushes."""
    return Resource("image", target).step(action, reason, shown={"image": target})


def source_step(
    options: Options, image: Image | None, archived: tuple[Archived, ...] | None = None, digest: str | None = None
) -> Step | None:
    """How to come by the image, None where nothing has to be done.

    :param image: the engine's inspect of the image under the task's name, None when there is none.
    :param archived: what is in the archive to load; None when there is none, or it can't be told.
    :param digest: under which the registry has the image now, None when that is not known.
    :raises InvalidOption: the archive has no such image.
    """
    source = str(options.source)
    wanted = find(archived, options.name) if archived is not None else None
    if archived is not None and wanted is None:
        held = sorted({tag for one in archived for tag in one.tags} | {one.id for one in archived if not one.tags})
        raise InvalidOption(
            "load_path", options.load_path, f"it has no image {options.name}, but {listed(held) or 'none'}.",
            "Correct name or load_path.",
        )  # fmt: skip
    if image is None:
        return _step(source, f"there is no image {options.name} on the host", options.name)
    reason = _why_again(options, image, wanted, digest)
    return _step(source, reason, options.name) if reason else None


def _why_again(options: Options, image: Image, wanted: Archived | None, digest: str | None) -> str:
    if options.source == "load":
        if wanted is not None:
            return "" if wanted.is_same(image) else "the archive has another image under this name"
        return "force_source is set" if options.force_source else ""
    platform = options.platform_of_source
    if platform and not same_platform(platform, platform_of(image)):
        return f"the image on the host is for {platform_of(image)}"
    if not options.force_source or options.source == "local":
        return ""
    if options.source == "pull" and digest is not None:
        return "" if has_digest(image, options.name, digest) else "the registry has another image under this name"
    return "force_source is set"


def has_digest(image: Image, ref: str, digest: str) -> bool:
    """Whether the host knows this image under the digest, as one of the reference's repository."""
    known = (str(entry).partition("@") for entry in image.get("RepoDigests") or [])
    return any(found == digest and repository_of(name) == repository_of(ref) for name, _at, found in known)


def archive_step(
    options: Options, name: str, image: Image | None, archived: tuple[Archived, ...] | None
) -> Step | None:
    """Whether the archive has to be written.

    :param name: the image's, as the engine has it.
    :param image: None where it is to come (check mode).
    :param archived: what the file holds now, None when there is none that can be read.
    """
    path = options.archive_path
    if path is None:
        return None
    if archived is None:
        return _step("archive", f"{path} holds no image yet", options.name)
    found = archived[0] if len(archived) == 1 else None
    if image is None or found is None or not found.is_same(image):
        return _step("archive", f"{path} holds another image", options.name)
    others = [tag for tag in found.tags if not (same(tag, options.name) or same(tag, name))]
    if not is_id(options.name) and (others or not found.tags):
        return _step("archive", f"{path} holds the image under another name", options.name)
    return None


def tag_step(options: Options, image: Image | None, tagged: Image | None) -> Step | None:
    """Whether the image has to get another name.

    :param tagged: the inspect of the image that has this name now, None when there is none.
    """
    name = options.repository
    if name is None:
        return None
    if tagged is None:
        return _step("tag", f"there is no image {name} on the host", name)
    if image is not None and image["Id"] == tagged["Id"]:
        return None
    return _step("tag", f"{name} is another image", name) if options.force_tag else None


def push_step(options: Options, image: Image | None, digest: str | None, retagged: bool) -> Step | None:
    """Whether the image has to be pushed.

    :param image: the inspect of the image under the name to push; None where it is to come (check mode).
    :param digest: under which the registry has it now, None when it has none or does not say.
    :param retagged: whether this task gives another image the name.
    """
    name = options.pushed
    if name is None:
        return None
    if image is not None and digest is not None and not retagged and has_digest(image, name, digest):
        return None
    known = "has another image under this name" if digest else "has no such image, or does not say"
    return _step("push", f"the registry {known}", name)


def remove_names(options: Options, name: str, image: Image, *, force_removes_containers: bool) -> list[str]:
    """What to remove, one after the other. An ID goes with all its names; where force would take containers along, each
    name is removed by itself.

    :param name: the ID, or the name as the engine has it.
    """
    tags = [str(tag) for tag in image.get("RepoTags") or [] if tag != "<none>:<none>"]
    if options.force_absent and force_removes_containers and is_id(options.name) and tags:
        return tags
    return [name]
