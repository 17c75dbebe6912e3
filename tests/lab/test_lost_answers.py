# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An answer to a request that changes something is lost: on real engines, with something between that loses it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from engine_cases import ENGINES, IMAGE, MAKE_IMAGE, SOCKETS
from lab_hosts import Lab
from tasks import through_ansible

# Passes connections on to the engine and writes down each request; the first answer to each of the named paths is read
# and thrown away, and its connection closed.
BETWEEN = r"""
import os, re, select, socket, sys, threading
ours, engine, log, *losing = sys.argv[1:]
begin = re.compile(rb"(GET|HEAD|POST|PUT|DELETE) (\S+) HTTP/1.1\r\n")
def serve(client):
    server = socket.socket(socket.AF_UNIX)
    server.connect(engine)
    lose = None
    while True:
        for one in select.select([client, server], [], [])[0]:
            data = one.recv(65536)
            if not data:
                server.close(); client.close()
                return
            if one is client and (found := begin.match(data)):
                path = re.sub(r"^/v[\d.]+(/libpod)?", "", found[2].decode()).partition("?")[0]
                with open(log, "a") as file:
                    file.write(f"{found[1].decode()} {path}\n")
                lose = path if found[1] != b"GET" and path in losing else None
            if one is server and lose:
                losing.remove(lose)
                server.settimeout(1)
                try:
                    while server.recv(65536): pass
                except OSError: pass
                server.close(); client.close()
                return
            (server if one is client else client).sendall(data)
def quietly(client):
    try: serve(client)
    except OSError: client.close()
listener = socket.socket(socket.AF_UNIX)
listener.bind(ours)
listener.listen(16)
while True:
    threading.Thread(target=quietly, args=(listener.accept()[0],), daemon=True).start()
"""
NAME = "lost-answer"
LOSING = ("/volumes/create", "/networks/create", "/images/create", "/build", "/containers/create")


def socket_between(engine: str) -> str:
    return f"/run/sshfleet-lost-{engine}.sock"


@contextmanager
def between(lab: Lab, host: str, engine: str) -> Iterator[None]:
    """A socket on the host that loses answers of its engine; its log lies beside it."""
    path = socket_between(engine)
    lab.ssh(host, "rm", "-f", path, f"{path}.log")
    lab.ssh(host, "sh", "-c", f"'cat > {path}.py'", input=BETWEEN)
    words = f"{path} {SOCKETS[engine]} {path}.log {' '.join(LOSING)}"
    pid = lab.ssh(host, "sh", "-c", f"'setsid python3 {path}.py {words} >/dev/null 2>&1 </dev/null & echo $!'").strip()
    deadline = time.monotonic() + 60
    while lab.ssh(host, "sh", "-c", f"'test -S {path} && echo there'", check=False) == "":
        assert time.monotonic() < deadline
    try:
        yield
    finally:
        lab.ssh(host, "sh", "-c", f"'kill {pid}; rm -f {path} {path}.*'", check=False)


@pytest.fixture(scope="module")
def images(session_lab: Lab) -> None:
    for host in {host for host, _engine in ENGINES}:
        session_lab.ssh(host, "sh", "-s", input=MAKE_IMAGE)


def made(engine_socket: str, folder: Path) -> list[dict[str, Any]]:
    base = {"engine_socket": engine_socket}
    container = {"image": IMAGE, "command": "sleep 3000", "stop_timeout": 0}
    build = {"source": "build", "build": {"path": str(folder)}, "force_source": True}
    return [
        *({f"remote_{kind}": {**base, "name": NAME}} for kind in ("volume", "network")),
        {"remote_container": {**base, "name": NAME, **container}},
        {"remote_image": {**base, "name": f"localhost/{NAME}:1", **build}},
        {"remote_image": {**base, "name": f"localhost:1/{NAME}:1", "source": "pull"}},
    ]


def gone(engine_socket: str) -> list[dict[str, Any]]:
    kinds = ("container", "network", "volume")
    gone = [{f"remote_{kind}": {"engine_socket": engine_socket, "name": NAME, "state": "absent"}} for kind in kinds]
    return [*gone, {"remote_image": {"engine_socket": engine_socket, "name": f"localhost/{NAME}:1", "state": "absent"}}]


@pytest.mark.fault("The answer to a change is lost")
@pytest.mark.provokes("answer_lost")
def test_a_lost_answer_is_told_and_nothing_is_sent_twice(session_lab: Lab, images: None, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM {IMAGE}\n")

    def tasks(engine: str) -> list[dict[str, Any]]:
        removing, making = gone(SOCKETS[engine]), made(socket_between(engine), tmp_path)
        return [{**task, "ignore_errors": True} for task in (*removing, *making, *making[:2], *removing)]

    with ExitStack() as stack:
        for host, engine in ENGINES:
            stack.enter_context(between(session_lab, host, engine))
        told = through_ansible(session_lab, tmp_path, tasks)
        logs = {(host, engine): session_lab.ssh(host, "cat", f"{socket_between(engine)}.log").splitlines()
                for host, engine in ENGINES}  # fmt: skip
    for (host, engine), results in told.results.items():
        require_told(results, host, socket_between(engine))
        require_sent_once(logs[host, engine])


REMOVING, MAKING = 4, 5  # tasks


def require_told(results: list[dict[str, Any]], host: str, path: str) -> None:
    *lost, pulled = results[REMOVING : REMOVING + MAKING]
    for result, request in zip(lost, LOSING, strict=False):
        assert result["failed"] and not result["changed"], result
        assert result["error"]["kind"] == "answer_lost", result["msg"]
        assert "may have been done" in result["msg"] and "Run the task again" in result["msg"], request
        assert path in result["msg"] and host in result["msg"] and "Start the engine" not in result["msg"]
    assert pulled["error"]["kind"] == "answer_lost" and f"localhost:1/{NAME}:1" in pulled["msg"]
    assert [result["changed"] for result in results[-2 - REMOVING : -REMOVING]] == [False, False]
    assert [result["changed"] for result in results[-REMOVING:]] == [True, True, True, True]


def require_sent_once(log: list[str]) -> None:
    sent = [line.partition(" ")[2] for line in log if line.startswith("POST ")]
    marks = [line for line in log if line.startswith("DELETE /volumes/sshfleet-mark-")]  # each was made, too
    assert sorted(sent) == sorted([*LOSING, *["/volumes/create" for _mark in marks]]), json.dumps(log)
