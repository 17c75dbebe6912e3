# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Host ports from a range: the notation, what meets it, and which port is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options import port_ranges, ports
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.port_ranges import Own
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.port_uses import Use

Make = Callable[..., Options]
ALL_IPV4 = "0.0.0.0"  # noqa: S104 - compared with, not bound to
DEFAULT = "auto(20000-29999)"

NOTATIONS: dict[str, tuple[dict[str, Any], dict[str, list[str]]]] = {
    "the default range": ({"published_ports": ["auto:22"]}, {"22/tcp": [DEFAULT]}),
    "another default range": (
        {"published_ports": ["auto:22"], "auto_ports_range": "100-200"}, {"22/tcp": ["auto(100-200)"]},
    ),
    "a range of its own": ({"published_ports": ["auto(2200-2299):22"]}, {"22/tcp": ["auto(2200-2299)"]}),
    "one port": ({"published_ports": ["auto(2200):22"]}, {"22/tcp": ["auto(2200-2200)"]}),
    "an address and a protocol": (
        {"published_ports": ["127.0.0.1:auto:53/UDP"]}, {"53/udp": [f"127.0.0.1:{DEFAULT}"]},
    ),
    "an IPv6 address": ({"published_ports": ["[::1]:auto(1-9):22"]}, {"22/tcp": ["[::1]:auto(1-9)"]}),
    "the default address": (
        {"published_ports": ["auto(1-9):22"], "default_host_ip": "127.0.0.2"}, {"22/tcp": ["127.0.0.2:auto(1-9)"]},
    ),
    "container ports one by one": (
        {"published_ports": ["auto(1-9):22-23"]}, {"22/tcp": ["auto(1-9)"], "23/tcp": ["auto(1-9)"]},
    ),
    "one container port twice": ({"published_ports": ["auto(1-2):22", "auto(1-2):22"]}, {"22/tcp": ["auto(1-2)"] * 2}),
    "beside others": (
        {"published_ports": ["auto(1-2):22", "1:80", "81"]}, {"22/tcp": ["auto(1-2)"], "80/tcp": ["1"], "81/tcp": [""]},
    ),
    "the same range on two addresses": (
        {"published_ports": ["127.0.0.1:auto(5):22", "127.0.0.2:auto(5):22"]},
        {"22/tcp": ["127.0.0.1:auto(5-5)", "127.0.0.2:auto(5-5)"]},
    ),
    "the same range for two protocols": (
        {"published_ports": ["auto(5):22", "auto(5):22/udp"]}, {"22/tcp": ["auto(5-5)"], "22/udp": ["auto(5-5)"]},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("params", "normalised"), NOTATIONS.values(), ids=NOTATIONS)
def test_notations(make: Make, params: dict[str, Any], normalised: dict[str, list[str]]) -> None:
    assert make(**params).values["published_ports"] == normalised


REFUSED = [
    ("auto(99999-1):22", "from a lower to a higher port"),
    ("auto(0-5):22", "from 1 to 65535"),
    ("auto(2200-70000):22", "from 1 to 65535"),
    ("auto():22", "no range of ports"),
    ("auto(ssh):22", "no range of ports"),
    ("auto(2200-2299,2400):22", "no range of ports"),
    ("auto:auto", "this is no port"),
    ("auto", "this is no port"),
    ("auto-2299:22", "this is no port"),
    ("auto(2200-2299:22", "this is no port"),
    ("auto(2200-2201):22-25", "more than the 2 ports of the range 2200-2201"),
]


@pytest.mark.parametrize(("entry", "problem"), REFUSED)
def test_entries_that_are_refused(make: Make, entry: str, problem: str) -> None:
    with pytest.raises(InvalidOption, match=problem) as refused:
        make(published_ports=[entry])
    assert refused.value.option == "published_ports" and refused.value.hint


TOO_MANY = [
    ["auto(5-6):22", "auto(5-6):23", "auto(5-6):24"],
    ["5:80", "auto(5):22"],
    ["127.0.0.1:5:80", "auto(5):22"],
    ["127.0.0.1:auto(5):22", "auto(5):23"],
]


@pytest.mark.parametrize("entries", TOO_MANY, ids=str)
def test_a_range_smaller_than_what_the_task_asks_of_it(make: Make, entries: list[str]) -> None:
    with pytest.raises(InvalidOption, match="asks for more than"):
        make(published_ports=entries)


def test_a_bad_default_range(make: Make) -> None:
    with pytest.raises(InvalidOption, match="auto_ports_range"):
        make(published_ports=["auto:22"], auto_ports_range="many")


MEETS: list[tuple[list[str], list[str], bool]] = [
    (["auto(5-9)"], ["5"], True),
    (["auto(5-9)"], ["9"], True),
    (["auto(5-9)"], ["4"], False),
    (["auto(5-9)"], ["10"], False),
    (["auto(5-9)"], [], False),
    (["auto(5-9)"], [""], False),
    (["auto(5-9)"], ["5-9"], False),
    (["auto(5-9)"], ["5", "6"], False),
    (["auto(5-9)"], ["127.0.0.1:5"], False),
    (["127.0.0.1:auto(5-9)"], ["127.0.0.1:5"], True),
    (["[::1]:auto(5-9)"], ["[::1]:5"], True),
    (["auto(5-9)", "auto(5-6)"], ["5", "8"], True),
    (["auto(5-9)", "auto(5-6)"], ["6", "5"], True),
    (["auto(5-9)", "auto(5-6)"], ["8", "9"], False),
    (["auto(5-9)", "7"], ["7", "8"], True),
    (["auto(5-9)", "7"], ["5", "8"], False),
    (["auto(5-9)", ""], ["6", "40000"], True),
]


@pytest.mark.parametrize(("desired", "actual", "met"), MEETS, ids=str)
def test_what_meets_a_range(desired: list[str], actual: list[str], met: bool) -> None:
    assert ports.equal(desired, actual) is met


def held(port: int, address: str = "", protocol: str = "tcp") -> Use:
    return Use(protocol, address, port, f"somebody on {port}")


def kept_for(port: int) -> Use:
    return Use("tcp", "", port, f"a stopped one on {port}", held=False)


RUNS = Own({"22/tcp": ["7"]}, runs=True)
STOPPED = Own({"22/tcp": ["7"]}, runs=False)
CHOICES: dict[str, tuple[list[str], list[Use], Own, list[str]]] = {
    "the lowest": (["auto(5-9):22"], [], port_ranges.NEW, ["5"]),
    "a listener is avoided": (["auto(5-9):22"], [held(5)], port_ranges.NEW, ["6"]),
    "a stopped container is avoided": (["auto(5-9):22"], [kept_for(5)], port_ranges.NEW, ["6"]),
    "another protocol does not count": (["auto(5-9):22"], [held(5, protocol="udp")], port_ranges.NEW, ["5"]),
    "one address against all": (["auto(5-9):22"], [held(5, "10.0.0.1")], port_ranges.NEW, ["6"]),
    "all against one address": (["10.0.0.1:auto(5-9):22"], [held(5)], port_ranges.NEW, ["10.0.0.1:6"]),
    "all of IPv4 against one address": (
        ["10.0.0.1:auto(5-9):22"], [held(5, ALL_IPV4)], port_ranges.NEW, ["10.0.0.1:6"]),
    "all of IPv6 against one of IPv4": (["10.0.0.1:auto(5-9):22"], [held(5, "::")], port_ranges.NEW, ["10.0.0.1:6"]),
    "all of IPv4 against one of IPv6": (["[::1]:auto(5-9):22"], [held(5, ALL_IPV4)], port_ranges.NEW, ["[::1]:5"]),
    "another address": (["10.0.0.1:auto(5-9):22"], [held(5, "10.0.0.2")], port_ranges.NEW, ["10.0.0.1:5"]),
    "the one it has, though it listens": (["auto(5-9):22"], [held(7, ALL_IPV4), held(7, "::")], RUNS, ["7"]),
    "the one it has, whatever is configured": (["auto(5-9):22"], [kept_for(7)], RUNS, ["7"]),
    "the one it had, whatever is configured": (["auto(5-9):22"], [kept_for(7)], STOPPED, ["7"]),
    "not the one it had, if somebody took it": (["auto(5-9):22"], [held(7)], STOPPED, ["5"]),
    "not the one it has, if the range is another": (["auto(5-6):22"], [held(7)], RUNS, ["5"]),
    "not the one it has, on another address": (["10.0.0.1:auto(5-9):22"], [], RUNS, ["10.0.0.1:5"]),
    "not the one it has, if the task names it": (["7:80", "auto(5-9):22"], [], RUNS, ["5"]),
    "its own listener makes room": (["auto(7):80"], [held(7)], RUNS, ["7"]),
    "a new one does not take what is kept": (["auto(7-8):80", "auto(7-8):22"], [held(7)], RUNS, ["7", "8"]),
    "narrow ranges first": (["auto(5-9):22", "auto(5-5):23"], [], port_ranges.NEW, ["6", "5"]),
    "its own ends": (["6:80", "auto(6-9):22"], [held(7)], port_ranges.NEW, ["8"]),
}  # fmt: skip


@pytest.mark.parametrize(("entries", "uses", "own", "expected"), CHOICES.values(), ids=CHOICES)
def test_choices(entries: list[str], uses: list[Use], own: Own, expected: list[str]) -> None:
    wanted = ports.parse("published_ports", entries)
    chosen = port_ranges.choose("published_ports", wanted, uses, own)
    found = [end for port in sorted(wanted) for end in chosen[port] if end not in wanted[port]]
    assert found == expected
    assert all(ports.equal(ends, chosen[port]) for port, ends in wanted.items())


def test_a_range_is_chosen_here_where_the_engine_does_not(make: Make) -> None:
    given = make(published_ports=["127.0.0.1:8000-8005:80", "90:90", "81", "auto(7000-7001):82"]).values[
        "published_ports"
    ]
    assert ports.chosen_here(given, Engine("docker", (26, 1))) == given
    assert ports.chosen_here(given, Engine("podman", (5, 4))) == {
        **given, "80/tcp": ["127.0.0.1:auto(8000-8005)"],
    }  # fmt: skip


def test_avoided_ports_are_not_chosen() -> None:
    wanted = ports.parse("published_ports", ["auto(5-9):22"])
    chosen = port_ranges.choose("published_ports", wanted, [], RUNS, {("tcp", 7), ("tcp", 5), ("udp", 6)})
    assert chosen == {"22/tcp": ["6"]}


def test_an_exhausted_range_tells_who_has_its_ports() -> None:
    wanted = ports.parse("published_ports", ["auto(5-12):22"])
    with pytest.raises(InvalidOption) as refused:
        port_ranges.choose("published_ports", wanted, [held(port) for port in range(1, 13)])
    assert "auto(5-12):22/tcp" in refused.value.message
    assert "8 of 8 ports of the range 5-12 are taken: 5 by somebody on 5, 6 by" in refused.value.message
    assert "9 by somebody on 9, and 3 more." in refused.value.message and "10 by" not in refused.value.message
    assert "Widen the range" in refused.value.hint


MESSAGES = [
    ("listen tcp4 0.0.0.0:20: bind: address already in use", {("tcp", 20)}),
    ("Bind for :::20 failed: port is already allocated", {("tcp", 20)}),
    ("cannot listen on the UDP port: listen udp4 :21: bind: address already in use", {("udp", 21)}),
    ("listen tcp4 0.0.0.0:80: bind: address already in use", set()),
    ("listen tcp4 0.0.0.0:200: bind: address already in use", set()),
]


@pytest.mark.parametrize(("message", "lost"), MESSAGES)
def test_the_chosen_port_that_an_engine_complains_of(message: str, lost: set[tuple[str, int]]) -> None:
    wanted = {"22/tcp": ["auto(20-29)"], "53/udp": ["127.0.0.1:auto(20-29)"], "80/tcp": ["80"]}
    chosen = {"22/tcp": ["20"], "53/udp": ["127.0.0.1:21"], "80/tcp": ["80"]}
    assert port_ranges.ports_in_message(message, wanted, chosen) == lost
