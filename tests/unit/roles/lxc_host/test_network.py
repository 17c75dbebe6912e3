# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Choosing networks and addresses in the program of the role lxc_host; making them is tested in tests/lab."""

from __future__ import annotations

import importlib.util
from ipaddress import IPv4Network
from pathlib import Path
from types import ModuleType

import pytest

PROGRAM = Path(__file__).resolve().parents[4] / "roles" / "lxc_host" / "files" / "network.py"


@pytest.fixture(scope="module")
def network() -> ModuleType:
    spec = importlib.util.spec_from_file_location("lxc_host_network", PROGRAM)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


NETWORKS = {
    "first free": ("", None, [], "10.87.0.0/24"),
    "used ones are left out": ("", None, ["10.87.0.0/24", "10.87.1.7/32"], "10.87.2.0/24"),
    "a VPN takes all of 10": ("", None, ["10.0.0.0/8"], "192.168.128.0/24"),
    "the recorded one stays": ("", "10.87.9.0/24", ["10.87.9.0/24"], "10.87.9.0/24"),
    "the recorded one, asked for": ("10.87.9.0/24", "10.87.9.0/24", [], "10.87.9.0/24"),
    "the given one": ("172.30.1.0/26", None, ["10.0.0.0/8"], "172.30.1.0/26"),
}

NETWORKS_REFUSED = {
    "taken": ("10.87.3.0/24", None, ["10.87.0.0/16"], "overlaps with 10.87.0.0/16"),
    "another than recorded": ("10.87.4.0/24", "10.87.9.0/24", [], "already has 10.87.9.0/24"),
    "public": ("198.41.0.0/24", None, [], "not private"),
    "too small": ("10.87.3.0/30", None, [], "between /16 and /28"),
    "host bits": ("10.87.3.4/24", None, [], "host bits"),
    "nonsense": ("here", None, [], "such as 10.87.5.0/24"),
    "nothing is free": ("", None, ["0.0.0.0/1", "128.0.0.0/1"], "no private /24 is free"),
}

ADDRESSES = {
    "first free": ("", "", set(), "10.87.0.11"),
    "next free": ("", "", {"10.87.0.11", "10.87.0.12"}, "10.87.0.13"),
    "low ones are the last resort": ("", "", {f"10.87.0.{n}" for n in range(11, 255)}, "10.87.0.2"),
    "its own stays": ("", "10.87.0.40", {"10.87.0.11"}, "10.87.0.40"),
    "the given one": ("10.87.0.9", "10.87.0.40", set(), "10.87.0.9"),
}

ADDRESSES_REFUSED = {
    "outside": ("10.88.0.9", set(), "not an address for hosts in 10.87.0.0/24"),
    "gateway": ("10.87.0.1", set(), "is the gateway"),
    "network": ("10.87.0.0", set(), "not an address for hosts"),
    "broadcast": ("10.87.0.255", set(), "not an address for hosts"),
    "taken": ("10.87.0.11", {"10.87.0.11"}, "another host has it"),
    "nonsense": ("eleven", set(), "not an address for hosts"),
    "full": ("", {f"10.87.0.{n}" for n in range(2, 255)}, "all its addresses are taken"),
}


@pytest.mark.parametrize("case", NETWORKS)
def test_network(network: ModuleType, case: str) -> None:
    wanted, recorded, used, expected = NETWORKS[case]
    known = IPv4Network(recorded) if recorded else None
    assert str(network.choose_network(wanted, known, map(IPv4Network, used), "br0")) == expected


@pytest.mark.parametrize("case", NETWORKS_REFUSED)
def test_network_refused(network: ModuleType, case: str) -> None:
    wanted, recorded, used, expected = NETWORKS_REFUSED[case]
    known = IPv4Network(recorded) if recorded else None
    with pytest.raises(network.RefusedError, match="Option 'lxc_host_network' has the value") as refusal:
        network.choose_network(wanted, known, map(IPv4Network, used), "br0")
    assert expected in str(refusal.value)


@pytest.mark.parametrize("case", ADDRESSES)
def test_address(network: ModuleType, case: str) -> None:
    wanted, own, taken, expected = ADDRESSES[case]
    assert network.choose_address(wanted, own, taken, IPv4Network("10.87.0.0/24")) == expected


@pytest.mark.parametrize("case", ADDRESSES_REFUSED)
def test_address_refused(network: ModuleType, case: str) -> None:
    wanted, taken, expected = ADDRESSES_REFUSED[case]
    with pytest.raises(network.RefusedError) as refusal:
        network.choose_address(wanted, "", taken, IPv4Network("10.87.0.0/24"))
    assert expected in str(refusal.value)
