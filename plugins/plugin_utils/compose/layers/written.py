# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What excludes each other in a model as it is written, whether its services are on or not."""

from __future__ import annotations

from ..model.short_port import is_address
from ..problems import Model, Path, Problems


def check(model: Model, problems: Problems) -> None:
    """What is wrong with a merged model, whether its services are on or not."""
    for name, volume in (model.get("volumes") or {}).items():
        options = (volume or {}).get("driver_opts") or {}
        if options.get("o") == "bind" and not options.get("device", "."):
            problem = "is empty, and compose takes the project's directory for it."
            problems.add(("volumes", name, "driver_opts", "device"), problem, "Write the path.")
        if isinstance(volume, dict) and volume.get("external") is True:
            for key in volume:
                if key not in ("name", "external") and not key.startswith("x-"):
                    remedy = "Somebody else makes an external volume: leave it out."
                    problems.add(("volumes", name, key), "stands beside external: true.", remedy)
    for kind, keys in (("configs", ("file", "environment", "content")), ("secrets", ("file", "environment"))):
        for name, value in (model.get(kind) or {}).items():
            _one_of((kind, name), value or {}, keys, problems)
    for name, service in (model.get("services") or {}).items():
        if isinstance(service, dict):
            _service_as_written(("services", name), service, problems)


def _one_of(path: Path, value: Model, keys: tuple[str, ...], problems: Problems) -> None:
    there = [key for key in keys if key in value]
    if len(there) > 1:
        problems.add(path, f"has {' and '.join(there)}, which exclude each other.", "Keep one of them.")
    elif not there and "driver" not in value and "external" not in value:
        problems.add(path, f"has none of {', '.join(keys)}.", "Write one of them, or external: true.")


def _service_as_written(path: Path, service: Model, problems: Problems) -> None:
    for index, port in enumerate(service.get("ports") or ()):
        if isinstance(port, dict) and "host_ip" in port and not is_address(str(port["host_ip"])):
            problems.add((*path, "ports", index, "host_ip"), "is no IP address.", "", port["host_ip"])
    reservations = ((service.get("deploy") or {}).get("resources") or {}).get("reservations") or {}
    for where, requests in (("gpus", service.get("gpus")), ("deploy", reservations.get("devices"))):
        for index, request in enumerate(requests or ()):
            if isinstance(request, dict) and "count" in request and "device_ids" in request:
                problem = "has count and device_ids, which exclude each other."
                problems.add((*path, where, index), problem, "Keep one of them.")
    for index, volume in enumerate(service.get("volumes") or ()):
        if isinstance(volume, dict) and volume.get("type") == "bind" and not volume.get("source"):
            problems.add((*path, "volumes", index), "has no source.", "Write source: PATH.")
