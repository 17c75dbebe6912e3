# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pruning, request by request: exactly what was chosen is removed, and what is refused is left and told."""

from __future__ import annotations

from typing import Any

import pytest
from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.prune.filters import Filters
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.prune.options import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.prune.work.run import run_prune
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.runner import Runner


class Engine(FakeClient):
    """Docker with three containers that don't run; ``refuses`` says how often which is not removed, and why."""

    def __init__(self, engine: str = "docker", version: str | None = None, **refuses: list[EngineError]) -> None:
        super().__init__(engine, version)
        self.asked: list[str] = []
        self.own_of_pods: list[str] = []
        self.refuses = refuses
        self.cache: list[dict[str, Any]] = []

    def system_now(self) -> float:
        return 1_800_000_000.0

    def system_disk_usage_report(self) -> dict[str, Any]:
        return {"Containers": [{"Id": "a", "SizeRw": 1}, {"Id": "b", "SizeRw": 2}], "BuildCache": self.cache}

    def containers_list(self, *, all: bool = True, filters: Any = None) -> list[dict[str, Any]]:
        return [{"Id": name, "Names": [f"/{name}"], "State": "exited", "Labels": {}, "Created": 0} for name in "abc"]

    def containers_inspect(self, name: str) -> dict[str, Any]:
        return {"Id": name, "Name": name}

    def pods_list(self) -> list[dict[str, Any]]:
        return [{"Id": "p", "Name": "pod", "InfraId": one} for one in self.own_of_pods]

    def images_list(self, *, all: bool = False, filters: Any = None) -> list[dict[str, Any]]:
        return [{"Id": "sha256:i", "RepoTags": ["app:1", "app:2"], "Created": 0, "Containers": -1}]

    def containers_remove(self, name: str, *, force: bool = False, volumes: bool = False) -> None:
        self.asked.append(name)
        if self.refuses.get(name):
            raise self.refuses[name].pop(0)

    def images_remove(self, ref: str, *, force: bool = False, prune: bool = True) -> None:
        assert prune is False
        self.asked.append(ref)

    def images_prune_builds(self, query: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(f"cache {query}")
        return {"CachesDeleted": ["r1"], "SpaceReclaimed": 7}


def run(engine: Engine, *kinds: str, check: bool = False, **more: Any) -> dict[str, Any]:
    options = Options({kind: Filters(**more) for kind in kinds}, only_ours=False)
    return run_prune(Runner(engine, lambda _line: None), options, check_mode=check)


def test_check_mode_removes_nothing_and_says_the_same() -> None:
    engine = Engine()
    said, done = run(engine, "containers", check=True), run(Engine(), "containers")
    assert engine.asked == [] and said == done
    assert done["containers"] == ["a", "b", "c"] and done["space_reclaimed"] == 3


def test_a_pods_own_container_is_left_to_the_pod() -> None:
    engine = Engine("podman", "4.3.1")
    engine.own_of_pods = ["b"]
    assert run(engine, "containers")["containers"] == ["a", "c"] and engine.asked == ["a", "c"]


def test_what_others_need_is_tried_again_after_them() -> None:
    engine = Engine(a=[EngineError("b needs it", 500, kind="dependents")])
    assert run(engine, "containers")["containers"] == ["a", "b", "c"]
    assert engine.asked == ["a", "b", "c", "a"]


def test_what_is_refused_is_left_and_told() -> None:
    engine = Engine(a=[EngineError("it runs", 409)] * 3)
    done = run(engine, "containers")
    assert done["containers"] == ["b", "c"] and done["warnings"] == ["containers: a was left: it runs"]
    assert done["diff"]["before"] == {"containers": ["b", "c"]}


def test_an_image_that_podman_took_along_was_removed() -> None:
    engine = Engine("podman", "4.3.1")
    engine.containers_inspect = lambda name: None  # type: ignore[attr-defined]
    engine.images_list = lambda **_all: [  # type: ignore[method-assign]
        {"Id": "sha256:p", "RepoTags": [], "Labels": {"a": "b"}, "Created": 0, "Containers": 0},
        {"Id": "sha256:c", "ParentId": "p", "RepoTags": [], "Created": 0, "Containers": 0},
    ]

    def remove(reference: str, *, prune: bool) -> None:
        if reference == "sha256:p":
            raise EngineError("gone", 404, kind="image_missing")

    engine.images_remove = remove  # type: ignore[method-assign]
    done = run(engine, "images", without=(("a", None),))
    assert done["images"] == ["sha256:c", "sha256:p"] and done["warnings"] == []


def test_what_has_gone_by_itself_was_not_removed() -> None:
    done = run(Engine(b=[EngineError("gone", 404, kind="container_missing")]), "containers")
    assert done["containers"] == ["a", "c"] and done["warnings"] == []


def test_an_engine_that_does_not_answer_ends_it() -> None:
    with pytest.raises(EngineError):
        run(Engine(b=[EngineError("away", kind="no_answer")]), "containers")


def test_an_image_is_removed_by_all_its_names() -> None:
    engine = Engine()
    done = run(engine, "images", given={"dangling": False})
    assert engine.asked == ["app:1", "app:2"] and done["images"] == ["sha256:i"]


def test_the_build_cache_is_asked_for_only_if_something_would_go() -> None:
    engine = Engine()
    assert not run(engine, "builder_cache")["changed"] and engine.asked == []
    engine.cache = [{"ID": "r1", "Size": 5, "Type": "regular"}]
    said, done = run(engine, "builder_cache", check=True), run(engine, "builder_cache")
    assert engine.asked == ["cache {}"] and done["builder_cache_caches_deleted"] == ["r1"]
    assert said == done and done["builder_cache_space_reclaimed"] == 5
