#!/usr/bin/env bash
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# podman-compose 1.6.0: stop_grace_period: 1h is left out, and the engine's 10 seconds count
#
# Expected:
#   Compose specification, "Specifying durations": units are us, ms, s, m and h, which can be combined. docker
#   compose takes 1h and 1h30m for stop_grace_period and waits that long.
# Happens:
#   Only minutes and seconds are known. For any other duration the function gives None, and `podman stop` and
#   `podman restart` are called without --time: after 10 seconds the container is killed. There is no error and no
#   warning.
# Why it matters:
#   Who writes an hour has a reason, such as a queue to drain or a database to flush. With the same file under
#   docker compose the service is left to finish; here it is killed as if nothing had been written.
# To live with it:
#   Write minutes (60m) or seconds.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" --disable-pip-version-check -qq install podman-compose==1.6.0

cat >"$work/compose.yaml" <<'YAML'
name: durations
services:
  minutes: {image: "docker.io/library/alpine:3.20", stop_grace_period: 60m}
  hours: {image: "docker.io/library/alpine:3.20", stop_grace_period: 1h}
  both: {image: "docker.io/library/alpine:3.20", stop_grace_period: 1h30m}
YAML

# No engine is needed: with --dry-run podman-compose only asks for versions and lists.
mkdir "$work/bin"
cat >"$work/bin/podman" <<'SH'
#!/bin/sh
case "$*" in *version*) echo "podman version 5.4.2" ;; *) echo "[]" ;; esac
SH
chmod +x "$work/bin/podman"

stops() {
    "$work/venv/bin/python" -c 'from importlib.metadata import version as v; print("podman-compose", v("podman-compose"))'
    PATH=$work/bin:$work/venv/bin:$PATH podman-compose --verbose --dry-run -f "$work/compose.yaml" stop 2>&1 |
        grep -o 'podman stop .*' | LC_ALL=C sort
}

cat >"$work/expected" <<'EXPECTED'
podman-compose 1.6.0
podman stop -t 3600 durations_minutes_1
podman stop durations_both_1
podman stop durations_hours_1
EXPECTED

stops | tee "$work/seen"
if ! diff -u "$work/expected" "$work/seen"; then
    echo "changed: durations are read in another way" >&2
    exit 1
fi
echo "as it was seen before"
