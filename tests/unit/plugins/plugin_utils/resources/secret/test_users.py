# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who uses a secret, from what Podman says of containers."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.secret.users import User, users

RUN = ["podman", "run", "-d"]
# What Podman says of a container's configuration, and how it uses the secret db.
CASES: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"Secrets": None, "Env": None, "CreateCommand": None}, []),
    ({"Secrets": [{"Name": "db"}]}, ["mount"]),
    ({"Secrets": [{"Name": "db2"}]}, []),
    ({"Env": ["A=1", "db=*******"]}, ["environment"]),
    ({"Env": ["db=other", "PASSWORD=*******"]}, []),
    ({"CreateCommand": [*RUN, "--secret", "db,type=env,target=A", "x"]}, ["environment"]),
    ({"CreateCommand": [*RUN, "--secret=db,target=A,type=env"]}, ["environment"]),
    ({"CreateCommand": [*RUN, "--secret", "db", "--secret", "other,type=env", "x"]}, []),
    ({"CreateCommand": [*RUN, "--secret"]}, []),
    ({"Secrets": [{"Name": "db"}], "Env": ["db=*******"]}, ["environment", "mount"]),
]


@pytest.mark.parametrize(("config", "uses"), CASES)
def test_how_a_container_uses_a_secret(config: dict[str, Any], uses: list[str]) -> None:
    found = users("db", [{"Name": "web", "State": {"Running": True}, "Config": config}])
    assert found == tuple(User("web", use, True) for use in uses)


@pytest.mark.parametrize(
    ("use", "running", "replaced", "removed"),
    [
        ("mount", True, "recreation", "nothing"), ("mount", False, "recreation", "nothing"),
        ("environment", True, "restart", "secret"), ("environment", False, "nothing", "secret"),
    ],
)  # fmt: skip
def test_what_it_needs_then(use: str, running: bool, replaced: str, removed: str) -> None:
    user = User("web", use, running)
    assert (user.needs(), user.needs(removed=True)) == (replaced, removed)
