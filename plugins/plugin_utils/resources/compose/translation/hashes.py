# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docker compose's hashes of what a service, network or volume is configured like.

It writes them into labels, and makes a container or network anew whose hash is another one. A hash is the SHA-256 of
the JSON text that Go writes of the resolved model: keys of structures in the order of their declaration, which is that
of our model, keys of maps sorted.

Source: ``pkg/compose/hash.go`` of docker compose 2.40.3 and 5.5.0, and the types of compose-go.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ....compose.model.service import SERVICE_KEYS

# What the hash of a service leaves out.
_LEFT_OUT = frozenset({"build", "depends_on", "profiles", "pull_policy", "scale"})
# The keys whose values are maps for Go, which sorts them. All others are structures.
_MAPS = frozenset(
    {"annotations", "aux_addresses", "driver_opts", "environment", "labels", "models", "networks", "options"}
    | {"storage_opt", "sysctls", "ulimits"}
)
# Go writes these in a text as numbers of characters, so that it can stand in a web page.
_ESCAPED = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"})
# A namespace or volumes of another service. docker compose puts the ID of that service's first container there before
# it computes the hash.
NAMESPACES = ("network_mode", "ipc", "pid")
SERVICE, CONTAINER = "service:", "container:"


def service_hash(service: Mapping[str, Any], ids: Mapping[str, str] | None = None) -> str:
    """The hash of a service.

    :param service: as in the resolved model.
    :param ids: of the first container of each service that it names in a namespace or in volumes_from. Without them,
        it is what ``docker compose config --hash`` prints.
    """
    hashed = {key: service[key] for key in SERVICE_KEYS if key in service and key not in _LEFT_OUT}
    if hashed.get("deploy"):
        hashed["deploy"] = {key: value for key, value in hashed["deploy"].items() if key != "replicas"}
    return _sha256(hashed if ids is None else _with_ids(hashed, ids))


def network_hash(network: Mapping[str, Any]) -> str:
    """The hash of a network of the top level."""
    return _sha256(network)


def volume_hash(volume: Mapping[str, Any]) -> str:
    """The hash of a volume of the top level."""
    driver = {"driver": volume.get("driver") or "local"}
    return _sha256({"name": volume.get("name"), **driver, **volume} if volume.get("name") else {**driver, **volume})


def named_services(service: Mapping[str, Any]) -> set[str]:
    """The services whose containers' IDs are in the hash."""
    modes = (str(service.get(key) or "") for key in NAMESPACES)
    found = {mode.removeprefix(SERVICE) for mode in modes if mode.startswith(SERVICE)}
    sources = (entry.split(":")[0] for entry in service.get("volumes_from") or ())
    return found | {source for source in sources if source != CONTAINER.rstrip(":")}


def _with_ids(service: dict[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    made = dict(service)
    for key in NAMESPACES:
        mode = str(made.get(key) or "")
        if mode.startswith(SERVICE):
            made[key] = CONTAINER + ids[mode.removeprefix(SERVICE)]
    if made.get("volumes_from"):
        parts = [entry.split(":") for entry in made["volumes_from"]]
        made["volumes_from"] = [one[1] if one[0] == CONTAINER.rstrip(":") else ids[one[0]] for one in parts]
    return made


def _sha256(value: Mapping[str, Any]) -> str:
    return hashlib.sha256(go_json(value).encode()).hexdigest()


def go_json(value: Any, key: str = "") -> str:
    """A value as Go's ``json.Marshal`` writes it.

    :param key: what it is the value of.
    """
    if isinstance(value, Mapping):
        items = sorted(value.items(), key=lambda item: item[0].encode()) if key in _MAPS else value.items()
        return "{" + ",".join(f"{_text(name)}:{go_json(item, name)}" for name, item in items) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(go_json, value)) + "]"
    if isinstance(value, float):
        return _number(value)
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).translate(_ESCAPED)


def _number(value: float) -> str:
    """With an exponent only where the number is tiny or huge."""
    if value and not 1e-6 <= abs(value) < 1e21:
        digits, _e, exponent = repr(value).partition("e")
        return f"{digits.removesuffix('.0')}e{exponent[0]}{exponent[1:].lstrip('0').rjust(2, '0')}"
    return f"{Decimal(repr(value)):f}".removesuffix(".0")
