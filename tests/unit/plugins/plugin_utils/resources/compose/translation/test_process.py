# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the process of a container is given where there is more to say than its option."""

from __future__ import annotations

import pytest
from compose_translated import params, refused

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.compose.translation.process import (
    length,
    whole_seconds,
)


@pytest.mark.parametrize(("written", "ours"), [("1m30s", "90s"), ("0s", "0s"), ("1.5s", "1500ms"), ("100µs", "0s")])
def test_lengths_of_time(written: str, ours: str) -> None:
    assert length(written) == ours


@pytest.mark.parametrize(("written", "seconds"), [("10s", 10), ("500ms", 1), ("0s", 0), ("1m0.1s", 61)])
def test_seconds_are_rounded_up(written: str, seconds: int) -> None:
    assert whole_seconds(written) == seconds


def test_a_health_check_that_is_off() -> None:
    assert params("healthcheck: {disable: true, test: x}") == {"healthcheck": {"test": ["NONE"]}}


@pytest.mark.parametrize(
    ("condition", "policy"), [("none", "no"), ("any", "always"), ("on-failure", "on-failure"), ("", "always")]
)
def test_the_restart_policy_of_deploy_wins(condition: str, policy: str) -> None:
    keys = f"restart: unless-stopped\ndeploy: {{restart_policy: {{condition: '{condition}'}}}}"
    assert params(keys) == {"restart_policy": policy}


def test_a_profile_for_seccomp_is_the_controllers_file() -> None:
    made = params("security_opt: ['seccomp=./p.json']", files={"p.json": '{ "a":\n ["é"] }'.encode()})
    assert made == {"security_opts": ['seccomp={"a":["é"]}']}
    (problem,) = refused("security_opt: ['seccomp:p.json']")
    assert problem.startswith("services.web.security_opt[0] names /projects/shop/p.json, which can't be used")
    assert params("security_opt: ['seccomp=unconfined']") == {"security_opts": ["seccomp=unconfined"]}
