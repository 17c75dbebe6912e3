# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of remote_auto_update."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...dataclass import dataclass
from ...engine.differences.engine import Engine
from ...errors import InvalidOption

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "rollback": {"type": "bool", "default": True},
    "authfile": {"type": "str"},
    "validate_certs": {"type": "bool", "aliases": ["tls_verify"]},
    "timeout": {"type": "float", "default": 900},
}
_OLD = "Use Podman 4.7 or newer, or leave it out"


@dataclass(frozen=True)
class Options:
    """What a task wants, checked. ``authfile`` is a path of the host, '' for the user's own; ``validate_certs`` is None
    where Podman's configuration decides; ``timeout`` is in seconds.
    """

    rollback: bool = True
    authfile: str = ""
    validate_certs: bool | None = None
    timeout: float = 900


def parse(params: Mapping[str, Any]) -> Options:
    """Check what can be checked without the host.

    :raises InvalidOption: for the first value that can't be used.
    """
    authfile = params["authfile"]
    if authfile is not None and (not authfile.startswith("/") or not authfile.isprintable()):
        raise InvalidOption(
            "authfile", authfile, "it is no absolute path of the host.", "Write it like /run/containers/0/auth.json."
        )
    if params["timeout"] <= 0:
        raise InvalidOption("timeout", params["timeout"], "no update is done in this time.", "Give seconds.")
    return Options(params["rollback"], authfile or "", params["validate_certs"], params["timeout"])


def require_taken(options: Options, engine: Engine) -> None:
    """
    :raises InvalidOption: what this engine's command does not take, or takes no notice of.
    """
    if engine.auto_update_takes_access:
        return
    if options.authfile:
        raise InvalidOption(
            "authfile", options.authfile, f"{engine.title} takes no notice of it.",
            f"{_OLD}, and give the containers the label io.containers.autoupdate.authfile.",
        )  # fmt: skip
    if options.validate_certs is not None:
        raise InvalidOption(
            "validate_certs", options.validate_certs, f"{engine.title} does not take it.",
            f"{_OLD}, and say insecure=true of the registry in /etc/containers/registries.conf there.",
        )  # fmt: skip
