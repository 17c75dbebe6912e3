# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client that is handed from one thread to the next."""

from __future__ import annotations

import pytest
from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.project.work.handed_client import (
    HandedClient,
)


class Engine(FakeClient):
    def containers_list(self, *, all: bool = True, filters: object = None) -> list[dict[str, str]]:
        self.warned.append(f"a word about {len(self.calls)}")
        return []


def test_it_is_the_client_of_whoever_uses_it() -> None:
    first, second = Engine(), Engine()
    handed = HandedClient(first)
    handed.containers.list()
    second.warned.append("a word to somebody else")
    with handed.using(second):
        handed.containers.list()
        handed.containers.list()
    handed.containers.list()
    assert (len(first.calls), len(second.calls)) == (2, 2)
    assert handed.warned == ["a word about 1", "a word about 2"], "only those of its own use"


def test_it_is_given_back_after_an_error() -> None:
    first, second = Engine(), Engine()
    handed = HandedClient(first)
    with pytest.raises(ZeroDivisionError), handed.using(second):
        handed.containers.list()
        raise ZeroDivisionError
    handed.containers.list()
    assert len(first.calls) == 1 and handed.warned == ["a word about 1"]
