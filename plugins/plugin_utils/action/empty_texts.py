# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Leaves out empty texts of options that have choices: templates give them where they have no value, and Ansible
refuses them.

What an empty text means for any other option is decided where that option is checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Spec = Mapping[str, Mapping[str, Any]]


def without_empty_choices(spec: Spec, arguments: Any) -> Any:
    """A task's arguments, or those of one option, without the empty texts of options that have choices and no default:
    they count as not given. An option with a default, such as ``state``, keeps its empty text, which is refused.
    """
    if not isinstance(arguments, Mapping):
        return arguments
    rules = {given: rule for name, rule in spec.items() for given in (name, *rule.get("aliases", ()))}
    return {
        name: _inside(rules.get(name, {}), value)
        for name, value in arguments.items()
        if value != "" or not _may_be_empty(rules.get(name, {}))
    }


def _may_be_empty(rule: Mapping[str, Any]) -> bool:
    return "choices" in rule and "" not in rule["choices"] and rule.get("default") is None and not rule.get("required")


def _inside(rule: Mapping[str, Any], value: Any) -> Any:
    """The value of one option, with its own suboptions treated in the same way."""
    inner = rule.get("options")
    if not inner:
        return value
    if isinstance(value, list):
        return [without_empty_choices(inner, one) for one in value]
    return without_empty_choices(inner, value)
