# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the options to the body of a create request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....engine.differences import support
from ....engine.differences.engine import Engine
from ...shared import labels
from ..options import applied, devices, health, modes, names, namespaces, networks, ports
from ..options.parsing import Options
from ..options.row import NATIVE
from ..options.table import BY_NAME, CONTAINER_OPTIONS
from .native import native_body

# Seconds.
USUAL_STOP_TIMEOUT = 10


def create_body(
    options: Options, engine: Engine, image: str | None = None, containers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The body for POST /containers/create; image defaults are left to the engine.

    Where options ask for what only Podman's own API can say, that is in it under ``NATIVE``.

    :param image: used when the task names none (a container is recreated from the image it has).
    :param containers: the IDs of containers by name, by which our label tells them as :func:`desired` does.
    """
    body: dict[str, Any] = {"Image": options.image or image, "HostConfig": {}, "Labels": {}}
    if support.asks_own_api(options.values, engine):
        body[NATIVE] = {}
    if engine.default_stop_timeout is not None:
        body["StopTimeout"] = USUAL_STOP_TIMEOUT
    for option in CONTAINER_OPTIONS:
        if option.name in options.values:
            option.write(body, options.values[option.name], engine)
        if option.reword and options.words.get(option.name) and engine.keeps_words:
            option.reword(body, options.words[option.name])
    networks.give_mac(body, engine)
    given = [(BY_NAME[name], value) for name, value in namespaces.with_ids(options.values, containers or {}).items()]
    body["Labels"].update({**options.written_labels, **labels.CREATED_LABELS})
    if digests := applied.label(given, engine):
        body["Labels"][labels.APPLIED_LABEL] = digests
    if not engine.own_api:
        body.pop(NATIVE, None)  # what is not refused there asks for nothing
    elif NATIVE in body:
        native_body(options.name, body, engine)  # refuses now what it could not do then
    return body


def later_networks(options: Options, engine: Engine) -> dict[str, dict[str, Any]]:
    """The networks, as {name: EndpointSettings}, that the container is connected to between creation and start."""
    wanted = options.values.get("networks") or {}
    later = networks.later(options.values.get("network_mode"), wanted, engine)
    return {name: networks.endpoint_config(wanted[name]) for name in later}


def require_supported(options: Options, engine: Engine) -> None:
    """Refuse what this engine cannot do, before anything is changed.

    :raises InvalidOption: naming the option.
    """
    names.require_links_supported(options.values, engine)
    for name, value in options.values.items():
        support.require(name, value, engine)
    networks.require_mode_supported("network_mode", options.values.get("network_mode"), engine)
    networks.require_sysctls("sysctls", options.values.get("sysctls") or {}, engine)
    namespaces.require_supported(options.values, engine)
    modes.require(options.values, engine)
    health.require_supported(options.values.get("healthcheck") or {}, engine)
    devices.require_supported(options.values.get("device_requests") or [], engine)
    ports.require_supported("published_ports", options.values.get("published_ports") or {}, engine)
