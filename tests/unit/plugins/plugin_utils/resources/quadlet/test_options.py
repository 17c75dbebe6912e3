# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task of remote_quadlet may say."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.quadlet.options import (
    ARGUMENT_SPEC,
    SPEC_RULES,
    Options,
    parse,
)


def parsed(text: str | None = None, **params: Any) -> Options:
    validated = ArgumentSpecValidator(ARGUMENT_SPEC, **SPEC_RULES).validate(params)
    assert not validated.error_messages, validated.error_messages
    return parse(validated.validated_parameters, text)


def test_files() -> None:
    found = parsed("[Pod]", name="p.pod", content="[Pod]", dropins={"a.conf": "x"}, files={"y.yaml": ""}, mode="0600")
    assert found.texts == {"p.pod": "[Pod]\n", "p.pod.d/a.conf": "x\n", "y.yaml": ""} and found.mode == "600"
    assert found.source == "content" and found.unit == "p-pod.service"


@pytest.mark.parametrize(("text", "params"), [
    ("", {"name": "p.pod", "content": ""}), (None, {"name": "p.pod", "mode": "rw"}), (None, {"name": "p"}),
    (None, {"name": "p.pod", "timeout": 0}), (None, {"name": "p.pod", "settle": 61}), (None, {"name": "p@.container"}),
    ("x", {"name": "p.pod", "container": {}}),
    ("x", {"name": "p.pod", "content": "x", "enabled": True}), (None, {"name": "p.pod", "sections": {}}),
])  # fmt: skip
def test_what_is_refused(text: str | None, params: dict[str, Any]) -> None:
    with pytest.raises(InvalidOption):
        parsed(text, **params)


@pytest.mark.parametrize("mode", [420, 400, 0o600, 6.0, True])
def test_a_mode_without_quotes_is_refused(mode: Any) -> None:
    with pytest.raises(InvalidOption) as told:
        parsed(name="p.pod", mode=mode)
    assert told.value.option == "mode" and "in quotes" in told.value.hint


def test_a_template_can_be_present() -> None:
    assert parsed("[Container]", name="p@.container", content="[Container]", state="present").name == "p@.container"
