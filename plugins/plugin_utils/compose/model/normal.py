# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a model leaves unsaid is written into it: default network, names, implied dependencies, build's defaults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..problems import Model, Path
from ..tables import Table, mapped
from .short_volume import clean

_NAMESPACES = ("network_mode", "ipc", "pid", "uts", "cgroup")
SERVICE = "service:"
CONTAINER = "container:"


def with_defaults(model: Model) -> Model:
    """Defaults of the Compose Specification for keys that are not written."""
    done: Model = mapped(model, (), _DEFAULTS)
    return done


def _build_default(value: Any, _path: Path) -> Any:
    return {"context": ".", **value} if isinstance(value, dict) else value


def _secret_default(value: Any, _path: Path) -> Any:
    return {"target": f"/run/secrets/{value.get('source')}", **value} if isinstance(value, dict) else value


def _port_default(value: Any, _path: Path) -> Any:
    return {"protocol": "tcp", "mode": "ingress", **value} if isinstance(value, dict) else value


def _device_default(value: Any, _path: Path) -> Any:
    if isinstance(value, dict) and "count" not in value and "device_ids" not in value:
        return {**value, "count": "all"}
    return value


_DEFAULTS: Table[Callable[[Any, Path], Any]] = Table(
    {
        "services.*.build": _build_default,
        "services.*.secrets.*": _secret_default,
        "services.*.ports.*": _port_default,
        "services.*.deploy.resources.reservations.devices.*": _device_default,
        "services.*.gpus.*": _device_default,
    }
)


def with_environment(model: Model, variables: Mapping[str, str]) -> Model:
    """``environment`` entries without a value get that of the project's variable of their name, and so do configs."""
    for service in _mappings(model.get("services")):
        entries = service.get("environment")
        if isinstance(entries, list):
            service["environment"] = [
                f"{entry}={variables[entry]}" if entry in variables else entry
                for entry in entries
                if isinstance(entry, str)
            ]
    for kind, content in (("secrets", "x-#value"), ("configs", "content")):
        for one in _mappings(model.get(kind)):
            if one.get("environment") in variables:
                one[content] = variables[one["environment"]]
    return model


def _mappings(value: Any) -> list[Model]:
    return [one for one in value.values() if isinstance(one, dict)] if isinstance(value, dict) else []


def normal(model: Model, name: str, variables: Mapping[str, str]) -> Model:
    """The whole model, with all that is implied."""
    model["name"] = name
    services: dict[str, Model] = model.get("services") or {}
    _default_network(model, services)
    for service in services.values():
        _service(service, variables)
    for kind in ("networks", "volumes", "configs", "secrets"):
        for key, value in (model.get(kind) or {}).items():
            resource = value if isinstance(value, dict) else {}
            if resource.get("name") is None:
                resource["name"] = key if resource.get("external") is True else f"{name}_{key}"
            model[kind][key] = resource
    return model


def _default_network(model: Model, services: Mapping[str, Model]) -> None:
    """The network "default" is there if a service uses it."""
    for service in services.values():
        if "provider" not in service and "network_mode" not in service and not service.get("networks"):
            service["networks"] = {"default": None}
    if any("default" in (service.get("networks") or {}) for service in services.values()):
        networks = model.get("networks") or {}
        model["networks"] = {**networks, "default": networks.get("default")}


def _service(service: Model, variables: Mapping[str, str]) -> None:
    if service.get("pull_policy") == "if_not_present":
        service["pull_policy"] = "missing"
    if isinstance(build := service.get("build"), dict):
        if build.get("context") is None:
            build["context"] = "."
        if build.get("dockerfile") is None and build.get("dockerfile_inline") is None:
            build["dockerfile"] = "Dockerfile"
        if "args" in build:
            build["args"] = _filled(build["args"], variables, keep=False)
    if "environment" in service:
        service["environment"] = _filled(service["environment"], variables, keep=True)
    for volume in service.get("volumes") or ():
        if isinstance(volume, dict) and isinstance(volume.get("target"), str):
            volume["target"] = clean(volume["target"])
    _imply(service)


def _imply(service: Model) -> None:
    """Dependencies that follow from links, namespaces of another service, and volumes_from."""
    depends_on = service.get("depends_on") or {}
    implied: list[tuple[str, bool]] = []
    for link in service.get("links") or ():
        parts = link.split(":")
        implied.append((parts[0] if len(parts) == 2 else link, True))
    for key in _NAMESPACES:
        if str(service.get(key) or "").startswith(SERVICE):
            implied.append((service[key].removeprefix(SERVICE), True))
    for volume in service.get("volumes_from") or ():
        if not volume.startswith(CONTAINER):
            implied.append((volume.partition(":")[0], False))
    for name, restart in implied:
        depends_on.setdefault(name, {"condition": "service_started", "restart": restart, "required": True})
    if depends_on:
        service["depends_on"] = depends_on


def _filled(value: Any, variables: Mapping[str, str], keep: bool) -> Any:
    """A mapping or list of variables with those filled in that are named only; else kept or left out."""
    if isinstance(value, dict):
        named = {key: variables.get(key) if item is None else item for key, item in value.items()}
        return {key: item for key, item in named.items() if item is not None or keep}
    if not isinstance(value, list):
        return value
    filled = [f"{item}={variables[item]}" if "=" not in item and item in variables else item for item in value]
    return [item for item in filled if keep or "=" in item]
