# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One row of the table of container options: everything this project knows about one option."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from ....dataclass import dataclass
from ....engine.differences.engine import Engine

Inspect = Mapping[str, Any]
Body = dict[str, Any]
# In a create body, what only Podman's own API can say, in its words: whoever has it is created by that API
# (``plan/native.py``). In an inspect, that API's description of the container.
NATIVE = "Podman"

# How a kind of value is compared unless the task says otherwise (as in community.docker).
DEFAULT_COMPARISON = {
    "value": "strict",
    "list": "strict",
    "set": "allow_more_present",
    "dict": "allow_more_present",
}


def same(value: Any, engine: Engine) -> Any:
    return value


def shown(value: Any) -> Any:
    return value


def equal(desired: Any, actual: Any) -> bool:
    return bool(desired == actual)


@dataclass(frozen=True)
class Option:
    """One container option.

    parse(option, value) checks a user's value and gives the normalised one, or raises InvalidOption.
    read(inspect, engine) gives the normalised value of a container.
    write(body, value, engine) puts a normalised value into the body of a create request.
    inherit(image_config) gives the image's default, merged into a desired dict, or standing for an empty value.
    engine_own(inspect, engine) gives the elements that the engine adds by itself: no drift, even when strict.
    canonical(value, engine) is applied to both sides before comparing: values of equal meaning become equal.
    equal(desired, actual) compares two values, or the values of one key of two dicts.
    keeps(value, engine) gives what the engine will not report of a value that it reports in part: our label keeps it.
    reword(body, value) writes a task's own words instead, for engines that keep and report these.
    connects_live: it is changed by connecting and disconnecting.
    native: what a container has of it stands in Podman's own description only.
    show(value) is how a diff shows a value, where that differs from the normalised one.
    update(desired, actual, engine) gives this option's part of an update request, None when it can't be done live;
    desired and actual hold all compared options.
    """

    name: str
    spec: Mapping[str, Any]
    kind: str
    parse: Callable[[str, Any], Any]
    read: Callable[[Inspect, Engine], Any]
    write: Callable[[Body, Any, Engine], None]
    comparison: str = ""
    inherit: Callable[[Mapping[str, Any]], Any] | None = None
    engine_own: Callable[[Inspect, Engine], Any] | None = None
    canonical: Callable[[Any, Engine], Any] = same
    equal: Callable[[Any, Any], bool] = equal
    update: Callable[[Mapping[str, Any], Mapping[str, Any], Engine], Body | None] | None = None
    keeps: Callable[[Any, Engine], list[str]] | None = None
    reword: Callable[[Body, Any], None] | None = None
    connects_live: bool = False
    native: bool = False
    show: Callable[[Any], Any] = shown
    secret: bool = False
    aliases: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "aliases", tuple(self.spec.get("aliases", ())))

    @property
    def default_comparison(self) -> str:
        return self.comparison or DEFAULT_COMPARISON[self.kind]


def config(key: str, default: Any = None) -> Callable[[Inspect, Engine], Any]:
    """A reader of ``Config.<key>``; null and missing become the default."""
    return lambda inspect, engine: (inspect.get("Config") or {}).get(key) or default


def host_config(key: str, default: Any = None, *, keep_zero: bool = False) -> Callable[[Inspect, Engine], Any]:
    """A reader of ``HostConfig.<key>``; null and missing become the default, and so does 0 unless it is kept."""

    def read(inspect: Inspect, engine: Engine) -> Any:
        value = (inspect.get("HostConfig") or {}).get(key)
        return value if value or (keep_zero and value == 0) else default

    return read


def native_config(key: str, default: Any = None) -> Callable[[Inspect, Engine], Any]:
    """A reader of ``Config.<key>`` in Podman's own description; null and missing become the default."""
    return lambda inspect, engine: ((inspect.get(NATIVE) or {}).get("Config") or {}).get(key) or default


def into_native(key: str) -> Callable[[Body, Any, Engine], None]:
    """A writer of a key of Podman's own request."""

    def write(body: Body, value: Any, engine: Engine) -> None:
        body.setdefault(NATIVE, {})[key] = value

    return write


def into(key: str) -> Callable[[Body, Any, Engine], None]:
    """A writer of a top-level key of the create body."""

    def write(body: Body, value: Any, engine: Engine) -> None:
        body[key] = value

    return write


def into_host(key: str) -> Callable[[Body, Any, Engine], None]:
    """A writer of ``HostConfig.<key>``."""

    def write(body: Body, value: Any, engine: Engine) -> None:
        body.setdefault("HostConfig", {})[key] = value

    return write


def in_host(
    name: str,
    spec: Mapping[str, Any],
    key: str,
    default: Any,
    parse: Callable[[str, Any], Any],
    *,
    kind: str = "value",
    **more: Any,
) -> Option:
    """The row of an option that is ``HostConfig.<key>``, reported as it was given."""
    return Option(name, spec, kind, parse=parse, read=host_config(key, default), write=into_host(key), **more)
