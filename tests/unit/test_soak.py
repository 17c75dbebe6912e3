# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A soak's seed says all of it, and what is otherwise on an engine than in its model is seen."""

from __future__ import annotations

from random import Random

import pytest
from soak import faults, model, processes, truth

pytestmark = pytest.mark.pairs("first")


def operations(seed: str, count: int) -> list[str]:
    work, random, told = model.begun(), Random(seed), []  # noqa: S311 - the same again, not secret
    for number in range(count):
        told.append(str(op := model.chosen(work, random, number)))
        op.after()
    return told


def test_the_same_seed_gives_the_same_work_and_the_same_faults() -> None:
    assert operations("1", 200) == operations("1", 200) != operations("2", 200)
    hosts = ["a", "b"]
    assert faults.schedule("1", 600, hosts) == faults.schedule("1", 600, hosts) != faults.schedule("2", 600, hosts)


def test_each_fault_comes_and_the_end_is_quiet() -> None:
    events = faults.schedule("1", 90, ["a"])
    assert {event.fault for event in events} == set(faults.FAULTS)
    assert max(event.at for event in events) < 90 - faults.QUIET_END


def test_each_kind_of_operation_comes() -> None:
    assert {one.partition(" ")[0] for one in operations("1", 200)} == {
        "container", "containers", "container_copy", "container_exec", "network", "volume", "image",
    }  # fmt: skip


def test_an_operation_that_is_done_again_changes_nothing() -> None:
    """Of the model: so a retry is right whatever the try before has done."""
    work, random = model.begun(), Random("3")  # noqa: S311 - the same again, not secret
    for number in range(300):
        op = model.chosen(work, random, number)
        op.after()
        if op.again:
            before = repr(work)
            op.after()
            assert repr(work) == before, op


APP = f"{model.PREFIX}a"
FILES = {APP: ["t1\nt2\n", "text", "", ""]}
HAVE = ({APP: [True, "1"]}, FILES, {model.NET: "1"}, [model.MOUNTED], [])


@pytest.mark.parametrize(
    ("number", "other", "words"),
    [
        (0, {APP: [False, "1"]}, "containers"),
        (0, {APP: [True, "1"], f"{APP}.sshfleet-old-1": [False, "1"]}, "containers"),
        (1, {APP: ["t1\nt1\n", "text", "", ""]}, "t1 ran 2 times"),
        (1, {APP: ["", "text", "", ""]}, "t1 ran 0 times"),
        (1, {APP: ["t1\nt2\nt2\n", "text", "", ""]}, "['t2'] twice"),
        (1, {APP: ["t1\nt9\n", "text", "", ""]}, "nobody has asked for"),
        (1, {APP: ["t1\n", "tex", "", ""]}, "/f1 has 'tex'"),
        (1, {APP: ["t1\n", "text", "", "/.f1.sshfleet-1"]}, "are left"),
        (2, {}, "networks"),
        (3, [model.MOUNTED, "sshfleet-mark-1"], "volumes"),
        (4, ["localhost/soak-t1:1"], "tags"),
    ],
)
def test_what_is_otherwise_is_seen(number: int, other: object, words: str) -> None:
    work = model.begun()
    work.apps[APP] = model.App("1", files={"/f1": "text"}, said=["t1"], maybe=["t2"])
    assert list(truth._compared(work, *HAVE)) == []
    (found,) = truth._compared(work, *(other if index == number else one for index, one in enumerate(HAVE)))  # type: ignore[arg-type]
    assert words in found


def test_memory_that_grows_is_seen() -> None:
    flat = [processes.Size(1000 + number % 7, 9, 1) for number in range(40)]
    assert list(processes.grown(flat, 100)) == []
    assert list(processes.grown([processes.Size(1000 + 20 * number, 9, 1) for number in range(40)], 100))
    assert list(processes.grown(flat[:5], 100))
