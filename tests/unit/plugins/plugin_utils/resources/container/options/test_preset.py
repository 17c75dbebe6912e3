# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the hardened preset gives, and what a task may loosen, and that this is said."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import parse
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.preset import (
    HARDENED,
    applied,
)


def hardened(**given: Any) -> tuple[dict[str, Any], list[str]]:
    params, warnings = applied({"preset": "hardened", **given})
    return {name: params[name] for name in HARDENED}, warnings


def test_without_a_preset_nothing_is_given() -> None:
    assert applied({"preset": "none", "memory": None}) == ({"preset": "none", "memory": None}, [])


def test_hardened() -> None:
    assert hardened(read_only=None, memory=None) == (HARDENED, [])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"read_only": False}, "read_only=false"), ({"privileged": True}, "privileged=true"),
        ({"cap_drop": ["NET_RAW"]}, "cap_drop=NET_RAW"), ({"cap_drop": []}, "cap_drop="),
        ({"capabilities": ["NET_ADMIN"]}, "capabilities=NET_ADMIN"), ({"memory": "0"}, "memory=0"),
        ({"pids_limit": -1}, "pids_limit=-1"), ({"pid_mode": "host"}, "pid_mode=host"), ({"uts": "host"}, "uts=host"),
        ({"network_mode": "host"}, "network_mode=host"),
        ({"volumes": ["/run/podman/podman.sock:/e.sock", "/srv:/srv"]}, "volumes=/run/podman/podman.sock"),
        ({"volumes": ["/:/host:ro"]}, "volumes=/"), ({"volumes": ["data:/data", "/anonymous"]}, ""),
        ({"mounts": [{"type": "bind", "source": "/etc/", "target": "/e"}]}, "mounts=/etc/"),
        ({"mounts": [{"type": "volume", "source": "data", "target": "/d"}]}, ""),
        ({"security_opts": ["no-new-privileges:false"]}, "security_opts=no-new-privileges:false"),
    ],
)  # fmt: skip
def test_what_the_task_gives_holds_and_what_it_loosens_is_said(given: dict[str, Any], words: str) -> None:
    params, warnings = hardened(**given)
    assert warnings == ([f"The task loosens preset hardened: {words}."] if words else [])
    assert all(params[name] == value for name, value in given.items() if name in params)


@pytest.mark.parametrize(
    "given", [{"memory": "64m"}, {"pids_limit": 9}, {"cap_drop": ["ALL"]}, {"network_mode": "none"}]
)
def test_what_is_as_strict_is_not_said(given: dict[str, Any]) -> None:
    assert not hardened(**given)[1]


def test_other_security_options_do_not_take_its_own_away() -> None:
    params, warnings = hardened(security_opts=["seccomp=unconfined"])
    assert params["security_opts"] == ["seccomp=unconfined", "no-new-privileges"] and not warnings


def test_it_is_what_a_task_asks_for() -> None:
    options = parse({"name": "web", "image": "app", "preset": "hardened", "read_only": False})
    assert options.values["pids_limit"] == 512 and options.values["read_only"] is False
    assert options.warnings == ("The task loosens preset hardened: read_only=false.",)
