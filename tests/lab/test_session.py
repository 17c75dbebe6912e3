# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A session with a real host, opened by a program that knows nothing of Ansible, as any plugin may."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from checkout import CHECKOUT
from lab_hosts import Lab

NAME = "lab-session"
PROGRAM = """
import json, sys
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.session import open_session
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.settings import ConnectionSettings
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget

host, key, known_hosts, engine = sys.argv[1:]
target = SshTarget(host, user="root", private_key_file=key, extra_args=("-o", f"UserKnownHostsFile={known_hosts}"))
session = open_session(target, ConnectionSettings(engine=engine))
try:
    names = [name for one in session.client.containers.list(all=True) for name in one["Names"]]
    said = session.run_on_host(["hostname"], "", 10.0).stdout.strip()
finally:
    session.close()
ansible = sorted(name for name in sys.modules if name.split(".")[0] == "ansible")
print(json.dumps({"engine": session.engine()["name"], "names": names, "hostname": said, "ansible": ansible}))
"""


@pytest.mark.parametrize("engine", ["podman", "docker"])
def test_a_program_without_ansible_lists_containers(lab: Lab, engine: str) -> None:
    lab.ssh("trixie1", engine, "rm", "-f", NAME, check=False)
    lab.ssh("trixie1", "sh", "-c", f"'tar -cC / etc/hostname | {engine} import - {NAME} >/dev/null'")
    try:
        lab.ssh("trixie1", engine, "create", "--name", NAME, NAME, "true")
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, lab.hosts["trixie1"]["hostname"], lab.key, str(lab.known_hosts), engine],
            env={**lab.environment(), "PYTHONPATH": str(CHECKOUT / ".dev")}, capture_output=True, text=True,
            check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert f"/{NAME}" in told.pop("names")
        assert told == {"engine": engine, "hostname": lab.ssh("trixie1", "hostname").strip(), "ansible": []}
    finally:
        lab.ssh("trixie1", engine, "rm", "-f", NAME, check=False)
        lab.ssh("trixie1", engine, "rmi", "-f", NAME, check=False)


ENDLESS = """
import sys
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.session import open_session
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.settings import ConnectionSettings
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command import host_command

host, key, known_hosts, transport = sys.argv[1:]
host_command.MOST_SAID = 1 << 20
target = SshTarget(host, user="root", private_key_file=key, extra_args=("-o", f"UserKnownHostsFile={known_hosts}"))
session = open_session(target, ConnectionSettings(engine="docker", transport=transport))
try:
    print(len(session.run_on_host(["head", "-c", "1000000", "/dev/zero"], "", 20.0).stdout))
    session.run_on_host(["yes", "without-end"], "", 20.0)
except SshError as error:
    print(error.kind, error.message)
finally:
    session.close()
"""


@pytest.mark.parametrize("transport", ["forward", "paramiko"])
def test_a_command_of_the_host_that_prints_without_end_is_ended(lab: Lab, transport: str) -> None:
    """The limit is a lower one here."""
    done = subprocess.run(
        [sys.executable, "-c", ENDLESS, lab.hosts["trixie1"]["hostname"], lab.key, str(lab.known_hosts), transport],
        env={**lab.environment(), "PYTHONPATH": str(CHECKOUT / ".dev")}, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    first, *rest = done.stdout.splitlines()
    assert (first, len(rest)) == ("1000000", 1), done.stderr
    assert rest[0].startswith("bad_answer ") and "prints more than 1 MiB, and was ended" in rest[0]
    left = "for n in 1 2 3 4 5 6 7 8 9 10; do pgrep -fx 'yes without-end' >/dev/null || exit 0; sleep 0.5; done; exit 1"
    lab.ssh("trixie1", "sh", "-c", f'"{left}"')
