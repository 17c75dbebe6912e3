# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Podman leaves out of a container's description in Docker's words, or says otherwise, as far as the rest tells
it. Docker's own description stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....engine.differences.engine import Engine, status_word

# Where a port on all addresses is published, in Docker's words.
_ANY = "0.0.0.0"  # noqa: S104 - reported, not bound to


def in_dockers_words(inspect: Mapping[str, Any], engine: Engine) -> dict[str, Any]:
    """A container's raw inspect with the name of its network as ``HostConfig.NetworkMode``, Docker's words for
    ``State.Status``, and the address that each published port is bound to.
    """
    state, host, settings = (dict(inspect.get(part) or {}) for part in ("State", "HostConfig", "NetworkSettings"))
    if "Status" in state:
        state["Status"] = status_word(str(state["Status"]))
    networks = list(settings.get("Networks") or {})
    if engine.network_mode_hides_name and host.get("NetworkMode") == "bridge" and networks != [engine.default_network]:
        host["NetworkMode"] = networks[0] if networks else host["NetworkMode"]
    if settings.get("Ports"):
        settings["Ports"] = {port: _bindings(ends) for port, ends in settings["Ports"].items()}
    told = {"State": state, "HostConfig": host, "NetworkSettings": settings}
    return {**inspect, **{part: value for part, value in told.items() if inspect.get(part)}}


def _bindings(ends: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    """None for a port that is not published."""
    return ends and [{**end, "HostIp": end.get("HostIp") or _ANY} for end in ends]
