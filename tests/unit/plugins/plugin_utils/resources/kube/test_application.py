# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a YAML to what is played and compared, and what is refused or warned of."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOptions
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.kube.application import (
    Application,
    application,
    secret_values,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.kube.options import ARGUMENT_SPEC, parse

NEW, OLD = Engine("podman", (5, 4, 2)), Engine("podman", (4, 3, 1))
GIVEN = {name: rule.get("default") for name, rule in ARGUMENT_SPEC.items()}
POD = """
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  containers:
  - {name: main, image: "localhost/app:1", command: [sh, -c], args: [run], %s}
  %s
"""
DATA = """
---
kind: ConfigMap
metadata: {name: conf}
data: {MODE: fast, b.txt: hello}
---
kind: Secret
metadata: {name: key}
data: {token: aHVudGVyMg==}
stringData: {other: swordfish}
"""


def made(
    text: str, engine: Engine = NEW, config_maps: list[tuple[str, str]] | None = None, **given: Any
) -> Application:
    return application(parse({**GIVEN, "content": text, **given}, ("app.yml", text), config_maps or []), engine)


def pod(container: str = "tty: false", rest: str = "", engine: Engine = NEW, **given: Any) -> Any:
    return made(POD % (container, rest) + DATA, engine, **given).pods[0]


def of_kind(kind: str, replicas: str = "", annotations: str = "{}") -> str:
    spec = "{spec: {containers: [{name: c, image: app}]}, metadata: {labels: {a: b}, annotations: {x: template}}}"
    return f"kind: {kind}\nmetadata: {{name: w, annotations: {annotations}}}\nspec:\n  {replicas}\n  template: {spec}"


def test_a_pod_is_played_with_its_variables_and_what_it_is_compared_by() -> None:
    env = (
        "envFrom: [{configMapRef: {name: conf}, prefix: P_}], env: [{name: A, value: b}, {name: A, value: c}, "
        "{name: T, valueFrom: {secretKeyRef: {name: key, key: token}}}, "
        "{name: M, valueFrom: {configMapKeyRef: {name: conf, key: MODE}}}, "
        "{name: NONE, valueFrom: {configMapKeyRef: {name: conf, key: gone, optional: true}}}, "
        "{name: N, valueFrom: {fieldRef: {fieldPath: metadata.name}}}, {name: DB_PASSWORD, value: open}], "
        "ports: [{containerPort: 80, name: http}, {containerPort: 81, hostPort: 8081, hostIP: 127.0.0.1}], "
        "livenessProbe: {httpGet: {port: http}}"
    )
    found = pod(env)
    (container,) = found.body["spec"]["containers"]
    values = {one["name"]: one.get("value") for one in container["env"]}
    assert values == {
        "P_MODE": "fast", "P_b.txt": "hello", "A": "c", "M": "fast", "DB_PASSWORD": "open", "T": "hunter2", "N": None,
    }  # fmt: skip
    assert "envFrom" not in container and container["imagePullPolicy"] == "IfNotPresent"
    assert container["ports"] == [{"containerPort": 81, "hostPort": 8081, "hostIP": "127.0.0.1"}]
    assert container["livenessProbe"]["httpGet"]["port"] == 80
    (seen,) = found.containers
    assert (seen.name, seen.hidden, found.ports) == ("web-main", {"T", "DB_PASSWORD"}, {"81/tcp": ["127.0.0.1:8081"]})
    assert "hunter2" not in json.dumps(found.parts) and "open" not in json.dumps(found.parts)
    assert b"hunter2" in found.hidden and b"open" in found.hidden
    assert found.images == {"localhost/app:1": "IfNotPresent"}


def test_files_of_config_maps_and_secrets_are_played_alike() -> None:
    volumes = (
        "volumes: [{name: c, configMap: {name: conf, items: [{key: b.txt, path: x}]}}, "
        "{name: s, secret: {secretName: key, defaultMode: 256}}, {name: e, emptyDir: {}}, "
        "{name: h, secret: {secretName: on-host}}, {name: o, configMap: {name: gone, optional: true}}, "
        "{name: p, persistentVolumeClaim: {claimName: data}}]"
    )
    found = pod("volumeMounts: [{name: e, mountPath: /e}, {name: c, mountPath: /c}]", volumes)
    sources = {one["name"]: one for one in found.body["spec"]["volumes"]}
    assert sources["c"]["configMap"] == {"name": "conf"}
    assert sources["s"]["configMap"] == {"name": "key", "defaultMode": 256}
    assert sources["h"]["secret"] == {"optional": False, "secretName": "on-host"} and found.secrets == ("on-host",)
    assert sources["o"]["configMap"]["optional"] and "web-e" in sources  # no other pod's
    mounts = found.body["spec"]["containers"][0]["volumeMounts"]
    assert mounts == [{"name": "web-e", "mountPath": "/e"}, {"name": "c", "mountPath": "/c"}]
    played = {one["metadata"]["name"]: one["binaryData"] for one in found.config_maps}
    assert base64.b64decode(played["conf"]["x"]) == b"hello" and list(played["conf"]) == ["x"]
    assert base64.b64decode(played["key"]["other"]) == b"swordfish"
    assert found.files == ("conf", "key") and found.claims == ("data",)
    assert b"aHVudGVyMg==" in found.hidden and "aHVudGVyMg" not in json.dumps(found.parts)


def test_secrets_are_kept_as_podman_keeps_them_and_known_to_be_hidden() -> None:
    found = made(POD % ("env: [{name: API_KEY, value: k1}]", "") + DATA)
    assert b"aHVudGVyMg==" in found.secrets["key"] and b"stringData" not in found.secrets["key"]
    assert "aHVudGVyMg==" not in repr(found)
    options = parse({**GIVEN}, ("x", POD % ("env: [{name: API_KEY, value: k1}]", "") + DATA), [])
    assert {"hunter2", "aHVudGVyMg==", "swordfish", "k1"} <= {*secret_values(options.objects)}


@pytest.mark.parametrize(
    ("kind", "replicas", "engine", "names"),
    [
        ("Deployment", "", NEW, ["w-pod"]), ("Deployment", "replicas: 3", NEW, ["w-pod"]),
        ("Deployment", "replicas: 0", NEW, []), ("DaemonSet", "", NEW, ["w-pod"]), ("Job", "", NEW, ["w-pod"]),
        ("Deployment", "replicas: 2", OLD, ["w-pod-0", "w-pod-1"]), ("Job", "", OLD, ["w-pod"]),
    ],
)  # fmt: skip
def test_workloads_become_pods_called_as_this_podman_calls_them(
    kind: str, replicas: str, engine: Engine, names: list[str]
) -> None:
    found = made(of_kind(kind, replicas, "{x: own}"), engine, annotations={"y": "z"})
    assert [pod.name for pod in found.pods] == names and found.owners == (f"{kind} w",)
    assert all(pod.of == f"{kind} w" for pod in found.pods)
    if names:
        metadata = found.pods[0].body["metadata"]
        assert metadata == {"name": names[0], "labels": {"a": "b"}, "annotations": {"x": "own", "y": "z"}}
    assert bool(found.warnings) == ("3" in replicas)


REFUSED: list[tuple[str, str, str]] = [
    ("", "kind: Service\nmetadata: {name: x}", "app.yml:1: Service x: kind Podman does not play a Service"),
    ("", "metadata: {name: x}", "kind is missing"),
    ("", "kind: Pod\nspec: {containers: []}", "metadata.name is missing"),
    ("", "kind: Pod\nmetadata: {name: x}\nspec: {containers: []}", "spec.containers is missing"),
    ("", "kind: Pod\nmetadata: {name: x}\n", "spec is missing"),
    ("", "kind: Deployment\nmetadata: {name: x}\n", "spec is missing"),
    ("", "kind: DaemonSet\nmetadata: {name: x}\n", "spec is missing"),
    ("", "kind: Job\nmetadata: {name: x}\n", "spec is missing"),
    ("", "- a\n", "is no object"),
    ("", "a: [", "is no YAML"),
    ("", "kind: Pod\nkind: Pod", "stands in line 1 already"),
    ("", of_kind("Pod").replace("template", "x") + "\n---\n" + of_kind("Pod"), "is there twice, also at app.yml:1"),
    ("", of_kind("Deployment", "replicas: many"), "app.yml:4: Deployment w: spec.replicas is not a whole number"),
    ("", of_kind("Deployment", "replicas: 1000000000"), "is not a whole number from 0 to 100"),
    ("", of_kind("Deployment") + "\n---\n" + of_kind("Job"), "makes the pod w-pod, as Deployment w does"),
    ("image: 7", "", "the key 'image' stands"),
    ("env: [{name: A, value: 8080}]", "", "spec.containers[0].env[0].value is not a text: put it into quotes"),
    ("env: [{name: A, value: 2026-01-01}]", "", "env[0].value is not a text"),
    ("env: [{name: A, valueFrom: {configMapKeyRef: {name: conf, key: no}}}]", "", "ConfigMap conf has no 'no'"),
    ("env: [{name: A, valueFrom: {configMapKeyRef: {name: no, key: no}}}]", "", "there is no ConfigMap no"),
    ("env: [{name: A, valueFrom: {secretKeyRef: {name: key, key: no}}}]", "", "Secret key has no 'no'"),
    ("volumeMounts: [{name: x, mountPath: /x}]", "", "there is no volume 'x'"),
    ("tty: false", "volumes: [{name: x, nfs: {server: a}}]", "has no source that Podman has"),
    ("tty: false", "volumes: [{name: x, configMap: {name: conf, items: [{key: MODE, path: a/b}]}}]", "the file 'a/b'"),
    ("tty: false", "volumes: [{name: x, configMap: {name: conf, items: [{key: MODE, path: ..}]}}]", "the file '..'"),
    ("ports: [{containerPort: 1, hostPort: 70000}]", "", "is not a port from 1"),
    ("ports: [{containerPort: 1, hostPort: 80}, {containerPort: 2, hostPort: 80}]", "", "80 is taken already"),
    ("livenessProbe: {tcpSocket: {port: http}}", "", "no port is called 'http'"),
    ("imagePullPolicy: Sometimes", "", "is not one of Always, IfNotPresent, Never"),
    ("tty: false", "initContainers: [{name: main, image: x}]", "is that of another container"),
]


@pytest.mark.parametrize(("container", "rest", "said"), REFUSED)
def test_what_is_wrong_is_told_with_its_place(container: str, rest: str, said: str) -> None:
    text = POD % (container, rest) + DATA if container else rest
    with pytest.raises(InvalidOptions) as caught:
        made(text)
    assert said in str(caught.value), str(caught.value)
    assert "hunter2" not in str(caught.value) and "aHVudGVyMg" not in str(caught.value)


def test_wrong_base64_does_not_show_the_value() -> None:
    with pytest.raises(InvalidOptions) as caught:
        made("kind: Secret\nmetadata: {name: key}\ndata: {token: 'hunter2!'}")
    assert "data.token is no base64. Write it as text into stringData" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_what_podman_takes_no_notice_of_is_told_once() -> None:
    found = made(POD % ("readinessProbe: {exec: {command: [x]}}, stdin: true", "nodeName: x") + DATA)
    (warning,) = found.warnings
    assert warning == (
        "app.yml:3: Pod web: Podman takes no notice of spec.containers[0].readinessProbe, spec.containers[0].stdin."
    )


def test_what_one_version_lacks_is_told_or_refused() -> None:
    both = POD % ("startupProbe: {exec: {command: [x]}}", "hostPID: true")
    assert made(both + DATA, NEW).warnings == ()
    startup, host_pid = made(both + DATA, OLD).warnings
    assert startup == "app.yml:7: Pod web: spec.containers[0].startupProbe: Podman 4.3.1 takes no notice of it."
    assert "spec.hostPID: Podman 4.3.1" in host_pid
    mounted = POD % ("volumeMounts: [{name: d, mountPath: /d, subPath: a}]", "volumes: [{name: d, emptyDir: {}}]")
    assert made(mounted, NEW).pods
    with pytest.raises(InvalidOptions, match=r"subPath is not supported by Podman 4\.3\.1"):
        made(mounted, OLD)


def test_files_in_one_volume_of_podmans_are_refused() -> None:
    same = "---\nkind: Secret\nmetadata: {name: conf}\nstringData: {a: b}\n"
    with pytest.raises(InvalidOptions, match="which a ConfigMap and a Secret are called"):
        made(POD % ("tty: false", "volumes: [{name: c, configMap: {name: conf}}]") + DATA + same)
    claim = "---\nkind: PersistentVolumeClaim\nmetadata: {name: conf}\n"
    with pytest.raises(InvalidOptions, match="as a PersistentVolumeClaim is called"):
        made(POD % ("tty: false", "volumes: [{name: c, configMap: {name: conf}}]") + DATA + claim)
    two = "volumes: [{name: c, configMap: {name: conf}}, {name: d, configMap: {name: conf, items: []}}]"
    with pytest.raises(InvalidOptions, match="makes other files of conf"):
        made(POD % ("tty: false", two) + DATA)


def test_ports_of_two_pods_that_exclude_each_other() -> None:
    ports = "ports: [{containerPort: 1, hostPort: 80, hostIP: %s}]"
    one, other = (POD % (ports % address, "") for address in ("127.0.0.1", "192.0.2.1"))
    assert len(made(one + "---" + other.replace("name: web", "name: web2")).pods) == 2
    with pytest.raises(InvalidOptions, match=r"hostPort 80 is taken already: app.yml:7: Pod web"):
        made(one + "---" + one.replace("name: web", "name: web2"))


def test_config_maps_of_their_own_and_lists() -> None:
    item = "{kind: Pod, metadata: {name: a}, spec: {containers: [{name: c, image: i, envFrom: [%s]}]}}"
    text = f"kind: List\nitems:\n- {item % '{configMapRef: {name: more}}'}\n"
    more = "kind: ConfigMap\nmetadata: {name: more}\ndata: {A: b}"
    (found,) = made(text, NEW, [("more.yml", more)]).pods
    assert found.containers[0].env == {"A": "b"}
    with pytest.raises(InvalidOptions, match="the ConfigMap more is in the YAML, too"):
        made(f"{text}---\n{more}", NEW, [("more.yml", more)])
    with pytest.raises(InvalidOptions, match="kind is not ConfigMap"):
        made(text, NEW, [("more.yml", text)])
    with pytest.raises(InvalidOptions, match="there is nothing to play in it but ConfigMaps"):
        made(more)


def test_a_label_of_ours_and_options_that_change_what_is_compared() -> None:
    assert pod().parts != pod(networks=["a"]).parts and pod(networks=["a"]).parts["options"] == {"networks": ["a"]}
    with pytest.raises(InvalidOptions, match="stand by themselves"):
        pod(networks=["host", "a"])
    with pytest.raises(InvalidOptions, match="with state: absent only"):
        pod(remove_volumes=True)


def test_what_is_to_go_need_not_be_whole() -> None:
    text = POD % ("envFrom: [{configMapRef: {name: gone}}]", "volumes: [{name: g, configMap: {name: gone}}]")
    with pytest.raises(InvalidOptions, match="there is no ConfigMap gone"):
        made(text)
    assert made(text, state="absent").files == {"gone": "ConfigMap"}


def test_the_last_of_one_name_counts_wherever_it_comes_from() -> None:
    late = "{name: other, valueFrom: {configMapKeyRef: {name: conf, key: MODE}}}, {name: token, value: plain}"
    (seen,) = pod(f"envFrom: [{{secretRef: {{name: key}}}}], env: [{late}]").containers
    assert seen.env == {"other": "fast", "token": "plain"} and seen.hidden == {"token"}  # by its name
