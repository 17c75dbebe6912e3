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
