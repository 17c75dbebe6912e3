# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that a project becomes are held to the rules for tasks, all of them before anything is touched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ....compose.problems import Path, Problems
from ....errors import InvalidOption
from ...container.options import parsing as container
from ...container.options.table import BY_NAME
from ...image import build as image
from ...network import options as network
from ...project.application import Image, Params, Shared
from ...volume import options as volume

Spec = Mapping[str, Mapping[str, Any]]
# Where a key is that an option came from, below a service.
Origins = Mapping[str, Path]


def filled(spec: Spec, params: Params) -> dict[str, Any]:
    """Parameters as Ansible's argument spec validation leaves them: what is not given is there with its default."""
    return {**{name: option.get("default") for name, option in spec.items()}, **params}


def check_container(service: str, params: Params, origins: Origins, problems: Problems) -> None:
    """Note each option of a container that its task would refuse."""
    bad = False
    for option, value in params.items():
        for error in _option(option, value):
            bad = True
            path = ("services", service, *origins.get(option, (option,)))
            problems.add(path, _told(error), error.hint)
    if not bad:  # what the options say about each other, which one that is refused would only be in the way of
        _noted(("services", service), lambda: container.parse(filled(container.ARGUMENT_SPEC, params)), problems)


def _option(option: str, value: Any) -> Iterator[InvalidOption]:
    choices = container.ARGUMENT_SPEC[option].get("choices")
    if choices and value not in choices:
        yield InvalidOption(option, value, "there is no such value.", f"Use one of {', '.join(map(str, choices))}.")
    elif option in BY_NAME:
        try:
            BY_NAME[option].parse(option, value)
        except InvalidOption as error:
            yield error


def check_network(key: str, shared: Shared, problems: Problems) -> None:
    """Note what a network's task would refuse."""
    _noted(("networks", key), lambda: network.parse(filled(network.ARGUMENT_SPEC, shared.params)), problems)


def check_volume(key: str, shared: Shared, problems: Problems) -> None:
    """Note what a volume's task would refuse."""
    _noted(("volumes", key), lambda: volume.parse(filled(volume.ARGUMENT_SPEC, shared.params)), problems)


def check_build(service: str, made: Image, problems: Problems) -> None:
    """Note what the task that builds an image would refuse."""
    if made.build is not None:
        build = filled(image.SPEC, made.build)
        _noted(("services", service, "build"), lambda: image.parse(build), problems)


def _noted(path: Path, parse: Callable[[], Any], problems: Problems) -> None:
    try:
        parse()
    except InvalidOption as error:
        problems.add(path, _told(error), error.hint)


def _told(error: InvalidOption) -> str:
    """Our option is named as well: what is wrong is said in its words."""
    return f"can't be translated: {error.message}"
