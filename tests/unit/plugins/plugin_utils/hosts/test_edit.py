# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A hosts.json with one thing changed: that, in the layout of what is beside it, and not a character more."""

from __future__ import annotations

import itertools
import json
import random
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts import edit
from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.read import parse_hosts

ONE_LINE_EACH = """\
{
  "version": 1,
  "hosts": {
    "web1": {"hostname": "192.0.2.1", "groups": ["web"]},
    "db1":  { "hostname" : "192.0.2.2" }
  }
}
"""
INDENTED = """\
{
\t"hosts": {
\t\t"web1": {
\t\t\t"hostname": "192.0.2.1",
\t\t\t"groups": [
\t\t\t\t"web",
\t\t\t\t"b\\u00e4r"
\t\t\t]
\t\t}
\t}
}
"""
COMPACT = '{"hosts":{"web1":{"hostname":"192.0.2.1","port":22}},"default_host":"web1"}'
NEW = {"hostname": "192.0.2.9", "port": 2222, "groups": ("web", "new"), "user": None}


def test_a_new_host_looks_like_the_last_one() -> None:
    assert edit.with_host(ONE_LINE_EACH, "web9", NEW) == ONE_LINE_EACH.replace(
        '"192.0.2.2" }\n',
        '"192.0.2.2" },\n    "web9" : { "hostname" : "192.0.2.9", "port" : 2222, "groups" : ["web", "new"] }\n',
    ).replace('"web9" : {', '"web9": {')
    assert edit.with_host(INDENTED, "web9", NEW) == INDENTED.replace(
        "\t\t}\n\t}",
        '\t\t},\n\t\t"web9": {\n\t\t\t"hostname": "192.0.2.9",\n\t\t\t"port": 2222,\n\t\t\t"groups": [\n'
        '\t\t\t\t"web",\n\t\t\t\t"new"\n\t\t\t]\n\t\t}\n\t}',
    )
    assert edit.with_host(COMPACT, "web9", NEW) == COMPACT.replace(
        "22}}", '22},"web9":{"hostname":"192.0.2.9","port":2222,"groups":["web","new"]}}'
    )


def test_the_first_host() -> None:
    made = edit.with_host(edit.EMPTY, "web9", NEW)
    assert made == (
        '{\n  "version": 1,\n  "hosts": {\n'
        '    "web9": {"hostname": "192.0.2.9", "port": 2222, "groups": ["web", "new"]}\n  }\n}\n'
    )
    assert edit.without_host(made, "web9") == edit.EMPTY
    assert edit.with_host('{"hosts":{}}', "a", {"hostname": "b"}) == '{"hosts":{"a":{"hostname":"b"}}}'
    windows = edit.EMPTY.replace("\n", "\r\n")
    assert edit.with_host(windows, "web9", NEW) == made.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("text", "values", "old", "new"),
    [
        (ONE_LINE_EACH, {"hostname": "b"}, '"192.0.2.1"', '"b"'),
        (ONE_LINE_EACH, {"user": "u"}, '2.1", ', '2.1", "user": "u", '),
        (ONE_LINE_EACH, {"description": "ä \" \\"}, '["web"]', '["web"], "description": "ä \\" \\\\"'),
        (ONE_LINE_EACH, {"groups": None}, ', "groups": ["web"]', ""),
        (ONE_LINE_EACH, {"groups": ("b", "c")}, '["web"]', '["b", "c"]'),
        (INDENTED, {"port": 1}, '2.1",\n', '2.1",\n\t\t\t"port": 1,\n'),
        (INDENTED, {"groups": ("c",)}, '\t\t\t\t"web",\n\t\t\t\t"b\\u00e4r"', '\t\t\t\t"c"'),
        (COMPACT, {"port": None}, ',"port":22', ""),
        (COMPACT, {"jump_host": ""}, "22}", '22,"jump_host":""}'),
    ],
)  # fmt: skip
def test_a_key_of_a_host(text: str, values: dict[str, Any], old: str, new: str) -> None:
    assert text.count(old) == 1
    assert edit.with_host(text, "web1", values) == text.replace(old, new)


def test_a_host_is_removed() -> None:
    first, second = ONE_LINE_EACH.splitlines(keepends=True)[3:5]
    assert edit.without_host(ONE_LINE_EACH, "web1") == ONE_LINE_EACH.replace(first, "")
    assert edit.without_host(ONE_LINE_EACH, "db1") == ONE_LINE_EACH.replace(f",\n{second}", "\n")


def test_the_default_host() -> None:
    assert edit.with_default_host(COMPACT, None) == COMPACT.replace('"web1"}', "null}")
    assert edit.with_default_host(ONE_LINE_EACH, "db1") == ONE_LINE_EACH.replace(
        '1,\n  "hosts', '1,\n  "default_host": "db1",\n  "hosts'
    )
    assert edit.with_default_host(INDENTED, "web1") == INDENTED.replace(
        '\t"hosts"', '\t"default_host": "web1",\n\t"hosts"'
    )
    assert edit.with_default_host(INDENTED, None) == INDENTED


def file(chance: random.Random) -> str:
    """A file in some layout."""
    names = chance.sample(["a", "b", "c", "ä", "web-1", "web.2"], chance.randint(0, 6))
    hosts = {name: {"hostname": "x", **values(chance)} for name in names}
    document: dict[str, Any] = {"version": 1, "default_host": chance.choice([*names, None]), "hosts": hosts}
    for key in chance.sample(["version", "default_host"], chance.randint(0, 2)):
        del document[key]
    layout = chance.choice([{}, {"indent": 2}, {"indent": "\t"}, {"separators": (",", ":")}, {"indent": 0}])
    text = json.dumps(document, ensure_ascii=chance.random() < 0.5, **layout)
    return f"\n {text}\r\n" if chance.random() < 0.3 else text


def values(chance: random.Random) -> dict[str, Any]:
    known = {
        "user": "u", "port": chance.choice([1, None]), "identity_file": "~/k, {}", "jump_host": "",
        "description": '":,', "groups": chance.sample(["p", "q", "r"], chance.randint(0, 3)),
    }  # fmt: skip
    return {key: known[key] for key in chance.sample(sorted(known), chance.randint(0, len(known)))}


def test_whatever_the_layout_only_that_changes() -> None:
    """Against Python's own json: the same data as if the change had been made there, the same order of what stays."""
    for seed in range(1500):
        chance = random.Random(seed)  # noqa: S311
        text = file(chance)
        before = json.loads(text)
        name = chance.choice(["a", "b", "c", "ä", "new"])
        wanted = {**values(chance), "hostname": "y"}
        after = edit.with_host(text, name, wanted)
        hosts = before["hosts"]
        entry = {**hosts.get(name, {}), **wanted}
        entry = {key: value for key, value in entry.items() if key not in wanted or value is not None}
        expected = {**before, "hosts": {**hosts, name: entry}}
        assert json.loads(after) == expected, seed
        assert list(json.loads(after)["hosts"]) == list(expected["hosts"]), seed
        parse_hosts(after.encode(), "x")
        for one in itertools.islice(hosts, 2):
            gone = json.loads(edit.without_host(text, one))
            assert gone == {**before, "hosts": {key: hosts[key] for key in hosts if key != one}}, seed
        if hosts:
            chosen = chance.choice([*hosts, None])
            told = json.loads(edit.with_default_host(text, chosen))
            assert told.get("default_host") == chosen and told["hosts"] == hosts, seed
