#!/usr/bin/env bash
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# podman-compose 1.6.0: weights, swappiness, ipc and others are left out without a word
#
# Expected:
#   Compose specification: blkio_config, mem_swappiness, oom_score_adj, ipc, cgroup_parent and storage_opt are keys of a
#   service, and `podman create` has an option for each of them. Either the option is passed on, or the key is an error
#   or a warning.
# Happens:
#   `podman create` is called without any of these. There is no warning, with --verbose either. Keys beside them, such
#   as cpuset and shm_size, are passed on.
# Why it matters:
#   A container runs without the weight or the shared memory that its file asks for, and nothing tells.
# To live with it:
#   Look at `podman inspect` after `up`. A service that needs one of them is better started by `podman run`, a quadlet or
#   docker compose on Podman's socket.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" --disable-pip-version-check -qq install podman-compose==1.6.0

cat >"$work/compose.yaml" <<'YAML'
name: keys
services:
  app:
    image: docker.io/library/alpine:3.20
    cpuset: "0"
    shm_size: 64m
    blkio_config: {weight: 300}
    mem_swappiness: 10
    oom_score_adj: 100
    ipc: shareable
    cgroup_parent: /shop
    storage_opt: {size: 1G}
YAML

# No engine is needed: with --dry-run podman-compose only asks for versions and lists.
mkdir "$work/bin"
cat >"$work/bin/podman" <<'SH'
#!/bin/sh
case "$*" in *version*) echo "podman version 5.4.2" ;; *) echo "[]" ;; esac
SH
chmod +x "$work/bin/podman"

created() {
    "$work/venv/bin/python" -c 'from importlib.metadata import version as v; print("podman-compose", v("podman-compose"))'
    PATH=$work/bin:$work/venv/bin:$PATH podman-compose --verbose --dry-run -f "$work/compose.yaml" up -d >"$work/told" 2>&1
    local create
    create=$(grep -o 'podman create .*' "$work/told")
    for option in cpuset-cpus shm-size blkio-weight memory-swappiness oom-score-adj ipc cgroup-parent storage-opt; do
        case " $create " in
        *" --$option "* | *" --$option="*) echo "--$option is passed on" ;;
        *) echo "--$option is left out" ;;
        esac
    done
    echo "lines that warn: $(grep -ci warn "$work/told" || true)"
}

cat >"$work/expected" <<'EXPECTED'
podman-compose 1.6.0
--cpuset-cpus is passed on
--shm-size is passed on
--blkio-weight is left out
--memory-swappiness is left out
--oom-score-adj is left out
--ipc is left out
--cgroup-parent is left out
--storage-opt is left out
lines that warn: 0
EXPECTED

created | tee "$work/seen"
if ! diff -u "$work/expected" "$work/seen"; then
    echo "changed: other keys are passed on" >&2
    exit 1
fi
echo "as it was seen before"
