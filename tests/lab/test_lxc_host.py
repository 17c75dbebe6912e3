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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lab_hosts import Lab

pytestmark = pytest.mark.own_hosts

TAG = f"{os.getpid() % 0x10000:04x}"
BRIDGE, FIRST, SECOND = f"lhtest{TAG}", f"lhtest-{TAG}-first", f"lhtest-{TAG}-second"
FACTS = "{{ lxc_host_facts | default({}) | to_json }}"
STATE = Path("/var/lib/sshfleet-lxc")
LXC = Path(subprocess.run(["lxc-config", "lxc.lxcpath"], capture_output=True, text=True, check=True).stdout.strip())


def output(*argv: str) -> str:
    return subprocess.run(argv, capture_output=True, text=True, check=False).stdout


@dataclass(frozen=True)
class Outcome:
    """What one call of the role said and changed, and its facts; None, if it failed."""

    said: str
    changes: int
    facts: dict[str, Any] | None


@dataclass
class Parent:
    """This machine as the parent: runs the role with options and reads what it told."""

    folder: Path
    key: str

    def __post_init__(self) -> None:
        (self.folder / "hosts.json").write_text('{"hosts": {}}')
        self.lab = Lab(self.folder, self.folder)

    def role(self, *calls: Mapping[str, Any], check: bool = False) -> list[Outcome]:
        """Run the role once for each of these sets of options, one after the other, whatever becomes of each."""
        known = {"bridge": BRIDGE, "name": FIRST, "authorized_key": self.key}
        tasks: list[dict[str, Any]] = []
        for number, given in enumerate(calls):
            variables = {f"lxc_host_{name}": value for name, value in {**known, **given}.items()}
            role = {"ansible.builtin.include_role": {"name": "sshfleet.containers.lxc_host"}, "vars": variables}
            told = [{"name": f"TOLD {number}", **self.keep(number, text)} for text in (FACTS, "failed")]
            tasks.append({"block": [role, told[0]], "rescue": [told[1]]})
            (self.folder / f"{number}.json").unlink(missing_ok=True)
        play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}
        env = {"ANSIBLE_PIPELINING": "1"}
        options = ["--check", "--diff"] if check else []
        done = self.lab.playbook([play], self.folder, *options, env=env, inventory=os.devnull)
        assert done.returncode == 0, done.stdout + done.stderr
        said = re.split(r"^TASK \[TOLD \d+\].*", done.stdout, flags=re.M)
        return [self.outcome(number, text) for number, text in enumerate(said[: len(calls)])]

    def keep(self, number: int, text: str) -> dict[str, Any]:
        copy = {"content": text, "dest": str(self.folder / f"{number}.json"), "mode": "0600"}
        return {"ansible.builtin.copy": copy, "check_mode": False, "diff": False, "changed_when": False}

    def outcome(self, number: int, said: str) -> Outcome:
        told = (self.folder / f"{number}.json").read_text()
        changes = len(re.findall(r"^changed: \[localhost\]", said, re.M))
        return Outcome(said, changes, None if told == "failed" else json.loads(told))

    def refused(self, *calls: Mapping[str, Any]) -> list[str]:
        """What the role says to each of these, none of which it may do."""
        outcomes = self.role(*calls)
        assert [one.facts for one in outcomes] == [None] * len(calls), [one.said for one in outcomes]
        return [one.said for one in outcomes]

    def made(self, *calls: Mapping[str, Any], **given: Any) -> dict[str, Any]:
        """The facts of the last call, with the number of changes that each made, as ``changes``; all must succeed."""
        outcomes = self.role(*(calls or [given]))
        facts = [one.facts for one in outcomes if one.facts is not None]
        assert len(facts) == len(outcomes), [one.said for one in outcomes]
        return {**facts[-1], "changes": [one.changes for one in outcomes]}

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
    parent.role(*({"name": name, "state": "absent"} for name in (FIRST, SECOND)))
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


def test_bad_input_is_refused_before_anything_is_touched(parent: Parent) -> None:
    said = parent.refused(*(given for given, _expected in REFUSED.values()))
    for (_given, expected), text in zip(REFUSED.values(), said, strict=True):
        assert [part for part in expected if part not in text] == [], text
    assert traces() == []


def test_what_is_in_use_by_others_is_refused_and_kept(parent: Parent) -> None:
    used = next(route["dst"] for route in json.loads(output("ip", "-json", "-4", "route")) if "/" in route["dst"])
    foreign = LXC / f"lhtest-{TAG}-foreign"
    foreign.mkdir()
    try:
        (foreign / "config").write_text("lxc.uts.name = foreign\n")
        network, *containers = parent.refused(
            {"network": f"{used.split('/')[0]}/24"},
            *({"name": foreign.name, "state": state} for state in ("started", "absent")),
        )
        assert "overlaps with" in network
        assert all("this role did not make" in said for said in containers), containers
        assert (foreign / "config").is_file()
    finally:
        shutil.rmtree(foreign)
    assert traces() == []


def test_check_mode_makes_nothing_and_says_so(parent: Parent) -> None:
    (told,) = parent.role({}, check=True)
    assert told.facts is not None and told.changes > 0, told.said
    assert traces() == []


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
    assert again["changes"] == [0]
    assert again["known_hosts"] == first["known_hosts"] and again["address"] == first["address"]
    assert [one.changes for one in parent.role({}, check=True)] == [0]


def test_what_contradicts_a_host_is_refused(parent: Parent, first: dict[str, Any]) -> None:
    suite, address = parent.refused({"suite": "trixie"}, {"name": SECOND, "address": first["address"]})
    assert "Remove it first" in suite and "another host has it" in address, (suite, address)
    assert running(FIRST)
    assert not (LXC / SECOND).exists()


def test_stop_and_start(parent: Parent, first: dict[str, Any]) -> None:
    assert parent.made({"state": "stopped"}, {"state": "stopped"}, {"state": "present"})["changes"] == [1, 0, 0]
    assert not running(FIRST)
    subprocess.run(["ip", "link", "del", BRIDGE], check=True)  # as after a reboot of the parent
    assert parent.made(state="started")["changes"] != [0]
    assert parent.ssh(first, "systemctl", "is-system-running") == "running"


def test_lxc_start_alone_brings_the_bridge_back(parent: Parent, first: dict[str, Any]) -> None:
    subprocess.run(["lxc-stop", "-n", FIRST], check=True)
    subprocess.run(["ip", "link", "del", BRIDGE], check=True)
    subprocess.run(["nft", "delete", "table", "ip", f"sshfleet_{BRIDGE}"], check=True)
    subprocess.run(["lxc-start", "-n", FIRST], check=True)
    assert parent.made()["changes"] == [0]


def test_changed_configuration_is_applied(parent: Parent, first: dict[str, Any]) -> None:
    some, none = parent.made(*[{"memory": "512M", "autostart": True}] * 2)["changes"]
    assert some > 0 == none
    assert "lxc.start.auto = 1\n" in (LXC / FIRST / "config").read_text()
    v1, v2 = (output("lxc-cgroup", "-n", FIRST, name).strip() for name in ("memory.limit_in_bytes", "memory.max"))
    assert str(512 * 1024 * 1024) in (v1, v2)


def test_a_host_from_a_template_has_what_is_in_it_but_keys_and_an_id_of_its_own(
    parent: Parent, first: dict[str, Any]
) -> None:
    parent.ssh(first, "touch", "/etc/in-the-template")
    second = parent.made(*[{"name": SECOND, "template": first["rootfs"]}] * 2)
    try:
        assert second["changes"][1] == 0
        assert parent.ssh(second, "ls", "/etc/in-the-template") == "/etc/in-the-template"
        assert parent.ssh(second, "hostname") == SECOND
        keys = [{line.split()[2] for line in facts["known_hosts"]} for facts in (first, second)]
        assert len(keys[0]) == len(keys[1]) == 3 and not keys[0] & keys[1]
        ids = [parent.ssh(facts, "cat", "/etc/machine-id") for facts in (first, second)]
        assert ids[0] != ids[1] and all(ids)
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
    failed, mended = parent.role({"state": "started", "config": [broken]}, {})
    assert failed.facts is None
    assert f"The LXC host {FIRST} did not come up" in failed.said and "/does/not/exist" in failed.said, failed.said
    assert mended.facts is not None and mended.changes > 0, mended.said


def test_absent_removes_one_host_and_keeps_the_bridge(parent: Parent, first: dict[str, Any]) -> None:
    (told,) = parent.role({"name": SECOND, "state": "absent"}, check=True)
    assert told.facts is not None and told.changes > 0, told.said
    assert (LXC / SECOND).is_dir()
    parent.made(name=SECOND, state="absent")
    assert not (LXC / SECOND).exists()
    assert parent.ssh(first, "true") == ""


def test_absent_of_the_last_host_removes_everything(parent: Parent, first: dict[str, Any]) -> None:
    before = others()
    assert traces() != []
    some, none = parent.made({"state": "absent"}, {"state": "absent"})["changes"]
    assert some > 0 == none
    assert traces() == []
    assert before - others() == set()


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
