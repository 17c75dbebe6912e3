# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Empty texts for options with choices: templates give them for what they have no value for, and Ansible refuses them.

What an empty text of another option means is said where that option is checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Spec = Mapping[str, Mapping[str, Any]]


def without_empty_choices(spec: Spec, arguments: Any) -> Any:
    """A task's arguments, or those of one option, without the empty texts of options that have choices and no default:
    these are as if they were not given. What has a default, such as ``state``, keeps its empty text, and is refused.
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
    """The value of one option, without those in the options that it has itself."""
    inner = rule.get("options")
    if not inner:
        return value
    if isinstance(value, list):
        return [without_empty_choices(inner, one) for one in value]
    return without_empty_choices(inner, value)
