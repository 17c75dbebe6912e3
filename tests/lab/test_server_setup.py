# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role server_setup on LXC hosts of its own, which start with nothing but sshd and Python on them.

The tests run in the order of this file: first those that need bare hosts, then those that need set up ones.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from checkout import CHECKOUT
from lab_hosts import Lab, close_masters
from reboots import reboot
from role_runs import PLAYBOOK, counts, play, set_up

pytestmark = pytest.mark.own_hosts

ENGINES = ("podman", "docker")
HOSTS = {
    "bookworm1": {"suite": "bookworm", "groups": ["bookworm"]},
    "trixie1": {"suite": "trixie", "groups": ["trixie"]},
}
ARCHIVES = "/var/cache/sshfleet-lxc/archives"  # what apt has downloaded for an earlier lab
BOTH = ("-e", "server_setup_engines=podman,docker")


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


@pytest.fixture(scope="module")
def ready(bare: Lab) -> Lab:
    """The same hosts, with both engines set up."""
    set_up(bare, *BOTH)
    return bare


def make_lab(directory: Path, state: str) -> None:
    variables = {"lab_dir": str(directory), "lab_state": state, "lab_hosts": HOSTS, "lab_archives": ARCHIVES}
    binary = Path(sys.executable).parent / "ansible-playbook"
    argv = [str(binary), "-i", "localhost,", str(PLAYBOOK.with_name("lab.yml")), "-e", json.dumps(variables)]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(CHECKOUT / "ansible.cfg")}
    done = subprocess.run(argv, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def installed(lab: Lab, host: str) -> set[str]:
    """The packages that are installed on a host."""
    output = lab.ssh(host, "dpkg-query", "-W", "-f", "'${Package} ${db:Status-Status}\\n'")
    return {name for name, status in (line.split() for line in output.splitlines()) if status == "installed"}


@contextmanager
def changed_host(lab: Lab, host: str, change: str, undo: str) -> Iterator[None]:
    """A host on which a shell command was run, and is undone after the test."""
    lab.ssh(host, change)
    try:
        yield
    finally:
        lab.ssh(host, undo)


# --- bare hosts -------------------------------------------------------------------------------------------------------

REFUSED = {
    "unknown engine": (
        {"server_setup_engines": ["lxd"]},
        "must be one or more of: podman, docker. Got no match for: lxd",
    ),
    "no engine": ({"server_setup_engines": []}, "server_setup_engines is empty"),
    "packages of no engine": ({"server_setup_packages": {"lxd": ["lxd"]}}, "lxd. Supported parameters include"),
    "lxc_missing": ({"server_setup_lxc_missing": "ignore"}, "must be one of: fail, warn, got: ignore"),
    "not a boolean": ({"server_setup_verify": "perhaps"}, "server_setup_verify"),
    "no name of a group": ({"server_setup_access_group": "a b"}, "'server_setup_access_group' has the value 'a b'"),
    "root's group": ({"server_setup_access_group": "root"}, "and not root"),
    "no name of a user": (
        {"server_setup_access_group": "x", "server_setup_access_users": ["-u"]},
        "'server_setup_access_users' has the value '-u'",
    ),
    "users and no group": ({"server_setup_access_users": ["root"]}, "Name one with server_setup_access_group"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_options_are_refused_before_the_host_is_touched(bare: Lab, case: str) -> None:
    variables, message = REFUSED[case]
    done = play(bare, "-e", json.dumps(variables))
    assert done.returncode == 2
    assert message in done.stdout + done.stderr
    assert "Look at the host" not in done.stdout


@pytest.mark.parametrize(
    "playbook",
    ["sshfleet.containers.setup_server", str(PLAYBOOK), str(PLAYBOOK.with_name("setup_server.yml"))],
    ids=["qualified", "file", "twin"],
)
def test_check_mode_on_a_bare_host_tells_and_changes_nothing(bare: Lab, playbook: str) -> None:
    before = {host: installed(bare, host) for host in bare.hosts}
    done = play(bare, "--check", *BOTH, playbook=playbook)
    assert done.returncode == 0, done.stdout + done.stderr
    for host in bare.hosts:
        assert installed(bare, host) == before[host]
        assert not {"podman", "docker.io"} & before[host]
        assert counts(done.stdout, host)["changed"] == 2, "installing the packages, and enabling the sockets"
    assert len(re.findall(r"docker\.io .*would be installed\.", done.stdout)) == 2
    assert len(re.findall(r"docker-cli .*would be installed\.", done.stdout)) == 1, "bookworm has no such package"
    assert done.stdout.count("podman (would be installed), socket /run/podman/podman.sock, cgroup v") == 2


OS_RELEASE = {
    "unknown": ("ID=nixos", 2, "The distribution nixos of bookworm1 (ID_LIKE: none) is not known"),
    "no ID": ("NAME=Something", 2, "The distribution (no ID in /etc/os-release) of bookworm1"),
    "ID_LIKE": ('ID=tinted\nID_LIKE="shaded debian"', 0, "podman (would be installed)"),
    "another family": ("ID=rocky\nID_LIKE='rhel fedora'", 0, "iptables-nft"),
}


@pytest.mark.parametrize("case", OS_RELEASE)
def test_the_family_is_chosen_by_id_then_by_id_like(bare: Lab, case: str) -> None:
    text, code, message = OS_RELEASE[case]
    change = f"cp /usr/lib/os-release /root/os-release && cat > /usr/lib/os-release <<'X'\n{text}\nX\n"
    with changed_host(bare, "bookworm1", change, "mv /root/os-release /usr/lib/os-release"):
        done = play(bare, "--check", "--limit", "bookworm1")
    assert done.returncode == code, done.stdout + done.stderr
    assert message in done.stdout


ACCESS = ("--limit", "bookworm1", "-e", "server_setup_access_group=engines")


def test_users_who_are_not_there_are_refused_by_name(bare: Lab) -> None:
    done = play(bare, *ACCESS, "-e", "server_setup_access_users=root,nobody-here,nor-here")
    assert done.returncode == 2
    assert "names users whom bookworm1 does not have: nobody-here, nor-here." in done.stdout
    assert "podman" not in installed(bare, "bookworm1")


def test_access_is_told_by_check_mode_on_a_bare_host(bare: Lab) -> None:
    stdout = set_up(bare, *ACCESS, "--check", "-e", "server_setup_access_users=nobody")
    assert "nobody would be put into the group engines." in stdout
    assert bare.ssh("bookworm1", "getent group engines; ls -d /etc/systemd/system/*.socket.d", check=False) == ""


def test_what_an_lxc_host_lacks_is_named_before_anything_is_installed(bare: Lab) -> None:
    # Stands for a host without nesting: neither /proc nor an overlay can be mounted in a namespace of one's own.
    with changed_host(bare, "trixie1", "ln -s /bin/false /usr/local/bin/unshare", "rm /usr/local/bin/unshare"):
        done = play(bare, "--limit", "trixie1")
        warned = play(bare, "--limit", "trixie1", "--check", "-e", "server_setup_lxc_missing=warn")
    assert done.returncode == 2
    for line in (
        "nesting (required by podman): nesting is off",
        "lxc.include = /usr/share/lxc/config/nesting.conf",
        "storage (required by podman)",
        "overlay (useful)",
    ):
        assert line in done.stdout
        assert line in warned.stdout
    assert "podman" not in installed(bare, "trixie1")
    assert warned.returncode == 0


def test_useful_devices_that_are_missing_are_a_warning(bare: Lab) -> None:
    hide, undo = "umount /dev/fuse; rm /dev/fuse", "mknod /dev/fuse c 10 229"
    with changed_host(bare, "trixie1", hide, undo):
        done = play(bare, "--limit", "trixie1", "--check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "lxc.mount.entry = /dev/fuse dev/fuse none bind,create=file 0 0" in done.stdout
    assert "/dev/net/tun" not in done.stdout


def test_a_healthy_lxc_host_hears_nothing_of_lxc(bare: Lab) -> None:
    stdout = set_up(bare, "--check")
    assert "lxc." not in stdout.replace("lxc.yml", "")


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

    told = play(bare, *one, "--check")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "python3 would be installed." in told.stdout
    assert "python3" not in installed(bare, "bookworm1")

    stdout = set_up(bare, *one)
    assert {"python3", "podman"} <= installed(bare, "bookworm1")
    assert counts(stdout, "bookworm1")["changed"] >= 2


# --- set up hosts -----------------------------------------------------------------------------------------------------


def test_the_second_run_changes_nothing_and_says_one_line_per_host(ready: Lab) -> None:
    stdout = set_up(ready, *BOTH)
    versions = {"bookworm1": ("4.3", "20.10"), "trixie1": ("5.4", "26.1")}
    for host in ready.hosts:
        assert counts(stdout, host)["changed"] == 0
        podman, docker = versions[host]
        line = (
            rf"ok: \[{host}\] => {{\n    \"msg\": \"podman {podman}\S*, socket /run/podman/podman.sock, storage \w+, "
            rf"cgroup v\d, LXC; docker {docker}\S*, socket /var/run/docker.sock, storage \w+, cgroup v\d, LXC\""
        )
        assert re.search(line, stdout), stdout
    refresh = stdout.split("Refresh the package lists")[1].split("TASK")[0]
    assert refresh.count("skipping:") == len(ready.hosts)


def test_only_what_is_needed_is_installed(ready: Lab) -> None:
    lean = {"podman", "crun", "netavark", "aardvark-dns", "nftables", "docker.io", "containerd", "iptables"}
    for host in ready.hosts:
        assert lean <= installed(ready, host)
        assert not {"buildah", "fuse-overlayfs", "slirp4netns", "criu"} & installed(ready, host)
    assert "docker-cli" in installed(ready, "trixie1")


def test_a_stopped_and_disabled_socket_is_a_change_and_is_told_by_check_mode(ready: Lab) -> None:
    one = ("--limit", "trixie1")
    ready.ssh("trixie1", "systemctl disable --now podman.socket podman.service")
    checked = set_up(ready, *one, "--check", "-e", "server_setup_verify=false")
    assert counts(checked, "trixie1")["changed"] == 1
    assert ready.ssh("trixie1", "systemctl is-enabled podman.socket || true").strip() == "disabled"
    assert counts(set_up(ready, *one), "trixie1")["changed"] == 1
    assert ready.ssh("trixie1", "systemctl is-enabled podman.socket").strip() == "enabled"


def test_a_user_with_sudo_may_set_up_and_hears_about_the_socket(ready: Lab) -> None:
    user = (
        "useradd -m op && mkdir ~op/.ssh && cp /root/.ssh/authorized_keys ~op/.ssh/ && chown -R op: ~op/.ssh && "
        "echo 'op ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/op"
    )
    one = ("--limit", "trixie1", "-e", "ansible_user=op")
    with changed_host(ready, "trixie1", user, "pkill -u op; sleep 1; userdel -rf op 2>/dev/null; rm /etc/sudoers.d/op"):
        stdout = set_up(ready, *one)
        denied = play(ready, *one, "-e", "ansible_become=false")
    assert counts(stdout, "trixie1")["changed"] == 0
    assert "podman (serves, but op may not open the socket)" in stdout or re.search(r"podman 5\.\d", stdout)
    assert denied.returncode == 2
    assert "need root, and op is not root on trixie1. Set become" in denied.stdout


def test_access_is_given_once_and_taken_back(ready: Lab) -> None:
    look = "stat -c '%G %a' /run/podman/podman.sock /run/podman /run/docker.sock"
    before = ready.ssh("bookworm1", look)
    wanted = (*ACCESS, *BOTH, "-e", "server_setup_access_users=nobody")
    try:
        told = counts(set_up(ready, *wanted, "--check"), "bookworm1")["changed"]
        assert ready.ssh("bookworm1", look) == before
        # The group is not there yet in check mode: what it would be given is not counted.
        assert told == counts(set_up(ready, *wanted), "bookworm1")["changed"] - 2
        assert ready.ssh("bookworm1", look).split() == ["engines", "660", "engines", "750", "engines", "660"]
        assert counts(set_up(ready, *wanted), "bookworm1")["changed"] == 0
        ready.ssh("bookworm1", "echo '[Socket]' > /etc/systemd/system/podman.socket.d/50-sshfleet-access.conf")
        assert "has files that this role did not write" in play(ready, *wanted).stdout
        assert counts(set_up(ready, "--limit", "bookworm1", *BOTH), "bookworm1")["changed"] > 0
        assert ready.ssh("bookworm1", "ls /etc/systemd/system/podman.socket.d").split() == ["50-sshfleet-access.conf"]
        # The directory as a boot makes it, Docker's socket as its unit says.
        assert ready.ssh("bookworm1", look).split() == ["root", "660", "root", "700", "docker", "660"]
    finally:
        undo = (
            "rm -rf /etc/systemd/system/*.socket.d /etc/tmpfiles.d/00-sshfleet*; systemctl daemon-reload; "
            "chgrp root /run/podman /run/podman/podman.sock; chgrp docker /run/docker.sock; groupdel engines"
        )
        ready.ssh("bookworm1", undo)


def test_root_needs_no_sudo(ready: Lab) -> None:
    with changed_host(ready, "bookworm1", "mv /usr/bin/sudo /root/sudo", "mv /root/sudo /usr/bin/sudo"):
        assert counts(set_up(ready, "--limit", "bookworm1"), "bookworm1")["changed"] == 0


def test_a_failing_engine_fails_the_host(ready: Lab) -> None:
    broken = "systemctl mask --now --runtime docker.service"
    with changed_host(ready, "bookworm1", broken, "systemctl unmask --runtime docker.service; systemctl start docker"):
        done = play(ready, "--limit", "bookworm1", *BOTH, "-e", "server_setup_restart_at_boot=false")
    assert done.returncode == 2, done.stdout


# What comes back at boot, on both engines: all of "always", and of "unless-stopped" what nobody stopped.
COME_BACK = {"always-runs", "always-stopped", "unless-stopped-runs"}
CONTAINERS = (
    "set -e; test -x /bin/busybox || apt-get install -qq -y --no-install-recommends busybox-static >/dev/null; "
    "mkdir -p /root/bb/bin; cp /bin/busybox /root/bb/bin/; ln -sf busybox /root/bb/bin/sleep; "
    "for e in podman docker; do tar -C /root/bb -c . | $e import - localhost/busybox:latest >/dev/null; "
    "for p in always unless-stopped; do for s in runs stopped; do "
    "$e run -d --name $p-$s --stop-timeout 1 --restart $p localhost/busybox:latest sleep 9999; done; "
    "$e stop -t 0 $p-stopped; done; done"
)


def test_engines_and_their_containers_survive_a_reboot(ready: Lab) -> None:
    """The second time it is as if the power had been cut: nothing is written down, and nothing ends in order."""
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda host: ready.ssh(host, CONTAINERS), ready.hosts))
    for how in ("systemctl reboot", "systemctl reboot --force --force"):
        reboot(ready, ready.hosts, how)
        for engine in ENGINES:
            answers = ready.module("all", "sshfleet.containers.remote_engine_info", {"engine": engine})
            assert {one["_status"] for one in answers.values()} == {"SUCCESS"}, answers
            for host in ready.hosts:
                running = ready.ssh(host, engine, "ps", "--format", "'{{.Names}}'").split()
                assert set(running) == COME_BACK, (host, engine, how)
    assert counts(set_up(ready, *BOTH), "trixie1")["changed"] == 0


def test_a_container_that_would_not_come_back_is_told_of_once(ready: Lab) -> None:
    """By the task that gives it the policy, on a host that the role has not set up; see the reboot above."""
    wanted = {"engine": "podman", "name": "policy", "image": "localhost/busybox:latest", "command": "sleep 9999",
              "stop_timeout": 1, "restart_policy": "unless-stopped"}  # fmt: skip

    def warned(**given: object) -> list[str]:
        """On which versions of Podman."""
        arguments = json.dumps({**wanted, **given})
        done = ready.run("ansible", "all", "-m", "sshfleet.containers.remote_container", "-a", arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        said = " ".join((done.stdout + done.stderr).split())
        return sorted(set(re.findall(r"of Podman ([\d.]+) starts those of always only\. Set the host up with", said)))

    for host in ready.hosts:
        ready.ssh(host, "systemctl disable sshfleet-unless-stopped.service")
    try:
        first = warned()
        assert [one.rpartition(".")[0] for one in first] == ["4.3", "5.4"]
        assert warned() == [] == warned(restart_policy="always")
        set_up(ready)
        assert warned() == []
    finally:
        for host in ready.hosts:
            ready.ssh(host, "podman", "rm", "-f", "policy")
