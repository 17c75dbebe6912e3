# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long 10,000 hosts take: the hosts.json parser alone, and ansible-inventory with it and with Ansible's own yaml.

The checkout's ansible.cfg is used; run it with the Python of an environment that has ansible-core.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

CHECKOUT = Path(__file__).resolve().parents[2]
HOSTS = 10_000
PARSE_LIMIT = 2.0  # seconds
PARSER = """
import sys
sys.path.insert(0, sys.argv[1])
from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.read import load_hosts
if len(sys.argv) > 2:
    load_hosts(sys.argv[2])
"""


class Cost(NamedTuple):
    """What one process took: wall and CPU in seconds, peak resident memory in MiB."""

    wall: float
    cpu: float
    peak: float


def document(count: int) -> dict[str, Any]:
    """A hosts.json with every key in every host."""
    hosts = {
        f"host-{number:05}.example.com": {
            "hostname": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
            "user": "root",
            "port": 22,
            "identity_file": "~/.ssh/fleet",
            "jump_host": None,
            "groups": [f"rack_{number % 50}", "web"],
            "description": f"Host number {number}",
        }
        for number in range(count)
    }
    return {"version": 1, "default_host": None, "hosts": hosts}


def as_ansible_json(hosts: dict[str, Any]) -> dict[str, Any]:
    """The same hosts as Ansible's yaml plugin reads them (JSON is YAML)."""
    groups: dict[str, dict[str, Any]] = {}
    for name, host in hosts.items():
        for group in host["groups"]:
            groups.setdefault(group, {"hosts": {}})["hosts"][name] = {}
    variables = {
        name: {
            "ansible_host": host["hostname"],
            "ansible_user": host["user"],
            "ansible_port": host["port"],
            "ansible_ssh_private_key_file": host["identity_file"],
        }
        for name, host in hosts.items()
    }
    return {"all": {"hosts": variables, "children": groups}}


def measure(argv: list[str]) -> Cost:
    """Run a process to its end; it must succeed."""
    environment = {**os.environ, "ANSIBLE_CONFIG": str(CHECKOUT / "ansible.cfg")}
    before = time.perf_counter()
    with subprocess.Popen(argv, cwd=CHECKOUT, stdout=subprocess.DEVNULL, env=environment) as process:
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"exit code {process.returncode}: {' '.join(argv)}")
    return Cost(time.perf_counter() - before, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def best(run: Callable[[], Cost], times: int = 3) -> Cost:
    return min((run() for _count in range(times)), key=lambda cost: cost.wall)


def write(folder: str) -> None:
    """Both inventories; in a process of its own, because a child's peak memory includes its parent's at the fork."""
    content = document(HOSTS)
    Path(folder, "hosts.json").write_text(json.dumps(content, indent=2))
    Path(folder, "hosts.yml").write_text(json.dumps(as_ansible_json(content["hosts"])))


def main() -> int:
    """Print the table; 1 when parsing takes longer than it may."""
    with tempfile.TemporaryDirectory() as folder:
        measure([sys.executable, __file__, folder])
        hosts_json, yaml = f"{folder}/hosts.json", f"{folder}/hosts.yml"
        parser = [sys.executable, "-c", PARSER, str(CHECKOUT / ".dev")]
        inventory = [str(Path(sys.executable).with_name("ansible-inventory")), "--list", "-i"]
        size = Path(hosts_json).stat().st_size / 1e6
        idle = best(lambda: measure(parser))
        rows = {
            "parser alone": (parsed := best(lambda: measure([*parser, hosts_json]))),
            "ansible-inventory, hosts.json": best(lambda: measure([*inventory, hosts_json]), 1),
            "ansible-inventory, yaml": best(lambda: measure([*inventory, yaml]), 1),
        }
    print(f"{HOSTS} hosts, {size:.1f} MB of hosts.json, Python {sys.version.split()[0]}")
    for name, cost in rows.items():
        print(f"  {name:32} wall {cost.wall:6.2f} s   CPU {cost.cpu:6.2f} s   peak {cost.peak:5.0f} MiB")
    wall, peak = parsed.wall - idle.wall, parsed.peak - idle.peak
    print(f"  parsing itself: {wall:.2f} s (limit {PARSE_LIMIT:.0f} s), {peak:.0f} MiB above an idle Python")
    return int(wall > PARSE_LIMIT)


if __name__ == "__main__":
    sys.exit(write(sys.argv[1]) if len(sys.argv) > 1 else main())
