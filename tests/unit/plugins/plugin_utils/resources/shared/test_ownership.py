# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Things that many want at once."""

from __future__ import annotations

from itertools import permutations

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.ownership import (
    Thing,
    each_once,
)

WEB = Thing("container", "web")


def test_a_thing_is_owned_once_as_the_strictest_wants_it() -> None:
    shared = Thing("network", "net", marked=False, shared=True)
    wanted = [shared, Thing("network", "net", marked=True, shared=False), Thing("network", "net", marked=False)]
    for ones in permutations(wanted):
        assert each_once([*ones, WEB]) == [Thing("network", "net"), WEB]
    assert each_once([shared, shared]) == [shared]
    assert each_once([shared, Thing("network", "net", marked=True, shared=True)]) == [
        Thing("network", "net", marked=True, shared=True)
    ]


def test_others_of_the_same_name_are_others() -> None:
    things = [WEB, Thing("volume", "web"), Thing("container", "db")]
    assert each_once(things) == things and each_once([]) == []
