# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role lxc_host on this machine: hosts of its own on a bridge of their own, made, used, changed and removed.

The tests of this file build on each other's hosts, in the order in which they stand.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lab_hosts import Lab

pytestmark = pytest.mark.own_hosts

TAG = f"{os.getpid() % 0x10000:04x}"
BRIDGE, FIRST, SECOND = f"lhtest{TAG}", f"lhtest-{TAG}-first", f"lhtest-{TAG}-second"
STATE = Path("/var/lib/sshfleet-lxc")
LXC = Path(subprocess.run(["lxc-config", "lxc.lxcpath"], capture_output=True, text=True, check=True).stdout.strip())


def output(*argv: str) -> str:
    return subprocess.run(argv, capture_output=True, text=True, check=False).stdout


@dataclass
class Parent:
    """This machine as the parent: runs the role with options and reads what it told."""

    folder: Path
    key: str

    def __post_init__(self) -> None:
        (self.folder / "hosts.json").write_text('{"hosts": {}}')
        self.lab = Lab(self.folder, self.folder)

    def role(self, *options: str, **given: Any) -> subprocess.CompletedProcess[str]:
        known = {"lxc_host_bridge": BRIDGE, "lxc_host_name": FIRST, "lxc_host_authorized_key": self.key}
        variables = {**known, **{f"lxc_host_{name}": value for name, value in given.items()}}
        tell = {
            "ansible.builtin.copy": {
                "content": "{{ lxc_host_facts | to_json }}",
                "dest": str(self.folder / "facts.json"),
            },
            "when": "lxc_host_facts is defined and not ansible_check_mode",
            "changed_when": False,
        }
        role = {"ansible.builtin.include_role": {"name": "sshfleet.containers.lxc_host"}}
        play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": [role, tell]}
        (self.folder / "facts.json").unlink(missing_ok=True)
        return self.lab.playbook(
            [{**play, "vars": variables}], self.folder, *options, env={"ANSIBLE_PIPELINING": "1"}, inventory=os.devnull
        )

    def made(self, **given: Any) -> dict[str, Any]:
        """Run the role, which must succeed; its facts, with the number of changes as ``changes``."""
        done = self.role(**given)
        assert done.returncode == 0, done.stdout + done.stderr
        facts = self.folder / "facts.json"
        return {**(json.loads(facts.read_text()) if facts.is_file() else {}), "changes": changes(done)}

    def ssh(self, facts: dict[str, Any], *argv: str) -> str:
        """Log in with the key, trusting only the host keys that the role told."""
        known = self.folder / "known_hosts"
        known.write_text("\n".join(facts["known_hosts"]) + "\n")
        strict = ["-o", "StrictHostKeyChecking=yes", "-o", f"UserKnownHostsFile={known}", "-o", "BatchMode=yes"]
        command = [
            "ssh",
            "-F",
            "none",
            "-i",
            str(self.folder / "key"),
            *strict,
            f"root@{facts['address']}",
            "--",
            *argv,
        ]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def changes(done: subprocess.CompletedProcess[str]) -> int:
    found = re.search(r"changed=(\d+)", done.stdout)
    assert found, done.stdout + done.stderr
    return int(found[1])


def traces() -> list[str]:
    """All that hosts on the bridge of these tests leave on the parent."""
    left = [str(path) for path in (*LXC.glob(f"lhtest-{TAG}-*"), *STATE.glob(f"{BRIDGE}*"))]
    left += [line for line in output("ip", "-br", "link").splitlines() if BRIDGE in line]
    left += [line for line in output("nft", "list", "ruleset").splitlines() if BRIDGE in line]
    return left + [line for line in Path("/proc/mounts").read_text().splitlines() if TAG in line]


def others() -> set[str]:
    """Containers, interfaces and tables of the parent that are none of this role's, for other labs may come and go."""
    seen = {f"container {name}" for name in output("lxc-ls", "-1").split()}
    links = json.loads(output("ip", "-json", "link"))
    seen |= {f"link {link['ifname']}" for link in links if not link["ifname"].startswith("veth")}
    seen |= set(output("nft", "list", "tables").splitlines())
    return {line for line in seen if "sshfleet" not in line and "lhtest" not in line}


def running(name: str) -> bool:
    return "RUNNING" in output("lxc-info", "-n", name, "-s")


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parent]:
    folder = tmp_path_factory.mktemp("lxc_host")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "key")], check=True)
    parent = Parent(folder, (folder / "key.pub").read_text())
    before = others()
    yield parent
    for name in (FIRST, SECOND):
        parent.role(name=name, state="absent")
    assert traces() == []
    assert before - others() == set()


@pytest.fixture(scope="module")
def first(parent: Parent) -> dict[str, Any]:
    return parent.made()


REFUSED = {
    "suite": ({"suite": "sid"}, ["lxc_host_suite", "sid", "bookworm, trixie"]),
    "state": ({"state": "running"}, ["lxc_host_state", "running", "started"]),
    "no key": ({"authorized_key": ""}, ["lxc_host_authorized_key", "Give the text of a public key"]),
    "all at once": (
        {"name": "-x", "bridge": "much-too-long-bridge", "memory": "lots", "config": ["rm -rf"], "packages": ["a;b"],
         "mirror": "ftp:x", "cache": "here", "template": "there", "timeout": 0,
         "authorized_key": "-----BEGIN OPENSSH PRIVATE KEY-----"},
        ["'lxc_host_name' has the value '-x'", "'lxc_host_bridge' has the value 'much-too-long-bridge'",
         "'lxc_host_memory' has the value 'lots'", "'lxc_host_config' has the value 'rm -rf'", "such as 2G",
         "'lxc_host_packages' has the value 'a;b'", "'lxc_host_mirror' has the value 'ftp:x'",
         "'lxc_host_cache' has the value 'here'", "'lxc_host_template' has the value 'there'",
         "'lxc_host_timeout' has the value '0'",
         "'lxc_host_authorized_key' has the value", "such as id_ed25519.pub"],
    ),
    "address outside": (
        {"network": "10.99.7.0/24", "address": "10.99.8.4"},
        ["'lxc_host_address' has the value '10.99.8.4'", "10.99.7.0/24", "or leave the option out"],
    ),
    "address of the gateway": ({"network": "10.99.7.0/24", "address": "10.99.7.1"}, ["10.99.7.1", "is the gateway"]),
    "network public": ({"network": "203.0.114.0/24"}, ["'lxc_host_network'", "not private", "such as 10.87.5.0/24"]),
    "network wrong": ({"network": "10.99.7.5/24"}, ["'lxc_host_network'", "10.99.7.5/24", "such as 10.87.5.0/24"]),
    "bridge of others": ({"bridge": "lo"}, ["'lxc_host_bridge'", "'lo'", "did not make", "does not exist yet"]),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_before_anything_is_touched(parent: Parent, case: str) -> None:
    given, expected = REFUSED[case]
    done = parent.role(**given)
    assert done.returncode == 2
    for text in expected:
        assert text in done.stdout, done.stdout
    assert traces() == []


def test_network_in_use_on_the_parent_is_refused(parent: Parent) -> None:
    used = next(route["dst"] for route in json.loads(output("ip", "-json", "-4", "route")) if "/" in route["dst"])
    done = parent.role(network=f"{used.split('/')[0]}/24")
    assert done.returncode == 2 and "overlaps with" in done.stdout, done.stdout
    assert traces() == []


def test_container_of_others_is_refused_and_kept(parent: Parent) -> None:
    foreign = LXC / f"lhtest-{TAG}-foreign"
    foreign.mkdir()
    try:
        (foreign / "config").write_text("lxc.uts.name = foreign\n")
        for state in ("started", "absent"):
            done = parent.role(name=foreign.name, state=state)
            assert done.returncode == 2 and "this role did not make" in done.stdout, done.stdout
        assert (foreign / "config").is_file()
    finally:
        shutil.rmtree(foreign)


def test_check_mode_makes_nothing_and_says_so(parent: Parent) -> None:
    done = parent.role("--check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert changes(done) > 0
    assert traces() == []


def test_absent_of_what_is_not_there_changes_nothing(parent: Parent) -> None:
    assert parent.made(state="absent")["changes"] == 0


def test_host_is_up_and_lets_the_key_in(parent: Parent, first: dict[str, Any]) -> None:
    assert parent.ssh(first, "systemctl", "is-system-running") == "running"
    assert parent.ssh(first, "hostname") == FIRST
    assert "VERSION_CODENAME=bookworm" in parent.ssh(first, "cat", "/etc/os-release")


def test_host_is_ready_for_engines(parent: Parent, first: dict[str, Any]) -> None:
    assert parent.ssh(first, "ls", "/dev/fuse", "/dev/net/tun").split() == ["/dev/fuse", "/dev/net/tun"]
    assert "rw," in parent.ssh(first, "grep", "/sys/fs/cgroup", "/proc/mounts")
    config = (LXC / FIRST / "config").read_text()
    assert "nesting.conf" in config and "devices.allow = a\n" in config and "lxc.cap.drop =\n" in config


def test_host_reaches_its_package_mirror_through_nat(parent: Parent, first: dict[str, Any]) -> None:
    sources = parent.ssh(first, "cat", "/etc/apt/sources.list").splitlines()
    assert [line.split()[2] for line in sources] == ["bookworm", "bookworm-updates", "bookworm-security"]
    parent.ssh(first, "apt-get", "--quiet=2", "--error-on=any", "update")


def test_second_run_changes_nothing(parent: Parent, first: dict[str, Any]) -> None:
    again = parent.made()
    assert again["changes"] == 0
    assert again["known_hosts"] == first["known_hosts"] and again["address"] == first["address"]
    assert changes(parent.role("--check", "--diff")) == 0


def test_other_suite_for_an_existing_host_is_refused(parent: Parent, first: dict[str, Any]) -> None:
    done = parent.role(suite="trixie")
    assert done.returncode == 2 and "Remove it first" in done.stdout, done.stdout
    assert running(FIRST)


def test_address_of_another_host_is_refused(parent: Parent, first: dict[str, Any]) -> None:
    done = parent.role(name=SECOND, address=first["address"])
    assert done.returncode == 2 and "another host has it" in done.stdout, done.stdout
    assert not (LXC / SECOND).exists()


def test_stop_and_start(parent: Parent, first: dict[str, Any]) -> None:
    assert parent.made(state="stopped")["changes"] == 1
    assert not running(FIRST)
    assert parent.made(state="stopped")["changes"] == 0
    assert parent.made(state="present")["changes"] == 0
    assert not running(FIRST)
    subprocess.run(["ip", "link", "del", BRIDGE], check=True)  # as after a reboot of the parent
    assert parent.made(state="started")["changes"] > 0
    assert parent.ssh(first, "systemctl", "is-system-running") == "running"


def test_lxc_start_alone_brings_the_bridge_back(parent: Parent, first: dict[str, Any]) -> None:
    subprocess.run(["lxc-stop", "-n", FIRST], check=True)
    subprocess.run(["ip", "link", "del", BRIDGE], check=True)
    subprocess.run(["nft", "delete", "table", "ip", f"sshfleet_{BRIDGE}"], check=True)
    subprocess.run(["lxc-start", "-n", FIRST], check=True)
    assert parent.made()["changes"] == 0


def test_changed_configuration_is_applied(parent: Parent, first: dict[str, Any]) -> None:
    assert parent.made(memory="512M", autostart=True)["changes"] > 0
    assert "lxc.start.auto = 1\n" in (LXC / FIRST / "config").read_text()
    v1, v2 = (output("lxc-cgroup", "-n", FIRST, name).strip() for name in ("memory.limit_in_bytes", "memory.max"))
    assert str(512 * 1024 * 1024) in (v1, v2)
    assert parent.made(memory="512M", autostart=True)["changes"] == 0


def test_a_host_from_a_template_has_what_is_in_it_but_keys_and_an_id_of_its_own(
    parent: Parent, first: dict[str, Any]
) -> None:
    parent.ssh(first, "touch", "/etc/in-the-template")
    second = parent.made(name=SECOND, template=first["rootfs"])
    try:
        assert parent.ssh(second, "ls", "/etc/in-the-template") == "/etc/in-the-template"
        assert parent.ssh(second, "hostname") == SECOND
        keys = [{line.split()[2] for line in facts["known_hosts"]} for facts in (first, second)]
        assert len(keys[0]) == len(keys[1]) == 3 and not keys[0] & keys[1]
        ids = [parent.ssh(facts, "cat", "/etc/machine-id") for facts in (first, second)]
        assert ids[0] != ids[1] and all(ids)
        assert parent.made(name=SECOND, template=first["rootfs"])["changes"] == 0
    finally:
        parent.made(name=SECOND, state="absent")


def test_second_host_without_what_engines_need(parent: Parent, first: dict[str, Any]) -> None:
    lacking = {"nesting": False, "devices": False, "fuse": False, "tun": False}
    second = parent.made(name=SECOND, suite="trixie", hostname="second", **lacking)
    assert second["address"] != first["address"] and second["network"] == first["network"]
    assert not {line.split()[2] for line in second["known_hosts"]} & {line.split()[2] for line in first["known_hosts"]}
    assert parent.ssh(second, "hostname") == "second"
    assert "VERSION_CODENAME=trixie" in parent.ssh(second, "cat", "/etc/os-release")
    assert parent.ssh(second, "ls", "/dev").split().count("fuse") == 0
    assert "net" not in parent.ssh(second, "ls", "/dev").split()
    config = (LXC / SECOND / "config").read_text()
    assert "nesting.conf" not in config and "devices.allow" not in config
    ids = [parent.ssh(facts, "cat", "/etc/machine-id") for facts in (first, second)]
    assert ids[0] != ids[1] and all(ids)
    connect = f"import socket; socket.create_connection(('{first['address']}', 22), 5)"
    parent.ssh(second, "python3", "-c", f'"{connect}"')


def test_failed_start_carries_the_log(parent: Parent, first: dict[str, Any]) -> None:
    broken = "lxc.mount.entry = /does/not/exist mnt none bind 0 0"
    done = parent.role(state="started", config=[broken])
    assert done.returncode == 2
    assert f"The LXC host {FIRST} did not come up" in done.stdout and "/does/not/exist" in done.stdout, done.stdout
    assert parent.made()["changes"] > 0


def test_absent_removes_one_host_and_keeps_the_bridge(parent: Parent, first: dict[str, Any]) -> None:
    assert changes(parent.role("--check", name=SECOND, state="absent")) > 0
    assert (LXC / SECOND).is_dir()
    parent.made(name=SECOND, state="absent")
    assert not (LXC / SECOND).exists()
    assert parent.ssh(first, "true") == ""


def test_absent_of_the_last_host_removes_everything(parent: Parent, first: dict[str, Any]) -> None:
    before = others()
    assert traces() != []
    assert parent.made(state="absent")["changes"] > 0
    assert traces() == []
    assert before - others() == set()
    assert parent.made(state="absent")["changes"] == 0


def test_what_an_interrupted_run_left_is_completed_or_removed(parent: Parent) -> None:
    left = LXC / FIRST
    (left / "rootfs.new" / "etc" / "ssh").mkdir(parents=True)
    marker = {"version": 1, "name": FIRST, "suite": "bookworm", "bridge": BRIDGE, "address": "10.99.7.11"}
    (left / "sshfleet.json").write_text(json.dumps(marker))
    parent.made(network="10.99.7.0/24", state="present")
    assert (left / "rootfs" / "usr").exists() and not (left / "rootfs.new").exists()
    shutil.rmtree(left / "rootfs")
    parent.made(state="absent")
    assert traces() == []
