# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The socket answers, and not as a task needs it: each class of an engine's errors that only trouble provokes."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.bounds import MIB, Limits
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.identity import EngineIdentity
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

from .conftest import DOCKER, both_clients, ping

FAKE = "/run/fake-engine.sock"
# Serves the socket until it is stopped: sends its second argument to whoever asks, or hangs up at once without one.
# Of an argument that ends with ENDLESS or DRIPPING, what comes after the head has no end, or takes for ever.
SERVER = """
import os, socket, sys, time
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
print("ready", flush=True)
while True:
    connection, _address = listener.accept()
    with connection:
        if sys.argv[2]:
            connection.recv(65536)
            try:
                if sys.argv[2].endswith("ENDLESS"):
                    connection.sendall(sys.argv[2].removesuffix("ENDLESS").encode())
                    while True:
                        connection.sendall(b"1000\\r\\n" + b"[" + b" " * 0xfff + b"\\r\\n")
                elif sys.argv[2].endswith("DRIPPING"):
                    connection.sendall(sys.argv[2].removesuffix("DRIPPING").encode())
                    while True:
                        connection.sendall(b"1\\r\\n[\\r\\n")
                        time.sleep(0.2)
                else:
                    connection.sendall(sys.argv[2].encode())
            except OSError:
                pass
"""


def http(status: str, body: str, kind: str = "application/json") -> str:
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}"
    )


@pytest.fixture
def fake(bench: Any) -> Iterator[Callable[[str], None]]:
    """Put something on a socket of the host that is no engine; gives the answer that it will have for all."""

    def stop() -> None:
        bench.on_host(f"[ -f {FAKE}.pid ] && kill $(cat {FAKE}.pid); rm -f {FAKE} {FAKE}.*")

    def serve(answer: str) -> None:
        stop()
        bench.on_host(
            f"cat > {FAKE}.py <<'END'\n{SERVER}\nEND\ncat > {FAKE}.answer <<'END'\n{answer}\nEND\n"
            f'answer=$(cat {FAKE}.answer); nohup python3 {FAKE}.py {FAKE} "$answer" > {FAKE}.log 2>&1 &\n'
            f"echo $! > {FAKE}.pid; while ! grep -q ready {FAKE}.log; do sleep 0.1; done"
        )

    yield serve
    stop()


def engine_error(local: str, **options: Any) -> EngineError:
    with pytest.raises(EngineError) as caught:
        EngineClient(local, **options)
    return caught.value


# What answers there -> what the message says.
NO_ENGINES = {
    http("404 Not Found", "<h1>Not Found</h1>", "text/html"): "it knows no /version",
    http("200 OK", "<h1>Welcome</h1>", "text/html"): "it is not JSON",
    http("200 OK", "{}"): "/version has no ApiVersion",
    http("200 OK", json.dumps({"ApiVersion": "1.41", "Components": [{"Name": "Other"}]})): "components are Other",
}


@pytest.mark.fault("Something that is no engine answers")
@pytest.mark.provokes("unknown_engine")
def test_something_else_answers(bench: Any, fake: Callable[[str], None]) -> None:
    tunnel = bench.open()
    for answer, words in NO_ENGINES.items():
        fake(answer)
        error = engine_error(tunnel.forward(FAKE))
        assert (error.kind, error.status) == ("unknown_engine", None)
        assert words in error.message
        assert "engine_socket" in error.hint


IDENTITY = EngineIdentity("docker", "26.1.5", "1.45")
NO_ANSWERS = {
    "SSH-2.0-OpenSSH_9.2": "it is not HTTP",
    http("200 OK", "<h1>Welcome</h1>", "text/html"): "it is not JSON: '<h1>",
    http("200 OK", json.dumps([1])): "it is not an object, but a list",
    http("200 OK", json.dumps({"Id": "1", "Name": "/app", "State": "up"})): "State is not an object, but a text: 'up'",
    http("200 OK", "[" * 99 + "]" * 99): "nested deeper than 50 levels",
    http("200 OK", json.dumps({"x": "y" * 3000})): "larger than",
    http("200 OK\r\nContent-Encoding: gzip", "{}"): "compressed",
}


@pytest.mark.fault("The engine answers garbage or half a JSON")
@pytest.mark.provokes("bad_answer")
def test_what_answers_makes_no_sense(bench: Any, fake: Callable[[str], None]) -> None:
    """A fake behind a real sshd: no engine answers so."""
    local = bench.open().forward(FAKE)
    for answer, words in NO_ANSWERS.items():
        fake(answer)
        limits = Limits(size=2000)
        with EngineClient(local, identity=IDENTITY, where=f"{FAKE} on web1", limits=limits) as client:
            with pytest.raises(EngineError) as caught:
                client.containers.inspect("app")
            assert (caught.value.kind, caught.value.status) == ("bad_answer", None)
            assert caught.value.message.startswith(
                f"{FAKE} on web1: The answer to inspect container app cannot be used"
            )
            assert words in caught.value.message and caught.value.hint


CHUNKED = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.fault("The engine's answer has no end")
def test_an_answer_without_end_is_left_at_its_limit(bench: Any, fake: Callable[[str], None]) -> None:
    fake(f"{CHUNKED}ENDLESS")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    client = EngineClient(bench.open().forward(FAKE), identity=IDENTITY, limits=Limits(size=4 * MIB))
    with client, pytest.raises(EngineError) as caught:
        client.containers.inspect("app")
    assert caught.value.kind == "bad_answer" and "larger than" in caught.value.message
    assert "engine_answer_limit" in caught.value.hint
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 * 1024


@pytest.mark.fault("The engine's answer drips")
def test_an_answer_that_drips_is_left_in_time(bench: Any, fake: Callable[[str], None]) -> None:
    fake(f"{CHUNKED}DRIPPING")
    began = time.monotonic()
    client = EngineClient(bench.open().forward(FAKE), identity=IDENTITY, timeout=2)
    with client, pytest.raises(EngineError) as caught:
        client.containers.inspect("app")
    assert caught.value.kind == "timeout" and "engine_timeout" in caught.value.hint
    assert time.monotonic() - began < 20


@pytest.mark.fault("The engine hangs up at once")
@pytest.mark.provokes("no_answer")
@pytest.mark.parametrize("bench", ["bookworm1", "forky1"], indirect=True)
@both_clients
def test_something_hangs_up_at_once(bench: Any, fake: Callable[[str], None]) -> None:
    """As a connection does that sshd does not let through; another socket tells them apart."""
    fake("")
    tunnel = bench.open()
    assert engine_error(tunnel.forward(FAKE)).kind == "no_answer"
    error = tunnel.diagnose(FAKE)
    assert (error.kind, error.unreachable) == ("engine_down", False)
    assert "it closes connections without an answer" in error.message
    assert FAKE in error.message


@pytest.mark.fault("The engine takes connections and says nothing")
@pytest.mark.provokes("timeout")
@both_clients
def test_an_engine_that_hangs(bench: Any) -> None:
    local = bench.open().forward(DOCKER)
    assert ping(local)
    bench.on_host("kill -STOP $(systemctl show -p MainPID --value docker)")
    try:
        error = engine_error(local, timeout=2)
    finally:
        bench.on_host("kill -CONT $(systemctl show -p MainPID --value docker)")
    assert (error.kind, error.status) == ("timeout", None)
    assert "within 2 seconds" in error.message
    assert "engine_timeout" in error.hint
    EngineClient(local).close()


@pytest.mark.fault("The engine's disk is full")
@pytest.mark.provokes("disk_full")
@pytest.mark.parametrize("bench", ["bookworm1", "forky1"], indirect=True)
def test_the_hosts_disk_is_full(bench: Any) -> None:
    """A real full file system where Docker keeps what belongs to containers."""
    local = bench.open().forward(DOCKER)
    body = {"Image": "localhost/busybox:latest", "Cmd": ["true"]}
    with EngineClient(local) as engine:
        bench.on_host("mount -t tmpfs -o size=4k,nr_inodes=1 tmpfs /var/lib/docker/containers")
        try:
            with pytest.raises(EngineError) as caught:
                engine.containers.create("full", body)
        finally:
            bench.on_host("umount /var/lib/docker/containers")
        assert caught.value.kind == "disk_full"
        assert "no space left on device" in caught.value.message
        assert "df -h" in caught.value.hint
        assert caught.value.status == 500
        engine.containers.create("full", body)
        engine.containers.remove("full")


@pytest.mark.provokes("volume_missing")
def test_a_volume_that_is_not_there(bench: Any) -> None:
    with EngineClient(bench.open().forward(DOCKER)) as engine, pytest.raises(EngineError) as caught:
        engine.wire.post("ask for a volume", "/volumes/nobody/missing")
    assert caught.value.kind in ("volume_missing", "unsupported")
