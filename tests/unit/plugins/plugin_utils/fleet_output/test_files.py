# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of files, which hosts' names become."""

from __future__ import annotations

import random
import urllib.parse

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.fleet_output.files import SUMMARIES, file_name

NAMES = [
    ("web1.example.com", "web1.example.com.json"),
    ("../etc/passwd", "%2e.%2fetc%2fpasswd.json"),
    ("..", "%2e..json"),
    ("/etc", "%2fetc.json"),
    (".hidden", "%2ehidden.json"),
    ("-rf", "%2drf.json"),
    ("summary", "%73ummary.json"),
    ("Summary", "%53ummary.json"),
    ("a%2fb", "a%252fb.json"),
    ("é\0\n", "%c3%a9%00%0a.json"),
    ("::1", "%3a%3a1.json"),
    ("", "%.json"),
]


@pytest.mark.parametrize(("host", "name"), NAMES)
def test_names(host: str, name: str) -> None:
    assert file_name(host, ".json") == name


@pytest.mark.parametrize("seed", range(100))
def test_no_name_leaves_the_directory_and_none_is_anothers(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    hosts = {"".join(chance.choices("./\\%-aA2e\0\n\udc80日 :summary", k=chance.randint(0, 8))) for _host in range(300)}
    names = {host: file_name(host, ".json") for host in hosts}
    assert len(set(names.values())) == len(hosts)
    for host, name in names.items():
        assert "/" not in name and "\0" not in name and name.isascii()
        assert not name.startswith((".", "-"))
        assert name.lower() not in SUMMARIES
        if host and not any(0xD800 <= ord(sign) < 0xE000 for sign in host):
            assert urllib.parse.unquote(name.removesuffix(".json"), errors="strict") == host


def test_long_names_fit_and_stay_apart() -> None:
    one, other = (file_name("x" * 5000 + end, ".json") for end in "ab")
    assert one != other
    assert len(one) < 255
