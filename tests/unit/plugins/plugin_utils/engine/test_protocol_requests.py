# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every request is what it is declared to be: what reads sends nothing that changes, and may be sent everywhere."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from operator import attrgetter
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.permission import (
    UnpermittedChange,
    changes_something,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.protocol import REQUESTS
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

ID = "a" * 64
AUTH = {"username": "me", "password": "hunter2", "serveraddress": "r.example.com"}
BODY = {"Name": "x"}
# The arguments of each request, where they are not one name.
ARGS: dict[str, tuple[Any, ...]] = {
    **{f"system.{name}": () for name in REQUESTS["system"]},
    "containers.list": (),
    "containers.named": (),
    "containers.healths": (),
    "containers.logs": ("x", {}, print),
    "containers.top": ("x", "-e"),
    "containers.create": ("x", {}),
    "containers.create_native": ({"name": "x"},),
    "containers.rename": ("x", "y"),
    "containers.update": ("x", {}),
    "execs.create": ("x", {}),
    "execs.attach": ("x", print),
    "archives.stat": ("x", "/"),
    "archives.get": ("x", "/"),
    "archives.put": ("x", "/", [b"tar"]),
    "images.list": (),
    "images.save": (["x"],),
    "images.tag": ("x", "y"),
    "images.build": ({}, [b"tar"], print),
    "images.load": ([b"tar"],),
    "images.prune_builds": ({},),
    "networks.list_native": (),
    "networks.create": (BODY,),
    "networks.create_again": (BODY, {"name": "x"}),
    "networks.connect": ("x", "y"),
    "networks.disconnect": ("x", "y"),
    "volumes.list": (),
    "volumes.create": (BODY,),
    "pods.list": (),
    "pods.create": ({"name": "x"},),
    "kube.generate": (["x"],),
    "kube.play": ("x", b"{}", {}),
    "secrets.list": (),
    "secrets.create": ("x", b"data"),
    "registries.log_in": (AUTH,),
    "events.list": (0.0, 1.0, {}),
}
OPTIONS: dict[str, dict[str, Any]] = {"containers.logs": {"tty": True}}
ALL = [(group, name, changes) for group, requests in REQUESTS.items() for name, changes in requests.items()]
NAMES = [f"{group}.{name}" for group, name, _changes in ALL]
# What only Podman is asked, in its own API; Docker is not asked anything then.
PODMANS = {
    "containers.inspect_native",
    "containers.create_native",
    *(f"{group}.{name}" for group, name, _changes in ALL if group in ("kube", "pods", "secrets")),
}
THING = {"Id": ID, "Name": "x", "id": ID, "name": "x"}


@pytest.fixture
def willing(engine: Any, answer: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The engine says to everything the same; a request that made no use of it has gone out all the same."""
    monkeypatch.setattr(engine, "answer", lambda request: engine.requests.append(request) or answer(200, THING))
    return engine


def ask(client: EngineClient, group: str, name: str) -> None:
    with contextlib.suppress(EngineError):
        request = f"{group}.{name}"
        asked = attrgetter(request)(client)(*ARGS.get(request, ("x",)), **OPTIONS.get(request, {}))
        if hasattr(asked, "__enter__"):
            with asked as pieces:
                list(pieces)
        elif hasattr(asked, "__next__"):
            list(asked)


def test_each_group_has_the_requests_that_are_declared(connect: Callable[..., EngineClient]) -> None:
    client = connect()
    for group, requests in REQUESTS.items():
        there = {name for name in dir(getattr(client, group)) if not name.startswith("_")}
        assert there == set(requests), group


@pytest.mark.parametrize("kind", ["docker", "podman"])
@pytest.mark.parametrize(("group", "name", "changes"), ALL, ids=NAMES)
def test_it_is_what_it_is_declared_to_be(
    willing: Any, connect: Callable[..., EngineClient], kind: str, group: str, name: str, changes: bool
) -> None:
    client = connect(kind)
    ask(client, group, name)
    sent = [changes_something(request.method, request.path) for request in willing.requests]
    asks_nobody = (kind, f"{group}.{name}") in {
        ("docker", "containers.pod_of"), ("docker", "containers.healths"), ("podman", "images.registry_digest"),
        *(("docker", one) for one in PODMANS),
    }  # fmt: skip
    changes = changes and not asks_nobody
    assert bool(sent) is not asks_nobody and any(sent) is changes
    assert client.may_have_changed is changes


@pytest.mark.parametrize("request_", sorted(PODMANS))
def test_what_only_podman_has_is_refused_with_a_remedy(connect: Callable[..., EngineClient], request_: str) -> None:
    with pytest.raises(EngineError, match=r"Docker [\d.]+ cannot \w+ .*: only Podman has such a request") as refused:
        attrgetter(request_)(connect("docker"))(*ARGS.get(request_, ("x",)))
    assert refused.value.kind == "unsupported" and "engine_socket" in refused.value.hint


@pytest.mark.parametrize("kind", ["docker", "podman"])
@pytest.mark.parametrize(("group", "name", "changes"), ALL, ids=NAMES)
def test_where_no_change_may_go_out(
    willing: Any, connect: Callable[..., EngineClient], kind: str, group: str, name: str, changes: bool
) -> None:
    client = connect(kind, guarded=True)
    if not changes or (kind == "docker" and f"{group}.{name}" in PODMANS):
        ask(client, group, name)
        return
    with pytest.raises(UnpermittedChange, match=r"outside of client\.changing"):
        ask(client, group, name)
    assert not client.may_have_changed
    assert not any(changes_something(request.method, request.path) for request in willing.requests)
    with client.changing():
        ask(client, group, name)
    assert client.may_have_changed


def test_a_permission_nests_and_ends(willing: Any, connect: Callable[..., EngineClient]) -> None:
    client = connect(guarded=True)
    with client.changing():
        with client.changing():
            client.containers.start("x")
        client.containers.start("x")
    with pytest.raises(UnpermittedChange):
        client.containers.start("x")
    with contextlib.suppress(ZeroDivisionError), client.changing():
        raise ZeroDivisionError
    with pytest.raises(UnpermittedChange):
        client.containers.start("x")
    assert len(willing.requests) == 2


def test_a_permission_holds_for_clients_of_other_threads(willing: Any, connect: Callable[..., EngineClient]) -> None:
    client = connect(guarded=True)
    failed: list[Exception] = []

    def work() -> None:
        try:
            with client.another(5) as other:
                other.containers.start("x")
        except UnpermittedChange as error:
            failed.append(error)

    def in_a_thread() -> None:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()

    with client.changing():
        in_a_thread()
    assert failed == [] and len(willing.requests) == 1
    in_a_thread()
    assert len(failed) == 1 and len(willing.requests) == 1


def test_nothing_is_guarded_unless_it_is_asked_for(willing: Any, connect: Callable[..., EngineClient]) -> None:
    client = connect()
    client.containers.start("x")
    assert client.may_have_changed
