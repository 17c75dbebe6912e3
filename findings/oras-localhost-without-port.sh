#!/usr/bin/env bash
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# oras 0.2.43 (Python): localhost/app is looked for on docker.io
#
# Expected:
#   In a reference the part before the first slash is a registry if it holds a dot or a colon or is "localhost" (the
#   grammar of the distribution project; the Docker SDK and Podman do so).
# Happens:
#   Without a port, localhost is taken for a namespace: localhost/app:1 becomes docker.io/localhost/app:1. With a
#   port it is the registry.
# Why it matters:
#   Podman calls every image that was built on the spot localhost/NAME. Handing such a name on to this library asks,
#   with whatever login belongs to it, another registry than the one that is written.
# To live with it:
#   Write the port (localhost:80/app:1), or check Container.registry before anything is sent.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" --disable-pip-version-check -qq install oras==0.2.43 docker==7.2.0

cat >"$work/try.py" <<'PYTHON'
from importlib.metadata import version

from docker.auth import resolve_repository_name
from oras.container import Container

print("oras", version("oras"), "docker", version("docker"))
for reference in ("localhost/app:1", "localhost:5000/app:1", "registry.example.com/app:1"):
    registry, _ = resolve_repository_name(reference.rpartition(":")[0])
    print(f"{reference} -> oras: {Container(reference).registry}, docker: {registry}")
PYTHON

cat >"$work/expected" <<'EXPECTED'
oras 0.2.43 docker 7.2.0
localhost/app:1 -> oras: docker.io, docker: localhost
localhost:5000/app:1 -> oras: localhost:5000, docker: localhost:5000
registry.example.com/app:1 -> oras: registry.example.com, docker: registry.example.com
EXPECTED

"$work/venv/bin/python" "$work/try.py" | tee "$work/seen"
if ! diff -u "$work/expected" "$work/seen"; then
    echo "changed: the registry is found in another way" >&2
    exit 1
fi
echo "as it was seen before"
