# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is kept of a reading: complete hosts only, and only for the same question to the same host."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.inventory.cache import (
    digest,
    keep,
    kept,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.inventory.options import (
    ARGUMENT_SPEC,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.options import Filter

WANTED = parse({name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}).wanted
ENTRIES: dict[str, dict[str, Any]] = {
    "h1": {"host": "h1", "engines": []},
    "h2": {"host": "h2", "engines": [], "error": {"kind": "unreachable"}},
    "h3": {"host": "h3", "engines": []},
}
WAYS = {"h1": digest("192.0.2.1", 22), "h2": digest("192.0.2.2", 22)}


def test_complete_hosts_are_kept_and_others_are_not() -> None:
    content = json.loads(json.dumps(keep(ENTRIES, WANTED, WAYS)))
    assert kept(content, WANTED, {**WAYS, "h3": "x"}) == {"h1": ENTRIES["h1"]}


def test_another_question_or_another_address_is_not_answered() -> None:
    content = keep(ENTRIES, WANTED, WAYS)
    assert kept(content, replace(WANTED, containers=Filter(states=("exited",))), WAYS) == {}
    assert kept(content, WANTED, {"h1": digest("192.0.2.9", 22)}) == {}


def test_how_many_at_once_is_no_other_question() -> None:
    assert kept(keep(ENTRIES, WANTED, WAYS), replace(WANTED, at_once=1, timeout_all=5.0), WAYS)


@pytest.mark.parametrize("content", [None, [], "", {}, {"format": 1}, {"format": 1, "asked": digest(), "hosts": 3}])
def test_what_others_have_written_is_not_used(content: Any) -> None:
    assert kept(content, WANTED, WAYS) == {}


@pytest.mark.parametrize("hosts", [3, {"h1": 3}, {"h1": {"way": WAYS["h1"]}}, {"h1": {"way": WAYS["h1"], "entry": {}}}])
def test_a_broken_entry_is_not_used(hosts: Any) -> None:
    assert kept({**keep(ENTRIES, WANTED, WAYS), "hosts": hosts}, WANTED, WAYS) == {}
