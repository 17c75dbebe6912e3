# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The images of a project: which are pulled, and which are built on the controller's files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ....compose.problems import Problems
from ...project.application import Image
from .scope import Given

_SAME = ("args", "labels", "target", "cache_from", "network", "shm_size")
_RENAMED = {"context": "path", "dockerfile": "dockerfile", "no_cache": "nocache", "pull": "pull"}
BUILD = "build"  # the pull policy of an image that is built each time
# From the least to the most that is done for an image that several services use.
_POLICIES = ("never", "missing", "always")


def images(given: Given, problems: Problems) -> tuple[Image, ...]:
    """Each image once. Services may share one; then one of them builds it."""
    found: dict[str, Image] = {}
    for service in given.made:
        if given.replicas(service):
            made = _image(given, service)
            earlier = found.get(made.name)
            found[made.name] = made if earlier is None else _both(earlier, made, service, problems)
    for name in _mounted(given):
        found.setdefault(name, Image(name=name))
    return tuple(found.values())


def _image(given: Given, name: str) -> Image:
    service = given.services[name]
    policy = str(service.get("pull_policy") or "missing")
    platform = str(service.get("platform") or "")
    return Image(
        name=given.image(name),
        pull=policy if policy in _POLICIES else "missing",
        platform=platform,
        build=_build(service["build"], platform) if "build" in service else None,
        anew=policy == BUILD,
    )


def _mounted(given: Given) -> Iterator[str]:
    """The images that containers have mounted."""
    for service in given.made:
        for volume in given.services[service].get("volumes") or () if given.replicas(service) else ():
            if volume["type"] == "image" and volume.get("source"):
                yield str(volume["source"])


def _build(build: Mapping[str, Any], platform: str) -> dict[str, Any]:
    """The options of a build. A platform is the service's, or the only one that is built for."""
    made = {key: build[key] for key in _SAME if key in build}
    made |= {option: build[key] for key, option in _RENAMED.items() if key in build}
    platforms = build.get("platforms") or []
    if platform or len(platforms) == 1:
        made["platform"] = platform or platforms[0]
    if hosts := [entry.partition("=") for entry in build.get("extra_hosts") or ()]:
        made["etc_hosts"] = {host: address for host, _sign, address in hosts}
    return made


def _both(one: Image, other: Image, service: str, problems: Problems) -> Image:
    if one.build and other.build and one.build != other.build:
        remedy = "Give one of them another image."
        problems.add(("services", service, "build"), f"is another way to build {one.name}.", remedy)
    if one.platform != other.platform:
        remedy = "Give the image another name, or the service the same platform."
        problems.add(("services", service, "platform"), f"is another one of the image {one.name}.", remedy)
    return Image(
        name=one.name,
        pull=max(one.pull, other.pull, key=_POLICIES.index),
        platform=one.platform,
        build=one.build or other.build,
        anew=one.anew or other.anew,
    )
