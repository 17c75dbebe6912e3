# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Folded names come back exactly, and the pattern for --limit selects just these hosts."""

from __future__ import annotations

import random
import shlex
from collections.abc import Iterator

import pytest
from ansible.inventory.data import InventoryData
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader

from ansible_collections.sshfleet.containers.plugins.plugin_utils.fleet_output.names import (
    folded,
    limit_pattern,
    natural,
    unfolded,
)

FOLDED = [
    ([], ""),
    (["web1"], "web1"),
    (["web2", "web1"], "web[1-2]"),
    ([f"web{n}" for n in (*range(1, 41), 42)], "web[1-40,42]"),
    (["web1", "web1"], "web1"),
    (["web08", "web09", "web10", "web11"], "web[08-11]"),
    (["web8", "web9", "web10"], "web[8-10]"),
    (["web1", "web01", "web001"], "web[1,01,001]"),
    (["web1.eu.example", "web2.eu.example", "web1.us.example"], "web[1-2].eu.example,web1.us.example"),
    (["r1n1", "r1n2", "r1n3", "r2n1"], "r1n[1-3],r2n1"),
    (["10.0.0.1", "10.0.0.2", "10.0.0.30"], "10.0.0.[1-2,30]"),
    (["db", "web10", "web2", "app"], "app,db,web[2,10]"),
    (["a b", "a,b", "a[1]", 'a"b', "", "a\u202eb"], r'"","a b","a,b","a[1]","a\"b","a\u202eb"'),
    ([f"vm-{10**19}", f"vm-{10**19 + 1}"], f"vm-{10**19},vm-{10**19 + 1}"),
]


@pytest.mark.parametrize(("names", "text"), FOLDED)
def test_how_names_are_folded(names: list[str], text: str) -> None:
    assert folded(names) == text


def made_up(chance: random.Random) -> Iterator[str]:
    """Names as they are, and as somebody could have made them to be misread."""
    parts = [
        "web",
        "db-",
        ".",
        "-",
        "01",
        "1",
        "2",
        "09",
        "10",
        "007",
        "0",
        "[",
        "]",
        ",",
        '"',
        "\\",
        "é",
        "\n",
        " ",
        "1-3",
    ]
    for _name in range(chance.randint(0, 60)):
        yield "".join(chance.choice(parts[: chance.choice((11, 20))]) for _part in range(chance.randint(0, 5)))
    yield from (f"n{number:0{chance.choice((1, 2, 3))}}" for number in chance.sample(range(200), chance.randint(0, 60)))


@pytest.mark.parametrize("seed", range(200))
def test_every_name_comes_back_once(seed: int) -> None:
    names = [*made_up(random.Random(seed))]  # noqa: S311
    assert sorted(unfolded(folded(names))) == sorted(set(names))


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_the_names_does_not_matter(seed: int) -> None:
    names = [*made_up(random.Random(seed))]  # noqa: S311
    assert folded(reversed(names)) == folded(names)


@pytest.mark.parametrize("text", ["web[1-2", "web]", 'web"', "a,,b", "web[1]x[2]"])
def test_what_is_no_fold_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no folded names"):
        unfolded(text)


def test_thousands_of_names_fold_quickly() -> None:
    assert folded(f"web{n}" for n in range(1, 20_001)) == "web[1-20000]"


def test_natural_order() -> None:
    assert sorted(["web10", "web2", "db1", "web"], key=natural) == ["db1", "web", "web2", "web10"]


HARD = ["web1", "web2", "web.example", "we*", "web[1:2]", "~web1", "!web1", "&web1", "@web1", "-x", "a,b", "a:b"]
HARD += [
    "::1",
    "a:b\n",
    "xa:b",
    "a b",
    " a ",
    "é",
    "日本",
    "a'b",
    'a"b',
    "a\\b",
    "(",
    "a\n",
    "a\nb",
    "\U0001f600",
    "web",
    "^web1$",
    "group",
]


def inventory_of(names: list[str]) -> InventoryManager:
    inventory = InventoryManager(loader=DataLoader(), sources=None)
    data: InventoryData = inventory._inventory
    for name in names:
        data.add_host(name)
    data.reconcile_inventory()
    return inventory


@pytest.mark.parametrize("chosen", [[name] for name in HARD] + [HARD[::2], HARD[1::2], HARD], ids=repr)
def test_the_pattern_selects_just_these_hosts(chosen: list[str]) -> None:
    """With Ansible's own inventory, and a shell's words."""
    inventory = inventory_of(HARD)
    (pattern,) = shlex.split(limit_pattern(chosen))
    inventory.subset(pattern)
    assert sorted(host.name for host in inventory.get_hosts("all")) == sorted(chosen)


def test_plain_names_are_a_plain_pattern() -> None:
    assert limit_pattern(["web10", "web2"]) == "web2,web10"
    assert limit_pattern([]) == ""
