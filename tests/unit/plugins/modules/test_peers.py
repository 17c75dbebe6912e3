# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Our modules have the options of their peers in community.docker: a playbook moves over by changing one word.

``plugins/plugin_utils/moving/peers/PEER.json`` is the peer's interface, written by ``scripts/peer_options.py PEER``.
docker_container, of which more is to be said, is in test_peer_options.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from checkout import CHECKOUT
from samples import names, sample

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action import catalogue

DATA = CHECKOUT / "plugins" / "plugin_utils" / "moving" / "peers"
SAME = ("type", "elements", "default", "required")


def facts_of(peer: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / f"{peer}.json").read_text())["options"]
    return found


def cases(peer: Mapping[str, Any], ours: Mapping[str, Any], other: Mapping[str, Any], path: str) -> Iterator[Any]:
    for name, facts in peer.items():
        wanted = {**facts, **other.get(name, {})}
        yield pytest.param(wanted, ours.get(name), id=f"{path}.{name}")
        sub = (ours.get(name) or {}).get("options", {})
        yield from cases(facts.get("suboptions", {}), sub, {}, f"{path}.{name}")


# One that has no sample is missed by the catalogue's own test.
COMPARED = [(module, peer, other) for module in sorted(names()) for peer, other in sample(module).peers.items()]
ALL = [
    case
    for module, peer, other in COMPARED
    for case in cases(facts_of(peer), catalogue.module(module).options, other, module)
]


@pytest.mark.parametrize(("peer", "ours"), ALL)
def test_the_option_is_the_peers(peer: dict[str, Any], ours: dict[str, Any] | None) -> None:
    assert ours is not None, "we lack it"
    for fact in SAME:
        assert ours.get(fact) == peer.get(fact), fact
    assert set(peer.get("aliases", ())) <= set(ours.get("aliases", ()))
    assert sorted(peer.get("choices", ())) == sorted(ours.get("choices", ()))


def test_every_compared_peer_is_recorded_and_stands_for_its_module() -> None:
    """docker_container is compared in test_peer_options, and what has other options with what the helper writes."""
    compared = [peer for _module, peer, _other in COMPARED]
    assert len(set(compared)) == len(compared) and set(compared) <= {path.stem for path in DATA.glob("docker_*.json")}
    for module, peer, _other in COMPARED:
        assert peer in catalogue.module(module).peers
