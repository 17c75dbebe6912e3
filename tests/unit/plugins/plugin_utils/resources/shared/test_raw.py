# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A raw inspect without secrets."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.raw import DRIVER_OPTIONS, masked
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import MASK, Masker

# key, what the engine says under it, what is told.
TOLD: list[tuple[str, Any, Any]] = [
    ("Env", ["A=b", "API_TOKEN=t0p-s3cret", "BARE"], ["A=b", f"API_TOKEN={MASK}", "BARE"]),
    ("Cmd", ["serve", "--password", "other", "t0p-s3cret"], ["serve", "--password", MASK, MASK]),
    ("Entrypoint", None, None),
    ("Labels", {"plain": "x", "db_password": "y"}, {"plain": "x", "db_password": MASK}),
    (
        "LogConfig",
        {"Type": "splunk", "Config": {"splunk-token": "z"}},
        {"Type": "splunk", "Config": {"splunk-token": MASK}},
    ),
    ("LogConfig", {"Type": "journald", "Config": None}, {"Type": "journald", "Config": None}),
    ("Options", {"o": "username=u,password=p"}, {"o": f"username=u,password={MASK}"}),
    ("State", {"Error": "no t0p-s3cret there", "Pid": 7}, {"Error": f"no {MASK} there", "Pid": 7}),
    ("State", {"Health": {"Log": [{"Output": "t0p-s3cret"}]}}, {"Health": {"Log": [{"Output": MASK}]}}),
    ("Binds", ["/srv:/data:ro"], ["/srv:/data:ro"]),
    ("NetworkSettings", {"SandboxKey": "/run/netns/1", "Ports": {}}, {"SandboxKey": "/run/netns/1", "Ports": {}}),
    ("Id", "t0p-s3cret", "t0p-s3cret"),  # what is shown openly stays
    ("ExecIDs", None, None),
]


@pytest.mark.parametrize(("key", "said", "told"), TOLD)
def test_secrets_are_masked_where_they_are_and_where_they_turn_up(key: str, said: Any, told: Any) -> None:
    masker = Masker()
    masker.learn_values(["t0p-s3cret"])
    assert masked({key: said}, masker) == {key: told}


def test_nothing_is_masked_where_masking_is_off_and_nothing_is_changed_in_the_original() -> None:
    said = {"Config": {"Env": ["PASSWORD=t0p-s3cret"]}}
    assert masked(said, Masker(False)) == said
    masked(said, Masker())
    assert said == {"Config": {"Env": ["PASSWORD=t0p-s3cret"]}}


def test_labels_of_networks_and_volumes_stay() -> None:
    assert masked({"Labels": {"key": "x"}}, Masker(), named=DRIVER_OPTIONS) == {"Labels": {"key": "x"}}
