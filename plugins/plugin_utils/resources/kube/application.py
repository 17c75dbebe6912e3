# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All that one YAML asks for on one engine. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import yaml

from ...dataclass import dataclass
from ...engine.differences.engine import Engine
from ..container.options.port_uses import Use, clash
from ..secret.options import LONGEST, Data
from ..shared.secrets import looks_secret
from .checking import check
from .data import Store, encoded, store
from .options import ABSENT, Options
from .pods import Pod, pods
from .reading import CLAIM, SECRET, WORKLOADS, Found, Object, plain_data

_IMPORT = "volume.podman.io/import-source"


@dataclass(frozen=True)
class Application:
    """``owners`` are the workloads, ``Deployment web``, also those that have no pod now; ``secrets`` and ``claims`` are
    by name, what is stored, and the object.
    """

    pods: tuple[Pod, ...]
    owners: tuple[str, ...]
    secrets: Mapping[str, Data]
    claims: Mapping[str, Mapping[str, Any]]
    files: Mapping[str, str]
    warnings: tuple[str, ...]


def secret_values(objects: Sequence[Object]) -> list[str]:
    """What no one may see of a YAML: the values of its Secrets, as they are written and as they are meant, and those of
    variables with secret-looking names.
    """
    found: list[str] = []
    data = store([one for one in objects if _is_plain_secret(one)], Found())
    for one in objects:
        for field in ("data", "stringData"):
            values = one.body.get(field) if one.kind == SECRET else None
            found += [value for value in values.values() if isinstance(value, str)] if isinstance(values, dict) else []
    for files in data.secrets.values():
        found += [value.decode(errors="surrogateescape") for value in files.values()]
    found += [value for one in objects for value in _secret_variables(one.body)]
    return [value for value in found if value]


def _secret_variables(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        name, given = value.get("name"), value.get("value")
        if isinstance(name, str) and isinstance(given, str) and looks_secret(name):
            yield given
    for item in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from _secret_variables(item)


def _is_plain_secret(one: Object) -> bool:
    fields = (one.body.get(field) or {} for field in ("data", "stringData"))
    return one.kind == SECRET and all(
        isinstance(field, dict) and all(isinstance(value, str) for value in field.values()) for field in fields
    )


def application(options: Options, engine: Engine) -> Application:
    """What the YAML of a task asks for.

    :raises InvalidOptions: with everything that is wrong with it.
    """
    found = Found()
    for one in options.objects:
        check(one, found)
    found.stop_if_any()  # the rest relies on the types
    data = store(options.objects, found)
    made: list[Pod] = []
    secrets: dict[str, Data] = {}
    claims: dict[str, Mapping[str, Any]] = {}
    for one in options.objects:
        if one.kind in WORKLOADS:
            made += [_with_options(pod, options) for pod in pods(one, data, options.annotations, engine, found)]
        elif one.kind == SECRET:
            secrets[one.name] = _stored(one, data, found)
        elif one.kind == CLAIM:
            claims[one.name] = _claim(one, found)
    _require_apart(made, options.objects, claims, found)
    if options.state == ABSENT:  # to remove something, nobody has to be able to make it
        found = Found()
    found.stop_if_any()
    return Application(
        tuple(made),
        tuple(str(one) for one in options.objects if one.kind in WORKLOADS),
        secrets,
        claims,
        _file_volumes(made, data),
        tuple(dict.fromkeys(found.warnings)),
    )


def _with_options(pod: Pod, options: Options) -> Pod:
    return replace(pod, parts={**pod.parts, "options": dict(options.given)}) if options.given else pod


def _stored(one: Object, data: Store, found: Found) -> Data:
    """A Secret as Podman itself keeps it: as YAML, with its values in base64."""
    body = {**one.body, "apiVersion": "v1", "data": encoded(data.secrets[one.name])}
    body.pop("stringData", None)
    text = yaml.safe_dump(plain_data(body)).encode()
    if len(text) >= LONGEST:
        found.add(one, (), f"is longer than {LONGEST} bytes, and no secret is.", "Mount a volume instead.")
    return Data(text)


def _claim(one: Object, found: Found) -> Mapping[str, Any]:
    metadata = one.body["metadata"]
    if _IMPORT in metadata.get("annotations", {}):
        path = ("metadata", "annotations", _IMPORT)
        found.add(one, path, "can't be done over the engine's API.", "Fill the volume with remote_container_copy.")
    kept = {key: metadata[key] for key in ("name", "labels", "annotations") if key in metadata}
    return {"apiVersion": "v1", "kind": CLAIM, "metadata": plain_data(kept)}


def _file_volumes(made: Iterable[Pod], data: Store) -> dict[str, str]:
    """{name: ConfigMap or Secret} of the volumes that Podman makes of these."""
    return {name: SECRET if name in data.secrets else "ConfigMap" for pod in made for name in pod.files}


def _require_apart(made: list[Pod], objects: Iterable[Object], claims: Mapping[str, Any], found: Found) -> None:
    """What Podman would put into one: pods, volumes and ports of the host."""
    by_name = {str(one): one for one in objects}
    seen: dict[str, Pod] = {}
    uses: list[Use] = []
    names = {kind: {one.name for one in objects if one.kind == kind} for kind in ("ConfigMap", SECRET)}
    for pod in made:
        one = by_name[pod.of]
        if seen.setdefault(pod.name, pod) is not pod:
            found.add(one, (), f"makes the pod {pod.name}, as {seen[pod.name].of} does.", "Rename one of them.")
        for name in pod.files:
            if name in names["ConfigMap"] & names[SECRET]:
                words = f"has files of {name}, which a ConfigMap and a Secret are called."
                found.add(one, (), words, "Rename one of them: Podman has one volume for both.")
            if name in claims or name in pod.claims:
                words = f"has files of {name}, as a PersistentVolumeClaim is called."
                found.add(one, (), words, "Rename one of them: Podman has one volume for both.")
        for use in pod.uses:
            for other in uses:
                same = (use.protocol, use.port) == (other.protocol, other.port) and clash(use.address, other.address)
                if same and use.by != other.by:
                    text = f"{use.by} {use.port} is taken already: {other.by}. Use another port of the host."
                    found.problems.append(text)
                elif same:
                    text = f"{use.by} {use.port} is wanted by each replica. Leave out hostPort, or replicas."
                    found.problems.append(text)
            uses.append(use)
