# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with an application as a whole."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.project.application import (
    Application,
    Dependency,
    Member,
    Shared,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.project.consistency import (
    in_order,
    problems,
)


def shop(on: dict[str, list[str]], **more: Any) -> Application:
    members = (Member(params={"name": name}, depends_on={one: Dependency() for one in its}) for name, its in on.items())
    return Application(name="shop", containers=tuple(members), **more)


def test_what_fits_together_is_no_problem() -> None:
    whole = shop({"db": [], "web": ["db"], "job": ["web", "db"]}, networks=(Shared(params={"name": "db"}),))
    ports = {"web": {"80/tcp": ["0.0.0.0:8080"]}, "job": {"80/tcp": ["0.0.0.0:8081"]}}
    assert problems(whole, ports, {"job": ["db", "somebody-else"]}) == []


def test_names_that_are_there_twice() -> None:
    twice = (Shared(params={"name": "net"}),) * 3
    members = (Member(params={"name": "db"}),) * 2
    found = problems(Application(name="shop", networks=twice, volumes=twice[:2], containers=members), {}, {})
    assert [text.partition(".")[0] for text in found] == [
        "containers: the name db is there twice",
        "networks: the name net is there twice",
        "networks: the name net is there twice",
        "volumes: the name net is there twice",
    ]


def test_dependencies_on_nobody() -> None:
    assert problems(shop({"db": [], "web": ["bd"]}), {}, {}) == [
        "containers: web depends on bd, which is no container of the project. Name one of db, web."
    ]
    maybe = Member(params={"name": "web"}, depends_on={"bd": Dependency(required=False)})
    assert problems(Application(name="shop", containers=(maybe,)), {}, {}) == []


@pytest.mark.parametrize(
    ("on", "shares"),
    [
        ({"a": ["a"]}, {}),
        ({"a": ["b"], "b": ["a"]}, {}),
        ({"a": ["b"], "b": []}, {"b": ["a"]}),
        ({"a": [], "b": [], "c": ["a"]}, {"a": ["b"], "b": ["c"]}),
    ],
    ids=str,
)
def test_circles(on: dict[str, list[str]], shares: dict[str, list[str]]) -> None:
    (told,) = problems(shop(on), {}, shares)
    assert told.startswith("containers: these need each other in a circle: ")
    names = told.partition("circle: ")[2].partition(".")[0].split(" > ")
    assert names[0] == names[-1] and len(names) > 1
    for one, other in pairwise(names):
        assert other in [*on[one], *shares.get(one, [])], names


# Ends of the host, of "web" and of "api", and whether both can't be had.
ENDS = [
    ("0.0.0.0:80", "0.0.0.0:80", True),
    ("0.0.0.0:80", "127.0.0.1:80", True),
    ("[::]:80", "[::1]:80", True),
    ("127.0.0.1:80", "127.0.0.2:80", False),
    ("0.0.0.0:80", "0.0.0.0:81", False),
    ("0.0.0.0:auto", "0.0.0.0:auto", False),
    ("0.0.0.0:", "0.0.0.0:", False),
]


@pytest.mark.parametrize(("web", "api", "clash"), ENDS)
def test_ports_of_the_host(web: str, api: str, clash: bool) -> None:
    found = problems(shop({"web": [], "api": []}), {"web": {"80/tcp": [web]}, "api": {"90/tcp": [api]}}, {})
    told = "containers: web and api both publish port 80/tcp of the host. Give one of them another port."
    assert found == ([told] if clash else [])
    other_protocol = problems(shop({"web": [], "api": []}), {"web": {"80/tcp": [web]}, "api": {"90/udp": [api]}}, {})
    assert other_protocol == []


def test_a_port_that_one_container_has_twice_is_not_the_projects() -> None:
    assert problems(shop({"web": []}), {"web": {"80/tcp": ["0.0.0.0:80"], "81/tcp": ["0.0.0.0:80"]}}, {}) == []


def test_all_is_told_at_once() -> None:
    members = (*shop({"a": ["b", "x"], "b": ["a"], "c": []}).containers, Member(params={"name": "c"}))
    ports = {"a": {"80/tcp": ["0.0.0.0:80"]}, "b": {"80/tcp": ["0.0.0.0:80"]}}
    found = problems(Application(name="shop", containers=members), ports, {})
    words = ("twice", "no container", "circle", "publish")
    assert [next(word for word in words if word in text) for text in found] == [
        "twice",
        "no container",
        "circle",
        "publish",
    ]


def test_each_comes_after_those_that_it_needs() -> None:
    whole = shop({"top": [], "web": ["db", "gone"], "db": [], "side": [], "alone": []})
    shares = {"top": ["side", "somebody-else"], "side": ["db"]}
    assert [member.name for member in in_order(whole, shares).containers] == ["db", "side", "top", "web", "alone"]
    assert in_order(shop({"b": [], "a": [], "c": ["b"]}), {}) == shop({"b": [], "a": [], "c": ["b"]})
