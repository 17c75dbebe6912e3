# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a project has made and no longer names."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.project.application import (
    Application,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.project.orphans import (
    belongs,
    containers,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.labels import (
    PROJECT_LABEL,
)

SHOP = Application(name="shop", labels={PROJECT_LABEL: "shop"})
OWN = {PROJECT_LABEL: "shop", "more": "x"}


@pytest.mark.parametrize("labels", [None, {}, {"more": "x"}, {PROJECT_LABEL: "shop2"}, {PROJECT_LABEL: ""}], ids=str)
def test_what_belongs_to_others_or_to_nobody(labels: dict[str, str] | None) -> None:
    assert not belongs(labels, SHOP) and not belongs(labels, Application(name="shop"))
    assert containers([{"Names": ["/web"], "Labels": labels}], SHOP, ()) == []


def test_all_labels_of_an_application_count() -> None:
    both = Application(name="shop", labels={"a": "1", "b": "2"})
    assert belongs({"a": "1", "b": "2", "c": "3"}, both) and not belongs({"a": "1"}, both)
    assert belongs(OWN, Application(name="shop")), "without labels, the name's own"


def test_containers_that_are_not_named_any_more() -> None:
    put_aside = "job.sshfleet-old-0123456789ab.running.no.0"
    listed = [
        {"Names": ["/web"], "Labels": OWN},
        {"Names": ["old"], "Labels": OWN},
        {"Names": [f"/{put_aside}"], "Labels": OWN},
        {"Names": ["/job"], "Labels": OWN},
        {"Names": [], "Labels": OWN},
        {"Names": ["/other"], "Labels": {PROJECT_LABEL: "other"}},
    ]
    assert containers(listed, SHOP, {"web": 1}) == ["job", "old"]
    assert containers(listed, SHOP, {"web": 1, "job": 1}) == ["old"], "what a recreation put aside is not forgotten"


def test_an_application_says_what_stays() -> None:
    """Such as containers of services that are only off."""
    shop = Application(name="shop", labels={PROJECT_LABEL: "shop"}, drops=lambda labels: "more" not in labels)
    assert not belongs(OWN, shop) and belongs({PROJECT_LABEL: "shop"}, shop)
    assert containers([{"Names": ["/old"], "Labels": OWN}], shop, ()) == []
