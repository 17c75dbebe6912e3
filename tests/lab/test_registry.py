# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logging in, pulling and pushing at a registry with TLS and a user of its own, through Ansible, on every engine."""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import tls_registry
from engine_cases import IMAGE, MAKE_IMAGE
from everywhere import everywhere
from handmade_images import Registry
from image_world import HOSTS
from lab_hosts import Lab, close_masters
from tasks import run_tasks
from tls_registry import NAME, PASSWORD, USER

LOGIN = {"registry_url": f"https://{NAME}/v2/", "username": USER, "password": PASSWORD}
WRONG = "hunter2-is-not-it"
GIVEN = {"registry_username": USER, "registry_password": PASSWORD}
# A secret in plain words, and in the words of the headers that it travels in, wherever it begins in them.
SECRETS = [PASSWORD, WRONG, *(base64.b64encode((" " * skip + PASSWORD).encode())[4:-4].decode() for skip in range(3))]
MARKER = "/run/sshfleet-test-login-marker"
PLACES = "/root /run /etc /tmp /var/tmp /var/lib/containers /var/lib/docker /var/log"
SEARCH = f"""
find {PLACES} -newer {MARKER} -type f -size -4096k -print0 | xargs -0r grep -lsaF -e {" -e ".join(SECRETS)}
journalctl --quiet --since=@$(stat -c %Y {MARKER}) | grep -aF -e {" -e ".join(SECRETS)}
rm {MARKER}
"""


@pytest.fixture(scope="module")
def registry(session_lab: Lab) -> Iterator[Lab]:
    def on_all(action: Callable[[str], Any]) -> None:
        with ThreadPoolExecutor() as pool:  # none of its threads is there when the tests fork
            list(pool.map(action, HOSTS))

    on_all(lambda host: session_lab.ssh(host, "sh", "-s", input=MAKE_IMAGE))
    try:
        on_all(lambda host: tls_registry.start(session_lab, host))
        yield session_lab
    finally:
        on_all(lambda host: tls_registry.stop(session_lab, host))


class There:
    """One engine with connections, and a part of its host's registry, of its own."""

    def __init__(self, lab: Lab, host: str, engine: str, tmp_path: Path) -> None:
        self.lab, self.host, self.engine, self._tmp_path = lab, host, engine, tmp_path
        self.ref = f"{NAME}/{engine}/app:1"
        self.docker = engine == "docker"
        self._log = tmp_path / "log"
        lab.env["ANSIBLE_LOG_PATH"] = str(self._log)

    def play(self, *tasks: dict[str, Any]) -> list[dict[str, Any]]:
        """The results of tasks. Neither they nor what Ansible prints, at any verbosity, show a password."""
        given = []
        for task in tasks:
            ((module, params),) = ((key, value) for key, value in task.items() if key.startswith("remote_"))
            given.append({**task, module: {"engine": self.engine, **params}})
        results = run_tasks(self.lab, self.host, given, self._tmp_path, "-vvvv", diff=True)
        printed = self._log.read_text()
        assert all(
            f"TASK [sshfleet.containers.{name}" in printed for task in tasks for name in task if name[:7] == "remote_"
        )
        assert [secret for secret in SECRETS if secret in json.dumps(results) + printed] == []
        return results

    def kept(self) -> list[Path]:
        """The files of the controller that hold the password."""
        paths = (path for path in self.lab.runtime.rglob("*") if path.is_file())
        return [path for path in paths if PASSWORD in path.read_text(errors="ignore")]


@pytest.fixture
def each(registry: Lab, tmp_path: Path) -> Callable[[Callable[[There], None]], None]:
    """Calls for each engine, at once."""

    def examine_all(examine: Callable[[There], None]) -> None:
        def one(host: str, engine: str) -> None:
            own = tmp_path / f"{host}-{engine}"
            own.mkdir()
            with tempfile.TemporaryDirectory(prefix="lab", dir="/tmp") as runtime:
                there = There(Lab(registry.directory, Path(runtime)), host, engine, own)
                try:
                    examine(there)
                finally:
                    close_masters(there.lab.runtime)
                    there.lab.ssh(host, engine, "rmi", "--force", there.ref, check=False)

        for host in HOSTS:
            registry.ssh(host, "touch", MARKER)
        everywhere(one)
        assert [registry.ssh(host, "sh", "-s", input=SEARCH) for host in HOSTS] == [""] * len(HOSTS)

    return examine_all


@pytest.mark.provokes("registry_denied")
def test_a_login_lasts_until_the_logout(each: Callable[[Callable[[There], None]], None]) -> None:
    each(_log_in_and_out)


def _log_in_and_out(there: There) -> None:
    pushed = {"name": IMAGE, "source": "local", "repository": there.ref, "push": True}
    gone, pulled = {"name": there.ref, "state": "absent"}, {"name": there.ref, "source": "pull"}
    denied, wrong, said, login, again = there.play(
        {"remote_image": pushed},
        {"remote_login": {**LOGIN, "password": WRONG}},
        {"remote_login": LOGIN, "check_mode": True},
        {"remote_login": LOGIN},
        {"remote_login": LOGIN},
    )
    for failed in (denied, wrong):
        assert failed["failed"] and failed["error"]["kind"] == "registry_denied", failed
    assert "remote_login" in denied["msg"] and "Correct username and password" in wrong["msg"], (denied, wrong)
    assert [one["changed"] for one in (said, login, again)] == [True, True, False]
    assert login["login_result"] == {"serveraddress": NAME, "username": USER}
    kept = there.kept()
    assert [path.stat().st_mode & 0o777 for path in kept] == [0o600]
    assert kept[0].parent.stat().st_mode & 0o777 == 0o700
    # Another run of Ansible.
    push, repeated, _gone, pull, out, _gone, after, _login, end = there.play(
        {"remote_image": pushed},
        {"remote_image": pushed},
        {"remote_image": gone},
        {"remote_image": pulled},
        {"remote_login": {"registry_url": NAME, "state": "absent"}},
        {"remote_image": gone},
        {"remote_image": pulled},
        {"remote_login": LOGIN},
        {"remote_tunnel": {"state": "absent"}},
    )
    assert push["changed"] and push["digest"].startswith("sha256:")
    assert [step["action"] for step in push["actions"]] == ["push"], "the tag was made by the first task"
    assert repeated["changed"] is not there.docker, "Docker asks the registry first, Podman can't"
    assert pull["changed"] and pull["image"]["tags"].count(there.ref) == 1
    assert out["changed"] and out["diff"] == {"before": {"username": USER}, "after": {"username": None}}
    assert after["failed"] and after["error"]["kind"] == "registry_denied", after
    assert end["changed"] and there.kept() == [], "the login has ended with the connection"


def test_credentials_of_the_task(each: Callable[[Callable[[There], None]], None]) -> None:
    each(_give_credentials)


def _give_credentials(there: There) -> None:
    pushed = {"name": IMAGE, "source": "local", "repository": there.ref, "push": True, **GIVEN}
    pull = {"name": there.ref, "source": "pull"}
    web = there.lab.runtime / "web"
    web.mkdir()
    (web / "Dockerfile").write_text(f"FROM {there.ref}\nLABEL a=b\n")
    build = {"name": "localhost/from-registry:1", "source": "build", "build": {"path": str(web)}}
    pinned = {
        "name": "registry-pinned",
        "image": f"{there.ref}@{{{{ r0.digest }}}}",
        "command": "sleep 60",
        "state": "present",
        "pull": "never",
    }
    push, _gone, denied, other, check, pulled, fresh, made, again, _end, _gone, built, _gone, _gone = there.play(
        {"remote_image": pushed},
        {"remote_image": {"name": there.ref, "state": "absent"}},
        {"remote_image": pull},
        {"remote_image": {**pull, **GIVEN, "registry": "other.example.com"}},
        {"remote_image": {**pull, **GIVEN}, "check_mode": True},
        {"remote_image": {**pull, **GIVEN}},
        {"remote_image": {**pull, **GIVEN, "force_source": True}},
        {"remote_container": pinned},
        {"remote_container": pinned},
        {"remote_container": {"name": pinned["name"], "state": "absent"}},
        {"remote_image": {"name": there.ref, "state": "absent"}},
        {"remote_image": {**build, **GIVEN, "registry": NAME}},
        {"remote_image": {"name": build["name"], "state": "absent"}},
        {"remote_image": {"name": there.ref, "state": "absent"}},
    )
    assert push["changed"] and denied["error"]["kind"] == "registry_denied"
    assert other["error"]["option"] == "registry"
    assert check["changed"] and pulled["changed"] and not fresh["changed"]
    assert [step["action"] for step in fresh["actions"]] == ([] if there.docker else ["pull"])
    assert made["changed"] and not again["changed"], (made, again)
    assert built["changed"] and built["image"]["labels"]["a"] == "b", built
    assert there.kept() == []


def test_what_comes_is_for_the_platform_that_was_asked_for(
    each: Callable[[Callable[[There], None]], None],
) -> None:
    each(_pull_for_platforms)


def _pull_for_platforms(there: There) -> None:
    registry = Registry(there.lab.hosts[there.host]["hostname"], USER, PASSWORD)
    only, both = f"{there.engine}/only:1", f"{there.engine}/both:1"
    registry.push(only.removesuffix(":1"), "1", "linux/amd64")
    registry.push_list(both.removesuffix(":1"), "1", ["linux/amd64", "linux/arm64/v8"])
    arm, own = {"pull": {"platform": "linux/arm64"}}, {"pull": {"platform": "amd64"}}
    pull = {"source": "pull", "name": f"{NAME}/{both}"}
    container = {"name": "registry-test-platform", "image": f"{NAME}/{only}", "pull": "always", "state": "present"}
    _login, first, again, back, wrong, still, refused, nowhere, *_gone = there.play(
        {"remote_login": LOGIN},
        {"remote_image": {**pull, **arm}},
        {"remote_image": {**pull, **arm}},
        {"remote_image": {**pull, **own}},
        {"remote_image": {**pull, "name": f"{NAME}/{only}", **arm}},
        {"remote_image": {**pull, "name": f"{NAME}/{only}", **arm}},
        {"remote_container": {**container, "platform": "linux/arm64"}},
        {"remote_image": {"name": "localhost/registry-test-nowhere:1", "source": "pull"}},
        {"remote_image": {"name": f"{NAME}/{only}", "state": "absent"}},
        {"remote_image": {"name": f"{NAME}/{both}", "state": "absent"}},
    )
    assert [one["changed"] for one in (first, again, back)] == [True, False, True], (first, again, back)
    assert [one["image"]["architecture"] for one in (first, again, back)] == ["arm64", "arm64", "amd64"]
    for failed in (wrong, still, refused):
        assert failed["failed"] and "linux/arm64" in failed["msg"] and "linux/amd64" in failed["msg"], failed
    assert nowhere["failed"] and "built, loaded or shipped" in nowhere["msg"], nowhere
