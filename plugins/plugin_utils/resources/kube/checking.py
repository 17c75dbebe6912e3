# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Podman reads of Kubernetes objects: the type of each field, and which it takes no notice of. Pure.

From Podman's source (``pkg/specgen/generate/kube``, ``pkg/domain/infra/abi/play.go``) of 4.3, 5.4 and 5.8. A field that
is not here is one that Podman drops without a word, so that a warning names it. ``silent`` are those without a meaning
on a single host, which no warning is worth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...compose.problems import Path, written
from ...compose.reading.scalars import Date
from ...dataclass import dataclass
from .reading import Found, Object

MOST_REPLICAS = 100
Check = Callable[[Any], str]  # gives what it should be, '' where it is that


@dataclass(frozen=True)
class Fields:
    """A mapping with these fields, each with its shape: another one of these, a list of one shape, or a check."""

    known: Mapping[str, Any]
    required: tuple[str, ...] = ()
    silent: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Values:
    """A mapping with any keys, and values of one shape."""

    of: Any


def _text(value: Any) -> str:
    return "" if isinstance(value, str) and not isinstance(value, Date) else "a text: put it into quotes"


def _whole(value: Any) -> str:
    return "" if isinstance(value, int) and not isinstance(value, bool) else "a whole number, without quotes"


def _replicas(value: Any) -> str:
    return "" if not _whole(value) and 0 <= value <= MOST_REPLICAS else f"a whole number from 0 to {MOST_REPLICAS}"


def _port(value: Any) -> str:
    return "" if not _whole(value) and 0 <= value <= 65535 else "a port from 1 to 65535"


def _flag(value: Any) -> str:
    return "" if isinstance(value, bool) else "true or false"


def _whole_or_text(value: Any) -> str:
    return "" if not _whole(value) or not _text(value) else "a whole number or a text"


def _quantity(value: Any) -> str:
    fits = isinstance(value, (int, float, str)) and not isinstance(value, (bool, Date))
    return "" if fits else "a quantity such as 500m or 128Mi"


def _choice(*words: str) -> Check:
    return lambda value: "" if value in words else f"one of {', '.join(words)}"


_METADATA = Fields(
    {"name": _text, "labels": Values(_text), "annotations": Values(_text)},
    silent=frozenset(
        {"namespace", "creationTimestamp", "uid", "resourceVersion", "generation", "managedFields", "selfLink"}
        | {"generateName", "ownerReferences", "finalizers"}
    ),
)  # fmt: skip
_KEY = Fields({"name": _text, "key": _text, "optional": _flag}, ("name", "key"))
_REF = Fields({"name": _text, "optional": _flag}, ("name",))
_ENV = Fields(
    {
        "name": _text, "value": _text,
        "valueFrom": Fields({
            "configMapKeyRef": _KEY, "secretKeyRef": _KEY,
            "fieldRef": Fields({"fieldPath": _text}, ("fieldPath",), frozenset({"apiVersion"})),
            "resourceFieldRef": Fields({"resource": _text, "divisor": _quantity, "containerName": _text}),
        }),
    },
    ("name",),
)  # fmt: skip
_ITEMS = [Fields({"key": _text, "path": _text}, ("key", "path"))]
_HTTP = Fields({"path": _text, "port": _whole_or_text, "host": _text, "scheme": _text}, ("port",))
_PROBE = Fields(
    {
        "exec": Fields({"command": [_text]}), "httpGet": _HTTP,
        "tcpSocket": Fields({"port": _whole_or_text, "host": _text}, ("port",)),
        **dict.fromkeys(("initialDelaySeconds", "periodSeconds", "timeoutSeconds", "failureThreshold"), _whole),
        "successThreshold": _whole,
    },
)  # fmt: skip
_SELINUX = Fields(dict.fromkeys(("user", "role", "type", "level", "filetype"), _text))
_CONTAINER = Fields(
    {
        "name": _text, "image": _text, "imagePullPolicy": _choice("Always", "IfNotPresent", "Never"),
        "command": [_text], "args": [_text], "workingDir": _text, "env": [_ENV], "tty": _flag,
        "envFrom": [Fields({"configMapRef": _REF, "secretRef": _REF, "prefix": _text})],
        "ports": [
            Fields({"containerPort": _port, "hostPort": _port, "hostIP": _text, "name": _text,
                    "protocol": _choice("TCP", "UDP", "SCTP")}, ("containerPort",))
        ],
        "resources": Fields({"limits": Values(_quantity), "requests": Values(_quantity)}),
        "volumeMounts": [
            Fields({"name": _text, "mountPath": _text, "readOnly": _flag, "subPath": _text,
                    "mountPropagation": _choice("None", "HostToContainer", "Bidirectional")}, ("name", "mountPath"))
        ],
        "livenessProbe": _PROBE, "startupProbe": _PROBE, "lifecycle": Fields({"stopSignal": _text}),
        "securityContext": Fields({
            **dict.fromkeys(("readOnlyRootFilesystem", "privileged", "allowPrivilegeEscalation"), _flag),
            "runAsUser": _whole, "runAsGroup": _whole, "procMount": _text, "seLinuxOptions": _SELINUX,
            "capabilities": Fields({"add": [_text], "drop": [_text]}),
        }),
    },
    ("name", "image"),
    frozenset({"terminationMessagePath", "terminationMessagePolicy"}),
)  # fmt: skip
_VOLUME_SOURCES = {
    "hostPath": Fields({"path": _text, "type": _text}, ("path",)),
    "persistentVolumeClaim": Fields({"claimName": _text}, ("claimName",), frozenset({"readOnly"})),
    "configMap": Fields({"name": _text, "items": _ITEMS, "optional": _flag, "defaultMode": _whole}, ("name",)),
    "secret": Fields({"secretName": _text, "items": _ITEMS, "optional": _flag, "defaultMode": _whole}, ("secretName",)),
    "emptyDir": Fields({"medium": _text}),
    "image": Fields({"reference": _text, "pullPolicy": _choice("Always", "IfNotPresent", "Never")}, ("reference",)),
}
SOURCES = tuple(_VOLUME_SOURCES)
POD_SPEC = Fields(
    {
        "containers": [_CONTAINER], "initContainers": [_CONTAINER],
        "volumes": [Fields({"name": _text, **_VOLUME_SOURCES}, ("name",))],
        "restartPolicy": _choice("Always", "OnFailure", "Never"), "hostname": _text,
        **dict.fromkeys(("hostNetwork", "hostPID", "hostIPC", "hostUsers", "shareProcessNamespace"), _flag),
        "hostAliases": [Fields({"ip": _text, "hostnames": [_text]}, ("ip",))],
        "dnsConfig": Fields({"nameservers": [_text], "searches": [_text],
                             "options": [Fields({"name": _text, "value": _text}, ("name",))]}),
        "securityContext": Fields({
            "seLinuxOptions": _SELINUX, "runAsUser": _whole, "runAsGroup": _whole, "supplementalGroups": [_whole],
            "sysctls": [Fields({"name": _text, "value": _text}, ("name", "value"))],
        }),
        "terminationGracePeriodSeconds": _whole,
    },
    ("containers",),
    frozenset(
        {"affinity", "automountServiceAccountToken", "dnsPolicy", "enableServiceLinks", "nodeName", "nodeSelector"}
        | {"preemptionPolicy", "priority", "priorityClassName", "schedulerName", "serviceAccount"}
        | {"serviceAccountName", "tolerations", "topologySpreadConstraints"}
    ),
)  # fmt: skip
_TEMPLATE = Fields({"metadata": _METADATA, "spec": POD_SPEC}, ("spec",))
_TOP = frozenset({"apiVersion", "kind", "status"})
_ROLLING = frozenset(
    {"minReadySeconds", "progressDeadlineSeconds", "revisionHistoryLimit", "selector", "strategy", "updateStrategy"}
)


def _object(**fields: Any) -> Fields:
    required = ("metadata", "spec") if "spec" in fields else ("metadata",)
    return Fields({"metadata": _METADATA, **fields}, required, _TOP)


OBJECTS: Mapping[str, Fields] = {
    "Pod": Fields({"metadata": _METADATA, "spec": POD_SPEC}, ("spec",), _TOP),
    "Deployment": _object(spec=Fields({"replicas": _replicas, "template": _TEMPLATE}, ("template",), _ROLLING)),
    "DaemonSet": _object(spec=Fields({"template": _TEMPLATE}, ("template",), _ROLLING)),
    "Job": _object(spec=Fields({"template": _TEMPLATE}, ("template",), frozenset({"manualSelector", "selector"}))),
    "ConfigMap": _object(data=Values(_text), binaryData=Values(_text), immutable=_flag),
    "Secret": _object(data=Values(_text), stringData=Values(_text), type=_text, immutable=_flag),
    # What is asked for of the size and of the kind of storage means nothing to a volume of Podman's.
    "PersistentVolumeClaim": Fields({"metadata": _METADATA}, ("metadata",), _TOP | {"spec"}),
}


def check(one: Object, found: Found) -> None:
    """Note every field of an object that has another type than it should, or is missing, and in one warning those that
    Podman takes no notice of.
    """
    ignored: list[str] = []
    _check(one, one.body, OBJECTS[one.kind], (), found, ignored)
    if ignored:
        found.warnings.append(f"{one.place()}: Podman takes no notice of {', '.join(ignored)}.")


def _check(one: Object, value: Any, shape: Any, path: Path, found: Found, ignored: list[str]) -> None:
    if isinstance(shape, Fields):
        _fields(one, value, shape, path, found, ignored)
    elif isinstance(shape, Values):
        if _is(one, value, dict, "a mapping", path, found):
            for key, item in value.items():
                _check(one, item, shape.of, (*path, key), found, ignored)
    elif isinstance(shape, list):
        if _is(one, value, list, "a list", path, found):
            for index, item in enumerate(value):
                _check(one, item, shape[0], (*path, index), found, ignored)
    elif wanted := shape(value):
        found.add(one, path, f"is not {wanted}.")


def _is(one: Object, value: Any, kind: type, words: str, path: Path, found: Found) -> bool:
    if not isinstance(value, kind):
        found.add(one, path, f"is not {words}.", "Look at its indentation, and at the dashes of lists.")
        return False
    return True


def _fields(one: Object, value: Any, shape: Fields, path: Path, found: Found, ignored: list[str]) -> None:
    if not _is(one, value, dict, "a mapping", path, found):
        return
    for key in shape.required:
        if value.get(key) in (None, "", []):
            found.add(one, (*path, key), "is missing.", "Podman can't do without it.")
    for key, item in value.items():
        if key in shape.known:
            _check(one, item, shape.known[key], (*path, key), found, ignored)
        elif key not in shape.silent:
            ignored.append(written((*path, key)))
