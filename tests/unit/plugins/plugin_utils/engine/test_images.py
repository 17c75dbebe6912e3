# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the client sends about images, and to whom which credentials go; against a recording fake engine."""

from __future__ import annotations

import base64
import json
from operator import attrgetter
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.build_query import namespaced
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.references import image_path, registry_of
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

DONE = {"status": "done"}
AUTH = {
    "username": "me",
    "password": "hunter2???>>>~~~",  # in base64 with + and /
    "serveraddress": "r.example.com",
}
REF = "r.example.com/app:1"


def decoded(header: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(header))


SENT: list[tuple[str, tuple[Any, ...], dict[str, Any], str]] = [
    ("images.list", (), {}, "GET /images/json?filters=%7B%7D&only_ids=0&all=0"),
    ("images.tag", ("app:1", "r:5000/app:2"), {}, "POST /images/app:1/tag?repo=r%3A5000%2Fapp&tag=2"),
    ("images.remove", ("r/app:1",), {}, "DELETE /images/r/app:1?force=false&noprune=false"),
    ("images.remove", ("app",), {"force": True, "prune": False}, "DELETE /images/app?force=true&noprune=true"),
    ("images.push", ("r:5000/a/app:1",), {}, "POST /images/r:5000/a/app/push?tag=1"),
    ("images.pull", ("app:1",), {"platform": "linux/arm64"},
     "POST /images/create?fromImage=app&tag=1&platform=linux%2Farm64"),
    ("images.registry_digest", ("r/app:1",), {}, "GET /distribution/r/app:1/json"),
    ("images.load", ([b"a", b"b"],), {}, "POST /images/load?quiet=true"),
    ("images.build", ({"t": "app:1"}, [b"a", b"b"], lambda _entry: None), {}, "POST /build?t=app%3A1"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "args", "options", "expected"), SENT, ids=[case[0] for case in SENT])
def test_sends(
    engine: Any, connect: Any, answer: Any, method: str, args: tuple[Any, ...], options: Any, expected: str
) -> None:
    body: Any = [] if method == "images.list" else DONE
    verb, _blank, path = expected.partition(" ")
    engine.answers[f"{verb} {path.partition('?')[0]}"] = answer(body=body)
    attrgetter(method)(connect())(*args, **options)
    sent = [(request.method, request.path.removeprefix("/v1.45")) for request in engine.requests]
    if method == "images.list":  # the SDK's own order of the query
        assert sent[0][1].startswith("/images/json")
    else:
        assert sent == [(verb, path)]
    if method in ("images.load", "images.build"):
        request = engine.requests[0]
        assert (request.body, request.headers["Content-Type"]) == (b"ab", "application/x-tar")


@pytest.mark.parametrize("method", ["images.pull", "images.push", "images.registry_digest"])
def test_credentials_travel_in_the_header_that_engines_know(
    engine: Any, connect: Any, answer: Any, method: str
) -> None:
    for path in ("POST /images/create", "POST /images/r.example.com/app/push"):
        engine.answers[path] = answer(body=DONE)
    engine.answers[f"GET /distribution/{REF}/json"] = answer(body={"Descriptor": {"digest": "sha256:1"}})
    attrgetter(method)(connect())(REF, auth=AUTH)
    (request,) = engine.requests
    assert decoded(request.headers["X-Registry-Auth"]) == AUTH
    assert not set("+/") & set(request.headers["X-Registry-Auth"])
    assert "hunter2" not in request.path and b"hunter2" not in request.body


def test_a_login_is_used_for_its_registry_only(engine: Any, connect: Any, answer: Any) -> None:
    engine.answers["POST /images/create"] = answer(body=DONE)
    client = connect()
    client.credentials = {"r.example.com": AUTH}.get
    for ref in (REF, "other.example.com/app:1", "app:1", "r.example.com:5000/app:1"):
        client.images.pull(ref)
    assert ["X-Registry-Auth" in request.headers for request in engine.requests] == [True, False, False, False]


def test_the_tasks_own_credentials_come_before_a_login(engine: Any, connect: Any, answer: Any) -> None:
    engine.answers["POST /images/create"] = answer(body=DONE)
    client = connect()
    client.credentials = lambda _registry: {**AUTH, "username": "other"}
    client.images.pull(REF, auth=AUTH)
    assert decoded(engine.requests[0].headers["X-Registry-Auth"])["username"] == "me"


def test_a_build_gets_credentials_by_registry(engine: Any, connect: Any, answer: Any) -> None:
    engine.answers["POST /build"] = answer(body=DONE)
    connect().images.build({"t": "a"}, [], lambda _entry: None, auths={"r.example.com": AUTH})
    assert decoded(engine.requests[0].headers["X-Registry-Config"]) == {"r.example.com": AUTH}
    assert "X-Registry-Auth" not in engine.requests[0].headers


def test_a_login_is_tried_by_the_engine(engine: Any, connect: Any, answer: Any) -> None:
    engine.answers["POST /auth"] = answer(body={"Status": "Login Succeeded"})
    connect().registries.log_in(AUTH)
    assert json.loads(engine.requests[0].body) == AUTH
    assert not {name for name in engine.requests[0].headers if name.lower().startswith("x-registry")}


@pytest.mark.parametrize("status", [401, 404, 500])
def test_a_registry_that_gives_no_digest(engine: Any, connect: Any, answer: Any, status: int) -> None:
    engine.answers[f"GET /distribution/{REF}/json"] = answer(status, {"message": "no"})
    assert connect().images.registry_digest(REF) is None


def test_podman_is_not_asked_for_a_digest(engine: Any, connect: Any) -> None:
    assert connect("podman").images.registry_digest(REF) is None
    assert engine.requests == []


def test_an_archive_comes_in_pieces(engine: Any, connect: Any, answer: Any) -> None:
    engine.answers["GET /images/get"] = answer(body=b"tar" * 200_000)
    with connect().images.save(["a:1", "b:2"]) as chunks:
        received = list(chunks)
    assert b"".join(received) == b"tar" * 200_000 and len(received) > 1
    assert engine.requests[0].path.endswith("/images/get?names=a%3A1&names=b%3A2")


DENIED = [
    ("podman4", {"error": "unauthorized: authentication required", "errorDetail": {"message": "unauthorized"}}, 200),
    ("podman", {"errorDetail": {"message": "reading x: authentication required"}, "error": "x"}, 500),
    ("docker", {"message": 'Head "https://r/v2/app/manifests/1": no basic auth credentials'}, 500),
    ("docker", {"errorDetail": {"message": "unauthorized: authentication required"}, "error": "x"}, 200),
]


@pytest.mark.parametrize(("kind", "body", "status"), DENIED)
def test_denied(engine: Any, connect: Any, answer: Any, kind: str, body: Any, status: int) -> None:
    engine.answers["POST /images/r.example.com/app/push"] = answer(status, body)
    with pytest.raises(EngineError) as caught:
        connect(kind).images.push(REF)
    assert caught.value.kind == "registry_denied" and "remote_login" in caught.value.hint


@pytest.mark.parametrize("ref", ["a" * 64, "sha256:" + "a" * 64])
def test_a_whole_id_is_sent_in_the_form_that_all_take(engine: Any, connect: Any, answer: Any, ref: str) -> None:
    whole = f"/images/sha256:{'a' * 64}"
    answers = {f"GET {whole}/json": {"Id": ref}, f"DELETE {whole}": [], f"POST {whole}/tag": None}
    engine.answers |= {path: answer(body=body) for path, body in answers.items()}
    client = connect("podman")
    assert client.images.inspect(ref) == {"Id": ref}
    client.images.remove(ref)
    client.images.tag(ref, "app:2")
    assert len(engine.requests) == 3


MISSING = ["No such image: x:1", "failed to find image x:1: x:1: image not known", "An image does not exist locally"]


@pytest.mark.parametrize("message", MISSING)
def test_missing(engine: Any, connect: Any, answer: Any, message: str) -> None:
    engine.answers["DELETE /images/x:1"] = answer(404, {"message": message})
    with pytest.raises(EngineError) as caught:
        connect().images.remove("x:1")
    assert caught.value.kind == "image_missing"


NETWORKS: list[tuple[str, dict[str, Any]]] = [
    ("none", {"networkmode": "1"}),
    ("host", {"networkmode": "2", "nsoptions": '[{"Name": "network", "Host": true, "Path": ""}]'}),
    ("bridge", {"networkmode": "2", "nsoptions": '[{"Name": "network", "Host": false, "Path": ""}]'}),
    ("back", {"networkmode": "2", "nsoptions": '[{"Name": "network", "Host": false, "Path": "back"}]'}),
]


@pytest.mark.parametrize(("network", "expected"), NETWORKS)
def test_a_builds_network_in_podmans_words(network: str, expected: dict[str, Any]) -> None:
    assert namespaced({"t": "a", "networkmode": network}) == {"t": "a", **expected}


def test_a_builds_hosts_in_podmans_words() -> None:
    assert namespaced({"extrahosts": ["a:1.2.3.4"]}) == {"extrahosts": '["a:1.2.3.4"]'}


@pytest.mark.parametrize("ref", ["../containers/json", "a/../b", "a//b", "./a", "."])
def test_a_reference_reaches_no_other_request(ref: str) -> None:
    with pytest.raises(EngineError):
        image_path(ref)


@pytest.mark.parametrize(
    ("ref", "registry"),
    [
        ("app:1", "docker.io"),
        ("team/app", "docker.io"),
        ("r:5000/app", "r:5000"),
        ("localhost/a", "localhost"),
        ("[::1]:5000/a", "[::1]:5000"),
        ("Foo/bar", "Foo"),
    ],
)
def test_registry(ref: str, registry: str) -> None:
    assert registry_of(ref) == registry
