# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a policy refuses: by level, exemption, protection, and what a run has made itself."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.plan import Resource, Step
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.policy import (
    NO_REMOVE,
    POLICIES,
    READ_ONLY,
    Policy,
    exemption,
    refusal,
    strictest,
)

WEB, IMAGE, CACHE = Resource("container", "web"), Resource("image", "app:1"), Resource("cache", "build cache")


def labels(step: Step) -> Mapping[str, str]:
    return {"env": "dev", "empty": ""} if step.resource.kind == "container" else {}


def refused(policy: Policy, *steps: Step, module: str = "remote_container") -> str:
    found = refusal(policy, "web1", module, steps, labels)
    return "" if found is None else f"{found.message} {found.hint}"


@pytest.mark.parametrize(
    ("step", "removes"),
    [
        (WEB.step("create", "r"), False), (WEB.step("start", "r"), False), (WEB.step("exec", "r"), False),
        (WEB.step("remove", "r"), True), (WEB.step("remove_leftover", "r"), True), (WEB.step("recreate", "r"), True),
        (Resource("volume", "data").step("recreate", "r"), True), (CACHE.step("prune", "r"), True),
        (IMAGE.step("pull", "r"), False), (Resource("network", "n").step("disconnect", "r"), False),
    ],
)  # fmt: skip
def test_levels(step: Step, removes: bool) -> None:
    assert not refused(Policy(), step)
    assert bool(refused(Policy(NO_REMOVE), step)) is removes
    told = refused(Policy(READ_ONLY), step)
    assert f"The policy of web1 is read_only, so this was not done: {step.resource}: {step.what}." in told


@pytest.mark.parametrize(
    "step",
    [
        Resource("path", "/tmp/x").step("copy", "r"), Resource("registry", "r").step("log_in", "r"),
        IMAGE.step("archive", "r"), Resource("tunnel", "t").step("close", "r"),
    ],
)  # fmt: skip
def test_what_changes_nothing_on_the_host_is_no_matter_of_its_policy(step: Step) -> None:
    assert not refused(Policy(READ_ONLY, protected=True), step)


def test_one_step_refuses_all() -> None:
    assert "container web: remove" in refused(Policy(NO_REMOVE), IMAGE.step("pull", "r"), WEB.step("remove", "r"))


def test_what_the_run_has_made_it_may_remove() -> None:
    other = Resource("container", "other")
    assert not refused(Policy(NO_REMOVE), WEB.step("create", "r"), WEB.step("remove", "cleanup is set"))
    assert refused(Policy(NO_REMOVE), WEB.step("create", "r"), other.step("remove", "r"))
    assert refused(Policy(NO_REMOVE), WEB.step("remove", "r"), WEB.step("create", "r"))


@pytest.mark.parametrize(
    ("text", "lets_through"),
    [
        ("remote_container", True), ("sshfleet.containers.remote_container", True), ("remote_container_exec", False),
        ("name:web", True), ("name:w*", True), ("name:app-*", False), ("label:env=dev", True),
        ("label:env=prod", False), ("label:env", True), ("label:empty=", True), ("label:env=", False),
        ("label:missing", False),
    ],
)  # fmt: skip
def test_exemptions(text: str, lets_through: bool) -> None:
    policy = Policy(READ_ONLY, (exemption(text),))
    assert bool(refused(policy, WEB.step("remove", "r"))) is not lets_through


@pytest.mark.parametrize("text", ["", "name:", "host:web", "label:", ":x"])
def test_no_exemptions(text: str) -> None:
    with pytest.raises(ValueError, match="is none of MODULE, name:PATTERN and label"):
        exemption(text)


def test_a_protected_host_wants_to_be_confirmed_and_exemptions_do_not_help() -> None:
    policy = Policy(protected=True, exemptions=(exemption("name:*"),))
    assert "confirm: web1" in refused(policy, WEB.step("start", "r"))
    assert not refused(Policy(protected=True, confirmed=True), WEB.step("start", "r"))
    assert refused(Policy(READ_ONLY, protected=True, confirmed=True), WEB.step("start", "r"))
    assert policy.restricts and not Policy(protected=True, confirmed=True).restricts and not Policy().restricts


def test_the_strictest_holds() -> None:
    assert [strictest([one, other]) for one in POLICIES for other in POLICIES] == [
        "full", "no_remove", "read_only", "no_remove", "no_remove", "read_only", "read_only", "read_only", "read_only",
    ]  # fmt: skip
