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

import pytest
import tls_registry
import yaml
from checkout import CHECKOUT
from lab_hosts import Lab
from samples import HOST, IMAGE, SHIPPED, sample
from tasks import run_tasks

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action import catalogue
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.module import BOTH_ENGINES

MODULES = sorted((CHECKOUT / "plugins" / "modules").glob("*.py"))
REMOVE = "podman ps -aq | xargs -r podman rm -f -v -t 0; docker ps -aq | xargs -r docker rm -f -v"
# The program of the examples' job.
SHOP = "printf '#!/bin/sh\\necho $MODE\\n' > /bin/shop; chmod 755 /bin/shop"
# What Ansible itself adds to a registered result, or every module may add to it.
COMMON = {"changed", "failed", "diff", "warnings", "error", "msg", "invocation"}
TYPES = {"dict": dict, "list": list, "str": str, "int": int, "bool": bool, "float": (float, int)}


def constant(path: Path, name: str) -> Any:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            return yaml.safe_load(ast.literal_eval(node.value))
    raise AssertionError(f"{path.name} has no {name}")


@pytest.fixture
def no_leftovers(lab: Lab) -> Iterator[None]:
    """All containers are removed again."""
    yield
    lab.ssh(HOST, "sh", "-s", input=REMOVE)


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


@pytest.fixture
def app(lab: Lab, path: Path, tmp_path: Path) -> None:
    """What the examples of modules that work inside of containers presuppose: a running one, and files."""
    if sample(path.stem).inside:
        (tmp_path / "files" / "site").mkdir(parents=True)
        (tmp_path / "files" / "site" / "index.html").write_text("hello")
        run = ["-d", "--name", "app", "--stop-timeout", "0", IMAGE, "sh", "-c", "'mkdir -p /tmp; exec sleep 600'"]
        lab.ssh(HOST, "podman", "run", *run)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
@pytest.mark.usefixtures("no_leftovers", "app")
def test_examples_run(lab: Lab, tmp_path: Path, path: Path, example_world: dict[str, str]) -> None:
    (tmp_path / "shop.env").write_text("MODE=migration\n")
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "Dockerfile").write_text(f"FROM {IMAGE}\nARG VERSION\nLABEL version=$VERSION\n")
    play = {"hosts": HOST, "gather_facts": False, "vars": example_world, "tasks": constant(path, "EXAMPLES")}
    done = lab.playbook([play], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not any(secret in done.stdout for secret in ("hunter2", tls_registry.PASSWORD))


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
    tasks = [{name: {**sample(name).call, "engine": request.param}} for name in names]
    yield dict(zip(names, run_tasks(session_lab, HOST, tasks, tmp_path_factory.mktemp("results")), strict=True))
    session_lab.ssh(HOST, "sh", "-s", input=REMOVE)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_results_are_as_documented(path: Path, results: dict[str, dict[str, Any]]) -> None:
    if path.stem not in results:
        assert set(catalogue.module(path.stem).engines) < set(BOTH_ENGINES)
        return
    result = results[path.stem]
    assert not result.get("failed"), json.dumps(result)
    returned = {key: value for key, value in result.items() if key not in COMMON}
    assert problems(constant(path, "RETURN"), returned, path.stem) == []
