# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A network's recreation, request by request, and its way back. The engine is a list of what it is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.options import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.work.recreate import hint
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.work.run import run_network
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.runner import Runner

ID = "ab" * 32


class Engine(FakeClient):
    """Docker with one network and two containers in it; the n-th request of a kind fails where ``fails`` says so. What
    ends with "!" is done, and its answer is lost.
    """

    def __init__(self, fails: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.fails = list(fails)
        self.there: dict[str, str] | None = {}  # the labels of the network
        self.inside = {"x", "y"}
        self.kept: dict[str, dict[str, Any]] = {}  # volumes

    def _ask(self, request: str, does: Callable[[], object]) -> None:
        self.asked.append(request)
        if request in self.fails:
            self.fails.remove(request)
            raise EngineError(f"no to {request}", 500)
        does()
        if f"{request}!" in self.fails:
            self.fails.remove(f"{request}!")
            raise EngineError(f"No answer to {request}", kind="no_answer")

    def system_ping(self, timeout: float | None = None) -> None:
        """It answers."""

    def networks_inspect_native(self, name: str) -> dict[str, Any] | None:
        if self.there is None:
            return None
        return {"Name": "net", "Id": ID, "Driver": "bridge", "Labels": self.there, "Scope": "local"}

    def containers_list(self, *, all: bool = True, filters: Any = None) -> list[dict[str, Any]]:
        held = {"Networks": {"net": {"NetworkID": ID}}}
        return [
            {"Id": name * 64, "Names": [f"/{name}"], "State": "running", "NetworkSettings": held}
            for name in sorted(self.inside)
        ]

    def containers_inspect(self, name: str) -> dict[str, Any]:
        endpoint = {"NetworkID": ID, "Aliases": [f"alias-{name[0]}", name[:12]]}
        networks = {"net": endpoint} if name[0] in self.inside else {}
        return {"Id": name[0] * 64, "Name": f"/{name[0]}", "NetworkSettings": {"Networks": networks}}

    def networks_create(self, body: dict[str, Any]) -> None:
        def create() -> None:
            self.there = dict(body["Labels"])

        self._ask("create new" if body["Labels"].get("a") else "create old", create)

    def networks_create_again(self, body: dict[str, Any], description: dict[str, Any]) -> None:
        self.networks_create(body)

    def networks_remove(self, name: str) -> None:
        self._ask("remove old" if name == ID else "remove", lambda: setattr(self, "there", None))

    def networks_connect(self, network: str, container: str, endpoint_config: Any = None) -> None:
        aliases = "+".join((endpoint_config or {}).get("Aliases", []))
        self._ask(f"connect {container[0]} {aliases}".strip(), lambda: self.inside.add(container[0]))

    def networks_disconnect(self, network: str, container: str, *, force: bool = False) -> None:
        self._ask(f"disconnect {container[0]}", lambda: self.inside.remove(container[0]))

    def volumes_list(self, filters: Any = None) -> list[dict[str, Any]]:
        return list(self.kept.values())

    def volumes_create(self, body: dict[str, Any]) -> None:
        self.kept[body["Name"]] = body

    def volumes_remove(self, name: str) -> None:
        del self.kept[name]


def run(engine: Engine, check: bool = False, **options: Any) -> dict[str, Any]:
    wanted = Options("net", **options)
    return run_network(Runner(engine, lambda _line: None), wanted, check_mode=check)


NEW = {"labels": {"a": "b"}}
OFF = ["disconnect x", "disconnect y"]
ON = ["connect x alias-x", "connect y alias-y"]


def test_a_recreation_in_its_order() -> None:
    engine = Engine()
    assert run(engine, **NEW)["changed"]
    assert engine.asked == [*OFF, "remove old", "create new", *ON]
    assert engine.kept == {} and engine.there is not None and "sshfleet.containers.remade" in engine.there


def test_check_mode_asks_for_nothing() -> None:
    engine = Engine()
    assert run(engine, check=True, **NEW)["actions"] == run(Engine(), **NEW)["actions"]
    assert engine.asked == []


# what fails, what is asked afterwards, the end of the message
BACK: list[tuple[tuple[str, ...], list[str], str]] = [
    (("disconnect x",), [], "The old one is back, with its containers."),
    (("disconnect y",), ["connect x alias-x"], "The old one is back, with its containers."),
    (("remove old",), ON, "The old one is back, with its containers."),
    (("create new",), ["create old", *ON], "The old one is back, with its containers."),
    (
        ("connect y alias-y",),
        ["disconnect x", "remove", "create old", *ON],
        "The old one is back, with its containers.",
    ),
    (("create new", "create old"), ["create old"], "could not be brought back: no to create old"),
    (("create new", "connect x alias-x"), ["create old", *ON], "back, but without these containers: x."),
]


@pytest.mark.parametrize(("fails", "then", "words"), BACK)
def test_what_is_refused_gives_way_to_what_was_there(fails: tuple[str, ...], then: list[str], words: str) -> None:
    engine = Engine(fails)
    with pytest.raises(EngineError) as refused:
        run(engine, **NEW)
    assert engine.asked[engine.asked.index(fails[0]) + 1 :] == then
    assert f"no to {fails[0]}" in refused.value.message and words in refused.value.message
    assert bool(engine.kept) is not words.startswith("The old one is back, with"), "the journal"


def test_an_answer_that_does_not_come_names_the_containers() -> None:
    engine = Engine(("create new", "create old"))
    with pytest.raises(EngineError, match="Containers that were in it: x, y"):
        run(engine, **NEW)


# Requests whose answer is lost: what is asked afterwards.
LOST: list[tuple[str, list[str]]] = [
    ("disconnect y", ON),
    ("remove old", ["create old", *ON]),
    ("create new", ["remove", "create old", *ON]),
    ("connect x alias-x", ["disconnect x", "remove", "create old", *ON]),
]


@pytest.mark.parametrize(("request_", "then"), LOST)
def test_a_lost_answer_gives_way_to_what_was_there(request_: str, then: list[str]) -> None:
    engine = Engine((f"{request_}!",))
    with pytest.raises(EngineError, match=f"No answer to {request_}. The old one is back, with its containers") as lost:
        run(engine, **NEW)
    assert engine.asked[engine.asked.index(request_) + 1 :] == then
    assert (lost.value.kind, engine.there, engine.inside, engine.kept) == ("engine_error", {}, {"x", "y"}, {})


def test_what_was_not_brought_back_is_by_the_next_run() -> None:
    engine = Engine(("create new", "create old"))
    with pytest.raises(EngineError, match=r"Containers that were in it: x, y\. Run the task again"):
        run(engine, **NEW)
    assert engine.there is None
    said = run(engine, check=True, **NEW)
    done = run(engine, **NEW)
    assert said["actions"] == done["actions"] and done["actions"][0]["reconnected"] == ["x", "y"]
    assert engine.inside == {"x", "y"} and engine.kept == {}
    assert not run(engine, **NEW)["changed"]


def test_absent_forgets_them() -> None:
    engine = Engine(("create new", "create old"))
    with pytest.raises(EngineError):
        run(engine, **NEW)
    assert [one["action"] for one in run(engine, state="absent")["actions"]] == ["finish"]
    assert [one["action"] for one in run(engine, **NEW)["actions"]] == ["create"] and engine.inside == set()


def test_the_old_definition_brings_back_the_old_network() -> None:
    engine = Engine(("create new", "create old"))
    with pytest.raises(EngineError):
        run(engine, **NEW)
    assert [one["action"] for one in run(engine)["actions"]] == ["restore", "rejoin", "rejoin", "finish"]
    assert (engine.there, engine.inside, engine.kept) == ({}, {"x", "y"}, {})


def test_absent_takes_them_off_and_removes() -> None:
    engine = Engine()
    run(engine, state="absent")
    assert engine.asked == [*OFF, "remove"]
    assert not run(engine, state="absent")["changed"]


def test_a_refused_step_says_which() -> None:
    with pytest.raises(EngineError, match="The network net: disconnect y was refused: no to disconnect y"):
        run(Engine(("disconnect y",)), state="absent")


def test_a_network_that_cannot_be_removed_keeps_its_containers() -> None:
    engine = Engine(("remove",))
    with pytest.raises(EngineError, match="remove was refused: no to remove"):
        run(engine, state="absent")
    assert engine.asked == [*OFF, "remove", *ON]


def test_a_network_that_is_named_by_its_id_keeps_its_name() -> None:
    engine, made = Engine(), []
    create = engine.networks_create
    engine.networks_create = lambda body: (made.append(body), create(body))  # type: ignore[assignment, method-assign]
    run_network(Runner(engine, lambda _line: None), Options(ID, force=True))
    assert [body["Name"] for body in made] == ["net"]


# What an engine says (with its own hint), and the hint that the task gives.
HINTS = [
    ("could not find an available, non-overlapping IPv6 address pool among the defaults", "", "Give an IPv6 subnet"),
    ("invalid pool request: Pool overlaps with other one on this address space", "", "Give a subnet in ipam_config"),
    ("subnet 10.89.0.0/24 is already used on the host or by another config", "", "Give a subnet in ipam_config"),
    ("Pool overlaps with other one on this address space", "its own", "its own"),
    ("something else", "", ""),
]


@pytest.mark.parametrize(("said", "own", "wanted"), HINTS)
def test_what_to_do_about_a_refused_network(said: str, own: str, wanted: str) -> None:
    found = hint(EngineError(said, 500, own))
    assert found.startswith(wanted) and bool(found) is bool(wanted)
