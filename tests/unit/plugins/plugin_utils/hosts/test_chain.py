# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jump hosts that are the names of other entries: the chain, its keys, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import HostsFileError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.read import parse_hosts
from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.variables import Controller, host_vars

ME = Controller(user="me", directory="/etc/fleet", expand=lambda path: path.replace("~", "/home/me"))
GATE = {"hostname": "192.0.2.1", "user": "admin", "port": 2222, "identity_file": "~/gate"}
INNER = {"hostname": "10.0.0.1", "jump_host": "gate"}
SIX = {"hostname": "fe80::1%eth0", "user": "six"}

# the other entries, web1's jump_host -> its ProxyJump, its sshfleet_jump_keys
CHAINS: dict[str, tuple[dict[str, Any], str, str, dict[str, str] | None]] = {
    "an entry": ({"gate": GATE}, "gate", "admin@192.0.2.1:2222", {"admin@192.0.2.1:2222": "/home/me/gate"}),
    "what is written wins": ({"gate": GATE}, "j@gate:1", "j@192.0.2.1:1", {"j@192.0.2.1:1": "/home/me/gate"}),
    "no entry": ({"gate": GATE}, "j@gate2:1", "j@gate2:1", None),
    "names have a case": ({"gate": GATE}, "Gate", "Gate", None),
    "nothing but a hostname": ({"gate": {"hostname": "b"}}, "gate", "b", None),
    "IPv6": ({"six": SIX}, "six:22", "six@[fe80::1%eth0]:22", None),
    "its own jump host": (
        {"gate": GATE, "inner": INNER}, "inner", "admin@192.0.2.1:2222,10.0.0.1",
        {"admin@192.0.2.1:2222": "/home/me/gate"},
    ),
    "a hop that is no entry in front": ({"gate": GATE, "inner": INNER}, "x,inner", "x,10.0.0.1", None),
    "an entry without": ({"gate": {**GATE, "jump_host": ""}}, "gate,x", "admin@192.0.2.1:2222,x", {}),
    "a relative key": ({"gate": {"hostname": "b", "identity_file": "k"}}, "gate", "b", {"b": "/etc/fleet/k"}),
    "switched off": ({"gate": GATE}, "", "none", None),
}  # fmt: skip


def variables(others: dict[str, Any], jump_host: str) -> dict[str, Any]:
    document = {"hosts": {"web1": {"hostname": "a", "jump_host": jump_host}, **others}}
    hosts = parse_hosts(json.dumps(document).encode(), "hosts.json").hosts
    return host_vars(hosts[0], ME, {entry.name: entry for entry in hosts})


@pytest.mark.parametrize(("others", "jump_host", "chain", "keys"), CHAINS.values(), ids=CHAINS)
def test_the_chain(others: dict[str, Any], jump_host: str, chain: str, keys: dict[str, str] | None) -> None:
    found = variables(others, jump_host)
    assert found["ansible_ssh_common_args"].replace("'", "") == f"-o ProxyJump={chain}"
    if keys != {}:
        assert found.get("sshfleet_jump_keys") == keys


def row(count: int) -> dict[str, Any]:
    """web1 is reached over hop1, this over hop2 …: ``count`` hops in all."""
    return {
        f"hop{n}": {"hostname": "a", "jump_host": f"hop{n + 1}" if n < count else None} for n in range(1, count + 1)
    }


def test_ten_are_taken() -> None:
    assert variables(row(10), "hop1")["ansible_ssh_common_args"].count(",") == 9


def one(**entry: Any) -> dict[str, Any]:
    return {"hostname": "a", **entry}


# the hosts -> a part of each problem
REFUSED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "itself": ({"a": one(jump_host="a")}, ['host "a", key "jump_host", value "a": leads round in a circle: a > a']),
    "each other": (
        {"a": one(jump_host="b"), "b": one(jump_host="u@a:1,c")},
        ["circle: a > b > a", "circle: b > a > b"],
    ),
    "behind a circle": (
        {"x": one(jump_host="a"), "a": one(jump_host="a")},
        ['host "x", key "jump_host", value "a": leads round in a circle: x > a > a', 'host "a", key "jump_host"'],
    ),
    "eleven": (
        {"web1": one(jump_host="hop1"), **row(11)},
        ['host "web1", key "jump_host", value "hop1": is a chain of 11 jump hosts with those before hop1 and hop2'],
    ),
    "eleven at once": (
        {"a": one(jump_host="gate,b"), "gate": one(jump_host=",".join("qrstuvxyz"))},
        ["is a chain of 11 jump hosts with those before gate. 10 at most are taken."],
    ),
    "a comma": (
        {"a": one(jump_host="b"), "b": one(user="x,y")},
        ["leads over the user 'x,y', and in a chain of jump hosts a comma ends a hop"],
    ),
}


@pytest.mark.parametrize(("hosts", "parts"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(hosts: dict[str, Any], parts: list[str]) -> None:
    with pytest.raises(HostsFileError) as caught:
        parse_hosts(json.dumps({"hosts": hosts}).encode(), "hosts.json")
    assert len(caught.value.problems) == len(parts), caught.value.problems
    for problem, part in zip(caught.value.problems, parts, strict=True):
        assert problem.startswith("hosts.json:1: host ")
        assert part in problem
