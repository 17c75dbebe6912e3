# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every bad value is refused before a file is looked at, with option, value and remedy."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.hosts_file.options import (
    ARGUMENT_SPEC,
    Wanted,
    parse,
)


def parsed(**given: Any) -> Wanted:
    defaults = {name: rule.get("default") for name, rule in ARGUMENT_SPEC.items()}
    return parse({**defaults, "name": "web1", **given})


def test_what_is_not_named_is_not_touched_and_what_is_empty_is_cleared() -> None:
    assert parsed() == Wanted("web1", present=True, values={}, default=None)
    given = {"user": "", "port": "", "identity_file": "", "jump_host": "", "groups": [], "description": ""}
    assert parsed(**given).values == dict.fromkeys(given)
    assert parsed(groups=[""]).values == {"groups": None}
    given = {"hostname": "::1", "port": "2222", "jump_host": "none", "groups": ["a", "b"], "description": "x y"}
    assert parsed(**given, default=False) == Wanted(
        "web1", present=True, default=False,
        values={"hostname": "::1", "port": 2222, "jump_host": "", "groups": ("a", "b"), "description": "x y"},
    )  # fmt: skip


def test_a_host_that_is_to_be_absent_is_nothing_else() -> None:
    assert parsed(state="absent", port="x", default=True) == Wanted("web1", present=False, values={}, default=None)


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("name", "localhost", "is reserved"),
        ("name", "a b", "holds whitespace"),
        ("hostname", "", "is empty"),
        ("hostname", "root@192.0.2.1", "holds a user"),
        ("user", "-oProxyCommand=x", 'begins with "-"'),
        ("port", "0", "is no port"),
        ("port", "65536", "is no port"),
        ("port", "22x", "is no port"),
        ("port", "True", "is no port"),
        ("identity_file", " k", "whitespace"),
        ("jump_host", "a:b:c", "has the hop"),
        ("jump_host", "b,none", "means no jump host"),
        ("groups", ["web", "a-b"], "is no group name"),
        ("groups", ["web", "web"], "is there twice"),
        ("description", "\x1b[31m", "control character"),
    ],
)
def test_what_no_file_can_hold(option: str, value: Any, words: str) -> None:
    with pytest.raises(InvalidOption, match=words) as caught:
        parsed(**{option: value})
    assert caught.value.option == option and caught.value.hint
