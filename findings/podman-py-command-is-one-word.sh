#!/usr/bin/env bash
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# podman (podman-py) 5.8.0: a command given as text becomes one single argument
#
# Expected:
#   The package offers itself under the Docker SDK's names, too (podman.DockerClient, podman.from_env). That SDK's
#   documentation has client.containers.run('alpine', 'echo hello world') and splits such a text like a shell.
#   podman-py's own signature is command: str or list of str, "Command to run in the container".
# Happens:
#   containers.create() puts the whole text into a list of one. The engine is asked to run a program whose name is
#   "echo hello world", spaces included. Nothing is refused before the container is started.
# Why it matters:
#   Code that moves from the Docker SDK keeps working for commands of one word and fails at start ("executable file
#   not found") for all others; behind an image with an entrypoint it starts and hands the program one argument
#   where several were meant.
# To live with it:
#   Pass a list, or shlex.split(text).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" --disable-pip-version-check -qq install podman==5.8.0 docker==7.2.0

cat >"$work/try.py" <<'PYTHON'
import http.server
import json
import threading
from importlib.metadata import version

import docker
import podman

asked = []


class Engine(http.server.BaseHTTPRequestHandler):
    """Notes what a create request asks for; all that follows may fail."""

    def do_POST(self):
        asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_error(500)

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Engine)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"tcp://127.0.0.1:{server.server_port}"
clients = {"docker": docker.DockerClient(base_url=url, version="1.45"), "podman": podman.PodmanClient(base_url=url)}
for name, client in clients.items():
    try:
        client.containers.create("docker.io/library/alpine:3.20", "echo hello world")
    except (docker.errors.APIError, podman.errors.APIError):
        pass
    body = asked.pop()
    print(name, version(name), "asks for", json.dumps(body.get("Cmd", body.get("command"))))
PYTHON

cat >"$work/expected" <<'EXPECTED'
docker 7.2.0 asks for ["echo", "hello", "world"]
podman 5.8.0 asks for ["echo hello world"]
EXPECTED

"$work/venv/bin/python" "$work/try.py" | tee "$work/seen"
if ! diff -u "$work/expected" "$work/seen"; then
    echo "changed: the text is made a command in another way" >&2
    exit 1
fi
echo "as it was seen before"
