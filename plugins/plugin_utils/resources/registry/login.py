# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of remote_login. Names, types and defaults are those of community.docker's docker_login."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...dataclass import dataclass
from ...errors import EngineError, InvalidOption
from .credentials import HUB_ADDRESS, Credentials, checked, host

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "registry_url": {"type": "str", "default": HUB_ADDRESS, "aliases": ["registry", "url"]},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "reauthorize": {"type": "bool", "default": False, "aliases": ["reauth"]},
    "config_path": {"type": "path", "aliases": ["dockercfg_path"]},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}
# The kind of the error where the registry could not be asked.
UNREACHED = "engine_error"
# Or it was asked, and refused in a way that Docker does not tell from that: localhost without a known certificate
# answers to a wrong password over HTTPS, and then Docker tries HTTP.
_ANSWERED = re.compile(r"failed with status: 4\d\d")
# What to do about a login that failed, by the kind of its error.
REMEDIES = {
    "registry_denied": "Correct username and password, or the token that stands for it. Nothing of them was kept.",
    UNREACHED: (
        "It is the engine on the host that asks the registry: is registry_url right, does the host reach it, and does "
        "it trust its certificate (see /etc/containers/certs.d and /etc/docker/certs.d there)?"
    ),
}
SPEC_RULES: dict[str, Any] = {"required_if": [("state", "present", ["username", "password"])]}


@dataclass(frozen=True)
class Login:
    """``credentials`` is None for a logout."""

    registry: str
    credentials: Credentials | None
    again: bool = False

    def result(self, *, changed: bool, before: str | None) -> dict[str, Any]:
        """The module's result.

        :param before: the user who was logged in, None when nobody was.
        """
        user = self.credentials.username if self.credentials else None
        told = {"login_result": {"serveraddress": self.registry, "username": user}} if user else {}
        diff = {"before": {"username": before}, "after": {"username": user}}
        return {"changed": changed, "registry": self.registry, **told, "diff": diff}


def unreached(error: EngineError) -> bool:
    """Whether the registry did not answer, and may do so later."""
    return error.kind == UNREACHED and not _ANSWERED.search(error.words)


def failed(wanted: Credentials, error: EngineError) -> EngineError:
    """A failed login, with what to do about it."""
    if error.kind not in REMEDIES:
        return error
    words = error.words
    message = f"Logging in to {wanted.registry} as {wanted.username} failed: {words}."
    return EngineError(message, error.status, REMEDIES[error.kind], error.kind)


def parse(params: Mapping[str, Any]) -> Login:
    """Check the options beyond their types.

    :raises InvalidOption: for the first value that can't be used; a password is not shown.
    """
    if params["config_path"] is not None:
        raise InvalidOption(
            "config_path", params["config_path"], "no file of anybody's Docker configuration is read or written.",
            "Leave it out: the login is kept as long as the SSH connection to the host.",
        )  # fmt: skip
    registry = host("registry_url", params["registry_url"])
    if params["state"] == "absent":
        return Login(registry, None)
    credentials = checked(registry, params["username"], params["password"], "username", "password")
    return Login(registry, credentials, params["reauthorize"])
