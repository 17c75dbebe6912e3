# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task does to a hosts.json: from its bytes and what is wanted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import HostsFileError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.hosts_file.options import Wanted
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.hosts_file.plan import (
    NoSuchHost,
    Planned,
    planned,
)

FILE = json.dumps(
    {
        "default_host": "web1",
        "hosts": {
            "web1": {"hostname": "192.0.2.1", "port": None, "groups": [], "description": ""},
            "gate": {"hostname": "192.0.2.2"},
            "db1": {"hostname": "192.0.2.3", "jump_host": "ops@gate:22", "groups": ["db"]},
        },
    }
)


def of(name: str, default: bool | None = None, **values: Any) -> Planned:
    return planned(FILE.encode(), Wanted(name, present=True, values=values, default=default), "hosts.json")


def gone(name: str) -> Planned:
    return planned(FILE.encode(), Wanted(name, present=False, values={}, default=None), "hosts.json")


def test_what_is_so_already_is_not_written() -> None:
    same = (
        of("web1"),
        of("web1", default=True),
        of("gate", default=False),
        of("web1", port=None, groups=None, hostname="192.0.2.1", user=None),
        of("db1", groups=("db",), jump_host="ops@gate:22"),
        gone("web9"),
    )
    assert [(str(one.plan), one.after, one.reaches) for one in same] == [("nothing to do", FILE, False)] * len(same)


@pytest.mark.parametrize(
    ("seen", "step", "reaches"),
    [
        (of("web9", hostname="a"), "add host web9 (the file has no such host)", True),
        (of("web1", port=2222, groups=("web",)), "change web1 (port and groups differ)", True),
        (of("web1", port=2222), "change web1 (port differs)", True),
        (of("db1", jump_host=""), "change db1 (jump_host differs)", True),
        (of("db1", jump_host=None), "change db1 (jump_host differs)", True),
        (of("db1", user="u"), "change db1 (user differs)", True),
        (of("db1", identity_file="k"), "change db1 (identity_file differs)", True),
        (of("web1", description="x"), "change web1 (description differs)", False),
        (of("web1", default=False), "change web1 (default_host differs)", False),
        (gone("web1"), "remove web1 (state is absent)", False),
    ],
)
def test_steps(seen: Planned, step: str, reaches: bool) -> None:
    assert str(seen.plan) == f"1. path hosts.json: {step.replace('add host', 'add')}"
    assert seen.reaches is reaches and seen.before == FILE != seen.after


def test_the_default_host() -> None:
    assert of("gate", default=True).hosts.default_host == "gate"
    assert of("web1", default=False).hosts.default_host is None
    assert gone("web1").hosts.default_host is None and gone("db1").hosts.default_host == "web1"


def test_a_file_that_is_not_there() -> None:
    seen = planned(None, Wanted("a", present=True, values={"hostname": "b"}, default=None), "hosts.json")
    assert seen.before is None and json.loads(seen.after) == {"version": 1, "hosts": {"a": {"hostname": "b"}}}
    nothing = planned(None, Wanted("a", present=False, values={}, default=None), "hosts.json")
    assert not nothing.plan.changed


def test_a_jump_host_of_others_stays() -> None:
    with pytest.raises(InvalidOption, match="it is the jump host of db1") as caught:
        gone("gate")
    assert caught.value.option == "name" and "another jump_host" in caught.value.hint


def test_a_host_that_is_not_there_needs_an_address() -> None:
    with pytest.raises(NoSuchHost, match="'web9': it is no host of the file yet"):
        of("web9", port=1)


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("gate", {"jump_host": "db1"}, "leads round in a circle"),
        ("gate", {"groups": ("db1",)}, "is the name of a host and of a group"),
        ("db", {"hostname": "a"}, "is the name of a host and of a group"),
    ],
)
def test_what_the_inventory_would_refuse_is_not_written(name: str, values: dict[str, Any], words: str) -> None:
    with pytest.raises(HostsFileError, match=words) as caught:
        of(name, **values)
    assert "would be so" in caught.value.hint


@pytest.mark.parametrize("data", [b'{"hosts": {"a": {}}}', b"{", b"\xff", b""])
def test_a_file_that_is_wrong_already_is_left(data: bytes) -> None:
    with pytest.raises(HostsFileError) as caught:
        planned(data, Wanted("a", present=True, values={"hostname": "b"}, default=None), "hosts.json")
    assert "left as it is" in caught.value.hint
