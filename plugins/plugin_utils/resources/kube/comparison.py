# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The differences between a pod that a YAML asks for and the one that is there. Pure.

What the engine reports is compared with the YAML itself, so that a change by hand is found; the rest with the digests
of the label.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

from ...dataclass import dataclass
from ...engine.differences.engine import Engine
from ..container.options import ports
from ..pod.comparison import published
from ..pod.members import Member
from ..shared.plan import Difference
from ..shared.secrets import MASK
from .label import KUBE_LABEL, differing
from .pods import Container, Pod

_REPORTED = ("image", "command", "env", "published_ports")


@dataclass(frozen=True)
class Seen:
    """A pod as it is: Podman's description, its containers, and the engine's descriptions of those by name."""

    pod: Mapping[str, Any]
    members: tuple[Member, ...]
    inspects: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def labels(self) -> Mapping[str, str]:
        return self.pod.get("Labels") or {}


def differences(pod: Pod, seen: Seen, images: Mapping[str, str], engine: Engine) -> tuple[Difference, ...]:
    """What is otherwise.

    :param images: the IDs of the images that the host has, by the names in the YAML.
    """
    found = list(_reported(pod, seen, images, engine))
    told = {one.option.partition(": ")[2] for one in found}
    for part in differing(seen.labels, pod):
        if not any(name.startswith(part) for name in told) and not _told_by_ports(part, told):
            found.append(Difference(f"{pod.name}: {part}", "another", "as in the YAML"))
    return tuple(found)


def _told_by_ports(part: str, told: set[str]) -> bool:
    return part.startswith("containers.") and "published_ports" in told


def _reported(pod: Pod, seen: Seen, images: Mapping[str, str], engine: Engine) -> Iterator[Difference]:
    wanted = ports.canonical({name: list(ends) for name, ends in pod.ports.items()}, engine)
    actual = ports.canonical(published(seen.pod, engine), engine)
    if {*wanted} != {*actual} or not all(ports.equal(ends, actual[name]) for name, ends in wanted.items()):
        yield Difference(f"{pod.name}: published_ports", actual, wanted)
    for container in pod.containers:
        inspect = seen.inspects.get(container.name)
        if inspect is None:
            if container.stays:
                yield Difference(f"{pod.name}: {container.key}", "missing", "as in the YAML")
        elif not is_ours(inspect, seen):
            yield Difference(f"{pod.name}: {container.key}", "made by somebody else", "as in the YAML")
        else:
            yield from _container(pod, container, inspect, images)


def is_ours(inspect: Mapping[str, Any], seen: Seen) -> bool:
    """Whether a container was made with its pod."""
    labels = (inspect.get("Config") or {}).get("Labels") or {}
    return labels.get(KUBE_LABEL) == seen.labels.get(KUBE_LABEL)


def _container(
    pod: Pod, wanted: Container, inspect: Mapping[str, Any], images: Mapping[str, str]
) -> Iterator[Difference]:
    where = f"{pod.name}: {wanted.key}"
    config = inspect.get("Config") or {}
    identity = images.get(wanted.image)
    if identity and identity != inspect.get("Image"):
        yield Difference(f"{where}.image", f"{config.get('Image')} ({_short(inspect.get('Image'))})",
                         f"{wanted.image} ({_short(identity)})")  # fmt: skip
    argv = _argv(inspect)
    command = [*(wanted.command or ()), *(wanted.args or ())]
    known = command and not any("$(" in word for word in command)
    if known and (argv if wanted.command else argv[-len(command) :]) != command:
        yield Difference(f"{where}.command", argv, command)
    env = dict(entry.partition("=")[::2] for entry in config.get("Env") or ())
    other = [name for name, value in wanted.env.items() if env.get(name) != value]
    if other:
        before = {name: MASK if name in wanted.hidden else env[name] for name in other if name in env}
        after = {name: MASK if name in wanted.hidden else wanted.env[name] for name in other}
        yield Difference(f"{where}.env", _told_apart(before, after), after)


def _argv(inspect: Mapping[str, Any]) -> list[str]:
    """The command line; of one word, Podman has that word as its argument, too."""
    path, args = str(inspect.get("Path") or ""), list(inspect.get("Args") or ())
    return args if args == [path] else [path, *args]


def _told_apart(before: dict[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Values that are hidden on both sides show that they differ."""
    return {name: f"{value} (old)" if value == MASK == after[name] else value for name, value in before.items()}


def _short(identity: Any) -> str:
    return str(identity or "").removeprefix("sha256:")[:12]
