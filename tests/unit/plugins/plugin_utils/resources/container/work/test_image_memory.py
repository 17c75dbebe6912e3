# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The requests of a loop over unchanged containers, counted; and when an image is looked at again."""

from __future__ import annotations

from typing import Any

import pytest
from dict_engine import Engine, done

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import parse
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.image_memory import (
    KEPT,
    ImageMemory,
    RememberingClient,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.run import run_container


class Loop:
    """Items of one task on one engine; ``time`` is the clock's, in seconds."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.time = 0.0
        self.memory = ImageMemory(now=lambda: self.time)

    def item(self, name: str = "app", scope: tuple[str, ...] = ("task", "host"), **params: Any) -> dict[str, Any]:
        options = parse({"name": name, "image": "app:1", "env": {"A": "1"}, **params})
        client = RememberingClient(self.engine, scope, self.memory)
        return run_container(client, options, sleep=lambda seconds: None)

    def requests(self) -> list[str]:
        """The names of the requests so far, and forget them."""
        names = [call[0] for call in self.engine.calls]
        self.engine.calls.clear()
        return names


@pytest.fixture(params=["docker", "podman"])
def loop(request: pytest.FixtureRequest) -> Loop:
    """The items' containers are there, and nothing is remembered."""
    looped = Loop(Engine(request.param))
    for number in range(50):
        looped.item(f"app{number}")
    looped.memory.forget()
    looped.engine.calls.clear()
    return looped


def test_fifty_unchanged_containers_cost_one_inspect_each_and_one_of_the_image(loop: Loop) -> None:
    assert [done(loop.item(f"app{number}")) for number in range(50)] == [[]] * 50
    assert loop.requests() == ["containers.inspect", "images.inspect"] + ["containers.inspect"] * 49


def test_the_images_own_defaults_are_read_once_too(loop: Loop) -> None:
    assert [done(loop.item(f"app{number}", image=None)) for number in range(3)] == [[]] * 3
    assert loop.requests() == ["containers.inspect", "images.inspect", "containers.inspect", "containers.inspect"]


@pytest.mark.parametrize("other", [("other task", "host"), ("task", "other host")])
def test_another_task_or_host_looks_for_itself(loop: Loop, other: tuple[str, ...]) -> None:
    loop.item("app1")
    loop.item("app2", scope=other)
    assert loop.requests().count("images.inspect") == 2


def test_what_is_old_is_read_again(loop: Loop) -> None:
    """``until`` with its retries is a loop too, and may wait for just that."""
    loop.item("app1")
    loop.time += KEPT
    loop.engine.image_dicts["app:1"]["Id"] = "sha256:" + "e" * 64
    assert done(loop.item("app1")) == ["recreate"]


@pytest.mark.parametrize("change", [{"command": "x"}, {"state": "stopped"}, {"state": "absent"}])
def test_whatever_an_item_does_the_next_one_looks_again(loop: Loop, change: dict[str, Any]) -> None:
    loop.item("app1")
    loop.item("app2", **change)
    loop.requests()
    loop.item("app3")
    assert loop.requests() == ["containers.inspect", "images.inspect"]


def test_an_image_that_another_item_has_pulled_is_seen(loop: Loop) -> None:
    loop.item("app1")
    loop.engine.images_pull = lambda ref: loop.engine.image_dicts[ref].update(Id="sha256:" + "d" * 64)  # type: ignore[method-assign]
    assert done(loop.item("app2", pull="always")) == ["pull", "recreate"]
    assert done(loop.item("app1")) == ["recreate"]


def test_an_image_that_is_not_there_is_looked_for_each_time(loop: Loop) -> None:
    memory = ImageMemory()
    answers: list[dict[str, Any] | None] = [None, {"Id": "1"}]
    assert memory.inspect(("app:2",), lambda: answers.pop(0)) is None
    assert memory.inspect(("app:2",), lambda: answers.pop(0)) == {"Id": "1"}
