# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller runs in a container of a lab host: any user without an account, a root and a HOME that can't be
written, no XDG_RUNTIME_DIR, and nothing but a key and known_hosts of its own.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator

import pytest
from python_image import MAKE_PYTHON_IMAGE, PYTHON_IMAGE

from .conftest import FOLDER, Controller

USER = 41234
TASKS = [
    {"remote_container": {"name": "from-container", "image": "localhost/busybox:latest", "command": "sleep 600"}},
    {"remote_container_exec": {"name": "from-container", "argv": ["id", "-u"]}},
    {"remote_container": {"name": "from-container", "state": "absent", "stop_timeout": 0}},
]
OTHER = "trixie1"
MOUNTED = f"{FOLDER}/mounted"  # what only this controller has


@pytest.fixture(scope="module")
def outside(controllers: dict[str, Controller]) -> Iterator[Controller]:
    """The host, with what is mounted: a key, known_hosts, an inventory and a playbook."""
    one = controllers["controller1"]
    entry = one.lab.hosts[OTHER]
    words = f"-o UserKnownHostsFile={MOUNTED}/known_hosts"
    host = {
        "ansible_host": entry["hostname"], "ansible_user": "root", "ansible_ssh_private_key_file": f"{MOUNTED}/key",
        "ansible_ssh_common_args": words, "sshfleet_engine": "docker",
    }  # fmt: skip
    tasks = [{f"sshfleet.containers.{name}": given for name, given in task.items()} for task in TASKS]
    files = {
        "hosts.json": json.dumps({"all": {"hosts": {OTHER: host}}}),
        "play.yml": json.dumps([{"hosts": OTHER, "gather_facts": False, "tasks": tasks}]),
    }
    one.run(MAKE_PYTHON_IMAGE)
    one.run(f"mkdir -p {MOUNTED}; cp key {MOUNTED}/key; chown {USER} {MOUNTED}/key; chmod 600 {MOUNTED}/key")
    one.run(f"ssh-keyscan -t ed25519 {entry['hostname']} 2>/dev/null > {MOUNTED}/known_hosts")
    for name, text in files.items():
        one.run(f"echo {shlex.quote(text)} > {MOUNTED}/{name}")
    one.run(f"chmod 644 {MOUNTED}/known_hosts {MOUNTED}/hosts.json {MOUNTED}/play.yml")
    yield one
    one.run(f"for one in podman docker; do $one rmi -f {PYTHON_IMAGE} >/dev/null; done")


def inside(outside: Controller, engine: str, **environment: str) -> str:
    """What ansible-playbook says in a container of this engine, whether it works or not."""
    told = {
        "HOME": "/home-of-nobody", "ANSIBLE_HOME": "/tmp/ansible", "LC_ALL": "C.UTF-8",
        "ANSIBLE_COLLECTIONS_PATH": f"{FOLDER}/home/.ansible/collections", "ANSIBLE_INVENTORY_ENABLED": "yaml",
        **environment,
    }  # fmt: skip
    mounts = ("/usr", f"{FOLDER}/venv", f"{FOLDER}/home/.ansible/collections", MOUNTED)
    words = [
        engine, "run", "--rm", "--network", "host", "--user", f"{USER}:0", "--read-only", "--tmpfs", "/tmp:mode=1777",
        *(word for name, value in told.items() for word in ("-e", f"{name}={value}")),
        *(word for path in mounts for word in ("-v", f"{path}:{path}:ro")),
        PYTHON_IMAGE, f"{FOLDER}/venv/bin/ansible-playbook", "-i", f"{MOUNTED}/hosts.json", f"{MOUNTED}/play.yml",
    ]  # fmt: skip
    return outside.run(f"{shlex.join(words)} 2>&1 || true")


@pytest.mark.parametrize("engine", ["podman", "docker"])
def test_modules_work(outside: Controller, engine: str) -> None:
    said = inside(outside, engine, SSHFLEET_TRANSPORT="paramiko")
    assert "ok=3    changed=3    unreachable=0    failed=0" in said, said


def test_an_ssh_client_wants_an_account_which_podman_gives_and_docker_does_not(outside: Controller) -> None:
    said = inside(outside, "podman")
    assert "ok=3    changed=3    unreachable=0    failed=0" in said, said
    said = inside(outside, "docker")
    assert "No user exists for uid" in said and "transport=paramiko" in said and "/etc/passwd" in said


@pytest.mark.parametrize("transport", ["openssh", "paramiko"])
def test_a_key_with_the_wrong_owner_or_mode_is_told_with_the_command_that_mends_it(
    outside: Controller, transport: str
) -> None:
    key = f"{MOUNTED}/key"
    try:
        outside.run(f"chown 0 {key}")
        said = inside(outside, "podman", SSHFLEET_TRANSPORT=transport)
        assert f"(uid {USER}) may not read the key file {key}, which is uid 0's (mode 0600)" in said, said
        assert f"chown {USER} {key}" in said
        outside.run(f"chown {USER} {key}; chmod 644 {key}")
        said = inside(outside, "podman", SSHFLEET_TRANSPORT=transport)
        assert f"chmod 600 {key}" in said, said
    finally:
        outside.run(f"chown {USER} {key}; chmod 600 {key}")
    assert "failed=0" in inside(outside, "podman", SSHFLEET_TRANSPORT=transport)
