# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a YAML and what is on the host to the steps between them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.kube.application import (
    Application,
    application,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.kube.comparison import Seen
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.kube.label import KUBE_LABEL, label
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.kube.options import (
    ARGUMENT_SPEC,
    Options,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.kube.plan import (
    FILES_LABEL,
    Observed,
    plan,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.pod.members import members
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.secret import digest
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.secret.plan import DIGEST_LABEL
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.plan import Plan

ENGINE = Engine("podman", (5, 4, 2))
GIVEN = {name: rule.get("default") for name, rule in ARGUMENT_SPEC.items()}
TEXT = """
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      restartPolicy: Always
      initContainers: [{name: first, image: app, command: [setup]}]
      containers:
      - name: main
        image: app
        command: [serve]
        args: [-v]
        env: [{name: MODE, value: fast}, {name: TOKEN, valueFrom: {secretKeyRef: {name: key, key: token}}}]
        ports: [{containerPort: 80, hostPort: 8080}]
        volumeMounts: [{name: pages, mountPath: /pages}]
      - {name: side, image: tool, args: [help], livenessProbe: {exec: {command: [look]}}}
      volumes: [{name: pages, configMap: {name: pages}}, {name: data, persistentVolumeClaim: {claimName: data}}]
---
kind: ConfigMap
metadata: {name: pages}
data: {index: hello}
---
kind: Secret
metadata: {name: key}
stringData: {token: hunter2}
---
kind: PersistentVolumeClaim
metadata: {name: data}
"""


def given(text: str = TEXT, **more: Any) -> Options:
    return parse({**GIVEN, "content": text, **more}, ("app.yml", text), [])


def wanted(options: Options, engine: Engine = ENGINE) -> Application:
    return application(options, engine)


def steps(options: Options, observed: Observed, engine: Engine = ENGINE) -> Plan:
    return plan(wanted(options, engine), options, observed, engine)


def inspect(text: str, **more: Any) -> dict[str, Any]:
    return {
        "Path": "serve", "Args": ["-v"], "Image": "sha256:1",
        "Config": {"Labels": {KUBE_LABEL: text}, "Image": "app", "Env": ["PATH=/bin", "MODE=fast", "TOKEN=hunter2"]},
        **more,
    }  # fmt: skip


def seen(text: str, states: tuple[str, ...] = ("running", "running", "running"), **more: Any) -> Seen:
    """The pod with the label of this text; its own container first, then main and side, with ``exited:0``."""
    names = ("infra", "web-pod-main", "web-pod-side", "stranger")
    listed = []
    for name, state in zip(names, states, strict=False):
        word, _colon, code = state.partition(":")
        listed.append({"Id": name, "Names": [name], "State": word, "ExitCode": int(code or 0), "IsInfra": not listed})
    ports = {"80/tcp": [{"HostIp": "", "HostPort": "8080"}]}
    pod = {"Id": "1", "Name": "web-pod", "Labels": {KUBE_LABEL: text} if text else {}, "CreateInfra": True,
           "InfraConfig": {"PortBindings": ports}, "Containers": []}  # fmt: skip
    inspects = {"web-pod-main": inspect(text), "web-pod-side": inspect(text, Path="entry", Args=["help"])}
    inspects["web-pod-side"]["Config"]["Env"] = []
    inspects["web-pod-side"]["Image"] = "sha256:2"
    return Seen(pod, members(listed), {**inspects, **more})


def text_of(options: Options) -> str:
    return label(wanted(options).pods[0])


SECRET_DATA = wanted(given()).secrets["key"]
IMAGES = {"app": "sha256:1", "tool": "sha256:2"}


def there(pod: Seen | None = None, **more: Any) -> Observed:
    secret = {"ID": "s", "Spec": {"Name": "key", "Labels": {DIGEST_LABEL: digest.label(SECRET_DATA)}}}
    volumes: dict[str, Any] = {"data": {"Name": "data"}, "pages": {"Name": "pages", "Labels": {FILES_LABEL: "true"}}}
    pods = {"web-pod": pod or seen(text_of(given()))}
    return Observed(**{"pods": pods, "secrets": {"key": secret}, "volumes": volumes, "images": IMAGES, **more})


def test_a_new_application_is_made_in_the_order_of_its_needs() -> None:
    planned = steps(given(), Observed(images={"app": "sha256:1"}))
    assert str(planned) == (
        "1. secret key: create (there is no such secret)\n"
        "2. volume data: create (there is no such volume), after 1\n"
        "3. image tool: pull (it is not there), after 2\n"
        "4. pod web-pod: create (there is no such pod), after 3"
    )
    args = planned.steps[-1].args
    config_map, pod = (json.loads(one) for one in bytes(args["documents"]).decode().split("\n---\n"))
    assert config_map["kind"] == "ConfigMap" and pod["metadata"]["name"] == "web-pod"
    assert json.loads(pod["metadata"]["labels"][KUBE_LABEL])["of"] == "Deployment web"
    assert args["query"] == {"start": "true"} and args["files"] == ("pages",) and not args["trial"]
    assert args["containers"] == ("web-pod-main", "web-pod-side")  # the other one goes when it has run
    assert "hunter2" not in repr(planned) and planned.diff()["after"]["pod web-pod"] == {"exists": True}


def test_what_is_as_it_should_be_is_left_alone() -> None:
    for state in ("started", "present"):
        planned = steps(given(state=state), there())
        assert not planned.changed and planned.diff() == {"before": {}, "after": {}}


def other(old: str, new: str) -> Options:
    assert old in TEXT
    return given(TEXT.replace(old, new))


# a change of the YAML, and what differs by it
CHANGES: list[tuple[str, str, list[str]]] = [
    ("args: [-v]", "args: [-q]", ["containers.main.command"]),
    ("value: fast", "value: slow", ["containers.main.env"]),
    ("hunter2", "swordfish", ["containers.main.env", "secrets"]),
    ("hostPort: 8080", "hostPort: 8081", ["published_ports"]),
    ("index: hello", "index: bye", ["configmaps.pages"]),
    ("command: [look]", "command: [see]", ["containers.side"]),
    ("restartPolicy: Always", "restartPolicy: Never", ["pod"]),
    ("command: [setup]", "command: [other]", ["containers.first"]),
    ("args: [help]", "args: [me]", ["containers.side.command"]),
]


@pytest.mark.parametrize(("old", "new", "differs"), CHANGES)
def test_a_change_of_the_yaml(old: str, new: str, differs: list[str]) -> None:
    planned = steps(other(old, new), there())
    told = [one.option.removeprefix("web-pod: ") for one in planned.found if not one.option.startswith("secret")]
    assert told == differs and planned.steps[-1].action == "recreate"
    assert "hunter2" not in str(planned.diff()) and "swordfish" not in str(planned.diff())
    args = planned.steps[-1].args
    assert args["identity"] == "1" and args["query"] == {"start": "true"}
    trial = json.loads(args["trial"])
    assert trial["metadata"]["name"].startswith("sshfleet-trial-") and KUBE_LABEL not in trial["metadata"]["labels"]
    assert [one["name"] for one in trial["spec"]["volumes"]] == ["data"]
    assert trial["spec"]["containers"][0]["volumeMounts"] == []


def test_changes_by_hand() -> None:
    text = text_of(given())
    whole = seen(text)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"web-pod-main": inspect("another")}, "containers.main"),
        ({"web-pod-main": inspect(text, Image="sha256:0")}, "containers.main.image"),
        ({"web-pod-main": inspect(text, Path="other")}, "containers.main.command"),
        ({"web-pod-main": inspect(text, Config={"Labels": {KUBE_LABEL: text}, "Env": ["MODE=fast"]})},
         "containers.main.env"),
    ]  # fmt: skip
    for change, differs in cases:
        planned = steps(given(), there(seen(text, **change)))
        assert [one.option for one in planned.found] == [f"web-pod: {differs}"], differs
        assert planned.steps[-1].action == "recreate" and "hunter2" not in str(planned.diff())
    gone = Seen(whole.pod, whole.members, {"web-pod-side": whole.inspects["web-pod-side"]})
    assert steps(given(), there(gone)).found[0].before == "missing"


def test_a_command_of_one_word_is_its_own_argument_for_podman() -> None:
    options = other("        args: [-v]\n", "")
    text = text_of(options)
    alone = inspect(text, Args=["serve"])
    assert not steps(options, there(seen(text, **{"web-pod-main": alone}))).changed
    assert steps(options, there(seen(text))).changed


def test_members_that_do_not_run() -> None:
    text = text_of(given())
    planned = steps(given(), there(seen(text, ("running", "exited:0", "running"))))
    assert [(step.action, step.shown) for step in planned.steps] == [("start", {"containers": ["web-pod-main"]})]
    whole = steps(given(), there(seen(text, ("exited", "exited:0", "exited:1"))))
    assert [(step.action, step.args["members"]) for step in whole.steps] == [("start", ())]
    job = other("restartPolicy: Always", "restartPolicy: Never")
    done = there(seen(text_of(job), ("exited", "exited:0", "exited:0")))
    assert not steps(job, done).changed
    failed = steps(job, there(seen(text_of(job), ("exited", "exited:0", "exited:1"))))
    assert failed.steps[0].shown == {"containers": ["web-pod-side"]}
    assert not steps(given(state="present"), there(seen(text, ("exited", "exited", "exited")))).changed
    paused = steps(given(), there(seen(text, ("paused", "paused", "paused"))))
    assert [step.action for step in paused.steps] == ["unpause"]


def test_stopped() -> None:
    text = text_of(given())
    assert steps(given(state="stopped"), Observed(images=IMAGES)).steps[-1].args["query"] == {"start": "false"}
    planned = steps(given(state="stopped"), there(seen(text, ("running", "running", "exited"))))
    assert [step.action for step in planned.steps] == ["stop"]
    assert [one.name for one in planned.steps[0].args["members"]] == ["web-pod-main", "infra"]
    assert not steps(given(state="stopped"), there(seen(text, ("exited", "exited", "exited")))).changed


def test_what_others_have_made_is_left_without_force() -> None:
    foreign = there(seen(""))
    for state in ("started", "absent"):
        with pytest.raises(InvalidOption, match="there is a pod web-pod on the host, which none of these"):
            steps(given(state=state), foreign)
    taken = steps(given(force=True), foreign)
    assert taken.steps[-1].reason == "somebody else has made it"
    secret = {"ID": "s", "Spec": {"Name": "key", "Labels": {}}}
    with pytest.raises(InvalidOption, match="there is a secret key on the host"):
        steps(given(), there(secrets={"key": secret}))
    volumes = {"pages": {"Name": "pages"}, "data": {"Name": "data"}}
    with pytest.raises(InvalidOption, match="would be written into the volume pages"):
        steps(given(recreate=True), there(volumes=volumes))
    assert not steps(given(), there(volumes=volumes)).changed  # nothing is written


def test_containers_that_others_have_put_into_a_pod() -> None:
    text = text_of(given())
    mixed = there(seen(text, ("running",) * 4, stranger=inspect("")))
    assert not steps(given(), mixed).changed
    with pytest.raises(EngineError, match="would not have what others have put into it: stranger"):
        steps(other("args: [-v]", "args: [-q]"), mixed)
    forced = steps(given(TEXT.replace("args: [-v]", "args: [-q]"), force=True), mixed)
    assert forced.steps[-1].shown == {"removed": ["stranger"]}


def test_images_are_pulled_before_the_pod_goes() -> None:
    always = TEXT.replace("args: [-v]", "args: [-q], imagePullPolicy: Always".replace(", ", "\n        ", 1))
    planned = steps(given(always), there())
    assert [str(step.resource) for step in planned.steps] == ["image app", "pod web-pod"]
    unchanged = TEXT.replace("args: [-v]", "args: [-v]\n        imagePullPolicy: Always")
    assert not steps(given(unchanged), there()).changed
    never = TEXT.replace("image: tool", "image: tool, imagePullPolicy: Never")
    assert [step.action for step in steps(given(never), Observed(images={"app": "1"})).steps].count("pull") == 0


def test_pods_that_the_workload_had_under_another_name_go() -> None:
    text = text_of(given())
    old = {"web-pod": seen(text), "web-pod-0": seen(text)}
    assert [str(step.resource) for step in steps(given(), there(pods=old)).steps] == ["pod web-pod-0"]


def test_absent() -> None:
    planned = steps(given(state="absent"), there())
    assert str(planned) == (
        "1. pod web-pod: remove (state is absent)\n"
        "2. volume pages: remove (it has the files of a ConfigMap), after 1\n"
        "3. secret key: remove (state is absent), after 2"
    )
    assert planned.steps[0].shown == {"removed": ["web-pod-main", "web-pod-side"]}
    data = steps(given(state="absent", remove_volumes=True), there())
    removed = [str(step.resource) for step in data.steps]
    assert removed == ["pod web-pod", "volume data", "volume pages", "secret key"]
    assert not steps(given(state="absent"), Observed()).changed
    foreign = {"key": {"ID": "s", "Spec": {"Name": "key", "Labels": {}}}}
    left = steps(given(state="absent"), there(secrets=foreign, volumes={"pages": {"Name": "pages"}}))
    assert [str(step.resource) for step in left.steps] == ["pod web-pod"]
