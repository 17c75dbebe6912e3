# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which rules for changes hold for a host: where each comes from, and what check mode says of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.policy import Exemption, Policy
from ansible_collections.sshfleet.containers.plugins.plugin_utils.seam.host import Host
from ansible_collections.sshfleet.containers.plugins.plugin_utils.seam.rules import Rules, rules_of


def host(**variables: Any) -> Host:
    return Host("web1", None, variables.get)


def test_nothing_is_set() -> None:
    assert rules_of(host(), {}) == Rules("web1", Policy(), "", False)


@pytest.mark.parametrize(
    ("variable", "environment", "holds"),
    [("full", "read_only", "read_only"), ("read_only", "full", "read_only"), ("no_remove", "", "no_remove"),
     (None, "no_remove", "no_remove"), ("read_only", "no_remove", "read_only")],
)  # fmt: skip
def test_the_strictest_policy_holds(
    variable: str | None, environment: str, holds: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if environment:
        monkeypatch.setenv("SSHFLEET_POLICY", environment)
    assert rules_of(host(sshfleet_policy=variable), {"policy": "full"}).policy.level == holds


def test_everything_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSHFLEET_AUDIT_REQUIRED", "yes")
    monkeypatch.setenv("SSHFLEET_CONFIRM", "db1, web1")
    known = host(
        sshfleet_policy_allow="remote_container_exec,name:canary-*", sshfleet_protected="true", sshfleet_audit="/a"
    )
    policy = Policy("full", (Exemption("module", "remote_container_exec"), Exemption("name", "canary-*")), True, True)
    assert rules_of(known, {}) == Rules("web1", policy, "/a", True)
    assert rules_of(known, {"audit": "syslog", "confirm": ["db1"], "audit_required": False}) == Rules(
        "web1", Policy("full", policy.exemptions, True, False), "syslog", False
    )


@pytest.mark.parametrize(
    ("variables", "params", "words"),
    [
        ({"sshfleet_policy": "none"}, {}, "choose one of full, no_remove, read_only"),
        ({"sshfleet_policy_allow": ["host:x"]}, {}, "is none of MODULE"),
        ({"sshfleet_policy_allow": {"a": 1}}, {}, "must be a list of texts"),
        ({"sshfleet_protected": "maybe"}, {}, "must be true or false"),
        ({}, {"audit": "trail.log"}, "absolute path, or syslog"),
        ({"sshfleet_confirm": 5}, {}, "must be a list of texts"),
    ],
)
def test_values_that_cannot_be_used(variables: Mapping[str, Any], params: Mapping[str, Any], words: str) -> None:
    with pytest.raises(InvalidOption, match=words):
        rules_of(host(**variables), params)


READ_ONLY, NO_REMOVE = Policy("read_only"), Policy("no_remove")
CHANGED: dict[str, Any] = {"changed": True, "actions": [{"action": "create"}]}
REMOVED: dict[str, Any] = {"changed": True, "actions": [{"action": "stop"}, {"action": "remove"}]}


@pytest.mark.parametrize(
    ("policy", "result", "words"),
    [
        (READ_ONLY, CHANGED, "is read_only: the real run would be refused"), (READ_ONLY, {"changed": False}, ""),
        (READ_ONLY, {"changed": True}, "is read_only"), (NO_REMOVE, CHANGED, ""), (NO_REMOVE, REMOVED, "is no_remove"),
        (Policy(), REMOVED, ""), (Policy(protected=True), CHANGED, "without confirm"),
        (Policy(protected=True, confirmed=True), CHANGED, ""),
        (Policy("read_only", (Exemption("name", "x"),)), CHANGED, ""),
    ],
)  # fmt: skip
def test_check_mode_warns_where_the_real_run_would_be_refused(
    policy: Policy, result: Mapping[str, Any], words: str
) -> None:
    told = Rules("web1", policy, "", False).warning(result)
    assert words in told and bool(words) == bool(told)
