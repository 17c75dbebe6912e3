#!/usr/bin/env bash
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# composerize 1.7.6 (npm): a read-only --mount becomes a writable one
#
# Expected:
#   docker run's documentation: --mount ...,readonly (or ro, or readonly=true) mounts read-only. The Compose
#   specification has read_only: true for that in the long syntax of volumes. composerize turns a docker run command
#   into a compose file.
# Happens:
#   The words readonly and ro are dropped, without the comment "ignored options" that the program writes for what it
#   does not know; readonly=true is copied as readonly: "true", which is no key of compose files (read_only is). For
#   -v the :ro is kept.
# Why it matters:
#   What was mounted so that the container can't touch it (configuration, certificates) is writable in the compose
#   file, which otherwise looks right.
# To live with it:
#   Convert -v SOURCE:TARGET:ro instead, or compare the number of "readonly" and "read_only".
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm install --silent --no-audit --no-fund --prefix "$work" composerize@1.7.6

try_all() {
    echo "composerize $(node -p "require('$work/node_modules/composerize/package.json').version")"
    local bind=type=bind,source=/etc/app,target=/etc/app
    for mount in "--mount $bind,readonly" "--mount $bind,ro" "--mount $bind,readonly=true" "-v /etc/app:/etc/app:ro"; do
        echo "docker run $mount app:1"
        (cd "$work" && node -e 'console.log(require("composerize")(process.argv[1]))' "docker run $mount app:1") |
            grep -v '^name:'
    done
}

cat >"$work/expected" <<'EXPECTED'
composerize 1.7.6
docker run --mount type=bind,source=/etc/app,target=/etc/app,readonly app:1
services:
    app:
        volumes:
            - type: bind
              source: /etc/app
              target: /etc/app
        image: app:1
docker run --mount type=bind,source=/etc/app,target=/etc/app,ro app:1
services:
    app:
        volumes:
            - type: bind
              source: /etc/app
              target: /etc/app
        image: app:1
docker run --mount type=bind,source=/etc/app,target=/etc/app,readonly=true app:1
services:
    app:
        volumes:
            - type: bind
              source: /etc/app
              target: /etc/app
              readonly: "true"
        image: app:1
docker run -v /etc/app:/etc/app:ro app:1
services:
    app:
        volumes:
            - /etc/app:/etc/app:ro
        image: app:1
EXPECTED

try_all | tee "$work/seen"
if ! diff -u "$work/expected" "$work/seen"; then
    echo "changed: read-only mounts are converted in another way" >&2
    exit 1
fi
echo "as it was seen before"
