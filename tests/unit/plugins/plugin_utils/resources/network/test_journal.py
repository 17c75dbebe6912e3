# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The journal of a network's remaking: what is written is what is read, and nothing else is taken for one."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network import journal
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.actual import Member, network
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.prune import items
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.prune.filters import Filters

DOCKER = Engine("docker", (26, 1))
DESCRIPTION = {
    "Name": "net", "Id": "ab" * 32, "Driver": "bridge", "Labels": {"a": "b"}, "Containers": {"x": {"Name": "app"}},
}  # fmt: skip
OLD = network(DESCRIPTION, DOCKER)
ENDPOINT = {
    "Aliases": ["web"],
    "IPAMConfig": {"IPv4Address": "10.0.0.9"},
    "NetworkID": "ab" * 32,
    "Gateway": "10.0.0.1",
}
WEB = Member("1" * 64, "web", True, ENDPOINT, by_id=True)
DB = Member("2" * 64, "db", False, {})


def kept(token: str, *members: Member, before: journal.Journal | None = None) -> dict[str, Any]:
    return journal.volume_body(journal.written(token, OLD, members, before), "net")


def test_what_is_written_is_read() -> None:
    found = journal.read([kept("aa", WEB, DB)])
    assert found is not None and found.volumes == ("sshfleet-journal-aa",) and found.token == "aa"
    assert found.network(DOCKER).labels == {"a": "b"} and "Containers" not in found.old
    assert [member.name for member in found.members] == ["db", "web"]
    place = {key: ENDPOINT[key] for key in ("Aliases", "IPAMConfig")}
    assert found.members[1] == Member("1" * 64, "web", True, place, by_id=True)


def test_several_are_one() -> None:
    """Killed between writing a new one and removing the one before."""
    first = journal.read([kept("aa", WEB)])
    second = kept("bb", DB, before=first)
    found = journal.read([second, kept("aa", WEB)])
    assert found is not None and (found.token, found.number) == ("bb", 2)
    assert found.volumes == ("sshfleet-journal-aa", "sshfleet-journal-bb")
    assert [member.name for member in found.members] == ["db", "web"]


def test_what_is_none_is_not_taken_for_one() -> None:
    good = kept("aa", WEB)
    broken: list[dict[str, Any]] = [
        {**good, "Name": "data"},
        {"Name": "sshfleet-journal-aa", "Labels": None},
        {**good, "Labels": {**good["Labels"], journal.CONTENT_LABEL: "{"}},
        {**good, "Labels": {**good["Labels"], journal.CONTENT_LABEL: '{"members": [1]}'}},
        {**good, "Labels": {journal.JOURNAL_LABEL: "net"}},
    ]
    assert journal.read(broken) is None and journal.read([]) is None


def test_pruning_leaves_journals_and_marks_of_the_last_hour() -> None:
    now = 1_800_000_000.0
    mark = {"Name": "sshfleet-mark-aa-1", "Labels": {"sshfleet.containers.mark": "container app"}}
    found = [
        kept("aa", WEB), {**mark, "CreatedAt": "2027-01-15T07:30:00Z"},
        {**mark, "Name": "sshfleet-mark-bb-1", "CreatedAt": "2027-01-15T06:30:00Z"}, {"Name": "data"},
    ]  # fmt: skip
    chosen = items.volumes(found, [], Filters(given={"all": True}), False, now)
    assert [item.name for item in chosen.items] == ["data", "sshfleet-mark-bb-1"]


# Mode, networks -> whether a container looks as if it had lost one.
LOOKS: list[tuple[str, dict[str, Any] | None, bool]] = [
    ("net", {}, True),
    ("bridge", None, True),  # Podman: its mode names no network
    ("net", {"other": {"NetworkID": "ee"}}, True),
    ("net", {"net": {"NetworkID": "ee"}}, False),
    ("ee", {"net": {"NetworkID": "ee"}}, False),
    ("bridge", {"net": {}}, False),
    ("default", {"bridge": None}, False),
    *((mode, {}, False) for mode in ("host", "none", "container:ab", "ns:/proc/1/ns/net", "slirp4netns", "pasta:-a")),
]


@pytest.mark.parametrize(("mode", "networks", "lost"), LOOKS)
def test_who_looks_as_if_a_network_were_lost(mode: str, networks: dict[str, Any] | None, lost: bool) -> None:
    inspect = {"HostConfig": {"NetworkMode": mode}, "NetworkSettings": {"Networks": networks}}
    assert journal.may_be_lost(inspect) is lost


def test_the_networks_that_a_container_was_in() -> None:
    other = {**kept("bb", DB), "Labels": {**kept("bb", DB)["Labels"], journal.JOURNAL_LABEL: "other"}}
    volumes = [kept("aa", WEB, DB), other, {"Name": "data", "Labels": None}]
    assert journal.networks_of(volumes, WEB.id) == ["net"]
    assert journal.networks_of(volumes, DB.id) == ["net", "other"]
    assert journal.networks_of(volumes, "3" * 64) == []
