# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Events of both engines in one shape."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.events import options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.events.options import (
    ARGUMENT_SPEC,
    Wanted,
    parse,
    result,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import mask_url

DEFAULTS = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}


def wanted(**given: Any) -> Wanted:
    return parse({**DEFAULTS, **given})


def event(action: str, seconds: int = 1, kind: str = "container", **attributes: str) -> dict[str, Any]:
    actor = {"ID": "4f1c" * 16, "Attributes": {"name": "app", **attributes}}
    return {"Type": kind, "Action": action, "Actor": actor, "time": seconds, "timeNano": seconds * 10**9 + 1500}


WINDOWS: list[tuple[dict[str, Any], tuple[float, float]]] = [
    ({}, (6400, 10000)),
    ({"since": "10m", "until": "5m"}, (9400, 9700)),
    ({"since": "100", "until": "200"}, (100, 200)),
    ({"since": "100", "until": "20000"}, (100, 10000)),  # an engine would wait for the future
]


@pytest.mark.parametrize(("given", "window"), WINDOWS)
def test_the_window(given: dict[str, Any], window: tuple[float, float]) -> None:
    assert wanted(**given).window(10000) == window


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"since": "soon"}, "since"),
    ({"until": "soon"}, "until"),
    ({"since": "5m", "until": "10m"}, "since"),
    ({"limit": 0}, "limit"),
    ({"labels": {"a": ["b"]}}, "labels.a"),
]


@pytest.mark.parametrize(("given", "option"), REFUSED)
def test_what_is_refused(given: dict[str, Any], option: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        wanted(**given)
    assert refused.value.option == option


WORDS = [
    ("die", "container", "die", ""),
    ("died", "container", "die", ""),
    ("remove", "container", "destroy", ""),
    ("remove", "image", "delete", ""),
    ("health_status: healthy", "container", "health_status", "healthy"),
    ("exec_create: sh -c x: y", "container", "exec_create", "sh -c x: y"),
    ("create", "network", "create", ""),
]


@pytest.mark.parametrize(("said", "kind", "action", "detail"), WORDS)
def test_the_words_are_dockers(said: str, kind: str, action: str, detail: str) -> None:
    (found,) = result([event(said, kind=kind)], wanted(), mask_url)["events"]
    assert (found["action"], found["detail"]) == (action, detail)
    assert found["time"] == "1970-01-01T00:00:01.000001Z"
    assert (found["name"], found["id"]) == ("app", ("sha256:" if kind == "image" else "") + "4f1c" * 16)


SHAPES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {**event("health_status", podId=""), "HealthStatus": "healthy"},
        {"detail": "healthy", "attributes": {"name": "app"}},
    ),
    (event("exec_died", containerExitCode="5"), {"attributes": {"name": "app", "exitCode": "5"}}),
    (event("died", containerExitCode="3", exitCode="3"), {"attributes": {"name": "app", "exitCode": "3"}}),
    (event("start", containerExitCode="0", podId="abc"), {"attributes": {"name": "app", "podId": "abc"}}),
    (
        event("connect", kind="network", name="", image="", network="net"),
        {"id": "", "name": "net", "attributes": {"name": "net", "container": "4f1c" * 16}},
    ),
    (
        event("create", kind="network", name="", network="net"),
        {"id": "4f1c" * 16, "name": "net", "attributes": {"name": "net"}},
    ),
    ({"Type": "volume", "Action": "create", "Actor": {"ID": "data"}}, {"id": "data", "name": "data"}),
    (
        {"Type": "volume", "Action": "create", "Actor": {"ID": "", "Attributes": {"name": "data"}}},
        {"id": "data", "name": "data"},
    ),
    (
        {"Type": "image", "Action": "build", "Actor": {"ID": "", "Attributes": {"name": "4f1c" * 16}}},
        {"id": "sha256:" + "4f1c" * 16},
    ),
    (event("pull-error", kind="image", error="refused"), {"detail": "refused"}),
]


@pytest.mark.parametrize(("raw", "expected"), SHAPES)
def test_one_shape_for_both_engines(raw: dict[str, Any], expected: dict[str, Any]) -> None:
    (found,) = result([raw], wanted(), mask_url)["events"]
    assert found.items() >= expected.items()


ALL = [event("start", 1, tier="front"), event("died", 3), event("pull", 2, kind="image")]
CHOICES: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["start", "pull", "die"]),
    ({"types": ["image"]}, ["pull"]),
    ({"actions": ["die", "pull"]}, ["pull", "die"]),
    ({"names": ["app"]}, ["start", "pull", "die"]),
    ({"names": ["4f1c4f1c4f1c"]}, ["start", "pull", "die"]),
    ({"names": ["sha256:4f1c4f1c"]}, ["pull"]),
    ({"names": ["4f1c"]}, []),
    ({"labels": {"tier": "front"}}, ["start"]),
    ({"labels": {"tier": None}}, ["start"]),
    ({"labels": {"tier": "back"}}, []),
    ({"limit": 2}, ["pull", "die"]),
]


@pytest.mark.parametrize(("given", "actions"), CHOICES)
def test_the_choice(given: dict[str, Any], actions: list[str]) -> None:
    found = result(ALL, wanted(**given), mask_url)
    assert [one["action"] for one in found["events"]] == actions
    assert found["truncated"] is ("limit" in given)


def test_what_is_kept_of_long_events_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last ones, and one in any case."""
    monkeypatch.setattr(options, "MOST_KEPT", 3000)
    found = result([event("start", number, note="x" * 500) for number in range(100)], wanted(), mask_url)
    assert (
        2 < len(found["events"]) < 6
        and found["truncated"]
        and found["events"][-1]["time"].startswith("1970-01-01T00:01:39")
    )
    found = result([event("start", 1, note="x" * 5000)], wanted(), mask_url)
    assert len(found["events"]) == 1 and not found["truncated"]


def test_passwords_in_urls_are_masked() -> None:
    raw = event("exec_create: curl https://me:hunter2@x", url="https://me:hunter2@x")
    assert "hunter2" not in str(result([raw], wanted(), mask_url))
