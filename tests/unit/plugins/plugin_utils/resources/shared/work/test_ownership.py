# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Owners of things that change, with an engine that is a dict of volumes; real engines are in tests/lab."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from controller_directory import ControllerDirectory
from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.ownership import (
    Owner,
    Thing,
    Watch,
    is_mark,
    marks,
    volume_body,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work import patience
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.ownership import Owners, Pace

APP = Thing("container", "app")
ME, YOU = Owner("aa", "here", "me@here"), Owner("bb", "there", "you@there")
QUICK = Pace(beat=0.02, lapse=0.3, look=0.01, patience=2)


class Engine(FakeClient):
    """Volumes only. ``refuses`` is raised by every creation, ``wakes`` is called after one."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, dict[str, Any]] = {}
        self.made: list[str] = []
        self.refuses: EngineError | None = None
        self.wakes: Callable[[], object] = lambda: None

    def volumes_list(self, filters: Any = None) -> list[dict[str, Any]]:
        return list(self.kept.values())

    def volumes_create(self, body: dict[str, Any]) -> None:
        if self.refuses:
            raise self.refuses
        self.kept[body["Name"]] = body
        self.made.append(body["Name"])
        self.wakes()

    def volumes_remove(self, name: str) -> None:
        if self.kept.pop(name, None) is None:
            raise EngineError("no such volume", 404, kind="volume_missing")


@pytest.fixture
def engine() -> Engine:
    return Engine()


def owners(engine: Engine, directory: Path, log: list[str] | None = None, pace: Pace = QUICK) -> Owners:
    directory.mkdir(mode=0o700, exist_ok=True)
    return Owners(engine, ControllerDirectory(directory), "engine", [].append if log is None else log.append, pace)


def found(owner: Owner, number: int) -> Any:
    return marks([volume_body(owner, [APP], number)])[0]


def test_an_owner_lives_as_long_as_its_marks_change() -> None:
    watch = Watch(10)
    assert watch.living([found(YOU, 1)], ME, 100) == [found(YOU, 1)]
    assert watch.living([found(YOU, 1)], ME, 109)
    assert watch.living([found(YOU, 2)], ME, 110), "it has made another one"
    assert watch.living([found(YOU, 2)], ME, 119)
    assert watch.living([found(YOU, 2)], ME, 120) == []
    assert watch.living([found(YOU, 3)], ME, 121), "the clock begins when it is seen"


def test_of_ones_own_controller_nobody_else_can_live() -> None:
    dead = Owner("cc", ME.controller, "me@here")
    assert Watch(10).living([found(dead, 1), found(ME, 1)], ME, 0) == []


def test_what_is_a_mark() -> None:
    assert is_mark(volume_body(ME, [APP], 1))
    assert not is_mark({**volume_body(ME, [APP], 1), "Name": "data"}), "a volume of somebody's"
    assert not is_mark({"Name": "sshfleet-mark-aa-1", "Labels": None})


def test_a_mark_is_there_while_it_is_owned_and_renewed(engine: Engine, tmp_path: Path) -> None:
    with owners(engine, tmp_path / "one").owning([APP]):
        assert len(engine.kept) == 1
        deadline = time.monotonic() + 20
        while len(engine.made) < 4 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(engine.made) >= 4
    assert engine.kept == {}
    assert [one.name for one in (tmp_path / "one").iterdir()] == ["salt"]


def test_what_one_request_does_is_not_marked(engine: Engine, tmp_path: Path) -> None:
    with owners(engine, tmp_path).owning([Thing("container", "app", marked=False)]):
        assert engine.made == []


def test_many_things_have_one_mark_and_each_of_them_keeps_others_off(engine: Engine, tmp_path: Path) -> None:
    db, said = Thing("container", "db"), list[str]()
    holder, other = owners(engine, tmp_path / "one"), owners(engine, tmp_path / "two", said)
    with holder.owning([db, APP, Thing("network", "shop")]):
        assert len(engine.kept) == 1
        assert next(iter(engine.kept.values()))["Labels"]["sshfleet.containers.mark"] == (
            "container app\ncontainer db\nnetwork shop"
        )
        with pytest.raises(EngineError, match="container db and 1 more"), other.owning([db, Thing("container", "web")]):
            pass
        with other.owning([Thing("container", "web"), Thing("network", "other")]):
            assert len({mark.about for mark in marks(engine.kept.values())}) == 2
    assert engine.kept == {}


def test_who_changes_a_thing_and_needs_it_to_stay_does_not_wait_for_itself(engine: Engine, tmp_path: Path) -> None:
    net = Thing("network", "net", marked=False, shared=True)
    with owners(engine, tmp_path).owning([net, Thing("network", "net"), APP, net]):
        assert [mark.about for mark in marks(engine.kept.values())] == ["container app\nnetwork net"]


@pytest.mark.parametrize("where", ["one", "two"])
def test_another_one_waits_and_says_for_whom(engine: Engine, tmp_path: Path, where: str) -> None:
    said: list[str] = []
    holder, other = owners(engine, tmp_path / "one"), owners(engine, tmp_path / where, said)
    order: list[str] = []

    def wait() -> None:
        with other.owning([APP]):
            order.append("other")

    with holder.owning([APP]):
        waiting = threading.Thread(target=wait)
        waiting.start()
        while not said:
            time.sleep(0.01)
        order.append("holder")
    waiting.join()
    assert order == ["holder", "other"] and engine.kept == {}
    assert "The container app is being changed by" in said[0] and "process" in said[0]


def test_both_step_back_when_two_come_at_once(engine: Engine, tmp_path: Path) -> None:
    """The other's mark comes right after ours: ours goes, and comes again when the other's has gone."""
    rival = volume_body(YOU, [APP], 1)
    first = iter([True])

    def rivals() -> None:
        if next(first, False):
            engine.kept[rival["Name"]] = rival
            threading.Timer(0.1, engine.kept.pop, [rival["Name"]]).start()

    engine.wakes = rivals
    with owners(engine, tmp_path).owning([APP]):
        assert len(engine.made) >= 2 and rival["Name"] not in engine.kept


def test_a_dead_owner_gives_way_and_its_marks_go(engine: Engine, tmp_path: Path) -> None:
    """Also those of other things that this controller has left; but not those of others, which may live."""
    mine = owners(engine, tmp_path)
    for owner, about in ((YOU, APP), (mine.owner(), Thing("image", "app")), (YOU, Thing("network", "app"))):
        body = volume_body(owner, [about], 1)
        engine.kept[body["Name"] + about.kind] = {**body, "Name": f"sshfleet-mark-{len(engine.kept)}a-1"}
    engine.kept = {body["Name"]: body for body in engine.kept.values()}
    with mine.owning([APP]):
        left = [mark.about for mark in marks(engine.kept.values()) if mark.owner.controller != mine.owner().controller]
        assert left == ["network app"] and len(engine.kept) == 2
    assert len(engine.kept) == 1


def test_where_no_mark_can_be_made_the_change_goes_on(engine: Engine, tmp_path: Path) -> None:
    said: list[str] = []
    engine.refuses = EngineError("forbidden", 403)
    with owners(engine, tmp_path, said).owning([APP]):
        assert "No mark could be made on the host" in said[0]
    engine.refuses = EngineError("gone", kind="no_answer")
    with pytest.raises(EngineError, match="gone"), owners(engine, tmp_path).owning([APP]):
        pytest.fail("it is not known whether anything was changed")


def test_who_was_stopped_for_too_long_goes_no_further(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = owners(engine, tmp_path, pace=Pace(beat=60, lapse=45))
    with mine.owning([APP]):
        mine.require()
        later = patience.seconds() + 46
        monkeypatch.setattr(patience, "seconds", lambda: later)
        with pytest.raises(EngineError, match="another one may have taken over") as failed:
            mine.require()
        assert failed.value.kind == "busy"


def test_what_only_has_to_stay_is_shared(engine: Engine, tmp_path: Path) -> None:
    net = Thing("network", "net", marked=False, shared=True)
    one, two = owners(engine, tmp_path), owners(engine, tmp_path)
    impatient = owners(engine, tmp_path, pace=Pace(look=0.01, patience=0.05))
    with one.owning([net]):
        with two.owning([net]), pytest.raises(EngineError) as failed, impatient.owning([Thing("network", "net")]):
            pytest.fail("it was taken")
        assert failed.value.kind == "busy"
        with pytest.raises(EngineError), impatient.owning([Thing("network", "net")]):
            pytest.fail("it was taken from the one that is left")
    with impatient.owning([Thing("network", "net")]):
        assert one.settled(Thing("image", "app")) is False


def test_somebody_is_waited_for_without_changing_anything(engine: Engine, tmp_path: Path) -> None:
    body = volume_body(YOU, [Thing("network", "net")], 1)
    engine.kept[body["Name"]] = body
    threading.Timer(0.1, engine.kept.pop, [body["Name"]]).start()
    said: list[str] = []
    assert owners(engine, tmp_path, said).settled(Thing("network", "net"))
    assert "you@there" in said[0] and "network net" in said[0]


NET_STAYS = Thing("network", "net", marked=False, shared=True)


def test_another_controller_that_changes_what_has_to_stay_is_waited_for(engine: Engine, tmp_path: Path) -> None:
    body = volume_body(YOU, [Thing("network", "net")], 1)
    engine.kept[body["Name"]] = body
    threading.Timer(0.1, engine.kept.pop, [body["Name"]]).start()
    said: list[str] = []
    with owners(engine, tmp_path, said).owning([NET_STAYS]):
        assert engine.kept == {} and "network net is being changed by you@there" in said[0]
    assert engine.made == []


def test_a_dead_mark_about_what_has_to_stay_is_removed_and_others_left(engine: Engine, tmp_path: Path) -> None:
    for about in ("net", "other"):
        body = volume_body(Owner(about.encode().hex(), "there", "you@there"), [Thing("network", about)], 1)
        engine.kept[body["Name"]] = body
    mine = owners(engine, tmp_path)
    assert mine.unmarked(NET_STAYS)
    assert [mark.about for mark in mine.found()] == ["network other"]
    assert mine.unmarked(NET_STAYS) is False


def test_a_long_wait_is_told_aloud_once(engine: Engine, tmp_path: Path) -> None:
    body = volume_body(YOU, [APP], 1)
    engine.kept[body["Name"]] = body
    aloud: list[str] = []
    pace = Pace(beat=0.02, lapse=0.3, look=0.01, silence=0.1, patience=2)
    with Owners(engine, ControllerDirectory(tmp_path), "engine", lambda _line: None, pace, aloud.append).owning([APP]):
        assert aloud == ["The container app is being changed by you@there: waiting, for 2 seconds at most."]
