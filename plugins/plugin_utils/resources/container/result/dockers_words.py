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
# The engine's own network, in Docker's words.
_BRIDGE = "bridge"


def in_dockers_words(
    inspect: Mapping[str, Any], engine: Engine, given: Mapping[str, Mapping[str, str]] | None = None
) -> dict[str, Any]:
    """A container's raw inspect with the name of its network as ``HostConfig.NetworkMode``, Docker's names for the
    engine's own network and for ``State.Status``, and the address that each published port is bound to.

    :param given: {network: IPAMConfig} of addresses that the container is known to have been given.
    """
    state, host, settings = (dict(inspect.get(part) or {}) for part in ("State", "HostConfig", "NetworkSettings"))
    if "Status" in state:
        state["Status"] = status_word(str(state["Status"]))
    networks = list(settings.get("Networks") or {})
    if engine.network_mode_hides_name and host.get("NetworkMode") == _BRIDGE and len(networks) == 1:
        host["NetworkMode"] = _dockers_name(networks[0], engine)
    if networks:
        settings["Networks"] = {
            _dockers_name(name, engine): _endpoint(endpoint, (given or {}).get(name))
            for name, endpoint in settings["Networks"].items()
        }
    if settings.get("Ports"):
        settings["Ports"] = {port: _bindings(ends) for port, ends in settings["Ports"].items()}
    told = {"State": state, "HostConfig": host, "NetworkSettings": settings}
    return {**inspect, **{part: value for part, value in told.items() if inspect.get(part)}}


def _dockers_name(network: str, engine: Engine) -> str:
    return _BRIDGE if network == engine.default_network else network


def _endpoint(endpoint: Mapping[str, Any] | None, given: Mapping[str, str] | None) -> dict[str, Any] | None:
    """Podman does not tell which addresses were asked for."""
    if endpoint is None:
        return None
    return {**endpoint, "IPAMConfig": dict(given)} if given and not endpoint.get("IPAMConfig") else dict(endpoint)


def _bindings(ends: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    """None for a port that is not published."""
    return ends and [{**end, "HostIp": end.get("HostIp") or _ANY} for end in ends]
