# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names of containers in an inventory: no two have the same, and none is another's."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOptions
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.inventory.naming import (
    Found,
    found,
    require_free,
)


def container(name: str, host: str = "h1", engine: str = "podman", *, every: bool = False, identity: str = "") -> Found:
    return Found(host, {"name": engine}, {"name": name, "id": identity or f"{host}-{engine}-{name}"}, every)


def test_a_name_is_the_containers_and_its_hosts() -> None:
    assert container("web").name == "web@h1"
    assert container("web", every=True).name == "web@podman@h1"


def test_names_never_meet_however_containers_and_hosts_are_called() -> None:
    parts = ("a", "b", "a.b", "b.a", "a-b", "a_b")
    hosts = (*parts, "a@b", "b@a", "a@b@a")
    for every in (False, True):
        all_of_them = [
            container(name, host, engine, every=every)
            for name in parts
            for host in hosts
            for engine in (("podman", "docker") if every else ("podman",))
        ]
        assert len({one.name for one in all_of_them}) == len(all_of_them)


@pytest.mark.parametrize(
    ("name", "nameable"),
    [("web-1.a_b", True), ("", False), ("a:b", False), ("a,b", False), ("!a", False), ("&a", False), ("a[0]", False),
     ("a@b", False), ("a b", False), ("../x", False), ("-a", False), ("a\n", False), ("~a", False), ("*", False)],
)  # fmt: skip
def test_what_could_be_a_pattern_or_a_path_is_no_name(name: str, nameable: bool) -> None:
    assert container(name).nameable is nameable


def test_a_reading_gives_its_containers_with_host_and_engine() -> None:
    def engine(name: str, *containers: str) -> dict[str, Any]:
        return {"engine": {"name": name}, "containers": [{"name": one, "id": one} for one in containers]}

    hosts: list[dict[str, Any]] = [
        {"host": "h1", "engines": [engine("podman", "a", "b"), engine("docker", "a")]},
        {"host": "h2", "engines": [{"engine": {"name": "docker"}}]},  # it has told no more before it failed
        {"host": "h3", "engines": [], "error": {}},
    ]
    names = [one.name for one in found(hosts, every_engine=True)]
    assert names == ["a@podman@h1", "b@podman@h1", "a@docker@h1"]


def test_a_name_that_a_host_has_is_refused_and_both_are_named() -> None:
    with pytest.raises(InvalidOptions) as refused:
        require_free([container("db"), container("web")], {"web@h1": None, "h1": None})
    assert "web@h1" in str(refused.value) and "the container web of h1 (podman)" in str(refused.value)
    assert "a host of an earlier source" in str(refused.value) and "Rename" in refused.value.hint


def test_the_same_container_of_another_source_is_the_same_host() -> None:
    require_free([container("web", identity="1")], {"web@h1": "1"})
    with pytest.raises(InvalidOptions, match="another container of an earlier source"):
        require_free([container("web", identity="1")], {"web@h1": "2"})


def test_two_of_one_name_are_refused_and_both_are_named() -> None:
    with pytest.raises(InvalidOptions, match="twice: 1 and 2"):
        require_free([container("web", identity="1"), container("web", identity="2")], {})
