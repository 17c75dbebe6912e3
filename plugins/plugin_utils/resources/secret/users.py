# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which containers use a secret, and what they need to see another value of it. Nothing happens here.

Podman copies a secret that is mounted into the container when it creates that, and reads one that becomes a variable
each time the container starts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...dataclass import dataclass
from ..container.options import secrets

MOUNT, ENVIRONMENT = "mount", "environment"
NOTHING, RESTART, RECREATION, SECRET = "nothing", "restart", "recreation", "secret"
# What Podman shows of a variable that has its value from a secret, under the secret's name.
_HIDDEN = "*******"
_OPTION = "--secret"


@dataclass(frozen=True)
class User:
    """A container that uses a secret; ``use`` is mount or environment."""

    name: str
    use: str
    running: bool

    def needs(self, *, removed: bool = False) -> str:
        """What it needs to see the secret's new value; where that is removed, to be able to start again."""
        if removed:
            return SECRET if self.use == ENVIRONMENT else NOTHING
        if self.use == MOUNT:
            return RECREATION
        return RESTART if self.running else NOTHING


def users(secret: str, inspects: Sequence[Mapping[str, Any]]) -> tuple[User, ...]:
    """Those among containers that use a secret, by name, from Podman's own descriptions of them. One that uses it in
    both ways is told once for each.
    """
    found = []
    for inspect in inspects:
        running = bool((inspect.get("State") or {}).get("Running"))
        found += [
            User(str(inspect["Name"]), use, running) for use in sorted(_uses(secret, inspect.get("Config") or {}))
        ]
    return tuple(sorted(found, key=lambda user: (user.name, user.use)))


def _uses(secret: str, config: Mapping[str, Any]) -> set[str]:
    found = set()
    if any((one or {}).get("Name") == secret for one in config.get("Secrets") or ()):
        found.add(MOUNT)
    hidden = f"{secret}={_HIDDEN}" in (config.get("Env") or ())
    if hidden or secret in _variables(config.get("CreateCommand") or ()) or secret in _kept(config):
        found.add(ENVIRONMENT)
    return found


def _kept(config: Mapping[str, Any]) -> Iterator[str]:
    """The secrets that our label says variables have."""
    return (name for _variable, name in secrets.variables({"Config": config}))


def _variables(command: Sequence[str]) -> Iterator[str]:
    """The secrets that a command line of Podman's makes variables of."""
    for index, word in enumerate(command):
        option, equals, value = word.partition("=")
        if option == _OPTION:
            name, *parts = (value if equals else "".join(command[index + 1 : index + 2])).split(",")
            if "type=env" in parts:
                yield name
