# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_kube and remote_kube_info on every Podman of the lab, and how Docker is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from engine_cases import IMAGE
from lab_hosts import Lab
from resource_world import World, beside_another
from tasks import through_ansible

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption

pytestmark = pytest.mark.newest

HIDDEN = "sw0rdfish-of-kube"
# With restartPolicy Always, Podman 4.3 takes 20 seconds until it goes on after an init container.
# It ends at once when it is told to. Podman 4.3 gives no PATH where the image sets none, as this one.
WAITS = """[/bin/sh, -c, "trap 'exit 1' TERM; sleep 600 & wait"]"""
MAIN = f"name: main, image: '{IMAGE}', command: {WAITS}"
WEB = f"""
kind: Deployment
metadata: {{name: rw-web}}
spec:
  template:
    metadata: {{labels: {{tier: front}}}}
    spec:
      restartPolicy: OnFailure
      initContainers: [{{name: first, image: '{IMAGE}', command: [/bin/sh, -c, 'echo made > /cache/made'],
                         volumeMounts: [{{name: cache, mountPath: /cache}}]}}]
      containers:
      - {MAIN.replace(", ", chr(10) + "        ", 2)}
        env:
        - {{name: TOKEN, valueFrom: {{secretKeyRef: {{name: rw-key, key: token}}}}}}
        - {{name: MODE, value: own}}
        envFrom: [{{configMapRef: {{name: rw-conf}}}}]
        ports: [{{containerPort: 80, hostPort: 18301, hostIP: 127.0.0.1}}, {{containerPort: 81}}]
        volumeMounts: [{{name: conf, mountPath: /conf}}, {{name: key, mountPath: /key}},
                       {{name: cache, mountPath: /cache}}, {{name: data, mountPath: /data}}]
      volumes: [{{name: conf, configMap: {{name: rw-conf}}}}, {{name: key, secret: {{secretName: rw-key}}}},
                {{name: cache, emptyDir: {{}}}}, {{name: data, persistentVolumeClaim: {{claimName: rw-data}}}}]
"""
DATA = f"""
---
kind: ConfigMap
metadata: {{name: rw-conf}}
data: {{MODE: fast, OTHER: b}}
---
kind: Secret
metadata: {{name: rw-key}}
stringData: {{token: {HIDDEN}}}
---
kind: PersistentVolumeClaim
metadata: {{name: rw-data, labels: {{made: here}}}}
"""
OTHER = f"""
---
kind: Pod
metadata: {{name: rw-other}}
spec: {{containers: [{{{MAIN}}}]}}
"""


# A network without names, whose server every removal would need.
BRIDGE = {"networks": ["bridge"]}


def actions(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(step["action"], step["object"]) for step in result["actions"]]


def web(world: World) -> str:
    return "rw-web-pod-0" if world.client.engine.numbers_deployments else "rw-web-pod"


def pod(container: str = MAIN, rest: str = "") -> str:
    return f"kind: Pod\nmetadata: {{name: rw-one}}\nspec: {{containers: [{{{container}}}] {rest}}}\n"


def pods(world: World) -> dict[str, str]:
    return {one["Name"]: one["Id"] for one in world.client.pods.list() if one["Name"].startswith(("rw-", "sshfleet"))}


@beside_another
def test_an_application_is_made_changed_and_taken_away(world: World) -> None:
    name, text = web(world), WEB + DATA + OTHER
    made = world.both("kube", **BRIDGE, content=text)
    assert actions(made) == [
        ("create", "secret rw-key"), ("create", "volume rw-data"), ("create", f"pod {name}"),
        ("create", "pod rw-other"),
    ]  # fmt: skip
    assert [(one["name"], one["state"], one["made_of"]) for one in made["pods"]] == [
        (name, "running", "Deployment rw-web"), ("rw-other", "running", "Pod rw-other"),
    ]  # fmt: skip
    (first, _other) = made["pods"]
    assert first["published_ports"] == {"80/tcp": ["127.0.0.1:18301"]} and first["labels"] == {"tier": "front"}
    assert first["networks"] == [world.client.engine.default_network]
    main = f"{name}-main"
    assert world.execute(main, "/bin/sh", "-c", "'echo $TOKEN $MODE $OTHER'").split() == [HIDDEN, "own", "b"]
    assert world.execute(main, "/bin/cat", "/conf/MODE", "/key/token", "/cache/made") == f"fast{HIDDEN}made\n"
    world.execute(main, "/bin/touch", "/data/kept")
    assert (world.client.volumes.inspect("rw-data") or {})["Labels"] == {"made": "here"}
    before = pods(world)

    settings = world.both("kube", **BRIDGE, content=text.replace("OTHER: b", "NEW: c"))
    assert actions(settings) == [("recreate", f"pod {name}")]
    assert {*settings["diff"]["after"]} == {
        f"pod {name}", f"{name}: configmaps.rw-conf", f"{name}: containers.main.env",
    }  # fmt: skip
    assert world.execute(main, "/bin/ls", "/conf", "/data").split() == ["/conf:", "MODE", "NEW", "/data:", "kept"]
    assert pods(world)["rw-other"] == before["rw-other"]

    changed = text.replace("OTHER: b", "NEW: c").replace(HIDDEN, "an0ther")
    secret = world.both("kube", **BRIDGE, content=changed)
    assert actions(secret) == [("recreate", "secret rw-key"), ("recreate", f"pod {name}")]
    assert world.execute(main, "/bin/cat", "/key/token") == "an0ther"
    for told in (made, settings, secret):
        assert HIDDEN not in str(told) and "an0ther" not in str(told)

    stopped = world.both("kube", **BRIDGE, content=changed, state="stopped")
    assert {one["state"] for one in stopped["pods"]} == {"exited"}
    started = world.both("kube", **BRIDGE, content=changed)
    assert actions(started) == [("start", f"pod {name}"), ("start", "pod rw-other")]

    gone = world.both("kube", **BRIDGE, content=changed, state="absent")
    assert gone["pods"] == [] and pods(world) == {} and world.client.secrets.inspect("rw-key") is None
    volumes = {one["Name"] for one in world.client.volumes.list() if one["Name"].startswith("rw-")}
    assert volumes == {"rw-data"}
    world.run("kube", **BRIDGE, content=changed, state="absent", remove_volumes=True)
    assert world.client.volumes.inspect("rw-data") is None


@beside_another
def test_what_is_changed_by_hand_is_found_and_what_has_ended_well_is_left(world: World) -> None:
    job = f"""
kind: Job
metadata: {{name: rw-job}}
spec:
  template: {{spec: {{restartPolicy: Never, containers: [{{name: main, image: '{IMAGE}', command: ["/bin/true"]}}]}}}}
"""
    text = pod(f"{MAIN}, env: [{{name: A, value: b}}]") + "---" + job
    world.run("kube", **BRIDGE, content=text)
    world.until(lambda: not (world.client.containers.inspect("rw-job-pod-main") or {})["State"]["Running"])
    assert not world.run("kube", **BRIDGE, content=text)["changed"]
    assert actions(world.run("kube", **BRIDGE, content=text, annotations={"a": "b"})) == [
        ("recreate", "pod rw-one"), ("recreate", "pod rw-job-pod"),
    ]  # fmt: skip
    world.until(lambda: not (world.client.containers.inspect("rw-job-pod-main") or {})["State"]["Running"])
    given: dict[str, Any] = {**BRIDGE, "content": text, "annotations": {"a": "b"}}
    world.client.containers.stop("rw-one-main", 0)
    assert actions(world.both("kube", **given)) == [("start", "pod rw-one")]
    world.client.containers.remove("rw-one-main", force=True)
    lost = world.both("kube", **given)
    assert (
        actions(lost) == [("recreate", "pod rw-one")] and lost["diff"]["before"]["rw-one: containers.main"] == "missing"
    )
    world.client.containers.remove("rw-one-main", force=True)
    world.lab.ssh(world.host, "podman", "run", "-d", "--pod", "rw-one", "--name", "rw-one-main", "--stop-timeout", "0",
                  IMAGE, "sleep", "600")  # fmt: skip
    assert actions(world.run("kube", **given)) == [("recreate", "pod rw-one")]
    world.lab.ssh(world.host, "podman", "run", "-d", "--pod", "rw-one", "--name", "rw-guest", "--stop-timeout", "0",
                  IMAGE, "sleep", "600")  # fmt: skip
    assert not world.run("kube", **given)["changed"]
    for check in (True, False):
        with pytest.raises(EngineError, match=r"others have put into it: rw-guest\. Nothing was changed"):
            world.run("kube", check, **BRIDGE, content=text)
    assert world.run("kube", **BRIDGE, content=text, force=True)["actions"][0]["removed"] == ["rw-guest"]


@beside_another
def test_what_others_have_made_and_what_is_refused_costs_nothing(world: World) -> None:
    text = pod(f"{MAIN}, ports: [{{containerPort: 80, hostPort: 18302}}]")
    world.lab.ssh(world.host, "podman", "kube", "play", "--network", "bridge", "-", input=text)
    for state in ("started", "absent"):
        with pytest.raises(InvalidOption, match="there is a pod rw-one on the host, which none"):
            world.run("kube", **BRIDGE, content=text, state=state)
    assert actions(world.run("kube", **BRIDGE, content=text, force=True)) == [("recreate", "pod rw-one")]
    assert not world.run("kube", **BRIDGE, content=text, force=True)["changed"]
    before = pods(world)
    with pytest.raises(EngineError, match=r"pod rw-one.*rw-none.*Nothing was changed.*hostPath"):
        mounting = f"{MAIN}, volumeMounts: [{{name: h, mountPath: /h}}]"
        missing = pod(mounting, ", volumes: [{name: h, hostPath: {path: /srv/rw-none}}]")
        world.run("kube", **BRIDGE, content=missing)
    with pytest.raises(InvalidOption, match=r"hostPort.*18302.*the container .* has this port"):
        world.run("kube", **BRIDGE, content=text.replace("rw-one", "rw-two"))
    assert (
        "has the port 18302"
        in world.run("kube", True, **BRIDGE, content=text.replace("rw-one", "rw-two"))["warnings"][0]
    )
    never = pod(f"{MAIN.replace(IMAGE, 'localhost/rw-none:1')}, imagePullPolicy: Never").replace("rw-one", "rw-two")
    with pytest.raises(InvalidOption, match=r"localhost/rw-none:1.*the host does not have it"):
        world.run("kube", **BRIDGE, content=never)
    with pytest.raises(EngineError, match=r"localhost/rw-none:1.*localhost is a registry on the host itself"):
        world.run("kube", **BRIDGE, content=never.replace("Never", "IfNotPresent"))
    assert pods(world) == before
    # The new pod is whole, and its container can't start: it stays, and the next run makes it anew.
    broken = text.replace("[/bin/sh,", "[/rw-none,")
    with pytest.raises(EngineError, match=r"rw-none.*The pod is made, and stays") as failed:
        world.run("kube", **BRIDGE, content=broken)
    assert failed.value.beside["changed"] and HIDDEN not in str(failed.value)
    assert actions(world.run("kube", **BRIDGE, content=text)) == [("recreate", "pod rw-one")]
    # What can't be made leaves nothing.
    wreck = pod(f"{MAIN}, securityContext: {{capabilities: {{add: [RW_NONE]}}}}")
    with pytest.raises(EngineError, match=r"There is no such pod now"):
        world.run("kube", **BRIDGE, content=wreck.replace("rw-one", "rw-two"))
    with pytest.raises(EngineError, match=r"Nothing was changed"):
        world.run("kube", **BRIDGE, content=wreck)
    assert {*pods(world)} == {"rw-one"}


@pytest.mark.pairs("both")
def test_through_ansible_with_check_diff_and_query(lab: Lab, tmp_path: Path) -> None:
    secret = f"---\nkind: Secret\nmetadata: {{name: rw-key}}\nstringData: {{token: {HIDDEN}}}\n"
    env = (
        "{name: TOKEN, valueFrom: {secretKeyRef: {name: rw-key, key: token}}}, "
        "{name: MODE, valueFrom: {configMapKeyRef: {name: c, key: m}}}"
    )
    (tmp_path / "app.yml").write_text(pod(f"{MAIN}, env: [{env}]") + secret)
    conf = {"kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"m": "fast"}}
    wanted = {"path": str(tmp_path / "app.yml"), "configmaps": [conf], "networks": ["none"]}
    other = {**wanted, "configmaps": ["kind: ConfigMap\nmetadata: {name: c}\ndata: {m: slow}\n"]}
    tasks: list[dict[str, Any]] = [
        {"remote_container": {"name": "rw-keeper", "image": IMAGE, "command": "sleep 600", "stop_timeout": 0}},
        {"remote_kube": wanted, "check_mode": True},
        {"remote_kube": wanted},
        {"remote_kube": wanted},
        {"remote_kube": other, "check_mode": True},
        {"remote_kube_info": {"name": ["rw-one", "rw-none"], "query": "objects[].kind"}},
        {"remote_kube": {"content": {"kind": "Service", "metadata": {"name": "x"}}}, "ignore_errors": True},
        {"remote_kube": {"path": wanted["path"]}, "ignore_errors": True},
        {"remote_kube": {"path": wanted["path"], "state": "absent"}},
        {"remote_container": {"name": "rw-keeper", "state": "absent"}},
    ]  # between the first and the last, as beside_another
    refused = [
        {"remote_kube": wanted, "ignore_errors": True},
        {"remote_kube_info": {"name": "a"}, "ignore_errors": True},
    ]
    told = through_ansible(lab, tmp_path, lambda engine: tasks if engine == "podman" else refused, diff=True)
    for (_host, engine), results in told.results.items():
        assert HIDDEN not in str(results)
        if engine == "docker":
            assert all("is for podman" in one["msg"] and "Docker plays no" in one["msg"] for one in results)
            continue
        said, done, again, differs, found, wrong, lacking, gone = results[1:-1]
        assert said["changed"] and said["diff"] == done["diff"] and not again["changed"]
        assert differs["diff"]["after"]["rw-one: containers.main.env"] == {"MODE": "slow"}
        assert (found["result"], found["missing"], found["masked"]) == (["Pod"], ["rw-none"], ["TOKEN"])
        assert "sshfleet.containers.kube" not in found["kube"] and "MODE" in found["kube"]
        assert "Podman does not play a Service" in wrong["msg"] and wrong["error"]["kind"] == "invalid_option"
        assert "there is no ConfigMap c" in lacking["msg"] and gone["changed"] and gone["pods"] == []
    assert HIDDEN not in told.said
