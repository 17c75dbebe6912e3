# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The labels by which docker compose knows what belongs to a project, so that each finds what the other has made.

Source: ``pkg/api/labels.go`` of docker compose 2.40.3 and 5.5.0, and where they are written and asked for there. Its
own version (``com.docker.compose.version``) is not among ours: it asks for that nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...project.application import LateLabels
from ...shared.labels import COMPOSE_PREFIX, COMPOSE_PROJECT_LABEL, COMPOSE_SERVICE_LABEL
from .hashes import named_services, network_hash, service_hash, volume_hash
from .scope import Given

PROJECT = COMPOSE_PROJECT_LABEL
FOLDER = f"{COMPOSE_PREFIX}project.working_dir"
FILES = f"{COMPOSE_PREFIX}project.config_files"
ENV_FILES = f"{COMPOSE_PREFIX}project.environment_file"
SERVICE = COMPOSE_SERVICE_LABEL
NUMBER = f"{COMPOSE_PREFIX}container-number"
ONE_OFF = f"{COMPOSE_PREFIX}oneoff"
DEPENDS_ON = f"{COMPOSE_PREFIX}depends_on"
IMAGE = f"{COMPOSE_PREFIX}image"
HASH = f"{COMPOSE_PREFIX}config-hash"
NETWORK = f"{COMPOSE_PREFIX}network"
VOLUME = f"{COMPOSE_PREFIX}volume"


def of_project(given: Given) -> dict[str, str]:
    """What all that belongs to a project has."""
    return {PROJECT: given.name}


def of_container(given: Given, name: str, number: int) -> dict[str, str]:
    """What is known of a container before the host is asked."""
    service = given.services[name]
    depends_on = service.get("depends_on") or {}
    told = (f"{other}:{how['condition']}:{str(how.get('restart', False)).lower()}" for other, how in depends_on.items())
    return {
        **of_project(given),
        SERVICE: name,
        NUMBER: str(number),
        ONE_OFF: "False",
        FOLDER: given.folder,
        FILES: ",".join(given.files),
        DEPENDS_ON: ",".join(told),
        **({ENV_FILES: ",".join(given.env_files)} if given.env_files else {}),
        **({} if named_services(service) else {HASH: service_hash(service, {})}),
    }


def late(given: Given, name: str) -> LateLabels:
    """What is known of a container when its image is there, and those whose namespaces and volumes it uses."""
    service = given.services[name]
    others = named_services(service)

    def labels(image: str, ids: Mapping[str, str]) -> dict[str, str]:
        if not others:
            return {IMAGE: image}
        return {IMAGE: image, HASH: service_hash(service, {other: ids[given.container(other)] for other in others})}

    return labels


def of_network(given: Given, key: str, network: Mapping[str, Any]) -> dict[str, str]:
    return {**of_project(given), NETWORK: key, HASH: network_hash(network)}


def of_volume(given: Given, key: str, volume: Mapping[str, Any]) -> dict[str, str]:
    return {**of_project(given), VOLUME: key, HASH: volume_hash(volume)}
