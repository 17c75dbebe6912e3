# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Our modules have the options of their peers in community.docker: a playbook moves over by changing one word.

``tests/unit/data/PEER.json`` is the peer's interface, written by ``scripts/peer_options.py PEER``. docker_container, of
which more is to be said, is in test_peer_options.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parents[2] / "data"
SAME = ("type", "elements", "default", "required")
# By peer, our module; and by option what it has otherwise, with which a peer's value means the same.
MANY = {"type": "list", "elements": "str", "required": None}  # one name is a list of one
PEERS: dict[str, tuple[str, dict[str, dict[str, Any]]]] = {
    "docker_image": ("remote_image", {}),
    "docker_image_info": ("remote_image_info", {}),
    "docker_login": ("remote_login", {"config_path": {"default": None}}),  # no such file is read or written
    "docker_network": ("remote_network", {}),
    "docker_network_info": ("remote_network_info", {"name": MANY}),
    "docker_prune": ("remote_prune", {}),
    "docker_volume": ("remote_volume", {}),
    "docker_volume_info": ("remote_volume_info", {"name": MANY}),
}


def facts_of(peer: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / f"{peer}.json").read_text())["options"]
    return found


def spec_of(name: str) -> Mapping[str, Any]:
    module = importlib.import_module(f"ansible_collections.sshfleet.containers.plugins.action.{name}")
    spec: Mapping[str, Any] = module.ActionModule.ARGUMENT_SPEC
    return spec


def cases(peer: Mapping[str, Any], ours: Mapping[str, Any], other: Mapping[str, Any], path: str) -> Iterator[Any]:
    for name, facts in peer.items():
        wanted = {**facts, **other.get(name, {})}
        yield pytest.param(wanted, ours.get(name), id=f"{path}.{name}")
        sub = (ours.get(name) or {}).get("options", {})
        yield from cases(facts.get("suboptions", {}), sub, {}, f"{path}.{name}")


ALL = [
    case for peer, (module, other) in PEERS.items() for case in cases(facts_of(peer), spec_of(module), other, module)
]


@pytest.mark.parametrize(("peer", "ours"), ALL)
def test_the_option_is_the_peers(peer: dict[str, Any], ours: dict[str, Any] | None) -> None:
    assert ours is not None, "we lack it"
    for fact in SAME:
        assert ours.get(fact) == peer.get(fact), fact
    assert set(peer.get("aliases", ())) <= set(ours.get("aliases", ()))
    assert sorted(peer.get("choices", ())) == sorted(ours.get("choices", ()))
