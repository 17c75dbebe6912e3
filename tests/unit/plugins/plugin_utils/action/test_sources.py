# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What inventory plugins have in common: which values are trusted as templates, and what a YAML file may not say."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.template import is_trusted_as_template

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.sources import config_problems, plain

KNOWN: dict[str, dict[str, Any]] = {"strict": {"type": "bool"}, "name": {"type": "list", "aliases": ["names"]}}


@pytest.mark.parametrize(
    ("value", "trusted"),
    [
        ("web1.example.com", True),
        ("-o ProxyJump=ops@gate:22", True),
        ("********", True),
        ("{{ 1 }}", False),
        ("{% if 1 %}", False),
        ("#jinja2: variable_start_string: '[['", False),
        ("lookup('pipe', 'id')", False),
        (22, False),
    ],
)
def test_only_text_that_cannot_be_a_template_is_trusted(value: object, trusted: bool) -> None:
    assert is_trusted_as_template(plain(value)) is trusted


def test_values_within_others_are_told_apart_and_stay_the_same() -> None:
    given = {"a": ["x", {"b": "{{ x }}"}], "c": None, "d": True}
    found = plain(given)
    assert found == given
    assert is_trusted_as_template(found["a"][0]) and not is_trusted_as_template(found["a"][1]["b"])


def test_an_option_is_known_by_each_of_its_names() -> None:
    assert list(config_problems({"names": ["a"], "name": ["b"], "strict": True}, KNOWN)) == []
    assert list(config_problems({"nams": 1, "strict": "yes"}, KNOWN)) == [
        "unknown option 'nams'. The options are: name, strict.",
        "option 'strict' has the value 'yes'. Give true or false.",
    ]
