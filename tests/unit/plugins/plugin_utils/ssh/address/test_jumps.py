# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chains of jump hosts: who says what they are, what each hop takes over, what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address import jumps
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.jumps import Hop
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget

CHAINS: dict[str, tuple[str, tuple[Hop, ...]]] = {
    "a host": ("a", (Hop("a"),)),
    "all of it": ("u@a:22", (Hop("a", "u", 22),)),
    "first hop first": ("a,v@b:2", (Hop("a"), Hop("b", "v", 2))),
    "a user with an at sign": ("u@corp@a", (Hop("a", "u@corp"),)),
    "IPv6": ("u@[::1]:22,[fe80::1%eth0]", (Hop("::1", "u", 22), Hop("fe80::1%eth0"))),
    "a URI": ("ssh://u%40corp@a:22/,SSH://b", (Hop("a", "u@corp", 22), Hop("b"))),
    "none": ("none", ()),
    "None": ("None", ()),
    "nothing": ("", ()),
    "tokens are left to ssh": ("%r@gate", ()),
}


@pytest.mark.parametrize(("text", "hops"), CHAINS.values(), ids=CHAINS)
def test_parse(text: str, hops: tuple[Hop, ...]) -> None:
    assert jumps.parse(text) == hops


@pytest.mark.parametrize(
    "text", ["a,", ",a", "a b", "a:", "a:0", "a:65536", "::1", "u@", "-oX", "a;b", "$(x)", "a,none"]
)
def test_what_is_no_jump_host_is_refused(text: str) -> None:
    with pytest.raises(InvalidOption, match="is no jump host") as caught:
        jumps.parse(text)
    assert caught.value.option == "ProxyJump"


@pytest.mark.parametrize("text", ["a", "u@a", "u@a:22", "[::1]:22", "u@[::1]"])
def test_a_hop_is_written_as_it_is_read(text: str) -> None:
    (hop,) = jumps.parse(text)
    assert str(hop) == text


def routed(config: Mapping[str, str] | None = None, **settings: Any) -> SshTarget:
    """``config``: the ProxyJump of ssh's configuration under each host's name."""
    return jumps.routed(SshTarget("end", **settings), lambda target: (config or {}).get(target.host, ""))


def way(target: SshTarget) -> str:
    return ",".join(hop.name.removeprefix("jump host ") for hop in jumps.way(target))


END = {"end": "c"}
# ssh_args, extra_args, configuration -> the chain
SOURCES: dict[str, tuple[tuple[str, ...], tuple[str, ...], Mapping[str, str], str]] = {
    "nobody": ((), (), {}, ""),
    "-J": (("-J", "a"), (), END, "a"),
    "-J in one word": (("-vJa",), (), END, "a"),
    "-o": (("-o", "ProxyJump=a"), (), END, "a"),
    "-o with a blank and quotes": (('-oproxyjump "a,b"',), (), END, "a,b"),
    "extra arguments": ((), ("-J", "b"), END, "b"),
    "ssh_args win": (("-J", "a"), ("-J", "b"), END, "a"),
    "the first one wins": (("-o", "ProxyJump=a", "-J", "b"), (), END, "a"),
    "the configuration": ((), (), END, "c"),
    "none in the arguments": (("-o", "ProxyJump=none"), (), END, ""),
    "-J with nothing": (("-J", ""), (), END, ""),
    "a ProxyCommand": (("-o", "ProxyCommand=nc %h %p"), ("-J", "b"), END, ""),
    "a ProxyCommand that comes later": (("-J", "a"), ("-o", "ProxyCommand=nc"), END, "a"),
    "the first hop's own": (("-J", "a,b"), (), {"a": "x,y", "x": "z", "b": "q"}, "z,x,y,a,b"),
    "the configuration's first hop's own": ((), (), {"end": "c", "c": "d"}, "d,c"),
}


@pytest.mark.parametrize(("early", "late", "config", "chain"), SOURCES.values(), ids=SOURCES)
def test_the_first_source_wins(
    early: tuple[str, ...], late: tuple[str, ...], config: Mapping[str, str], chain: str
) -> None:
    assert way(routed(config, ssh_args=early, extra_args=late)) == chain


def test_what_the_arguments_say_of_jump_hosts_is_taken_out() -> None:
    """ssh ends with an error at a -J beside the ProxyCommand that replaces it."""
    target = routed(ssh_args=("-4J", "a", "-o", "ProxyCommand=x"), extra_args=("-oProxyJump=b", "-o", "Port=2"))
    assert target.ssh_args == ("-4",)
    assert target.extra_args == ("-o", "Port=2")


def test_an_empty_jump_host_becomes_none() -> None:
    assert routed(ssh_args=("-J", "", "-4")).ssh_args == ("-o", "ProxyJump=none", "-4")


def test_without_jump_hosts_the_target_is_the_same() -> None:
    target = SshTarget("end", ssh_args=("-o", "ProxyCommand=x"))
    assert jumps.routed(target, lambda _target: "") is target


INHERITED = ("-F", "/cfg", "-o", "UserKnownHostsFile=/kh", "-oStrictHostKeyChecking=yes", "-o", "IdentityAgent=/agent")
OWN = (
    "-i",
    "/k",
    "-o",
    "Port=1",
    "-o",
    "User=u",
    "-l",
    "v",
    "-p",
    "2",
    "-o",
    "IdentityFile=/k",
    "-o",
    "HostKeyAlias=x",
)


def test_what_a_hop_takes_over_and_what_not() -> None:
    target = routed(
        host_key_checking=True,
        connect_timeout=3,
        agent_socket="/a",
        ssh_executable="/opt/ssh",
        ssh_args=(*OWN, *INHERITED[:4]),
        extra_args=(*INHERITED[4:], "-J", "j@a:23"),
        user="u",
        port=22,
        private_key_file="/k",
        password="secret",
        private_key="KEY",
        jump_keys=(("a", "/ka"),),
    )
    known = "UserKnownHostsFile=/kh ~/.ssh/known_hosts ~/.ssh/known_hosts2"
    assert target.via == SshTarget(
        "a",
        23,
        "j",
        "/ka",
        ssh_executable="/opt/ssh",
        ssh_args=("-F", "/cfg", "-o", known, "-o", "StrictHostKeyChecking=yes", "-o", "IdentityAgent=/agent"),
        host_key_checking=True,
        connect_timeout=3,
        agent_socket="/a",
        name="jump host j@a:23",
    )


@pytest.mark.parametrize("value", ["/dev/null", "none"])
def test_no_known_hosts_at_all_stays_none_at_all(value: str) -> None:
    target = routed(ssh_args=("-J", "a", "-o", f"UserKnownHostsFile={value}"))
    assert target.via is not None
    assert target.via.ssh_args == ("-o", f"UserKnownHostsFile={value}")


def test_two_targets_share_their_hops() -> None:
    one = routed(ssh_args=("-J", "a,b"), port=1, user="x", name="one", jump_keys=(("b", "/k"), ("c", "/l")))
    two = jumps.routed(SshTarget("other", ssh_args=("-J", "a,b"), jump_keys=(("b", "/k"),)), lambda _target: "")
    assert one.via is not None
    assert two.via is not None
    assert one.via.identity() == two.via.identity()


# sshfleet_jump_keys, hop -> key
KEYS: dict[str, tuple[tuple[tuple[str, str], ...], str, str | None]] = {
    "as written": ((("u@a:22", "/k"),), "u@a:22", "/k"),
    "22 is the port": ((("u@a", "/k"),), "u@a:22", "/k"),
    "another port": ((("u@a:23", "/k"),), "u@a", None),
    "any user": ((("a", "/k"),), "u@a", "/k"),
    "another user": ((("v@a", "/k"),), "u@a", None),
    "a user that ssh chooses": ((("u@a", "/k"),), "a", None),
    "the first that fits": ((("u@a", "/k"), ("a", "/l")), "u@a", "/k"),
    "case": ((("A", "/k"),), "a", "/k"),
}


@pytest.mark.parametrize(("keys", "hop", "key"), KEYS.values(), ids=KEYS)
def test_keys(keys: tuple[tuple[str, str], ...], hop: str, key: str | None) -> None:
    via = routed(ssh_args=("-J", hop), jump_keys=keys).via
    assert via is not None
    assert via.private_key_file == key


def chain(count: int) -> str:
    return ",".join(f"h{number}" for number in range(count))


def test_ten_hops_are_taken_and_eleven_are_refused() -> None:
    assert len(jumps.way(routed(ssh_args=("-J", chain(10))))) == 10
    with pytest.raises(InvalidOption, match=r"chain of 11 jump hosts. 10 at most"):
        routed(ssh_args=("-J", chain(11)))


def test_those_of_the_configuration_count_as_well() -> None:
    with pytest.raises(InvalidOption, match="chain of 11 jump hosts"):
        routed({"h0": "x,y"}, ssh_args=("-J", chain(9)))


@pytest.mark.parametrize("config", [{"a": "a"}, {"a": "b", "b": "a"}, {"a": "b", "b": "x,a", "x": "a"}])
def test_a_circle_is_refused_by_name(config: Mapping[str, str]) -> None:
    with pytest.raises(InvalidOption, match=r"circle at [ab]"):
        routed(config, ssh_args=("-J", "a"))


def test_the_same_host_may_be_passed_twice() -> None:
    assert way(routed(ssh_args=("-J", "a,b,a:2"))) == "a,b,a:2"
