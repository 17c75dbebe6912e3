# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the client sends and what it makes of answers; against a recording fake engine (see conftest)."""

from __future__ import annotations

import json
import socket
import struct
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine import images
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

VERSION = {
    "Version": "26.1.5+dfsg1",
    "ApiVersion": "1.45",
    "MinAPIVersion": "1.24",
    "Os": "linux",
    "Arch": "amd64",
    "KernelVersion": "6.1.0",
    "Components": [{"Name": "Engine", "Version": "26.1.5+dfsg1"}],
}


APP = {"Id": "1", "Name": "/app"}


def test_a_known_identity_costs_no_request(engine: Any, connect: Any, answer: Any) -> None:
    engine.answers["GET /containers/app/json"] = answer(body=APP)
    assert connect().containers.inspect("app") == APP
    assert engine.paths() == ["GET /v1.45/containers/app/json"]


def test_an_unknown_identity_costs_one_request(engine: Any, answer: Any) -> None:
    engine.answers["GET /version"] = answer(body=VERSION)
    engine.answers["GET /containers/app/json"] = answer(body=APP)
    with EngineClient(engine.socket_path) as client:
        assert (client.identity.name, client.identity.api_version) == ("docker", "1.45")
        client.containers.inspect("app")
    assert engine.paths() == ["GET /version", "GET /v1.45/containers/app/json"]


def test_whether_it_runs_without_root_is_asked_once_and_remembered(engine: Any, answer: Any) -> None:
    engine.answers["GET /version"] = answer(body=VERSION)
    engine.answers["GET /info"] = answer(body={"SecurityOptions": ["name=rootless"]})
    with EngineClient(engine.socket_path, asks_for_root=True) as client:
        identity = type(client.identity).from_dict(client.identity.to_dict())
        assert identity.rootless and client.engine.rootless
        for other in (client.another(5), EngineClient(engine.socket_path, identity=identity, asks_for_root=True)):
            with other:
                assert other.engine.rootless
    assert engine.paths() == ["GET /version", "GET /v1.45/info"]


# method and arguments -> the request(s) that must be sent: method, path with query, JSON body
SENT: list[tuple[str, str, tuple[Any, ...], dict[str, Any], list[tuple[str, str, Any]]]] = [
    ("docker", "system.ping", (), {}, [("GET", "/_ping", None)]),
    ("docker", "containers.start", ("app",), {}, [("POST", "/containers/app/start", None)]),
    ("docker", "containers.stop", ("app",), {}, [("POST", "/containers/app/stop", None)]),
    ("docker", "containers.stop", ("app", 0), {}, [("POST", "/containers/app/stop?t=0", None)]),
    ("docker", "containers.stop", ("app", 7), {}, [("POST", "/containers/app/stop?t=7", None)]),
    ("docker", "containers.restart", ("app",), {}, [("POST", "/containers/app/restart", None)]),
    (
        "podman", "containers.restart", ("app",), {},
        [("GET", "/containers/app/json", None), ("POST", "/containers/app/restart?t=9", None)],
    ),
    ("podman", "containers.restart", ("app", 3), {}, [("POST", "/containers/app/restart?t=3", None)]),
    ("docker", "containers.kill", ("app",), {}, [("POST", "/containers/app/kill", None)]),
    ("docker", "containers.kill", ("app", "SIGHUP"), {}, [("POST", "/containers/app/kill?signal=SIGHUP", None)]),
    ("docker", "containers.pause", ("app",), {}, [("POST", "/containers/app/pause", None)]),
    ("docker", "containers.unpause", ("app",), {}, [("POST", "/containers/app/unpause", None)]),
    ("docker", "containers.rename", ("app", "b"), {}, [("POST", "/containers/app/rename?name=b", None)]),
    (
        "docker", "containers.remove", ("app",), {},
        [("GET", "/containers/app/json", None), ("DELETE", "/containers/1?v=False&link=False&force=False", None)],
    ),
    (
        "docker", "containers.remove", ("a" * 64,), {"force": True, "volumes": True},
        [("DELETE", f"/containers/{'a' * 64}?v=True&link=False&force=True", None)],
    ),
    (
        "podman", "containers.remove", ("app",), {"force": True},
        [
            ("GET", "/containers/app/json", None), ("POST", "/containers/1/kill", None),
            ("DELETE", "/containers/1?v=False&link=False&force=True", None),
        ],
    ),
    ("docker", "containers.update", ("app", {"NanoCpus": 5}), {}, [
        ("POST", "/containers/app/update", {"NanoCpus": 5}),
    ]),
    (
        "podman", "containers.update", ("app", {"Memory": 1}), {},
        [
            ("GET", "/containers/app/json", None),
            ("POST", "/containers/app/update", {"Memory": 1, "RestartPolicy": {"Name": "always"}}),
        ],
    ),
    (
        "podman", "containers.update", ("app", {"NanoCpus": 1_500_000_000, "RestartPolicy": {"Name": "no"}}), {},
        [
            (
                "POST", "/containers/app/update",
                {"CpuPeriod": 100_000, "CpuQuota": 150_000, "RestartPolicy": {"Name": "no"}},
            ),
        ],
    ),
    ("docker", "networks.connect", ("net", "app"), {}, [
        ("POST", "/networks/net/connect", {"Container": "app", "EndpointConfig": {}}),
    ]),
    ("docker", "networks.connect", ("net", "app", {"Aliases": ["a"]}), {}, [
        ("POST", "/networks/net/connect", {"Container": "app", "EndpointConfig": {"Aliases": ["a"]}}),
    ]),
    ("docker", "networks.disconnect", ("net", "app"), {}, [("POST", "/networks/net/disconnect", {"Container": "app"})]),
    ("docker", "images.pull", ("localhost:5000/a/b:1",), {}, [
        ("POST", "/images/create?fromImage=localhost%3A5000%2Fa%2Fb&tag=1", None),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "method", "args", "options", "expected"), SENT)
def test_sends(
    engine: Any, connect: Any, answer: Any, kind: str, method: str, args: tuple[Any, ...], options: Any, expected: Any
) -> None:
    inspected = {**APP, "Config": {"StopTimeout": 9}, "HostConfig": {"RestartPolicy": {"Name": "always"}}}
    engine.answers = {f"{verb} {path.partition('?')[0]}": answer(body={}) for verb, path, _body in expected}
    engine.answers |= {"GET /_ping": answer(body=b"OK"), "GET /containers/app/json": answer(body=inspected)}
    attrgetter(method)(connect(kind))(*args, **options)
    api = f"/v{connect(kind).identity.api_version}"
    assert [
        (request.method, request.path.removeprefix(api), json.loads(request.body) if request.body else None)
        for request in engine.requests
    ] == expected


def test_list_filters_travel_as_json(engine: Any, connect: Any, answer: Any) -> None:
    engine.answers["GET /containers/json"] = answer(body=[{"Id": "1"}])
    assert connect().containers.list(all=False, filters={"label": ["a=b"]}) == [{"Id": "1"}]
    assert "all=0" in engine.paths()[0]
    assert "filters=%7B%22label%22%3A+%5B%22a%3Db%22%5D%7D" in engine.paths()[0]


def test_create_returns_the_id_and_logs_warnings(engine: Any, connect: Any, answer: Any) -> None:
    engine.answers["POST /containers/create"] = answer(201, {"Id": "abc", "Warnings": ["no swap"]})
    logged: list[str] = []
    body = {"Image": "i", "Cmd": [], "HostConfig": {"Memory": 0}}
    assert connect(log=logged.append).containers.create("app", body) == "abc"
    assert logged == ["create container app: no swap"]
    assert (engine.requests[0].path, json.loads(engine.requests[0].body)) == ("/v1.45/containers/create?name=app", body)


# method, the 404's message, what comes of it: None or a kind of error
MISSING = [
    ("containers.inspect", "No such container: x", None),
    ("containers.inspect", 'no container with name or ID "x" found: no such container', None),
    ("containers.inspect", "page not found", "unsupported"),
    ("containers.inspect", "No such image: x", "image_missing"),
    ("images.inspect", "No such image: x", None),
    ("images.inspect", "failed to find image x: x: No such image", None),
    ("images.inspect", "No such container: x", "container_missing"),
    ("networks.inspect", "network x not found", None),
    ("networks.inspect", "unable to find network with name or ID x: network not found", None),
]
PATHS = {
    "containers.inspect": "/containers/x/json",
    "images.inspect": "/images/x/json",
    "networks.inspect": "/networks/x",
}


@pytest.mark.parametrize(("method", "message", "kind"), MISSING)
def test_missing_is_none_and_nothing_else_is(
    engine: Any, connect: Any, answer: Any, method: str, message: str, kind: str | None
) -> None:
    engine.answers[f"GET {PATHS[method]}"] = answer(404, {"message": message})
    if kind is None:
        assert attrgetter(method)(connect())("x") is None
        return
    with pytest.raises(EngineError) as caught:
        attrgetter(method)(connect())("x")
    assert (caught.value.kind, caught.value.status) == (kind, 404)


@pytest.mark.parametrize(
    "gone",
    [
        "container 5c31be05 does not exist in database: no such container",  # Podman 4.3
        "no container with ID d10c1e479ce2 found in database: no such container",  # Podman 5.4
    ],
)
def test_a_container_that_vanishes_while_it_is_inspected_is_missing(
    engine: Any, connect: Any, answer: Any, gone: str
) -> None:
    engine.answers["GET /containers/x/json"] = answer(500, {"message": gone})
    assert connect().containers.inspect("x") is None
    engine.answers["GET /containers/x/json"] = answer(500, {"message": "its network: no such container: y"})
    with pytest.raises(EngineError):
        connect().containers.inspect("x")


def test_an_error_is_in_the_engines_words(engine: Any, connect: Any, answer: Any) -> None:
    engine.answers["POST /containers/app/start"] = answer(500, {"cause": "c", "message": "crun: no", "response": 500})
    with pytest.raises(EngineError) as caught:
        connect("podman").containers.start("app")
    assert (caught.value.message, caught.value.status, caught.value.kind) == ("crun: no", 500, "engine_error")


@pytest.mark.parametrize("body", [b"<html>proxy</html>", b"[]", b"", b'"text"'])
def test_garbage_is_no_engines(engine: Any, connect: Any, answer: Any, body: bytes) -> None:
    engine.answers["GET /info"] = answer(200, body)
    with pytest.raises(EngineError) as caught:
        connect().system.info()
    assert (caught.value.kind, caught.value.status) == ("bad_answer", None)
    assert "The answer to info cannot be used" in caught.value.message


@pytest.mark.parametrize("raw", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"])
def test_a_broken_connection_is_no_answer(engine: Any, connect: Any, answer: Any, raw: bytes) -> None:
    engine.answers["GET /info"] = answer(raw=raw)
    with pytest.raises(EngineError) as caught:
        connect().system.info()
    assert (caught.value.kind, caught.value.status) == ("no_answer", None)


@pytest.mark.parametrize("body", [[], {"cause": "x"}, b"oops"])
def test_an_error_without_message(engine: Any, connect: Any, answer: Any, body: Any) -> None:
    engine.answers["GET /info"] = answer(500, body)
    with pytest.raises(EngineError) as caught:
        connect().system.info()
    assert (caught.value.kind, caught.value.status) == ("engine_error", 500)


def test_no_socket_is_no_answer(short_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        EngineClient(str(short_path / "nobody"))
    assert (caught.value.kind, caught.value.status) == ("no_answer", None)
    assert caught.value.message == "No answer to version: [Errno 2] No such file or directory."


def test_a_socket_nobody_serves_is_no_answer(short_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(short_path / "dead"))
    with pytest.raises(EngineError, match="Connection refused") as caught:
        EngineClient(str(short_path / "dead"))
    assert caught.value.kind == "no_answer"


SLOW = [
    ("system.info", ()),
    ("containers.start", ("app",)),
    ("containers.log_tail", ("app", 1)),
    ("images.pull", ("i",)),
    ("images.inspect", ("i",)),
]


@pytest.mark.parametrize(("method", "args"), SLOW)
def test_a_slow_engine_is_a_timeout(
    engine: Any, connect: Any, answer: Any, monkeypatch: pytest.MonkeyPatch, method: str, args: tuple[Any, ...]
) -> None:
    monkeypatch.setattr(images, "PULL_SILENCE", 0.1)
    paths = ["GET /info", "POST /containers/app/start", "GET /containers/app/logs", "POST /images/create"]
    engine.answers = {path: answer(body={}, delay=1) for path in [*paths, "GET /images/i/json"]}
    engine.answers["GET /containers/app/json"] = answer(body=APP)
    with pytest.raises(EngineError) as caught:
        attrgetter(method)(connect(timeout=0.2))(*args)
    assert (caught.value.kind, caught.value.status) == ("timeout", None)
    assert "0.2 seconds" in caught.value.message
    assert "engine_timeout" in caught.value.hint


def test_a_pull_that_falls_silent_is_a_timeout(
    engine: Any, connect: Any, answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "PULL_SILENCE", 0.3)
    entry = b'{"status": "Pulling"}\n'
    begun = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n" % (len(entry), entry)
    engine.answers["POST /images/create"] = answer(raw=begun, hang=1)
    seen: list[dict[str, Any]] = []
    with pytest.raises(EngineError) as caught:
        connect(timeout=0.1).images.pull("a", seen.append)
    assert caught.value.kind == "timeout"
    assert seen == [{"status": "Pulling"}]


def test_stopping_waits_longer_than_the_containers_timeout(engine: Any, connect: Any, answer: Any) -> None:
    engine.answers["POST /containers/app/stop"] = answer(204, delay=0.6)
    connect(timeout=0.2).containers.stop("app", 1)


def test_a_redirect_is_not_followed(engine: Any, connect: Any, answer: Any) -> None:
    engine.answers["POST /containers/app/start"] = answer(301, headers={"Location": "/containers/json"})
    with pytest.raises(EngineError) as caught:
        connect().containers.start("app")
    assert caught.value.status == 301
    assert len(engine.requests) == 1


@pytest.mark.parametrize("name", ["", ".", "..", "../images/x", "a/b"])
def test_a_name_that_is_a_path_is_never_sent(engine: Any, connect: Any, name: str) -> None:
    client = connect()
    for method in (
        client.containers.inspect,
        client.containers.start,
        client.containers.remove,
        client.containers.kill,
        client.networks.inspect,
    ):
        with pytest.raises(EngineError):
            method(name)
    assert engine.requests == []


def _frame(stream: int, text: bytes) -> bytes:
    return struct.pack(">BxxxL", stream, len(text)) + text


def test_logs_ask_for_the_terminal_when_nobody_tells(engine: Any, connect: Any, answer: Any) -> None:
    engine.answers["GET /containers/app/json"] = answer(body={**APP, "Config": {"Tty": True}})
    engine.answers["GET /containers/app/logs"] = answer(body=b"a\r\nb")
    assert connect().containers.log_tail("app", 2) == "a\nb"
    engine.answers["GET /containers/app/logs"] = answer(body=_frame(1, b"out\n") + _frame(2, b"err\n"))
    assert connect().containers.log_tail("app", 2, tty=False) == "out\nerr\n"
    assert engine.paths()[-1] == "GET /v1.45/containers/app/logs?stdout=1&stderr=1&tail=2"


def test_pull_reports_progress_and_raises_what_the_stream_says(engine: Any, connect: Any, answer: Any) -> None:
    lines = [{"status": "Pulling"}, {"errorDetail": {"message": "manifest unknown"}, "error": "manifest unknown"}]
    engine.answers["POST /images/create"] = answer(body="\r\n".join(map(json.dumps, lines)).encode())
    seen: list[dict[str, Any]] = []
    with pytest.raises(EngineError, match="manifest unknown") as caught:
        connect().images.pull("a", seen.append)
    assert seen == [{"status": "Pulling"}]
    assert caught.value.status is None


def test_pull_refused_before_the_stream(engine: Any, connect: Any, answer: Any) -> None:
    engine.answers["POST /images/create"] = answer(500, {"message": "connection refused"})
    with pytest.raises(EngineError, match="connection refused") as caught:
        connect().images.pull("a")
    assert caught.value.status == 500


def test_a_forced_removal_says_what_the_removal_says(engine: Any, connect: Any, answer: Any) -> None:
    engine.answers["GET /containers/app/json"] = answer(body=APP)
    engine.answers["POST /containers/1/kill"] = answer(409, {"message": "can only kill running containers"})
    engine.answers["DELETE /containers/1"] = answer(500, {"message": "x has dependent containers: y"})
    with pytest.raises(EngineError, match="dependent") as caught:
        connect("podman").containers.remove("app", force=True)
    assert caught.value.kind == "dependents"


def test_a_failed_pull_names_the_registry(engine: Any, connect: Any, answer: Any) -> None:
    """Podman 5's words are those of the last cause only."""
    engine.answers["POST /images/create"] = answer(500, {"message": "connection refused"})
    with pytest.raises(EngineError) as caught:
        connect("podman").images.pull("registry.example.com:5000/app:1")
    assert caught.value.message == (
        "Pulling registry.example.com:5000/app:1, asking registry.example.com:5000: connection refused"
    )
    with pytest.raises(EngineError) as caught:
        connect("podman").images.pull("localhost/app:1")
    assert caught.value.message == "Pulling localhost/app:1, asking localhost: connection refused"


REFUSED = "dial tcp [::1]:9: connect: connection refused"
# What is asked for, what the engine says -> the words of the hints of a pull and of a push.
REGISTRIES: list[tuple[str, str, str, str]] = [
    # Docker 20.10, 26.1 and 28.5 ask [::1]:443 and :80; Podman :443 only.
    ("localhost/app:1", f'Get "http://localhost/v2/": {REFUSED}',
     "localhost is a registry on the host itself. An image that is in no registry is built, loaded or shipped",
     "localhost is a registry on the host itself. An image is pushed to the registry in its name: name another"),
    # Docker 20.10, 26.1 and 28.5
    ("127.0.0.1:9/app:1", f'Get "http://127.0.0.1:9/v2/": {REFUSED}',
     "As seen from the host, no registry answers at 127.0.0.1:9", "no registry answers at 127.0.0.1:9"),
    # Podman 4.3, 5.4 and 5.8
    ("127.0.0.1:9/app:1", f'pinging container registry 127.0.0.1:9: Get "https://127.0.0.1:9/v2/": {REFUSED}',
     "As seen from the host, no registry answers at 127.0.0.1:9", "no registry answers at 127.0.0.1:9"),
    ("127.0.0.1:9/app:1", "manifest unknown", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "said", "pulling", "pushing"), REGISTRIES)
def test_where_a_registry_is_sought(
    engine: Any, connect: Any, answer: Any, name: str, said: str, pulling: str, pushing: str
) -> None:
    for request in ("/images/create", f"/images/{name.removesuffix(':1')}/push"):
        engine.answers[f"POST {request}"] = answer(500, {"message": said})
    for way, words in (("images.pull", pulling), ("images.push", pushing)):
        with pytest.raises(EngineError) as caught:
            attrgetter(way)(connect("docker"))(name)
        assert words in caught.value.hint and bool(words) == bool(caught.value.hint)


# Method, what is asked for, the path, the engine's answer -> whether that is it.
ID = "db" + "0" * 62
NAMED: list[tuple[str, str, str, dict[str, Any], bool]] = [
    ("containers.inspect", "db", "/containers/db/json", {"Id": ID, "Name": "/other"}, False),
    ("containers.inspect", "db", "/containers/db/json", {"Id": ID, "Name": "/db"}, True),
    ("containers.inspect", ID, f"/containers/{ID}/json", {"Id": ID, "Name": "/other"}, True),
    ("containers.inspect", ID[:12], f"/containers/{ID[:12]}/json", {"Id": ID, "Name": "/other"}, False),
    ("networks.inspect", "db", "/networks/db", {"Id": ID, "Name": "other"}, False),
    ("networks.inspect", ID, f"/networks/{ID}", {"Id": ID, "Name": "other"}, True),
    ("networks.inspect_native", "db", "/networks/db", {"Id": ID, "Name": "other"}, False),
    ("volumes.inspect", "db", "/volumes/db", {"Name": "db-data"}, False),
    ("volumes.inspect", "db", "/volumes/db", {"Name": "db"}, True),
    ("images.inspect", "db", "/images/db/json", {"Id": f"sha256:{ID}", "RepoTags": ["other:1"]}, False),
    ("images.inspect", "db", "/images/db/json", {"Id": f"sha256:{ID}", "RepoTags": ["localhost/db:latest"]}, True),
    (
        "images.inspect",
        "db",
        "/images/db/json",
        {"Id": "sha256:" + "1" * 64, "RepoTags": ["r.example/db:latest"]},
        True,
    ),
    ("images.inspect", "sha256:db", "/images/sha256:db/json", {"Id": f"sha256:{ID}", "RepoTags": []}, False),
    ("images.inspect", ID, f"/images/sha256:{ID}/json", {"Id": f"sha256:{ID}", "RepoTags": None}, True),
    ("images.inspect", "db:1", "/images/db:1/json", {"Id": f"sha256:{ID}", "RepoTags": ["db:1"]}, True),
]


@pytest.mark.parametrize(("method", "name", "path", "found", "is_it"), NAMED)
def test_what_has_another_name_is_not_it(
    engine: Any, connect: Any, answer: Any, method: str, name: str, path: str, found: dict[str, Any], is_it: bool
) -> None:
    engine.answers[f"GET {path}"] = answer(body=found)
    assert attrgetter(method)(connect())(name) == (found if is_it else None)


def test_another_container_is_never_removed(engine: Any, connect: Any, answer: Any) -> None:
    """An engine takes a name that nobody has for the beginning of an ID, also to remove what has it."""
    engine.answers["GET /containers/db/json"] = answer(body={"Id": ID, "Name": "/other"})
    engine.answers["DELETE /containers/db"] = answer(204)
    with pytest.raises(EngineError, match="No such container: db") as caught:
        connect().containers.remove("db", force=True)
    assert caught.value.kind == "container_missing"
    assert [request.method for request in engine.requests] == ["GET"]


USES = [
    {"Links": ["app:x", "db:x"]}, {"VolumesFrom": ["db:ro"]}, {"NetworkMode": "container:db"},
    {"PidMode": "container:db"}, {"IpcMode": "container:db"},
]  # fmt: skip


@pytest.mark.parametrize("host_config", USES)
def test_another_container_is_never_used(engine: Any, connect: Any, answer: Any, host_config: dict[str, Any]) -> None:
    engine.answers["GET /containers/db/json"] = answer(body={"Id": ID, "Name": "/other"})
    engine.answers["POST /containers/create"] = answer(201, {"Id": "1"})
    with pytest.raises(EngineError, match="No such container: db") as caught:
        connect().containers.create("x", {"HostConfig": host_config})
    assert caught.value.kind == "container_missing" and [one.method for one in engine.requests] == ["GET"]
    engine.answers["GET /containers/db/json"] = answer(body={"Id": ID, "Name": "/db"})
    assert connect().containers.create("x", {"HostConfig": host_config}) == "1"
    assert json.loads(engine.requests[-1].body)["HostConfig"] == host_config
