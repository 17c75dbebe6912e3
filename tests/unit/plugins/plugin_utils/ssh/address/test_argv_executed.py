# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is really executed for hosts whose settings look like options: a program in ssh's place writes down how it was
called, in a real run of Ansible. It is no ssh, because one does not tell that.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from checkout import CHECKOUT
from fleet_runs import environment

RECORDER = """#!{python}
import json, sys
with open({file!r}, "a") as file:
    print(json.dumps(sys.argv[1:]), file=file)
sys.exit("ssh: connect to host x port 22: Connection refused")
"""
INJECTED = "-oProxyCommand=true injected"
ADDRESS = "192.0.2.1"
# Settings of hosts that no ssh may see.
REFUSED: dict[str, dict[str, object]] = {
    "port": {"ansible_host": ADDRESS, "ansible_port": INJECTED},
    "jump": {"ansible_host": ADDRESS, "ansible_ssh_common_args": f"-J '{INJECTED}'"},
    "second-jump": {"ansible_host": ADDRESS, "ansible_ssh_common_args": f"-J 'gate,{INJECTED}'"},
    "proxy-jump": {"ansible_host": ADDRESS, "ansible_ssh_common_args": f"-o 'ProxyJump={INJECTED}'"},
    "word": {"ansible_host": ADDRESS, "ansible_ssh_common_args": f"somewhere {INJECTED}"},
    "end-of-options": {"ansible_host": ADDRESS, "ansible_ssh_extra_args": f"-- {INJECTED}"},
}
# What looks like an option and is a value, in ssh's eyes, too.
TAKEN: dict[str, dict[str, object]] = {
    "address": {"ansible_host": INJECTED},
    "line": {"ansible_host": f"{ADDRESS}\n{INJECTED}"},
    "user": {"ansible_host": ADDRESS, "ansible_user": INJECTED},
    "key": {"ansible_host": ADDRESS, "ansible_ssh_private_key_file": INJECTED},
    "plain": {"ansible_host": ADDRESS, "ansible_user": "ann", "ansible_port": 2222},
}


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A directory whose path is short enough for control sockets."""
    with tempfile.TemporaryDirectory(prefix="sf-") as name:
        yield Path(name)


def ran(folder: Path, hosts: dict[str, dict[str, object]]) -> tuple[str, list[list[str]]]:
    """What Ansible printed, and how ssh was called."""
    calls, ssh = folder / "calls", folder / "bin" / "ssh"
    ssh.parent.mkdir()
    ssh.write_text(RECORDER.format(python=sys.executable, file=str(calls)))
    ssh.chmod(0o755)
    inventory = folder / "hosts.json"
    inventory.write_text(json.dumps({"all": {"hosts": hosts}}))
    settings = {
        "ANSIBLE_INVENTORY_ENABLED": "yaml", "PATH": f"{ssh.parent}:/usr/bin:/bin", "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder), "SSHFLEET_TUNNEL_RETRIES": "1", "ANSIBLE_FORKS": "4",
    }  # fmt: skip
    program = str(Path(sys.executable).with_name("ansible"))
    done = subprocess.run(
        [program, "-i", str(inventory), "all", "-m", "sshfleet.containers.remote_engine_info"],
        cwd=CHECKOUT, env=environment(settings), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    lines = calls.read_text().splitlines() if calls.exists() else []
    return done.stdout + done.stderr, [json.loads(line) for line in lines]


def test_no_ssh_starts_on_a_refused_input(short_path: Path) -> None:
    said, calls = ran(short_path, REFUSED)
    assert calls == [], said
    assert f"\nfailed {len(REFUSED)}\n" in said, said


def test_what_is_taken_stays_a_value(short_path: Path) -> None:
    said, calls = ran(short_path, TAKEN)
    assert f"\nunreachable {len(TAKEN)}\n" in said, said
    addresses = set()
    for words in calls:
        *options, end, address = words
        addresses.add(address)
        assert end == "--" and options.count("--") == 0, words
        values = [word for before, word in pairwise(options) if before == "-o"]
        rest = [word for before, word in pairwise(["", *options]) if word != "-o" and before != "-o"]
        assert set(rest) <= {"-f", "-N", "-T", "-G"}, words
        names = [value.partition("=")[0] for value in values]
        assert "ProxyCommand" not in names and all(name.isalpha() for name in names), words
    assert addresses == {str(one["ansible_host"]) for one in TAKEN.values()}
