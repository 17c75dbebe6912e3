# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of podman_container's ``state: quadlet``: a task that remote_quadlet takes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.catalogue import module
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.as_quadlet import advice
from ansible_collections.sshfleet.containers.plugins.plugin_utils.seam.settings import ARGUMENT_SPEC

WEB = {"name": "web", "state": "quadlet", "image": "x", "env": {"A": 1}}


@pytest.mark.parametrize(("given", "task"), [
    (WEB, {"name": "web", "state": "present", "container": {"image": "x", "env": {"A": 1}}}),
    (
        {**WEB, "quadlet_filename": "shop", "quadlet_file_mode": "0600", "engine": "podman", "env": {}},
        {"name": "shop", "state": "present", "mode": "0600", "engine": "podman",
         "container": {"name": "web", "image": "x", "env": {}}},
    ),
])  # fmt: skip
def test_the_task_as_it_would_be(given: dict[str, Any], task: dict[str, Any]) -> None:
    said = advice(given, ARGUMENT_SPEC)
    assert json.loads(said.partition("remote_quadlet: ")[2]) == task
    quadlet = module("remote_quadlet")
    spec = {**ARGUMENT_SPEC, **quadlet.options}
    assert not ArgumentSpecValidator(spec, **quadlet.spec_rules).validate(task).error_messages
    assert ("sections" in said) == ("quadlet_options" in given)


def test_other_tasks() -> None:
    assert advice({**WEB, "state": "started"}, ARGUMENT_SPEC) == "" == advice({}, ARGUMENT_SPEC)
    assert "quadlet_options has goes into sections" in advice({**WEB, "quadlet_options": ["A=b"]}, ARGUMENT_SPEC)
