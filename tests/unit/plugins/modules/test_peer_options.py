# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_container has the options of community.docker's docker_container: a playbook moves over by changing one word.

``plugins/plugin_utils/moving/peers/docker_container.json`` is the peer's interface, written by
``scripts/peer_options.py``.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from checkout import CHECKOUT

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action import catalogue
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import (
    ARGUMENT_SPEC,
    Options,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared import peer_connection

PEER: dict[str, Any] = json.loads((CHECKOUT / "plugins/plugin_utils/moving/peers/docker_container.json").read_text())
SAME = ("type", "elements", "default", "required")
# The default that the peer documents for what a task leaves out is of no meaning here.
REPLACED = {name: {**facts, "default": None} for name, facts in PEER["connection_options"].items()}
# Ours are more.
MORE_CHOICES = {"state"}


def cases(peer: dict[str, Any], ours: dict[str, Any], path: str = "") -> list[Any]:
    found = []
    for name, facts in peer.items():
        found.append(pytest.param(name, facts, ours.get(name), id=f"{path}{name}"))
        found += cases(facts.get("suboptions", {}), ours.get(name, {}).get("options", {}), f"{path}{name}.")
    return found


@pytest.mark.parametrize(
    ("name", "peer", "ours"), [*cases(PEER["options"], ARGUMENT_SPEC), *cases(REPLACED, peer_connection.SPEC)]
)
def test_the_option_is_the_peers(name: str, peer: dict[str, Any], ours: dict[str, Any] | None) -> None:
    assert ours is not None, f"remote_container lacks {name}"
    for fact in SAME:
        assert ours.get(fact) == peer.get(fact), (name, fact)
    assert set(peer.get("aliases", ())) == set(ours.get("aliases", ())), name
    missing = [choice for choice in peer.get("choices", ()) if choice not in ours.get("choices", ())]
    more = [choice for choice in ours.get("choices", ()) if choice not in peer.get("choices", ())]
    assert not missing and (name in MORE_CHOICES or not more), name


def test_the_comparisons_are_the_peers() -> None:
    ours: Options = parse({"name": "x", "image": "x"})
    assert PEER["comparisons"].items() - ours.comparisons.items() == set()


@pytest.mark.parametrize("name", catalogue.MODULES)
def test_modules_with_a_peer_of_docker_take_its_ways_to_the_engine(name: str) -> None:
    module = catalogue.module(name)
    ways = {
        option: facts
        for option, facts in module.options.items()
        if option in REPLACED and option not in module.argument_spec
    }
    if any(peer.startswith("docker_") for peer in module.peers):
        assert set(ways) == set(REPLACED) - set(module.argument_spec)
    else:
        assert not ways
