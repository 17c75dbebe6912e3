# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who may use the system sockets after the role server_setup has opened them to a group, and closed them again; and
what of all that it sets up is there after a boot.

The tests run in the order of this file. The hosts of the lab boot twice on the way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from engine_cases import IMAGE
from lab_hosts import Lab
from lab_users import lab_user
from reboots import reboot
from role_runs import counts, play, set_up
from tasks import Task, through_ansible

HOSTS = ("bookworm1", "trixie1")
ENGINES = ("podman", "docker")
LIMIT = ("--limit", ",".join(HOSTS))
BOTH = (*LIMIT, "-e", json.dumps({"server_setup_engines": ENGINES}))
OPEN = ("-e", json.dumps({"server_setup_access_group": "engine-users", "server_setup_access_users": ["member"]}))
RUNS = {"image": IMAGE, "command": "sleep 3600", "stop_timeout": 0, "state": "started"}
LOOK = "stat -c '%G %a' /run/podman/podman.sock /run/podman /run/docker.sock"
DROPIN = "/etc/systemd/system/podman.socket.d/50-sshfleet-access.conf"
# What starts containers at boot has nothing to do with access, and stays.
LEFT = "find /etc/systemd/system /etc/tmpfiles.d -name '*sshfleet*' -not -name '*sshfleet-unless-stopped.*'"
# What comes back at boot, on both engines: all of "always", and of "unless-stopped" what nobody stopped.
COME_BACK = {"always-runs", "always-stopped", "unless-stopped-runs"}
CONTAINERS = (
    "set -e; for e in podman docker; do for p in always unless-stopped; do for s in runs stopped; do "
    f"$e run -d --name $p-$s --stop-timeout 1 --restart $p {IMAGE} sleep 9999; done; "
    "$e stop -t 0 $p-stopped; done; done"
)
GONE = "for e in podman docker; do for p in always unless-stopped; do $e rm -f $p-runs $p-stopped; done; done"


def everywhere(lab: Lab, command: str) -> list[str]:
    """What a shell command says on each of the hosts, at the same time."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda host: lab.ssh(host, command), HOSTS))


@pytest.fixture(scope="module")
def opened(session_lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Users, a container on each engine that nothing would start again, and then the sockets are opened.

    Check mode tells it beforehand, and leaves all as it is.
    """
    lab, folder = session_lab, tmp_path_factory.mktemp("access")
    with ExitStack() as stack:
        stack.callback(everywhere, lab, "groupdel engine-users 2>/dev/null || true")
        for host in HOSTS:
            for user in ("member", "stranger"):
                stack.enter_context(lab_user(lab, host, user))
        survivor = {"name": "survivor", **RUNS}
        gone: Task = {"remote_container": {**survivor, "state": "absent"}}
        stack.callback(through_ansible, lab, folder, lambda _engine: [gone])
        through_ansible(lab, folder, lambda _engine: [{"remote_container": survivor}])
        before = everywhere(lab, LOOK)
        told = set_up(lab, *BOTH, *OPEN, "--check")
        assert everywhere(lab, LOOK) == before
        stack.callback(close, lab)
        stdout = set_up(lab, *BOTH, *OPEN)
        # The group is not there yet in check mode: what it would be given is not counted.
        changed = [[counts(one, host)["changed"] for host in HOSTS] for one in (told, stdout)]
        assert changed[0] == [count - 2 for count in changed[1]]
        assert [one.split() for one in everywhere(lab, LOOK)] == [
            ["engine-users", "660", "engine-users", "750", "engine-users", "660"]
        ] * 2
        yield lab


def close(lab: Lab) -> None:
    """After a test that failed on the way."""
    if any(everywhere(lab, "find /etc/systemd/system -name '50-sshfleet-access.conf'")):
        everywhere(lab, f"! grep -qx '\\[Socket\\]' {DROPIN} || rm {DROPIN}")
        set_up(lab, *BOTH)


def test_opening_them_again_changes_nothing_and_what_ran_before_runs(opened: Lab, tmp_path: Path) -> None:
    stdout = set_up(opened, *BOTH, *OPEN)
    assert [counts(stdout, host)["changed"] for host in HOSTS] == [0, 0]
    told = through_ansible(opened, tmp_path, lambda _engine: [{"remote_container_info": {"name": "survivor"}}])
    for (info,) in told.results.values():
        assert [container["status"] for container in info["containers"]] == ["running"]


def of(user: str, **task: Any) -> Task:
    return {**task, "vars": {"ansible_user": user}}


def a_member_gets_in_and_a_stranger_hears_of_the_group(lab: Lab, tmp_path: Path) -> None:
    name = {"name": "of-a-member", **RUNS}

    def tasks(_engine: str) -> list[Task]:
        return [
            of("member", remote_engine_info={}),
            of("member", remote_container=name),
            of("member", remote_container={**name, "state": "absent"}),
            of("stranger", remote_engine_info={}, ignore_errors=True),
        ]

    for (_host, engine), (info, run, gone, denied) in through_ansible(lab, tmp_path, tasks).results.items():
        assert info["engine"]["name"] == engine
        assert (run["changed"], run["container"]["status"], gone["changed"]) == (True, "running", True)
        assert denied["error"]["kind"] == "socket_denied"
        assert "usermod -aG engine-users stranger" in denied["error"]["hint"]


def test_a_member_gets_in_and_a_stranger_hears_of_the_group(opened: Lab, tmp_path: Path) -> None:
    a_member_gets_in_and_a_stranger_hears_of_the_group(opened, tmp_path)


def test_access_engines_and_containers_survive_a_reboot(opened: Lab, tmp_path: Path) -> None:
    """The second time it is as if the power had been cut: nothing is written down, and nothing ends in order."""
    everywhere(opened, CONTAINERS)
    try:
        for how in ("systemctl reboot", "systemctl reboot --force --force"):
            reboot(opened, HOSTS, how)
            told = through_ansible(opened, tmp_path, lambda _engine: [{"remote_engine_info": {}}])
            assert all(info["engine"]["name"] == engine for (_host, engine), (info,) in told.results.items())
            for engine in ENGINES:
                for running in everywhere(opened, f"{engine} ps --format '{{{{.Names}}}}'"):
                    assert set(running.split()) == COME_BACK, (engine, how)
        a_member_gets_in_and_a_stranger_hears_of_the_group(opened, tmp_path)
    finally:
        everywhere(opened, GONE)


def test_closed_again_a_member_is_a_stranger_and_nothing_of_it_is_left(opened: Lab, tmp_path: Path) -> None:
    """But what the role did not write, which also keeps it from opening them again."""
    opened.ssh("bookworm1", f"echo '[Socket]' > {DROPIN}")
    assert "has files that this role did not write" in play(opened, *BOTH, *OPEN, "--limit", "bookworm1").stdout
    stdout = set_up(opened, *BOTH)
    assert all(counts(stdout, host)["changed"] > 0 for host in HOSTS)
    # The directory as a boot makes it, Docker's socket as its unit says.
    assert [one.split() for one in everywhere(opened, LOOK)] == [["root", "660", "root", "700", "docker", "660"]] * 2
    told = through_ansible(opened, tmp_path, lambda _engine: [of("member", remote_engine_info={}, ignore_errors=True)])
    assert [one["error"]["kind"] for (one,) in told.results.values()] == ["socket_denied"] * 4
    assert opened.ssh("trixie1", LEFT) == ""
    assert opened.ssh("bookworm1", LEFT).split() == [DROPIN]
    opened.ssh("bookworm1", f"rm {DROPIN}; systemctl daemon-reload")


ROOTLESS = f"""
set -e
apt-get install -qq -y --no-install-recommends uidmap dbus-user-session libpam-systemd >/dev/null
loginctl enable-linger rootless
for try in 1 2 3 4 5 6 7 8 9 10; do
  systemctl --machine=rootless@.host --user enable --now podman.socket && break
  sleep 1
done
podman image save {IMAGE} | runuser -u rootless -- env -C / podman load >/dev/null
id -u rootless
"""


def test_a_rootless_socket_as_in_the_readme_of_the_role(session_lab: Lab) -> None:
    """A container without root on either side."""
    host = "trixie1"
    with lab_user(session_lab, host, "rootless"):
        uid = session_lab.ssh(host, "bash -o pipefail -s", input=ROOTLESS).split()[-1]
        try:
            # Other networks need /dev/net/tun to be open to users.
            options = {**RUNS, "name": "rootless", "network_mode": "host"}
            socket = f"/run/user/{uid}/podman/podman.sock"
            given = {"engine": "podman", "engine_socket": socket, **options}
            done = session_lab.module(
                host, "sshfleet.containers.remote_container", given, "-e", "ansible_user=rootless"
            )[host]
            assert done["container"]["status"] == "running"
            assert session_lab.ssh(host, "pgrep --euid rootless --full '^sleep 3600'").strip()
        finally:
            session_lab.ssh(host, "loginctl disable-linger rootless; loginctl terminate-user rootless", check=False)
