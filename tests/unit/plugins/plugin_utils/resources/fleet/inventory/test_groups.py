# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The groups of containers: their names, what is in them, and whom they can't be taken for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOptions
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.inventory.groups import (
    ALL,
    KINDS,
    UNREAD,
    Grouping,
    groups_of,
    require_unused,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.inventory.naming import Found


def container(labels: Mapping[str, str] | None = None, **more: Any) -> Found:
    entry = {"name": "web", "id": "1", "image": "reg.example.com:5000/shop/api:1.4", "status": "running"}
    return Found("web-1.example", {"name": "docker"}, {**entry, "health": None, "labels": labels or {}, **more}, False)


def test_each_kind_has_a_group_below_its_own() -> None:
    labels = {"com.docker.compose.project": "shop", "com.docker.compose.service": "api"}
    assert list(groups_of(container(labels, health="healthy"), Grouping())) == [
        ("container_host", "container_host_web_1_example"),
        ("container_engine", "container_engine_docker"),
        ("container_image", "container_image_reg_example_com_5000_shop_api_1_4"),
        ("container_state", "container_state_running"),
        ("container_health", "container_health_healthy"),
        ("container_project", "container_project_shop"),
        ("container_service", "container_service_api"),
    ]


def test_what_a_container_has_not_makes_no_group() -> None:
    kinds = {path[0] for path in groups_of(container(image=""), Grouping())}
    assert kinds == {"container_host", "container_engine", "container_state", "container_health"}
    assert ("container_health", "container_health_none") in set(groups_of(container(), Grouping()))


def test_a_project_of_ours_is_one_too() -> None:
    ours = {"sshfleet.containers.project": "shop"}
    assert ("container_project", "container_project_shop") in set(groups_of(container(ours), Grouping()))
    both = {**ours, "com.docker.compose.project": "other"}
    assert ("container_project", "container_project_other") in set(groups_of(container(both), Grouping()))


def test_only_chosen_kinds_and_labels_make_groups() -> None:
    grouping = Grouping(("state",), ("app.tier", "missing"), "c_")
    assert list(groups_of(container({"app.tier": "web front", "other": "x"}), grouping)) == [
        ("c_state", "c_state_running"),
        ("c_label", "c_label_app_tier", "c_label_app_tier_web_front"),
    ]


@pytest.mark.parametrize("value", ["", "********", "postgres://app:********@db/shop"])
def test_a_label_without_a_value_or_with_a_secret_has_one_group(value: str) -> None:
    assert list(groups_of(container({"token": value}), Grouping((), ("token",)))) == [
        ("container_label", "container_label_token")
    ]


def test_whatever_others_write_a_group_is_called_as_groups_may_be() -> None:
    evil = "x {{ lookup('pipe', 'id') }}\n[all:vars]\u202e é"
    labels = dict.fromkeys(("com.docker.compose.project", "com.docker.compose.service", "tier"), evil)
    paths = list(groups_of(container(labels, image=evil, status=evil), Grouping(KINDS, ("tier",))))
    assert len(paths) == len(KINDS) + 1
    assert all(re.fullmatch(r"container_[A-Za-z0-9_]+", group) for path in paths for group in path)


@pytest.mark.parametrize(("group", "named"), [("c_state", "'c_'"), (ALL, ALL), (UNREAD, UNREAD)])
def test_a_group_of_others_is_refused_and_named(group: str, named: str) -> None:
    require_unused(["c_state"], {"web": "a group of earlier sources"}, "c_")
    with pytest.raises(InvalidOptions) as refused:
        require_unused(["c_state"], {group: "a group of earlier sources, with the host db1"}, "c_")
    assert all(text in str(refused.value) for text in (group, named, "with the host db1")) and refused.value.hint
