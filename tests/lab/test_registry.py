# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logging in, pulling and pushing at a registry with TLS and a user of its own, through Ansible, on every engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import tls_registry
from engine_cases import ENGINES, IMAGE, MAKE_IMAGE
from lab_hosts import Lab
from tasks import run_tasks
from tls_registry import NAME, PASSWORD, USER

HOSTS = ("bookworm1", "trixie1")
LOGIN = {"registry_url": f"https://{NAME}/v2/", "username": USER, "password": PASSWORD}
WRONG = "hunter2-is-not-it"
GIVEN = {"registry_username": USER, "registry_password": PASSWORD}


@pytest.fixture(scope="module")
def registry(session_lab: Lab) -> Iterator[None]:
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda host: session_lab.ssh(host, "sh", "-s", input=MAKE_IMAGE), HOSTS))
        list(pool.map(lambda host: tls_registry.start(session_lab, host), HOSTS))
        yield
        list(pool.map(lambda host: tls_registry.stop(session_lab, host), HOSTS))


class Registry:
    """One engine with its own part of the registry."""

    def __init__(self, lab: Lab, host: str, engine: str, tmp_path: Path) -> None:
        self.lab, self.host, self.engine, self._tmp_path = lab, host, engine, tmp_path
        self.ref = f"{NAME}/{engine}/app:1"
        self.docker = engine == "docker"

    def play(self, *tasks: dict[str, Any]) -> list[dict[str, Any]]:
        """The results of tasks; none of them shows a password, at any verbosity."""
        given = []
        for task in tasks:
            ((module, params),) = ((key, value) for key, value in task.items() if key.startswith("remote_"))
            given.append({**task, module: {"engine": self.engine, **params}})
        results = run_tasks(self.lab, self.host, given, self._tmp_path, "-vvv")
        assert not any(secret in json.dumps(results) for secret in (PASSWORD, WRONG))
        return results

    def clear(self) -> None:
        self.lab.ssh(self.host, self.engine, "rmi", "--force", self.ref, check=False)


@pytest.fixture(params=ENGINES, ids="-".join)
def there(request: pytest.FixtureRequest, lab: Lab, tmp_path: Path, registry: None) -> Iterator[Registry]:
    one = Registry(lab, *request.param, tmp_path)
    yield one
    one.clear()


@pytest.mark.provokes("registry_denied")
def test_a_login_lasts_until_the_logout(there: Registry, lab: Lab) -> None:
    pushed = {"name": IMAGE, "source": "local", "repository": there.ref, "push": True}
    gone, pulled = {"name": there.ref, "state": "absent"}, {"name": there.ref, "source": "pull"}
    denied, wrong, said, login, again, push, repeated, _gone, pull, out, _gone, after = there.play(
        {"remote_image": pushed},
        {"remote_login": {**LOGIN, "password": WRONG}},
        {"remote_login": LOGIN, "check_mode": True},
        {"remote_login": LOGIN},
        {"remote_login": LOGIN},
        {"remote_image": pushed},
        {"remote_image": pushed},
        {"remote_image": gone},
        {"remote_image": pulled},
        {"remote_login": {"registry_url": NAME, "state": "absent"}, "diff": True},
        {"remote_image": gone},
        {"remote_image": pulled},
    )
    for failed in (denied, wrong, after):
        assert failed["failed"] and failed["error"]["kind"] == "registry_denied", failed
    assert [one["changed"] for one in (said, login, again)] == [True, True, False]
    assert login["login_result"] == {"serveraddress": NAME, "username": USER}
    assert push["changed"] and push["digest"].startswith("sha256:")
    assert [step["action"] for step in push["actions"]] == ["push"], "the tag was made by the first task"
    assert repeated["changed"] is not there.docker, "Docker asks the registry first, Podman can't"
    assert pull["changed"] and pull["image"]["tags"].count(there.ref) == 1
    assert out["changed"] and out["diff"] == {"before": {"username": USER}, "after": {"username": None}}
    kept = [path for path in lab.runtime.rglob("*") if path.is_file() and PASSWORD in path.read_text(errors="ignore")]
    assert kept == [], "the logout has left nothing"


def test_a_login_is_kept_in_private(there: Registry, lab: Lab) -> None:
    (login,) = there.play({"remote_login": LOGIN})
    assert login["changed"]
    kept = [path for path in lab.runtime.rglob("*") if path.is_file() and PASSWORD in path.read_text(errors="ignore")]
    assert [path.stat().st_mode & 0o777 for path in kept] == [0o600]
    assert kept[0].parent.stat().st_mode & 0o777 == 0o700
    found = lab.ssh(there.host, "grep", "-rls", PASSWORD, "/root", "/run", "/etc", "/var/lib/containers", check=False)
    assert found.split() == []
    assert lab.module(there.host, "remote_tunnel", {"state": "absent"})[there.host]["changed"]
    assert not kept[0].exists()


def test_credentials_of_the_task(there: Registry, tmp_path: Path) -> None:
    pushed = {"name": IMAGE, "source": "local", "repository": there.ref, "push": True, **GIVEN}
    pull = {"name": there.ref, "source": "pull"}
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "Dockerfile").write_text(f"FROM {there.ref}\nLABEL a=b\n")
    build = {"name": "localhost/from-registry:1", "source": "build", "build": {"path": str(tmp_path / "web")}}
    push, _gone, denied, other, check, pulled, fresh, _gone, built, _gone, _gone = there.play(
        {"remote_image": pushed},
        {"remote_image": {"name": there.ref, "state": "absent"}},
        {"remote_image": pull},
        {"remote_image": {**pull, **GIVEN, "registry": "other.example.com"}},
        {"remote_image": {**pull, **GIVEN}, "check_mode": True},
        {"remote_image": {**pull, **GIVEN}},
        {"remote_image": {**pull, **GIVEN, "force_source": True}},
        {"remote_image": {"name": there.ref, "state": "absent"}},
        {"remote_image": {**build, **GIVEN, "registry": NAME}},
        {"remote_image": {"name": build["name"], "state": "absent"}},
        {"remote_image": {"name": there.ref, "state": "absent"}},
    )
    assert push["changed"] and denied["error"]["kind"] == "registry_denied"
    assert other["error"]["option"] == "registry"
    assert check["changed"] and pulled["changed"] and not fresh["changed"]
    assert [step["action"] for step in fresh["actions"]] == ([] if there.docker else ["pull"])
    assert built["changed"] and built["image"]["labels"]["a"] == "b", built
