# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From options and what is there to steps: the cases of remote_image."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image import plan
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.archive import Archived
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.options import ARGUMENT_SPEC, parse

A, B = "a" * 64, "b" * 64
DIGEST, OTHER_DIGEST = "sha256:" + "d" * 64, "sha256:" + "e" * 64
HERE = {
    "Id": f"sha256:{A}", "RepoTags": ["r.example.com/app:1", "app:2"], "RepoDigests": [f"r.example.com/app@{DIGEST}"],
    "Os": "linux", "Architecture": "amd64",
}  # fmt: skip
ELSEWHERE = {**HERE, "RepoDigests": [f"other.example.com/app@{DIGEST}", f"r.example.com/app2@{DIGEST}"]}
OTHER = {**HERE, "Id": f"sha256:{B}", "RepoDigests": [f"r.example.com/app@{OTHER_DIGEST}"]}
NAME = "r.example.com/app:1"
SAME = (Archived(A, (NAME,), frozenset({A})),)
NEWER = (Archived(B, (NAME,), frozenset({B})),)
STRANGE = (Archived(B, ("x:1",), frozenset({B})), Archived(A, (), frozenset({A})))


def options(**given: Any) -> Any:
    defaults = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}
    return parse({**defaults, "name": NAME, "source": "pull", **given})


SOURCES: list[tuple[dict[str, Any], tuple[Any, ...], str | None]] = [
    ({}, (None,), "pull"),
    ({}, (HERE,), None),
    ({"pull": {"platform": "linux/amd64"}}, (HERE,), None),
    ({"pull": {"platform": "arm64"}}, (HERE,), "pull"),
    ({"force_source": True}, (HERE,), "pull"),
    ({"force_source": True}, (HERE, None, DIGEST), None),
    ({"force_source": True}, (HERE, None, OTHER_DIGEST), "pull"),
    ({"source": "local"}, (HERE,), None),
    ({"source": "local", "force_source": True}, (HERE,), None),
    ({"source": "build", "build": {"path": "."}}, (None,), "build"),
    ({"source": "build", "build": {"path": "."}}, (HERE,), None),
    ({"source": "build", "build": {"path": "."}, "force_source": True}, (HERE,), "build"),
    ({"source": "load", "load_path": "x"}, (None, SAME), "load"),
    ({"source": "load", "load_path": "x"}, (None, None), "load"),
    ({"source": "load", "load_path": "x"}, (HERE, None), None),
    ({"source": "load", "load_path": "x"}, (HERE, SAME), None),
    ({"source": "load", "load_path": "x", "force_source": True}, (HERE, SAME), None),
    ({"source": "load", "load_path": "x", "force_source": True}, (HERE, None), "load"),
    ({"source": "load", "load_path": "x"}, (HERE, NEWER), "load"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "seen", "action"), SOURCES)
def test_coming_by_the_image(given: dict[str, Any], seen: tuple[Any, ...], action: str | None) -> None:
    if "build" in given:
        build = {"rm": True, "pull": False, "nocache": False, **given["build"]}
        given = {**given, "build": build}
    step = plan.source_step(options(**given), *seen)
    assert (step.action if step else None) == action
    assert step is None or (step.reason and step.shown == {"image": NAME})


def test_a_missing_local_image() -> None:
    error = plan.lacking(options(source="local"), None)
    assert error is not None and error.kind == "image_missing"
    assert plan.lacking(options(source="local"), HERE) is None and plan.lacking(options(), None) is None


@pytest.mark.parametrize("image", [None, HERE])
def test_an_archive_without_the_image(image: Any) -> None:
    with pytest.raises(InvalidOption, match=f"has no image {NAME}, but {A}, x:1"):
        plan.source_step(options(source="load", load_path="x"), image, STRANGE)


OUT = {"archive_path": "/x.tar", "repository": "x/y", "push": True}


def test_plans_as_text(golden: Any) -> None:
    here = plan.Observed(NAME, HERE)
    tagged = replace(here, repository="x/y:latest", tagged=HERE)
    absent = {"state": "absent", "source": None}
    named = replace(here, named=((NAME, HERE), ("docker.io/app:1", OTHER)))
    cases: dict[str, tuple[dict[str, Any], plan.Observed]] = {
        "as it is": ({}, here),
        "pull": ({}, plan.Observed(NAME)),
        "pull again, archive, tag and push what comes": ({"force_source": True, **OUT}, replace(tagged, written=SAME)),
        "load": ({"source": "load", "load_path": "x"}, replace(here, archived=NEWER)),
        "archive, tag and push what is there": ({"source": "local", **OUT}, here),
        "it is saved and named already, push": ({"source": "local", **OUT}, replace(tagged, written=SAME)),
        "check mode without the image": ({"source": "local", **OUT}, plan.Observed(NAME)),
        "tag another": ({"repository": "x/y", "force_tag": True}, replace(tagged, tagged=OTHER)),
        "remove all that the name stands for": (absent, named),
        "nothing to remove": (absent, plan.Observed(NAME)),
    }
    golden("plans.txt", {title: plan.plan(options(**given), seen) for title, (given, seen) in cases.items()})


def test_what_comes_decides_what_follows() -> None:
    given = options(force_source=True, **OUT)
    come = plan.Observed(NAME, HERE, "x/y:latest", HERE, written=SAME, pushed=DIGEST)
    to_come = plan.plan(given, replace(come, digest=OTHER_DIGEST))
    assert [step.action for step in to_come.steps] == ["pull", "archive", "push"]
    assert to_come.diff()["after"] == {"id": plan.TO_COME, "archive": NAME}
    assert [step.action for step in plan.following(given, come).steps] == ["push"]


@pytest.mark.parametrize(
    ("image", "archived", "needed"),
    [
        (HERE, None, True),
        (HERE, SAME, False),
        (HERE, NEWER, True),
        (None, SAME, True),
        (HERE, (Archived(A, (), frozenset({A})),), True),
        (HERE, (Archived(A, (NAME, "x:1"), frozenset({A})),), True),
        (HERE, SAME + NEWER, True),
    ],
)
def test_archiving(image: Any, archived: Any, needed: bool) -> None:
    step = plan.archive_step(options(archive_path="/x.tar"), NAME, image, archived)
    assert (step is not None) == needed
    assert plan.archive_step(options(), NAME, image, archived) is None


@pytest.mark.parametrize(
    ("force", "image", "tagged", "needed"),
    [
        (False, HERE, None, True),
        (False, HERE, HERE, False),
        (True, HERE, HERE, False),
        (False, HERE, OTHER, False),
        (True, HERE, OTHER, True),
        (True, None, OTHER, True),
        (False, None, None, True),
    ],
)
def test_tagging(force: bool, image: Any, tagged: Any, needed: bool) -> None:
    step = plan.tag_step(options(repository="x/y", force_tag=force), image, tagged)
    assert (step is not None) == needed
    assert step is None or step.shown == {"image": "x/y:latest"}


@pytest.mark.parametrize(
    ("image", "digest", "retagged", "needed"),
    [
        (HERE, None, False, True),
        (HERE, DIGEST, False, False),
        (HERE, OTHER_DIGEST, False, True),
        (HERE, DIGEST, True, True),
        (ELSEWHERE, DIGEST, False, True),
        (None, DIGEST, False, True),
    ],
)
def test_pushing(image: Any, digest: str | None, retagged: bool, needed: bool) -> None:
    step = plan.push_step(options(push=True), image, digest, retagged)
    assert (step is not None) == needed
    assert plan.push_step(options(), image, digest, retagged) is None


@pytest.mark.parametrize(
    ("name", "force", "takes_along", "names"),
    [
        (NAME, False, False, [NAME]),
        (NAME, True, True, [NAME]),
        (f"sha256:{A}", False, True, [f"sha256:{A}"]),
        (f"sha256:{A}", True, False, [f"sha256:{A}"]),
        (f"sha256:{A}", True, True, ["r.example.com/app:1", "app:2"]),
    ],
)
def test_removing(name: str, force: bool, takes_along: bool, names: list[str]) -> None:
    given = options(name=name, state="absent", source=None, force_absent=force)
    assert plan.remove_names(given, name, HERE, force_removes_containers=takes_along) == names
