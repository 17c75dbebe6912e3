# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role server_setup on LXC hosts of its own, which start with nothing but sshd and Python on them.

A run of the role takes its time on as many hosts as one likes. So what is refused, and what check mode tells, are one
run each, on hosts that are two really: a case is a user of theirs, root by another name, whose shell lacks something
or shows another /etc/os-release, in a mount namespace of its own. The tests run in the order of this file.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from checkout import CHECKOUT
from lab_hosts import Lab, close_masters
from role_runs import PLAYBOOK, ROLE_SETTINGS, changed_host, counts, installed, play, set_up, told

pytestmark = pytest.mark.own_hosts

HOSTS = {
    "bookworm1": {"suite": "bookworm", "groups": ["bookworm"]},
    "trixie1": {"suite": "trixie", "groups": ["trixie"]},
}
ARCHIVES = "/var/cache/sshfleet-lxc/archives"  # what apt has downloaded for an earlier lab
BOTH = {"server_setup_engines": ["podman", "docker"]}
LOOK = "Look at the host"  # the first task that touches it


@dataclass(frozen=True)
class Case:
    """``variables`` of the role on ``host``; ``change`` is a shell command for what its user sees, and nobody else."""

    variables: Mapping[str, Any] = field(default_factory=dict)
    message: str = ""
    code: int = 0
    host: str = "bookworm1"
    change: str = ""


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Two bare LXC hosts; SSHFLEET_BARE_LAB names the directory of such a lab that is there already."""
    given = os.environ.get("SSHFLEET_BARE_LAB")
    directory = Path(given) if given else tmp_path_factory.mktemp("bare") / "lab"
    try:
        if not given:
            make_lab(directory, "started")
        # Sockets need a short path, shorter than pytest's own folders.
        with tempfile.TemporaryDirectory(prefix="lab", dir="/tmp") as runtime:
            yield Lab(directory, Path(runtime))
            close_masters(Path(runtime))
    finally:
        if not given:
            make_lab(directory, "absent")


def make_lab(directory: Path, state: str) -> None:
    variables = {"lab_dir": str(directory), "lab_state": state, "lab_hosts": HOSTS, "lab_archives": ARCHIVES}
    binary = Path(sys.executable).parent / "ansible-playbook"
    argv = [str(binary), "-i", "localhost,", str(PLAYBOOK.with_name("lab.yml")), "-e", json.dumps(variables)]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(CHECKOUT / "ansible.cfg"), **ROLE_SETTINGS}
    done = subprocess.run(argv, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def user_script(name: str, change: str) -> str:
    """A shell script that makes a user who is root, and whose shell runs where a command was run before."""
    inside = shlex.quote(f'{change}; exec bash "$@"')
    login = shlex.quote(f'#!/bin/sh\nexec unshare --mount sh -c {inside} bash "$@"\n')
    shell = f"/usr/local/bin/{name}"
    user = f"useradd --non-unique --uid 0 --gid 0 --home-dir /root --no-create-home --shell {shell} {name}"
    return f"set -e; printf %s {login} > {shell}; chmod 755 {shell}; {user}"


def run_cases(lab: Lab, cases: Mapping[str, Case], *options: str, playbook: str) -> subprocess.CompletedProcess[str]:
    """One run of the playbook with a host for each case, by the case's name."""
    known: dict[str, dict[str, Any]] = {}
    for name, case in cases.items():
        user = name if case.change else "root"
        known[name] = {"ansible_host": lab.hosts[case.host]["hostname"], "ansible_user": user, **case.variables}
        known[name] |= {"ansible_ssh_private_key_file": lab.key, "ansible_become": False}
        if case.change:
            lab.ssh(case.host, "sh", "-s", input=user_script(name, case.change))
    inventory = lab.directory / "cases.yml"
    inventory.write_text(json.dumps({"cases": {"hosts": known}}))
    return play(lab, "-i", str(inventory), "-e", "setup_hosts=cases", *options, playbook=playbook)


REFUSED = {
    "unknown-engine": Case(
        {"server_setup_engines": ["lxd"]},
        "must be one or more of: podman, docker. Got no match for: lxd",
    ),
    "no-engine": Case({"server_setup_engines": []}, "server_setup_engines is empty"),
    "packages-of-no-engine": Case({"server_setup_packages": {"lxd": ["lxd"]}}, "lxd. Supported parameters include"),
    "lxc-missing": Case({"server_setup_lxc_missing": "ignore"}, "must be one of: fail, warn, got: ignore"),
    "not-a-boolean": Case({"server_setup_verify": "perhaps"}, "server_setup_verify"),
    "no-name-of-a-group": Case({"server_setup_access_group": "a b"}, "'server_setup_access_group' has the value 'a b'"),
    "the-group-of-root": Case({"server_setup_access_group": "root"}, "and not root"),
    "no-name-of-a-user": Case(
        {"server_setup_access_group": "x", "server_setup_access_users": ["-u"]},
        "'server_setup_access_users' has the value '-u'",
    ),
    "users-and-no-group": Case({"server_setup_access_users": ["root"]}, "Name one with server_setup_access_group"),
}
# Stands for a host without nesting: neither /proc nor an overlay can be mounted in a namespace of one's own.
CANNOT_NEST = "mount --bind /bin/false /usr/bin/unshare"
LACKING = (
    "nesting (required by podman): nesting is off",
    "lxc.include = /usr/share/lxc/config/nesting.conf",
    "storage (required by podman)",
    "overlay (useful)",
)
REFUSED_WHEN_SEEN = {
    "nobody-here": Case(
        {"server_setup_access_group": "engines", "server_setup_access_users": ["root", "nobody-here", "nor-here"]},
        "names users whom nobody-here does not have: nobody-here, nor-here.",
    ),
    "cannot-nest": Case(message=LACKING[0], host="trixie1", change=CANNOT_NEST),
}


def test_what_cannot_be_is_refused_before_the_host_is_changed(bare: Lab) -> None:
    """What the options alone tell, before it is even touched."""
    before = {host: installed(bare, host) for host in bare.hosts}
    cases = REFUSED | REFUSED_WHEN_SEEN
    done = run_cases(bare, cases, playbook=str(PLAYBOOK.with_name("setup_server.yml")))
    assert done.returncode == 2, done.stdout + done.stderr
    for name, case in cases.items():
        said = told(done.stdout, name)
        assert counts(done.stdout, name)["failed"] == 1, name
        assert case.message in list(said.values())[-1], said
        assert (LOOK in said) == (name in REFUSED_WHEN_SEEN), said
    missing = told(done.stdout, "cannot-nest")["Stop where containers cannot run"]
    assert [line for line in LACKING if line not in missing] == []
    assert {host: installed(bare, host) for host in bare.hosts} == before


def seen_as(*lines: str) -> str:
    """The shell command that makes these the /etc/os-release."""
    return f"printf '%s\\n' {shlex.join(lines)} > /tmp/os-$$; mount --bind /tmp/os-$$ /usr/lib/os-release"


RELEASES = ("bookworm", "trixie")
WOULD = "podman (would be installed)"
TOLD = {
    **{f"bare-{release}": Case(BOTH, WOULD, host=f"{release}1") for release in RELEASES},
    "unknown": Case(
        {}, "The distribution nixos of unknown (ID_LIKE: none) is not known", 2, change=seen_as("ID=nixos")
    ),
    "no-id": Case(
        {}, "The distribution (no ID in /etc/os-release) of no-id", 2, change=seen_as("NAME=Something")
    ),
    "id-like": Case({}, WOULD, change=seen_as("ID=tinted", 'ID_LIKE="shaded debian"')),
    "another-family": Case({}, "iptables-nft", change=seen_as("ID=rocky", "ID_LIKE='rhel fedora'")),
    "access": Case(
        {"server_setup_access_group": "engines", "server_setup_access_users": ["nobody"]},
        "nobody would be put into the group engines.",
    ),
    "nesting": Case({"server_setup_lxc_missing": "warn"}, LACKING[0], host="trixie1", change=CANNOT_NEST),
    "without-fuse": Case(
        {},
        "lxc.mount.entry = /dev/fuse dev/fuse none bind,create=file 0 0",
        host="trixie1",
        change="mount --bind /etc/hostname /dev/fuse",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def checked(bare: Lab) -> str:
    """What one run in check mode says of all cases; the hosts are as before."""
    before = {host: installed(bare, host) for host in bare.hosts}
    done = run_cases(bare, TOLD, "--check", playbook="sshfleet.containers.setup_server")
    assert done.returncode == 2, done.stdout + done.stderr
    assert {host: installed(bare, host) for host in bare.hosts} == before
    assert not {"podman", "docker.io"} & set.union(*before.values())
    return done.stdout


@pytest.mark.parametrize("name", TOLD)
def test_check_mode_tells(checked: str, name: str) -> None:
    said = "".join(told(checked, name).values())
    assert TOLD[name].message in said
    assert counts(checked, name)["failed"] == bool(TOLD[name].code), said


@pytest.mark.parametrize("release", RELEASES)
def test_check_mode_on_a_bare_host_says_what_would_be_done(checked: str, release: str) -> None:
    said = told(checked, f"bare-{release}")
    assert counts(checked, f"bare-{release}")["changed"] == 2, "installing the packages, and enabling the sockets"
    assert "docker.io " in said["Say what would be installed"]
    assert ("docker-cli " in said["Say what would be installed"]) == (release == "trixie"), "bookworm has none"
    line = said["Tell what serves here"]
    assert "podman (would be installed), socket /run/podman/podman.sock, cgroup v" in line
    assert "lxc." not in "".join(said.values()), "a healthy host hears nothing of LXC"


def test_check_mode_says_all_that_is_missing_and_nothing_else(checked: str) -> None:
    warning = told(checked, "nesting")["Warn of what is missing"]
    assert [line for line in LACKING if line not in warning] == []
    assert "/dev/net/tun" not in "".join(told(checked, "without-fuse").values())


def test_check_mode_makes_no_group(bare: Lab, checked: str) -> None:
    assert bare.ssh("bookworm1", "getent group engines; ls -d /etc/systemd/system/*.socket.d", check=False) == ""


def test_another_vendors_engine_is_left_alone(bare: Lab) -> None:
    control = (
        "Package: docker-ce\\nVersion: 99\\nArchitecture: all\\nMaintainer: test <t@example.org>\\nDescription: test\\n"
    )
    build = (
        f"mkdir -p /root/ce/DEBIAN && printf '{control}' > /root/ce/DEBIAN/control && "
        "dpkg-deb -b /root/ce /root/ce.deb && dpkg -i /root/ce.deb"
    )
    with changed_host(bare, "bookworm1", build, "dpkg -P docker-ce; rm -r /root/ce /root/ce.deb"):
        done = play(bare, "--check", "--limit", "bookworm1", "-e", "server_setup_engines=docker")
    assert 'would be installed."' not in done.stdout
    assert "docker.io" not in done.stdout


def test_python_is_installed_where_it_is_missing(bare: Lab) -> None:
    bare.ssh("bookworm1", "apt-get purge -qq -y 'python3*' 'libpython3*'")
    one = ("--limit", "bookworm1")
    refused = play(bare, *one, "-e", "server_setup_install_python=false")
    assert refused.returncode == 2
    assert "bookworm1 has no python3. This role, unlike the modules of this collection, needs it." in refused.stdout

    checked = play(bare, *one, "--check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "python3 would be installed." in checked.stdout
    assert "python3" not in installed(bare, "bookworm1")

    stdout = set_up(bare, *one)
    assert {"python3", "podman"} <= installed(bare, "bookworm1")
    assert counts(stdout, "bookworm1")["changed"] >= 2
