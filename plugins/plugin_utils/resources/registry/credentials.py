# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials for a registry: from a task's options to what the engines take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption
from ..shared import image_grammar
from ..shared.image_names import HUB

SPEC: dict[str, dict[str, Any]] = {
    "registry_username": {"type": "str"},
    "registry_password": {"type": "str", "no_log": True},
    "registry": {"type": "str"},
}
TOGETHER = ("registry_username", "registry_password")
HUB_ADDRESS = "https://index.docker.io/v1/"
_HUB_NAMES = frozenset({"", HUB, "index.docker.io", "registry-1.docker.io"})


@dataclass(frozen=True)
class Credentials:
    """A user of one registry. ``registry`` is its host as image names have it."""

    registry: str
    username: str
    password: str = field(repr=False)

    def auth(self) -> dict[str, str]:
        """What the engines take: {username, password, serveraddress}."""
        address = HUB_ADDRESS if self.registry == HUB else self.registry
        return {"username": self.username, "password": self.password, "serveraddress": address}


def host(option: str, registry: Any) -> str:
    """A registry's host from its host or URL; Docker Hub's many addresses are ``docker.io``.

    :raises InvalidOption: it is none.
    """
    text = re.sub(r"^https?://", "", str(registry).strip()).partition("/")[0]
    if "@" in str(registry):
        raise InvalidOption(option, "********", "it holds a user.", "Give the user and the password in their options.")
    if text in _HUB_NAMES:
        return HUB
    if not image_grammar.HOST.fullmatch(text):
        raise InvalidOption(option, registry, "this is no registry.", "Write it like registry.example.com:5000.")
    return text


def parse(params: Mapping[str, Any], registry: str) -> Credentials | None:
    """The credentials that a task gives; ``registry`` is where they go unless it says so.

    :raises InvalidOption: a value that can't be used; a password is not shown.
    """
    username, password = params.get("registry_username"), params.get("registry_password")
    if username is None or password is None:
        return None
    if params.get("registry") is not None:
        registry = host("registry", params["registry"])
    return checked(registry, username, password, "registry_username", "registry_password")


def checked(registry: str, username: str, password: str, user_option: str, password_option: str) -> Credentials:
    """:raises InvalidOption: an empty one, or a user that HTTP can't carry."""
    if not username or ":" in username or any(ord(character) < 32 for character in username):
        raise InvalidOption(user_option, username, "no user can have this name.", "It has neither ':' nor line breaks.")
    if not password:
        raise InvalidOption(password_option, "********", "it is empty.", "Give the password or a token.")
    return Credentials(registry, username, password)
