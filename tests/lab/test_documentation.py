# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every module's EXAMPLES run as they stand, and its RETURN describes what really comes back."""

from __future__ import annotations

import ast
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fleet_snapshots
import pytest
import tls_registry
import yaml
from checkout import CHECKOUT
from lab_hosts import Lab
from samples import HOST, IMAGE, SHIPPED, sample
from tasks import run_tasks

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action import catalogue
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.module import BOTH_ENGINES

# The module that speaks with no host is tested in tests/package/test_moving.py.
MODULES = sorted((CHECKOUT / "plugins" / "modules").glob("remote_*.py"))
REMOVE = "podman ps -aq | xargs -r podman rm -f -v -t 0; docker ps -aq | xargs -r docker rm -f -v"
# The program of the examples' job.
SHOP = "printf '#!/bin/sh\\necho $MODE\\n' > /bin/shop; chmod 755 /bin/shop"
# What Ansible itself adds to a registered result, or every module may add to it.
COMMON = {"changed", "failed", "diff", "warnings", "error", "msg", "invocation"}
TYPES = {"dict": dict, "list": list, "str": str, "int": int, "bool": bool, "float": (float, int), "raw": object}


def constant(path: Path, name: str) -> Any:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            return yaml.safe_load(ast.literal_eval(node.value))
    raise AssertionError(f"{path.name} has no {name}")


@pytest.fixture(scope="module")
def example_world(session_lab: Lab) -> Iterator[dict[str, str]]:
    """What the examples presuppose on the host: their images (all of them busybox here), a network, a variable."""
    tasks = [task for path in MODULES for task in constant(path, "EXAMPLES")]
    arguments = [task.get("sshfleet.containers.remote_container") or {} for task in tasks]
    images = sorted({found["image"] for found in arguments if "image" in found})
    session_lab.ssh(HOST, "podman", "run", "--name", "example-base", "-i", IMAGE, "sh", "-s", input=SHOP)
    change = ["--quiet", "--change", "'CMD sleep 600'"]
    session_lab.ssh(HOST, "podman", "commit", *change, "example-base", images[0])
    for image in images[1:]:
        session_lab.ssh(HOST, "podman", "tag", images[0], image)
    session_lab.ssh(HOST, "podman", "network", "create", "backend")
    session_lab.ssh(HOST, "podman", "tag", images[0], SHIPPED)
    tls_registry.start(session_lab, HOST)
    yield {"vault_db_password": "hunter2", "vault_registry_password": tls_registry.PASSWORD}
    tls_registry.stop(session_lab, HOST)
    made = (SHIPPED, "shop/web:2", f"{tls_registry.NAME}/shop/web:2")
    for host, engine in itertools.product((HOST, "trixie1"), ("podman", "docker")):
        session_lab.ssh(host, engine, "rmi", "-f", *made, check=False)
    for engine, path in itertools.product(("podman", "docker"), MODULES):
        for removal in sample(path.stem).made:
            session_lab.ssh(HOST, engine, *removal, check=False)
    session_lab.ssh(HOST, "podman", "rm", "-f", "--ignore", "example-base")
    session_lab.ssh(HOST, "podman", "network", "rm", "-f", "backend")
    session_lab.ssh(HOST, "podman", "rmi", *images)
    session_lab.ssh(HOST, "podman", "volume", "prune", "-f")


# The file of the examples of remote_kube.
GREETING = f"""
{{kind: ConfigMap, metadata: {{name: greeting}}, data: {{index.html: Welcome}}}}
---
kind: Deployment
metadata: {{name: greeting}}
spec:
  template:
    spec:
      containers: [{{name: web, image: {IMAGE}, command: [/bin/sleep, '600'],
                    volumeMounts: [{{name: pages, mountPath: /www}}]}}]
      volumes: [{{name: pages, configMap: {{name: greeting}}}}]
"""
# What the examples of modules that work inside of containers presuppose: a running one.
APP = f"podman run -d --name app --stop-timeout 0 {IMAGE} sh -c 'mkdir -p /tmp; exec sleep 600'"


def examples(path: Path, variables: dict[str, str]) -> dict[str, Any]:
    """A play of a module's examples, which says at the end that they ran. All containers are removed again."""
    its = sample(path.stem)
    before = [{"ansible.builtin.raw": one} for one in (APP if its.inside else "", its.before) if one]
    after = {"ansible.builtin.debug": {"msg": ran(path)}}
    tried = {
        "block": [*before, *constant(path, "EXAMPLES"), after],
        "rescue": [{"ansible.builtin.debug": {"msg": "The next module's come all the same."}}],
        "always": [{"ansible.builtin.raw": REMOVE}],
    }
    return {"name": path.stem, "hosts": its.host, "gather_facts": False, "vars": variables, "tasks": [tried]}


def ran(path: Path) -> str:
    return f"All examples of {path.stem} ran."


@pytest.fixture(scope="module")
def said(session_lab: Lab, example_world: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The output of one run of every module's examples, beside the files that they presuppose."""
    folder = tmp_path_factory.mktemp("examples")
    (folder / "files" / "site").mkdir(parents=True)
    (folder / "files" / "site" / "index.html").write_text("hello")
    (folder / "slices").mkdir()
    for name in ("first", "second"):
        (folder / "slices" / f"{name}.json").write_text(
            json.dumps(fleet_snapshots.snapshot(fleet_snapshots.host(name)))
        )
    (folder / "shop.env").write_text("MODE=migration\n")
    (folder / "web").mkdir()
    (folder / "web" / "Dockerfile").write_text(f"FROM {IMAGE}\nARG VERSION\nLABEL version=$VERSION\n")
    (folder / "shop").mkdir()
    text = f"services: {{web: {{image: {IMAGE}, command: [sleep, '600'], stop_grace_period: 0s}}}}\n"
    (folder / "shop" / "compose.yml").write_text(text)
    (folder / "shop" / "compose.production.yml").write_text("services: {web: {environment: {TAG: '$TAG'}}}\n")
    (folder / "greeting.yml").write_text(GREETING)
    (folder / "compose.yml").write_text("services: {web: {image: 'shop/web:${TAG:-1}'}}\n")
    (folder / "compose.production.yml").write_text("services: {job: {image: shop/job, profiles: [production]}}\n")
    done = session_lab.playbook([examples(path, example_world) for path in MODULES], folder)
    return done.stdout + done.stderr


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_examples_run(said: str, path: Path) -> None:
    told = f'\n    "msg": "{ran(path)}"\n'  # a task that fails may show others
    assert told in said, said.partition(f"PLAY [{path.stem}]")[2].partition("\nPLAY ")[0] or said


def test_examples_show_no_secret(said: str) -> None:
    assert not any(secret in said for secret in ("hunter2", tls_registry.PASSWORD))


def problems(described: dict[str, Any], value: dict[str, Any], where: str) -> list[str]:
    """Keys that came and are not described, or were promised and did not come, or have another type."""
    found = [f"{where}.{key} is not described" for key in value if key not in described]
    for key, text in described.items():
        if key not in value:
            if text.get("returned", "success") in ("success", "always"):
                found.append(f"{where}.{key} did not come")
            continue
        found += mismatch(text, value[key], f"{where}.{key}")
    return found


def mismatch(text: dict[str, Any], value: Any, where: str) -> list[str]:
    if value is None:
        return []  # a fact that an engine does not know
    if not isinstance(value, TYPES[text["type"]]):
        return [f"{where} is {type(value).__name__}, described as {text['type']}"]
    if "contains" not in text:
        return []
    values = value if isinstance(value, list) else [value]
    return [problem for item in values for problem in problems(text["contains"], item, where)]


@pytest.fixture(scope="module", params=["podman", "docker"])
def results(
    request: pytest.FixtureRequest, session_lab: Lab, example_world: dict[str, str], tmp_path_factory: Any
) -> Iterator[dict[str, dict[str, Any]]]:
    """What every module that the engine has gives, by its name; all of them in one play."""
    names = [name for name in catalogue.MODULES if request.param in catalogue.module(name).engines]
    found: dict[str, dict[str, Any]] = {}
    for host in sorted({sample(name).host for name in names}):
        here = [name for name in names if sample(name).host == host]
        tasks = [{name: {**sample(name).call, "engine": request.param}} for name in here]
        results = run_tasks(session_lab, host, tasks, tmp_path_factory.mktemp("results"))
        found |= dict(zip(here, results, strict=True))
        session_lab.ssh(host, "sh", "-s", input="\n".join([*(sample(name).after for name in here), REMOVE]))
    yield found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_results_are_as_documented(path: Path, results: dict[str, dict[str, Any]]) -> None:
    if path.stem not in results:
        assert set(catalogue.module(path.stem).engines) < set(BOTH_ENGINES)
        return
    result = results[path.stem]
    assert not result.get("failed"), json.dumps(result)
    returned = {key: value for key, value in result.items() if key not in COMMON}
    assert problems(constant(path, "RETURN"), returned, path.stem) == []
