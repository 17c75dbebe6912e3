# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many requests an unchanged container costs, counted on the engine's own host by a socket before the engine's."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from container_place import APP, NAME, Place, place, places

__all__ = ["place", "places"]  # fixtures

SOCKETS = {"podman": "/run/podman/podman.sock", "docker": "/var/run/docker.sock"}
COUNTING = "/run/lab-counting.sock"
ITEMS = 5
# Prints the first line of each request (they are small, so each comes in one piece); ends with its stdin.
COUNT = """
import os, socket, sys, threading
path, engine = sys.argv[1:]
def carry(source, sink, note):
    while data := source.recv(65536):
        if note:
            print(data.split(b"\\r\\n")[0].decode(), flush=True)
        sink.sendall(data)
    sink.shutdown(socket.SHUT_WR)
def serve():
    while True:
        client, onward = listener.accept()[0], socket.socket(socket.AF_UNIX)
        onward.connect(engine)
        for source, sink, note in ((client, onward, True), (onward, client, False)):
            threading.Thread(target=carry, args=(source, sink, note), daemon=True).start()
listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
listener.listen(50)
threading.Thread(target=serve, daemon=True).start()
print("ready", flush=True)
sys.stdin.read()
os.unlink(path)
os._exit(0)
"""


@contextmanager
def counting(place: Place, counted: Counter[str]) -> Iterator[None]:
    """Serve the engine at COUNTING too; afterwards ``counted`` holds how often each path was asked for."""
    place.lab.ssh(place.host, "rm", "-f", COUNTING)
    script = shlex.join(["python3", "-c", COUNT, COUNTING, SOCKETS[place.engine]])
    command = ["ssh", "-F", f"{place.lab.directory}/ssh_config", place.host, "--", script]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout and server.stdout.readline() == "ready\n"
        yield
        lines, _none = server.communicate(timeout=20)
    counted.update(re.sub(r" (?:/v[\d.]+)?(/\S*) HTTP.*", r" \1", line) for line in lines.splitlines())


# An image that is named, one whose defaults matter, and none that has to be looked at.
TASKS: list[dict[str, Any]] = [{"image": APP, "env": {"A": "1"}}, {"env": {"A": "1"}}, {}]


@pytest.mark.parametrize("one_engine", [("bookworm1", "docker"), ("trixie1", "podman")], ids="-".join, indirect=True)
def test_loops_over_unchanged_containers(place: Place, tmp_path: Path) -> None:
    place.run(image=APP, env={"A": "1"})
    common = {"engine": place.engine, "engine_socket": COUNTING, "name": NAME}
    tasks: list[dict[str, Any]] = []
    for given in TASKS:
        task = {"sshfleet.containers.remote_container": {**common, **given}}
        tasks.append({**task, "loop": list(range(ITEMS)), "register": "all"})
        tasks.append({"ansible.builtin.assert": {"that": ["all is not changed"]}})
    counted: Counter[str] = Counter()
    with counting(place, counted):
        done = place.lab.playbook([{"hosts": place.host, "gather_facts": False, "tasks": tasks}], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    images = {path: count for path, count in counted.items() if path.startswith("GET /images/")}
    assert sum(images.values()) == 2, "once in a task that needs it, not for each item"
    known = {"GET /version": 1, "GET /info": 1}  # whether an engine on an unusual socket runs without root
    assert counted == {**known, f"GET /containers/{NAME}/json": len(TASKS) * ITEMS, **images}
