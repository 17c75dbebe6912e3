# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role server_setup on hosts of the lab, which it has set up already: their root file systems are made by it.

What it says on bare hosts: test_server_setup_bare.py; whom it gives access, and what a boot leaves of all that:
test_server_access.py.
"""

from __future__ import annotations

import json
import re

from engine_cases import IMAGE
from lab_hosts import Lab
from lab_users import lab_user
from role_runs import changed_host, counts, installed, play, set_up

HOSTS = ("bookworm1", "trixie1")
LIMIT = ("--limit", ",".join(HOSTS))
BOTH = ("-e", "server_setup_engines=podman,docker")


def test_the_second_run_changes_nothing_and_says_one_line_per_host(lab: Lab) -> None:
    """Root needs no sudo for it."""
    with changed_host(lab, "bookworm1", "mv /usr/bin/sudo /root/sudo", "mv /root/sudo /usr/bin/sudo"):
        stdout = set_up(lab, *LIMIT, *BOTH)
    versions = {"bookworm1": ("4.3", "20.10"), "trixie1": ("5.4", "26.1")}
    for host in HOSTS:
        assert counts(stdout, host)["changed"] == 0
        podman, docker = versions[host]
        line = (
            rf"ok: \[{host}\] => {{\n    \"msg\": \"podman {podman}\S*, socket /run/podman/podman.sock, storage \w+, "
            rf"cgroup v\d, LXC; docker {docker}\S*, socket /var/run/docker.sock, storage \w+, cgroup v\d, LXC\""
        )
        assert re.search(line, stdout), stdout
    refresh = stdout.split("Refresh the package lists")[1].split("TASK")[0]
    assert refresh.count("skipping:") == len(HOSTS)


def test_only_what_is_needed_is_installed(lab: Lab) -> None:
    lean = {"podman", "crun", "netavark", "aardvark-dns", "nftables", "docker.io", "containerd", "iptables"}
    for host in HOSTS:
        assert lean <= installed(lab, host)
        assert not {"buildah", "fuse-overlayfs", "slirp4netns", "criu"} & installed(lab, host)
    assert "docker-cli" in installed(lab, "trixie1")


def test_a_stopped_and_disabled_socket_is_a_change_and_is_told_by_check_mode(lab: Lab) -> None:
    """Also for a user with sudo, who hears about the socket, and not for one without root."""
    one = ("--limit", "trixie1", "-e", "ansible_user=op")
    with lab_user(lab, "trixie1", "op", "op ALL=(ALL) NOPASSWD: ALL"):
        lab.ssh("trixie1", "systemctl disable --now podman.socket podman.service")
        checked = set_up(lab, *one, "--check", "-e", "server_setup_verify=false")
        assert counts(checked, "trixie1")["changed"] == 1
        assert lab.ssh("trixie1", "systemctl is-enabled podman.socket || true").strip() == "disabled"
        stdout = set_up(lab, *one)
        assert counts(stdout, "trixie1")["changed"] == 1
        assert lab.ssh("trixie1", "systemctl is-enabled podman.socket").strip() == "enabled"
        denied = play(lab, *one, "-e", "ansible_become=false")
    assert "podman (serves, but op may not open the socket)" in stdout or re.search(r"podman 5\.\d", stdout)
    assert denied.returncode == 2
    assert "need root, and op is not root on trixie1. Set become" in denied.stdout


def test_a_failing_engine_fails_the_host(lab: Lab) -> None:
    broken = "systemctl mask --now --runtime docker.service"
    with changed_host(lab, "bookworm1", broken, "systemctl unmask --runtime docker.service; systemctl start docker"):
        done = play(lab, "--limit", "bookworm1", *BOTH, "-e", "server_setup_restart_at_boot=false")
    assert done.returncode == 2, done.stdout


def test_a_container_that_would_not_come_back_is_told_of_once(lab: Lab) -> None:
    """By the task that gives it the policy, on a host that the role has not set up; see the reboots of
    test_server_access.py.
    """
    wanted = {"engine": "podman", "name": "policy", "image": IMAGE, "command": "sleep 9999",
              "stop_timeout": 1, "restart_policy": "unless-stopped"}  # fmt: skip

    def warned(**given: object) -> list[str]:
        """On which versions of Podman."""
        arguments = json.dumps({**wanted, **given})
        done = lab.run("ansible", ":".join(HOSTS), "-m", "sshfleet.containers.remote_container", "-a", arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        said = " ".join((done.stdout + done.stderr).split())
        return sorted(set(re.findall(r"of Podman ([\d.]+) starts those of always only\. Set the host up with", said)))

    for host in HOSTS:
        lab.ssh(host, "systemctl disable sshfleet-unless-stopped.service")
    try:
        first = warned()
        assert [one.rpartition(".")[0] for one in first] == ["4.3", "5.4"]
        assert warned() == [] == warned(restart_policy="always")
        set_up(lab, *LIMIT)
        assert warned() == []
    finally:
        for host in HOSTS:
            lab.ssh(host, "podman", "rm", "-f", "policy")
