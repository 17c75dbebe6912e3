# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pods that a YAML asks for, as this engine is to have them: what is played, and what they are compared by."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from ...compose.problems import Path
from ...dataclass import dataclass
from ...engine.differences.engine import Engine
from ..container.options.port_uses import Use
from ..shared.parsers import NAME_PATTERN
from ..shared.secrets import MASK, looks_secret
from .checking import SOURCES
from .data import Files, Store, Taking, encoded
from .reading import CONFIG_MAP, SECRET, Found, Object, plain_data

ALWAYS, ON_FAILURE, NEVER = "Always", "OnFailure", "Never"
_POD_ANNOTATION = "io.podman.annotations.init.container.type"
_PULL_MISSING = "IfNotPresent"
# What a container would have other data without.
_REFUSED_WITHOUT = frozenset({"subPath", "image"})


@dataclass(frozen=True)
class Container:
    """A container of a pod: ``name`` is the engine's. ``command`` and ``args`` are None where the image says them;
    ``env`` has all variables whose values are known here, ``hidden`` the names of those that no one may see.
    """

    name: str
    image: str
    command: tuple[str, ...] | None
    args: tuple[str, ...] | None
    env: Mapping[str, str]
    hidden: frozenset[str]
    key: str
    stays: bool = True


@dataclass(frozen=True)
class Pod:
    """A pod that is wanted.

    ``of`` is the object that asks for it, ``Deployment web``. ``body`` is what is played, but for the label, with
    ``config_maps`` (for its files). ``parts`` is what it is compared by, and ``hidden`` what of that is secret.
    ``images`` says when each is pulled. ``files`` are the volumes that Podman makes of ConfigMaps and Secrets,
    ``claims`` those of PersistentVolumeClaims; ``secrets`` are those that the host must have.
    """

    name: str
    of: str
    body: Mapping[str, Any]
    containers: tuple[Container, ...]
    parts: Mapping[str, Any]
    hidden: bytes = b""
    config_maps: tuple[Mapping[str, Any], ...] = ()
    images: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    ports: Mapping[str, list[str]] = field(default_factory=dict)
    uses: tuple[Use, ...] = ()
    restart: str = ALWAYS


def names_of(one: Object, engine: Engine) -> list[str]:
    """What the pods of a workload are called on this engine."""
    if one.kind == "Pod":
        return [one.name]
    replicas = one.body["spec"].get("replicas", 1) if one.kind == "Deployment" else 1
    if engine.numbers_deployments and one.kind == "Deployment":
        return [f"{one.name}-pod-{number}" for number in range(replicas)]
    return [f"{one.name}-pod"][:replicas]


def pods(one: Object, data: Store, annotations: Mapping[str, str], engine: Engine, found: Found) -> list[Pod]:
    """The pods that a checked workload asks for."""
    names = names_of(one, engine)
    if not NAME_PATTERN.fullmatch(one.name):
        found.add(one, ("metadata", "name"), "is no name of a pod.", "Use letters, digits, '_', '.' and '-'.")
        return []
    if one.kind == "Deployment" and one.body["spec"].get("replicas", 1) > len(names):
        found.warnings.append(f"{one.place(('spec', 'replicas'))}: {engine.title} makes one pod of a Deployment.")
    return [_Making(one, name, data, annotations, engine, found).pod() for name in names]


class _Making:
    """Makes one pod."""

    def __init__(
        self, one: Object, name: str, data: Store, annotations: Mapping[str, str], engine: Engine, found: Found
    ) -> None:
        self._one, self._name, self._engine, self._found = one, name, engine, found
        self._base: Path = () if one.kind == "Pod" else ("spec", "template")
        top = one.body if one.kind == "Pod" else one.body["spec"]["template"]
        self._spec: Mapping[str, Any] = top["spec"]
        metadata = {**one.body.get("metadata", {})} if one.kind == "Pod" else {**top.get("metadata", {})}
        of_workload = one.body["metadata"].get("annotations", {}) if one.kind != "Pod" else {}
        self._labels = dict(metadata.get("labels", {}))
        self._annotations = {**metadata.get("annotations", {}), **of_workload, **annotations}
        self._taking = Taking(one, data, found)
        self._config_maps: dict[str, Files] = {}
        self._claims: list[str] = []
        self._images: dict[str, str] = {}
        self._renamed: dict[str, str] = {}
        self._hidden: dict[str, Any] = {}
        self._parts: dict[str, Any] = {}

    def pod(self) -> Pod:
        self._without_lacking()
        spec = {key: value for key, value in self._spec.items() if key not in ("containers", "initContainers")}
        if "volumes" in spec:
            spec["volumes"] = [self._volume(volume, index) for index, volume in enumerate(spec["volumes"])]
        self._parts["pod"] = {"labels": self._labels, "annotations": self._annotations, **spec}
        containers: list[Container] = []
        stays = self._annotations.get(_POD_ANNOTATION, "once") == "always"
        for field_name in ("initContainers", "containers"):
            listed = self._spec.get(field_name)
            if listed is None:
                continue
            spec[field_name] = []
            for index, container in enumerate(listed):
                path = (*self._base, "spec", field_name, index)
                played, seen = self._container(container, path, field_name == "containers" or stays)
                if seen.name in {other.name for other in containers}:
                    self._found.add(self._one, (*path, "name"), "is that of another container, too.", "Rename one.")
                spec[field_name].append(played)
                containers.append(seen)
        uses = tuple(self._uses())
        body = {
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": self._name, "labels": self._labels, "annotations": self._annotations}, "spec": spec,
        }  # fmt: skip
        hidden = json.dumps(self._hidden, sort_keys=True).encode() if self._hidden else b""
        return Pod(
            self._name, str(self._one), plain_data(body), tuple(containers), plain_data(self._parts), hidden,
            tuple(_config_map(name, files) for name, files in sorted(self._config_maps.items())),
            self._images, tuple(sorted(self._config_maps)), tuple(self._claims), tuple(sorted(self._taking.of_host)),
            _bindings(uses, self._spec), uses, self._spec.get("restartPolicy", ALWAYS),
        )  # fmt: skip

    def _without_lacking(self) -> None:
        """Tell what this version takes no notice of, and refuse what a container would have other data without."""
        lacking: list[str] = []
        for path, key in _keys(self._spec, (*self._base, "spec")):
            stop = key == "lifecycle" and "stopSignal" not in _at(self._one.body, path)
            if key not in self._engine.kube_lacks or stop or "labels" in path or "annotations" in path:
                continue
            if key == "image" and "volumes" not in path:
                continue
            where = self._one.place(path)
            if key in _REFUSED_WITHOUT:
                words = f"is not supported by {self._engine.title}."
                self._found.add(self._one, path, words, "Use a newer Podman, or leave it out.")
            else:
                lacking.append(where)
        for where in lacking:
            self._found.warnings.append(f"{where}: {self._engine.title} takes no notice of it.")

    def _volume(self, volume: Mapping[str, Any], index: int) -> dict[str, Any]:
        path = (*self._base, "spec", "volumes", index)
        name = volume["name"]
        kinds = [key for key in SOURCES if key in volume]
        if len(kinds) != 1:
            words = "has no source that Podman has" if not kinds else "has more than one source"
            self._found.add(self._one, path, f"{words}.", f"Give it one of {', '.join(SOURCES)}.")
            return dict(volume)
        (kind,) = kinds
        source = dict(volume[kind])
        if kind == "emptyDir":  # Podman calls the volume by this name alone: another pod would have the same
            self._renamed[name] = f"{self._name}-{name}"
            return {"name": self._renamed[name], kind: source}
        if kind == "persistentVolumeClaim":
            self._claims.append(source["claimName"])
        elif kind == "image":
            self._images[source["reference"]] = source.get("pullPolicy", _PULL_MISSING)
            source["pullPolicy"] = _PULL_MISSING
        elif kind in ("configMap", "secret"):
            return {"name": name, **self._files(CONFIG_MAP if kind == "configMap" else SECRET, source, (*path, kind))}
        return {"name": name, kind: source}

    def _files(self, kind: str, source: dict[str, Any], path: Path) -> dict[str, Any]:
        """A volume of files, as a ConfigMap of exactly these files; what only Podman can make is left to it."""
        name = source["secretName" if kind == SECRET else "name"]
        files = self._taking.files(kind, source, path)
        if files is None:
            return {"secret": {"optional": False, **source}}
        mode = {"defaultMode": source["defaultMode"]} if "defaultMode" in source else {}
        if not files and source.get("optional"):
            return {"configMap": {"name": name, "optional": True}}
        for key in files:
            if key.startswith("/") or ".." in key.split("/") or "/" in key:
                remedy = "Mount the ConfigMap at that directory, with a name as path."
                self._found.add(self._one, path, f"has the file {key!r}, which is no name in its directory.", remedy)
        if self._config_maps.setdefault(name, files) != files:
            words = f"makes other files of {name} than another volume of this pod, and Podman has one volume for both."
            self._found.add(self._one, path, words, "Use one volume with all files, and subPath.")
        if kind == SECRET:
            self._hidden[f"files {name}"] = encoded(files)
        else:
            self._parts[f"configmaps.{name}"] = encoded(files)
        return {"configMap": {"name": name, **mode}}

    def _container(self, container: Mapping[str, Any], path: Path, stays: bool) -> tuple[dict[str, Any], Container]:
        name = container["name"]
        variables = self._taking.variables(container, path)
        hidden = {key: value for key, value in variables.plain.items() if value and looks_secret(key)}
        hidden |= variables.secret
        env = {**variables.plain, **variables.secret}
        for key, value in variables.plain.items():
            if "$(" in value:
                where = self._one.place((*path, "env"))
                self._found.warnings.append(f"{where}: Podman leaves $(…) in the variable {key} as it is.")
        played = {
            key: value for key, value in container.items() if key not in ("env", "envFrom", "ports", "readinessProbe")
        }
        made = [{"name": key, "value": value} for key, value in env.items()]
        played["env"] = [*made, *({**one} for one in variables.left)]
        if variables.left_from:
            played["envFrom"] = [*variables.left_from]
        played["imagePullPolicy"] = _PULL_MISSING
        if ports := [port for port in container.get("ports", ()) if port.get("hostPort")]:
            played["ports"] = ports
        if "volumeMounts" in container:
            played["volumeMounts"] = [self._mount(one, (*path, "volumeMounts")) for one in container["volumeMounts"]]
        for probe in ("livenessProbe", "startupProbe"):
            if probe in played:
                played[probe] = self._probe(played[probe], container, (*path, probe))
        self._pulls(container)
        key = f"containers.{name}"
        self._parts[key] = {**played, "env": [{**one, "value": MASK} if one["name"] in hidden else one for one in made]}
        self._parts[key]["left"] = [*variables.left]
        if hidden:
            self._hidden[f"env {name}"] = hidden
        command, args = (tuple(container[one]) if container.get(one) else None for one in ("command", "args"))
        seen = Container(
            f"{self._name}-{name}", container["image"], command, args, env, frozenset(hidden), key, stays
        )  # fmt: skip
        return played, seen

    def _pulls(self, container: Mapping[str, Any]) -> None:
        image = container["image"]
        policies = {container.get("imagePullPolicy", _PULL_MISSING), self._images.get(image, _PULL_MISSING)}
        self._images[image] = next(one for one in (ALWAYS, NEVER, _PULL_MISSING) if one in policies)

    def _mount(self, mount: Mapping[str, Any], path: Path) -> dict[str, Any]:
        if mount["name"] not in {volume["name"] for volume in self._spec.get("volumes", ())}:
            self._found.add(self._one, path, f"there is no volume {mount['name']!r}.", "Add it to volumes of the pod.")
        return {**mount, "name": self._renamed.get(mount["name"], mount["name"])}

    def _probe(self, probe: Mapping[str, Any], container: Mapping[str, Any], path: Path) -> dict[str, Any]:
        """A probe with numbers of ports: Podman 4.3 takes a name for 0."""
        made = dict(probe)
        named = {port["name"]: port["containerPort"] for port in container.get("ports", ()) if "name" in port}
        for handler in ("httpGet", "tcpSocket"):
            if handler not in probe:
                continue
            port = probe[handler]["port"]
            if isinstance(port, str) and not port.isdigit():
                if port not in named:
                    self._found.add(self._one, (*path, handler, "port"), f"no port is called {port!r}.", "Name it.")
                port = named.get(port, 0)
            made[handler] = {"host": "localhost", **probe[handler], "port": int(port)}
        return made

    def _uses(self) -> Iterator[Use]:
        for index, container in enumerate(self._spec["containers"]):
            for number, port in enumerate(container.get("ports", ())):
                if port.get("hostPort"):
                    path = (*self._base, "spec", "containers", index, "ports", number, "hostPort")
                    protocol = port.get("protocol", "TCP").lower()
                    yield Use(protocol, port.get("hostIP", ""), port["hostPort"], self._one.place(path), task=True)


def _config_map(name: str, files: Files) -> Mapping[str, Any]:
    return {"apiVersion": "v1", "kind": CONFIG_MAP, "metadata": {"name": name}, "binaryData": encoded(files)}


def _bindings(uses: Sequence[Use], spec: Mapping[str, Any]) -> dict[str, list[str]]:
    """The published ports, in the shape of ``container.options.ports``; in the host's network there are none."""
    made: dict[str, list[str]] = {}
    if spec.get("hostNetwork"):
        return made
    for container in spec["containers"]:
        for port in container.get("ports", ()):
            if port.get("hostPort"):
                address = port.get("hostIP", "")
                address = f"[{address}]" if ":" in address else address
                inside = f"{port['containerPort'] or port['hostPort']}/{port.get('protocol', 'TCP').lower()}"
                end = f"{address}:{port['hostPort']}" if address else str(port["hostPort"])
                made.setdefault(inside, []).append(end)
    return {inside: sorted(ends) for inside, ends in made.items()}


def _keys(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield (*path, key), key
            yield from _keys(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _keys(item, (*path, index))


def _at(value: Any, path: Path) -> Any:
    for part in path:
        value = value[part]
    return value
