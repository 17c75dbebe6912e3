# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One look for many plans: what is asked for goes out once, until something of the kind is changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.project.work.view import View

WEB, DB = "a" * 64, "b" * 64


class Engine(FakeClient):
    """Two containers, any image, one network."""

    def __init__(self) -> None:
        super().__init__(guarded=False)
        self.there = {"web": WEB, "db": DB}

    def containers_list(self, *, all: bool = True, filters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        found = self.there if all else {}
        return [{"Id": identity, "Names": [f"/{name}"]} for name, identity in found.items()]

    def containers_named(self) -> list[dict[str, Any]]:
        return [{"Id": identity, "Names": [name], "Labels": {}} for name, identity in self.there.items()]

    def containers_inspect(self, name: str) -> dict[str, Any] | None:
        return {"Id": self.there.get(name, name), "Number": len(self.calls)}

    def containers_start(self, name: str) -> None:
        pass

    def images_inspect(self, ref: str) -> dict[str, Any] | None:
        return {"Id": ref} if ref != "none" else None

    def images_pull(self, ref: str, progress: Any = None, platform: str | None = None, auth: Any = None) -> None:
        pass

    def networks_inspect(self, name: str) -> dict[str, Any] | None:
        return {"Name": name}

    def networks_inspect_native(self, name: str) -> dict[str, Any] | None:
        return {"name": name}

    def system_ping(self, timeout: float | None = None) -> None:
        pass


@pytest.fixture(params=[1, 8])
def view(request: pytest.FixtureRequest) -> View:
    return View(Engine(), request.param)


def asked(view: View) -> list[tuple[Any, ...]]:
    engine: Any = view._client
    calls = list(engine.calls)
    engine.calls.clear()
    return calls


def test_what_is_read_at_once_is_not_asked_again(view: View) -> None:
    view.read(["web", "none"], ["img", "img", "none"], ["net"])
    first, *rest = asked(view)
    assert first == ("containers.named",)
    assert sorted(rest) == [
        ("containers.inspect", "web"), ("images.inspect", "img"), ("images.inspect", "none"),
        ("networks.inspect_native", "net"),
    ]  # fmt: skip
    for _time in range(2):
        assert view.containers.inspect("none") is None, "who is not in the list is not asked for"
        assert view.containers.inspect("web") == view.containers.inspect(WEB) == view.containers.inspect(WEB[:12])
        assert view.images.inspect("none") is None and view.images.inspect("img")
        assert view.networks.inspect_native("net")
        assert [one["Id"] for one in view.containers.list(all=True, filters={"name": ["^we"]})] == [WEB]
    view.read(["web", "none"], ["img"], ["net"])
    assert asked(view) == []


def test_the_whole_list_is_read_once_where_it_is_asked_for(view: View) -> None:
    view.read(["web"], [], [])
    asked(view)
    for _time in range(2):
        assert [one["Id"] for one in view.containers.list(all=True)] == [WEB, DB]
    assert asked(view) == [("containers.list", True)]
    view.containers.start("web")
    assert view.containers.list(all=True)
    assert asked(view) == [("containers.start", "web"), ("containers.list", True)]


def test_other_lists_are_the_engines(view: View) -> None:
    view.containers.list(all=True, filters={"label": ["x"]})
    view.containers.list(all=False)
    view.containers.list(all=True, filters={"name": ["x"], "label": ["x"]})
    assert len(asked(view)) == 3


def test_a_change_makes_it_forget_the_kind(view: View) -> None:
    view.read(["web"], ["img"], ["net"])
    view.system.ping()
    asked(view)
    view.containers.start("web")
    assert view.containers.inspect("web") and view.images.inspect("img") and view.networks.inspect_native("net")
    assert asked(view) == [("containers.start", "web"), ("containers.named",), ("containers.inspect", "web")]
    view.images.pull("img")
    assert view.images.inspect("img") and view.containers.inspect("web")
    assert asked(view) == [("images.pull", "img"), ("images.inspect", "img")]


def test_some_containers_are_forgotten(view: View) -> None:
    view.read(["web", "db"], [], [])
    asked(view)
    view.forget("containers", ["web"])
    view.read(["web", "db"], [], [])
    assert asked(view) == [("containers.named",), ("containers.inspect", "web")]
    view.forget()
    view.read(["web", "db"], [], [])
    assert len(asked(view)) == 3


def test_a_container_that_is_another_one_now_is_read(view: View) -> None:
    """It was looked at, replaced by somebody else, and is looked at again."""
    engine: Any = view._client
    view.read(["web"], [], [])
    engine.there["web"] = "c" * 64
    view.forget("containers", ["web"])
    asked(view)
    assert (view.containers.inspect("web") or {})["Number"] == 2
    assert asked(view) == [("containers.named",), ("containers.inspect", "web")]
