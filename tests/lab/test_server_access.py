# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who may use the system sockets after the role server_setup has opened them to a group, and closed them again.

The tests run in the order of this file. The hosts of the lab boot again on the way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from engine_cases import IMAGE
from lab_hosts import Lab
from lab_users import lab_user
from reboots import reboot
from role_runs import counts, set_up

HOSTS = ("bookworm1", "trixie1")
ENGINES = ("podman", "docker")
LIMIT = ("--limit", ",".join(HOSTS))
BOTH = (*LIMIT, "-e", json.dumps({"server_setup_engines": ENGINES}))
OPEN = ("-e", json.dumps({"server_setup_access_group": "engine-users", "server_setup_access_users": ["member"]}))
RUNS = {"image": IMAGE, "command": "sleep 3600", "stop_timeout": 0, "state": "started"}


def ask(lab: Lab, module: str, user: str = "root", host: str = ":".join(HOSTS), **args: Any) -> list[dict[str, Any]]:
    """What a module says on the hosts as a user, in the order of the hosts."""
    found = lab.module(host, f"sshfleet.containers.{module}", args, "-e", f"ansible_user={user}")
    assert set(found) == set(host.split(":"))
    return [found[one] for one in host.split(":")]


@pytest.fixture(scope="module")
def opened(session_lab: Lab) -> Iterator[Lab]:
    """Users, a container on each engine that nothing would start again, and then the sockets are opened."""
    lab = session_lab
    with ExitStack() as stack:
        for host in HOSTS:
            stack.callback(lab.ssh, host, "groupdel engine-users 2>/dev/null || true")
            for user in ("member", "stranger"):
                stack.enter_context(lab_user(lab, host, user))
        for engine in ENGINES:
            stack.callback(ask, lab, "remote_container", engine=engine, name="survivor", stop_timeout=0, state="absent")
            ask(lab, "remote_container", engine=engine, name="survivor", **RUNS)
        stack.callback(set_up, lab, *BOTH)
        stdout = set_up(lab, *BOTH, *OPEN)
        assert all(counts(stdout, host)["changed"] > 0 for host in HOSTS)
        yield lab


def test_opening_them_again_changes_nothing_and_what_ran_before_runs(opened: Lab) -> None:
    stdout = set_up(opened, *BOTH, *OPEN)
    assert [counts(stdout, host)["changed"] for host in HOSTS] == [0, 0]
    for engine in ENGINES:
        found = ask(opened, "remote_container_info", engine=engine, name="survivor")
        assert [[container["status"] for container in one["containers"]] for one in found] == [["running"]] * 2


@pytest.mark.parametrize("boots", [0, 1])
def test_a_member_gets_in_and_a_stranger_hears_of_the_group(opened: Lab, boots: int) -> None:
    if boots:
        reboot(opened, HOSTS)
    for engine in ENGINES:
        member = ask(opened, "remote_engine_info", "member", engine=engine)
        assert [one["engine"]["name"] for one in member] == [engine] * 2
        run = ask(opened, "remote_container", "member", engine=engine, name="of-a-member", **RUNS)
        assert [(one["_status"], one["container"]["status"]) for one in run] == [("CHANGED", "running")] * 2
        gone = {"name": "of-a-member", "stop_timeout": 0, "state": "absent"}
        assert [one["_status"] for one in ask(opened, "remote_container", "member", engine=engine, **gone)] == [
            "CHANGED"
        ] * 2
        for one in ask(opened, "remote_engine_info", "stranger", engine=engine):
            assert one["error"]["kind"] == "socket_denied"
            assert "usermod -aG engine-users stranger" in one["error"]["hint"]


def test_closed_again_a_member_is_a_stranger_and_nothing_of_it_is_left(opened: Lab) -> None:
    set_up(opened, *BOTH)
    for engine in ENGINES:
        answers = ask(opened, "remote_engine_info", "member", engine=engine)
        assert [one["error"]["kind"] for one in answers] == ["socket_denied"] * 2
    for host in HOSTS:
        # What starts containers at boot has nothing to do with access, and stays.
        look = "find /etc/systemd/system /etc/tmpfiles.d -name '*sshfleet*' -not -name '*sshfleet-unless-stopped.*'"
        assert opened.ssh(host, look) == ""


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
            (done,) = ask(
                session_lab, "remote_container", "rootless", host, engine="podman", engine_socket=socket, **options
            )
            assert done["container"]["status"] == "running"
            assert session_lab.ssh(host, "pgrep --euid rootless --full '^sleep 3600'").strip()
        finally:
            session_lab.ssh(host, "loginctl disable-linger rootless; loginctl terminate-user rootless", check=False)
