# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bad input: refused with option, value and remedy. Good input: normalised."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import (
    Options,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.table import SPEC

Make = Callable[..., Options]

REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"name": "-a"}, "name", "-a"),
    ({"name": "a b"}, "name", "a b"),
    ({"name": "a/b"}, "name", "a/b"),
    ({"name": ""}, "name", ""),
    ({"image": "UPPER/Case"}, "image", "UPPER/Case"),
    ({"image": "a b"}, "image", "a b"),
    ({"image": "app:"}, "image", "app:"),
    ({"image": "--privileged"}, "image", "--privileged"),
    ({"command": {"a": 1}}, "command", "{'a': 1}"),
    ({"command": "sh -c 'open"}, "command", "open"),
    ({"command": ["a", {"b": 1}]}, "command", "b"),
    ({"env": {"A": 1.5}}, "env.A", "1.5"),
    ({"env": {"A": True}}, "env.A", "True"),
    ({"env": {"A": None}}, "env.A", "None"),
    ({"env": {"A=B": "x"}}, "env", "A=B"),
    ({"env": {"": "x"}}, "env", "''"),
    ({"env": {"A": "a\0b"}}, "env.A", "NUL"),
    ({"labels": {"a": 1.5}}, "labels.a", "1.5"),
    ({"published_ports": ["x"]}, "published_ports", "x"),
    ({"published_ports": ["0"]}, "published_ports", "0"),
    ({"published_ports": ["70000:80"]}, "published_ports", "70000"),
    ({"published_ports": ["133342"]}, "published_ports", "133342"),
    ({"published_ports": ["80:80/icmp"]}, "published_ports", "icmp"),
    ({"published_ports": ["1.2.3:80:80"]}, "published_ports", "1.2.3"),
    ({"published_ports": ["host:80:80"]}, "published_ports", "host"),
    ({"published_ports": ["1.2.3.4:80"]}, "published_ports", "1.2.3.4"),
    ({"published_ports": ["8000-8002:80-81"]}, "published_ports", "length"),
    ({"published_ports": ["8002-8000:80"]}, "published_ports", "8002-8000"),
    ({"published_ports": ["8080:80", "8080:81"]}, "published_ports", "8080:80"),
    ({"published_ports": ["8080:80", "127.0.0.1:8080:81"]}, "published_ports", "already"),
    ({"published_ports": ["127.0.0.1:8080:80", "8080:81"]}, "published_ports", "already"),
    ({"published_ports": ["127.0.0.1:8080:80", "127.0.0.1:8080:81"]}, "published_ports", "already"),
    ({"ports": ["all"]}, "published_ports", "all"),
    ({"volumes": ["./a:/b"]}, "volumes", "./a"),
    ({"volumes": ["a:b"]}, "volumes", "'b'"),
    ({"volumes": ["/a:/b:rx"]}, "volumes", "rx"),
    ({"volumes": ["/a:/b:ro:z"]}, "volumes", "/a:/b:ro:z"),
    ({"volumes": ["a:/b", "c:/b/"]}, "volumes", "/b"),
    ({"volumes": [":/b"]}, "volumes", ":/b"),
    ({"volumes": ["/a:ro"]}, "volumes", "'ro'"),
    ({"published_ports": ["[fe80::1%]:80:80"]}, "published_ports", "fe80"),
    ({"published_ports": ["[::1%a b]:80:80"]}, "published_ports", "::1"),
    ({"tmpfs": ["run"]}, "tmpfs", "run"),
    ({"tmpfs": ["/run:size=lots"]}, "tmpfs", "lots"),
    ({"tmpfs": ["/run", "/run/:ro"]}, "tmpfs", "/run"),
    ({"networks": [{"name": "a b"}]}, "networks.name", "a b"),
    ({"networks": [{"name": "host"}]}, "networks.name", "host"),
    ({"network_mode": "pasta:-T", "networks": [{"name": "a"}]}, "networks", "pasta:-T"),
    ({"networks": [{"name": "a"}, {"name": "a"}]}, "networks", "twice"),
    ({"networks": [{"name": "a", "ipv4_address": "10.0.0.300"}]}, "networks.ipv4_address", "10.0.0.300"),
    ({"networks": [{"name": "a", "ipv6_address": "10.0.0.3"}]}, "networks.ipv6_address", "IPv6"),
    ({"network_mode": "host", "networks": [{"name": "a"}]}, "networks", "host"),
    ({"network_mode": "container:x", "networks": [{"name": "a"}]}, "networks", "container:x"),
    ({"network_mode": "container:"}, "network_mode", "container:"),
    ({"network_mode": "a b"}, "network_mode", "a b"),
    ({"restart_retries": 3}, "restart_retries", "on-failure"),
    ({"restart_retries": 3, "restart_policy": "always"}, "restart_retries", "3"),
    ({"restart_retries": -1, "restart_policy": "on-failure"}, "restart_retries", "-1"),
    ({"stop_timeout": -1}, "stop_timeout", "-1"),
    ({"working_dir": "srv"}, "working_dir", "srv"),
    ({"hostname": "a_b c"}, "hostname", "a_b c"),
    ({"user": "a\nb"}, "user", "control"),
    ({"memory": "much"}, "memory", "much"),
    ({"memory": "-1"}, "memory", "-1"),
    ({"memory": "5X"}, "memory", "5X"),
    ({"cpus": -0.5}, "cpus", "-0.5"),
    ({"capabilities": ["NET-ADMIN"]}, "capabilities", "NET-ADMIN"),
    ({"comparisons": {"nope": "strict"}}, "comparisons", "nope"),
    ({"comparisons": {"state": "strict"}}, "comparisons", "state"),
    ({"comparisons": {"env": "loose"}}, "comparisons.env", "loose"),
    ({"comparisons": {"memory": "allow_more_present"}}, "comparisons.memory", "allow_more_present"),
    ({"comparisons": {"*": "allow_more_present"}}, "comparisons.*", "allow_more_present"),
    ({"comparisons": {"ports": "strict", "published_ports": "ignore"}}, "comparisons", "published_ports"),
]


@pytest.mark.parametrize(("params", "option", "shown"), REFUSED, ids=[str(case[0]) for case in REFUSED])
def test_refused_with_option_value_and_remedy(make: Make, params: dict[str, Any], option: str, shown: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        make(**params)
    assert refused.value.option == option
    assert shown in refused.value.message
    assert refused.value.hint


KNOWN: list[tuple[dict[str, Any], str]] = [
    ({"published_ports": ["[::1:2000:3000"]}, 'Cannot find closing "]" in input "[::1:2000:3000" for opening "["'),
    ({"published_ports": ["::1:2000:3000"]}, 'Invalid port description "::1:2000:3000" - expected 1 to 3'),
    ({"published_ports": ["foo:2000:3000"]}, "Bind addresses for published ports must be IPv4 or IPv6 addresses"),
    ({"published_ports": ["x"]}, ""),
    ({"labels": {"foo": 1.0}}, "The value 1.0 for 'foo' of labels is not a string or something than can be safely"),
    ({"env": {"foo": 1.0}}, ""),
    (
        {"mounts": [{"target": "/x", "source": "v"}, {"target": "/x", "source": "w"}]},
        'The mount point "/x" appears twice in the mounts option',
    ),
]


@pytest.mark.parametrize(("params", "words"), KNOWN)
def test_the_peers_words_for_what_is_refused(make: Make, params: dict[str, Any], words: str) -> None:
    """Playbooks that ask for them may; they are told with the peer's shape of results only."""
    with pytest.raises(InvalidOption) as refused:
        make(**params)
    assert refused.value.peers_words.startswith(words) and bool(refused.value.peers_words) == bool(words)


@pytest.mark.parametrize(
    ("params", "written"),
    [
        ({"published_ports": ["133342"]}, "2222:22"),  # 2222 * 60 + 22
        ({"published_ports": [483180]}, "8053:00"),
        ({"mac_address": "41137755696"}, "52:54:12:34:21:36"),
        ({"networks": [{"name": "a", "mac_address": 41137755696}]}, "52:54:12:34:21:36"),
    ],
)
def test_what_yaml_has_read_as_a_number_to_the_base_of_60(make: Make, params: dict[str, Any], written: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        make(**params)
    assert refused.value.hint.startswith(f"Where it is {written}, put it in quotes")


@pytest.mark.parametrize("params", [{"published_ports": ["70000"]}, {"mac_address": "123"}, {"published_ports": ["0"]}])
def test_a_number_that_was_none(make: Make, params: dict[str, Any]) -> None:
    with pytest.raises(InvalidOption) as refused:
        make(**params)
    assert ("quotes" in refused.value.hint) == ("70000" in str(params))


def test_empty_texts_of_a_template_say_nothing(make: Make) -> None:
    empty = [name for name, spec in SPEC.items() if spec["type"] == "str" and "choices" not in spec]
    options = make(image="", **dict.fromkeys(empty, ""))
    assert options.image is None
    usual = {
        "cgroup_parent",
        "cpuset_cpus",
        "cpuset_mems",
        "domainname",
        "mac_address",
        "pid_mode",
        "pod",
        "stop_signal",
    }
    usual |= {"user", "userns_mode", "uts", "volume_driver", "working_dir"}
    assert set(options.values) == usual
    assert make(healthcheck={"test": "true", "interval": ""}).values["healthcheck"] == {"test": ["CMD-SHELL", "true"]}


def test_a_refused_secret_is_not_shown(make: Make) -> None:
    with pytest.raises(InvalidOption) as refused:
        make(env={"API_TOKEN": 1234.5})
    assert "1234.5" not in str(refused.value)


def test_numbers_that_become_texts_are_told(make: Make) -> None:
    """A template may have made a number of a text, and YAML another number than was written, such as 18 of 022."""
    options = make(
        env={"A": 18, "TOKEN": 123456, "B": "x"}, log_driver="x", log_options={"max-file": 5, "compress": True}
    )
    assert options.values["env"] == {"A": "18", "TOKEN": "123456", "B": "x"}
    assert options.values["log_options"] == {"max-file": "5", "compress": "true"}
    told = " ".join(options.warnings)
    assert len(options.warnings) == 4 and "123456" not in told
    for words in ("env option 'A'", "converted to '18'", "log_options option 'max-file'", "converted to 'true'"):
        assert words in told
    assert make(env={"A": "18"}).warnings == ()


@pytest.mark.parametrize("policy", ["", "no", "always", "unless-stopped", "on-failure"])
def test_no_retries_go_with_every_policy(make: Make, policy: str) -> None:
    given = {"restart_policy": policy} if policy else {}
    assert make(**given, restart_retries=0).values["restart_retries"] == 0


NORMALISED: list[tuple[str, Any, Any]] = [
    ("command", "sh -c 'echo \"a b\"'", ["sh", "-c", 'echo "a b"']),
    ("command", ["sleep", 5], ["sleep", "5"]),
    ("command", "", []),
    ("labels", {"a": 1, "b": "x"}, {"a": "1", "b": "x"}),
    ("memory", "512m", 512 * 1024**2),
    ("memory", "536870912", 536870912),
    ("memory", "1.5G", 1536 * 1024**2),
    ("memory", "2GiB", 2 * 1024**3),
    ("memory", "0", 0),
    ("cpus", 0.5, 500_000_000),
    ("published_ports", ["80"], {"80/tcp": [""]}),
    ("published_ports", ["8080:80/TCP"], {"80/tcp": ["8080"]}),
    ("published_ports", [":8080:80"], {"80/tcp": ["8080"]}),
    ("published_ports", ["127.0.0.1::80"], {"80/tcp": ["127.0.0.1:"]}),
    ("published_ports", ["[::1]:8080:80"], {"80/tcp": ["[::1]:8080"]}),
    ("published_ports", ["[fe80::1%eth0.1]:80:80"], {"80/tcp": ["[fe80::1%eth0.1]:80"]}),
    ("published_ports", ["8000-8001:80-81"], {"80/tcp": ["8000"], "81/tcp": ["8001"]}),
    ("published_ports", ["8000-8005:80"], {"80/tcp": ["8000-8005"]}),
    ("published_ports", ["80-81/udp"], {"80/udp": [""], "81/udp": [""]}),
    ("published_ports", ["53:53", "53:53/udp"], {"53/tcp": ["53"], "53/udp": ["53"]}),
    ("published_ports", ["127.0.0.1:80:80", "127.0.0.2:80:80"], {"80/tcp": ["127.0.0.1:80", "127.0.0.2:80"]}),
    ("volumes", ["/a/:/b/"], {"/b": {"source": "/a", "mode": "rw", "label": ""}}),
    ("volumes", ["n:/b:ro,rslave"], {"/b": {"source": "n", "mode": "ro", "propagation": "rslave"}}),
    ("volumes", ["/a:/b:z"], {"/b": {"source": "/a", "mode": "rw", "label": "z", "flags": ["z"]}}),
    ("volumes", ["n:/b:Z"], {"/b": {"source": "n", "mode": "rw", "flags": ["Z"]}}),
    ("volumes", ["/b"], {"/b": {"source": "", "mode": "rw"}}),
    ("volumes", ["/b:rw"], {"/b": {"source": "", "mode": "rw"}}),
    ("tmpfs", ["/run", "/t:size=1m"], {"/run": "", "/t": "size=1m"}),
    ("capabilities", ["cap_net_admin", "SYS_TIME", "NET_ADMIN"], ["NET_ADMIN", "SYS_TIME"]),
    ("networks", [{"name": "a", "aliases": ["y", "x"]}], {"a": {"aliases": ["x", "y"]}}),
    ("networks", [{"name": "a", "driver_opts": {"b": True, "c": 5}}], {"a": {"driver_opts": {"b": "true", "c": "5"}}}),
    ("storage_opts", {"size": 5, "x": True}, {"size": "5", "x": "true"}),
    ("network_mode", "container:app", "container:app"),
    ("pid_mode", "private", ""),
    ("uts", "private", ""),
]


@pytest.mark.parametrize(("option", "given", "expected"), NORMALISED)
def test_normalised(make: Make, option: str, given: Any, expected: Any) -> None:
    assert make(**{option: given}).values[option] == expected


def test_options_that_are_not_given_are_not_there(make: Make) -> None:
    assert dict(make().values) == {}


@pytest.mark.parametrize(
    ("given", "meant"),
    [("never", "never"), ("missing", "missing"), ("always", "always"), (True, "always"), (False, "missing")],
)
def test_pull(make: Make, given: Any, meant: str) -> None:
    assert make(pull=given).pull == meant


COMPARISONS = [
    ({}, {"env": "allow_more_present", "command": "strict", "image": "strict", "stop_timeout": "ignore"}),
    ({"*": "ignore", "env": "strict"}, {"env": "strict", "command": "ignore", "image": "ignore"}),
    ({"*": "strict"}, {"env": "strict", "volumes": "strict", "stop_timeout": "strict"}),
    ({"ports": "strict"}, {"published_ports": "strict", "env": "allow_more_present"}),
    ({"command": "allow_more_present"}, {"command": "allow_more_present"}),
]


@pytest.mark.parametrize(("asked", "expected"), COMPARISONS)
def test_comparisons(make: Make, asked: dict[str, str], expected: dict[str, str]) -> None:
    resolved = make(comparisons=asked).comparisons
    assert {name: resolved[name] for name in expected} == expected


def test_networks_strict_alone_means_no_network(make: Make) -> None:
    assert make(comparisons={"networks": "strict"}).values["networks"] == {}
    assert "networks" not in make(comparisons={"*": "strict"}).values


@pytest.mark.parametrize(("given", "option"), [
    ({"init_path": "/bin/init"}, "init_path"), ({"init_path": "/bin/init", "init": False}, "init_path"),
    ({"hosts_file": "/etc/hosts", "no_hosts": True}, "hosts_file"),
])  # fmt: skip
def test_what_another_option_leaves_without_effect_is_refused(given: dict[str, Any], option: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        parse({"name": "x", "image": "x", **given})
    assert refused.value.option == option and refused.value.hint
    parse({"name": "x", "image": "x", **given, "init": True, "no_hosts": False})
