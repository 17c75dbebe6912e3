# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook ping: all, some and none of the hosts reachable are told apart, by exit code and by the last task."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from checkout import CHECKOUT
from lab_hosts import Lab

pytestmark = pytest.mark.pairs("both")

ALL = ("ALL {n} hosts are reachable.", 0)
SOME = ("SOME: {up} of {n} hosts are reachable, not reachable: closed.", 4)
NONE = ("NONE of {n} hosts is reachable.", 2)
# Which hosts are asked, what is said, and the exit code.
CASES = {"all": ("all:!closed", *ALL), "some": ("all", *SOME), "none": ("closed", *NONE)}


@pytest.fixture
def inventory(lab: Lab, tmp_path: Path) -> str:
    """The lab's hosts, and one whose port is closed."""
    first = next(iter(lab.hosts.values()))
    closed = {**first, "port": 2, "groups": []}
    (tmp_path / "hosts.json").write_text(json.dumps({"hosts": {**lab.hosts, "closed": closed}}))
    (tmp_path / "group_vars").symlink_to(lab.directory / "group_vars")
    return str(tmp_path / "hosts.json")


@pytest.mark.parametrize("case", CASES)
def test_all_some_and_none_reachable_are_told_apart(lab: Lab, inventory: str, case: str) -> None:
    pattern, message, code = CASES[case]
    playbook = str(CHECKOUT / "playbooks" / "ping.yml") if case == "all" else "sshfleet.containers.ping"
    done = lab.run("ansible-playbook", playbook, "-e", f"ping_hosts={pattern}", inventory=inventory)
    assert done.returncode == code, done.stdout + done.stderr
    up = len(lab.hosts)
    asked = {"all": up, "some": up + 1, "none": 1}[case]
    last = done.stdout.split("TASK [")[-1]
    assert message.format(n=asked, up=up) in last
    assert done.stdout.count('"msg": "reachable: ') == (0 if case == "none" else up)


def test_a_host_without_an_engine_is_reachable_and_told(lab: Lab) -> None:
    done = lab.run("ansible-playbook", "sshfleet.containers.ping", "-e", "sshfleet_engine_socket=/run/nothing.sock")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"ALL {len(lab.hosts)} hosts are reachable." in done.stdout
    assert "/run/nothing.sock" in done.stdout


def test_a_host_that_is_not_reached_over_ssh_is_not_reachable(lab: Lab) -> None:
    done = lab.run("ansible-playbook", "sshfleet.containers.ping", "-e", "ansible_connection=local")
    assert done.returncode == 2
    assert f"NONE of {len(lab.hosts)} hosts is reachable." in done.stdout
