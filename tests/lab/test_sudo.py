# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users with sudo instead of root: same modules, same results, on every engine of the lab, and the password nowhere."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret
from lab_hosts import Lab
from lab_users import lab_user

pytestmark = pytest.mark.pairs("both")

HOSTS = ("bookworm1", "trixie1")
IMAGE = "localhost/busybox:latest"
NAME = "lab-sudo"
SECRET = f"c0rrect horse-{os.urandom(6).hex()}"  # one that no other run on this machine shows
WITH, WITHOUT = "sfasked", "sftrusted"


@pytest.fixture(scope="module")
def people(session_lab: Lab) -> Iterator[Lab]:
    """On both hosts: a user whom sudo asks for the password, and one whom it doesn't ask."""
    with ExitStack() as made:
        for host in HOSTS:
            made.enter_context(lab_user(session_lab, host, WITH, f"{WITH} ALL=(ALL) ALL", SECRET))
            made.enter_context(lab_user(session_lab, host, WITHOUT, f"{WITHOUT} ALL=(root) NOPASSWD: ALL"))
        yield session_lab


def container(engine: str, **params: Any) -> dict[str, Any]:
    return {"sshfleet.containers.remote_container": {"engine": engine, "name": NAME, **params}}


def steps(engine: str) -> list[dict[str, Any]]:
    """Every module; a container's whole life, each change foreseen by check mode."""
    base = {"image": IMAGE, "command": ["sleep", "600"], "stop_timeout": 1}
    changes = [
        container(engine, **base),
        container(engine, **base, memory="64M"),
        container(engine, **base, memory="64M", env={"COLOUR": "red"}),
        container(engine, state="absent"),
    ]
    pairs = [task for change in changes for task in ({**change, "check_mode": True}, change)]
    named = {"sshfleet.containers.remote_container_info": {"engine": engine, "name": [NAME, "lab-nobody"]}}
    return [{"sshfleet.containers.remote_engine_info": {"engine": engine}}, *pairs[:2], changes[0], named, *pairs[2:]]


def results(lab: Lab, tmp_path: Path, *options: str, env: Mapping[str, str] | None = None) -> tuple[Any, str]:
    """The results of all steps on both engines of both hosts, without what differs from run to run; and the output."""
    tasks = [{**step, "diff": True} for engine in ("podman", "docker") for step in steps(engine)]
    tasks = [{**task, "register": f"result_{number}"} for number, task in enumerate(tasks)]
    shown = ", ".join(task["register"] for task in tasks)
    keep = {"content": "{{ [" + shown + "] | to_json }}", "dest": f"{tmp_path}/{{{{ inventory_hostname }}}}.json"}
    here = {"delegate_to": "localhost", "become": False, "vars": {"ansible_connection": "local"}}
    tasks.append({"ansible.builtin.copy": keep, **here})
    play = {"hosts": ",".join(HOSTS), "gather_facts": False, "tasks": tasks}
    done = lab.playbook([play], tmp_path, *options, env=env)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return {
        host: stable(json.loads((tmp_path / f"{host}.json").read_text())) for host in HOSTS
    }, done.stdout + done.stderr


CHANGING = re.compile(
    r"\b[0-9a-f]{12,64}\b|\d{4}-\d\d-\d\dT[\d:.]+Z|\b\d+\.\d+\.\d+\.\d+\b|\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b"
)


def stable(value: Any) -> Any:
    """Without IDs, times, addresses and process IDs."""
    if isinstance(value, dict):
        return {stable(key): stable(item) for key, item in value.items() if key != "pid"}
    if isinstance(value, list):
        return [stable(item) for item in value]
    return CHANGING.sub("*", value) if isinstance(value, str) else value


class Watch(threading.Thread):
    """Looks at the command lines and environments of this machine; the lab's hosts are processes of this machine."""

    def __init__(self, secret: str) -> None:
        super().__init__(daemon=True)
        self.secret = secret.encode()
        self.found: list[bytes] = []
        self.sudo_seen = False
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.05):
            for process in Path("/proc").iterdir():
                if process.name.isdigit():
                    self.look(process / "cmdline")
                    self.look(process / "environ")

    def look(self, path: Path) -> None:
        try:
            text = path.read_bytes()
        except OSError:
            return
        self.sudo_seen = self.sudo_seen or b"[sshfleet " in text
        if self.secret in text:
            self.found.append(text)


@contextmanager
def watching(secret: str) -> Iterator[Watch]:
    watch = Watch(secret)
    watch.start()
    try:
        yield watch
    finally:
        watch.over.set()
        watch.join()


def test_all_modules_give_what_root_gets_and_the_password_shows_nowhere(people: Lab, tmp_path: Path) -> None:
    """With a password on the one host, without on the other."""
    as_root, _output = results(people, tmp_path)
    for host in HOSTS:  # otherwise equal results would prove nothing
        assert [result["changed"] for result in as_root[host]] == 2 * [False, True, True, False, False, *6 * [True]]
    of_host = "{{ 'ONE' if inventory_hostname == 'bookworm1' else 'OTHER' }}"
    variables = tmp_path / "variables.json"
    variables.write_text(
        json.dumps(
            {
                "ansible_user": of_host.replace("ONE", WITH).replace("OTHER", WITHOUT),
                "ansible_become_password": of_host.replace("ONE", SECRET).replace("OTHER", ""),
            }
        )
    )
    with watching(SECRET) as watch:
        found, output = results(people, tmp_path, "--become", "-e", f"@{variables}", "-vvvv")
    variables.unlink()
    assert found == as_root
    for host in HOSTS:
        assert f"<{host}> dialing as root, through sudo" in output
    assert "<bookworm1> sudo asks for the password" in output
    assert "<trixie1> sudo asks for the password" not in output
    assert SECRET not in output
    assert watch.sudo_seen, "the hosts' processes were not seen, so nothing was proven"
    assert not watch.found
    for path in people.runtime.rglob("*"):
        assert not path.is_file() or SECRET not in path.read_text()
    assert not list(people.runtime.rglob("*.dial*"))


def info(lab: Lab, *options: str, **variables: Any) -> dict[str, Any]:
    return lab.module("bookworm1", "remote_engine_info", None, "-b", "-e", json.dumps(variables), *options)["bookworm1"]


def test_another_become_method_is_refused_only_where_it_is_needed(people: Lab) -> None:
    result = info(people, ansible_user=WITHOUT, ansible_become_method="su")
    assert (result["_status"], result["error"]["option"]) == ("FAILED", "become_method")
    assert "become_method=sudo" in result["error"]["hint"]
    assert info(people, ansible_become_method="su")["_status"] == "SUCCESS"


def test_a_vaulted_password(people: Lab, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("key of the vault")
    vault = VaultLib([("default", VaultSecret(key.read_bytes()))])
    vaulted = tmp_path / "vaulted.json"
    vaulted.write_bytes(vault.encrypt(json.dumps({"ansible_become_password": SECRET})))
    found = info(people, "-e", f"@{vaulted}", "--vault-password-file", str(key), ansible_user=WITH)
    assert found["_status"] == "SUCCESS"
