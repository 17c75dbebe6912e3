#!/usr/bin/env bash
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# docker 7.2.0 (the Docker SDK for Python): an exception below `**/cache` sends that cache's other files, too
#
# Expected:
#   docker build reference, ".dockerignore file": `**` stands for any number of directories, so `**/cache` leaves out
#   every cache with all that is in it, and a line that begins with `!` takes back what it names and no more. docker
#   build and buildx send app/web/cache/keep and nothing else of that folder.
# Happens:
#   With `**/cache` and `!app/web/cache/keep`, the SDK's exclude_paths(), which docker.images.build() makes its
#   context with, sends all files of app/web/cache. Other caches stay out. Without `**` (`*/*/cache`) it is right.
# Why it matters:
#   What is left out that way is large or private, and the exception was meant for one file.
# To live with it:
#   Name the depth (`*/*/cache`), or leave out the files rather than the folder (`**/cache/*`).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" --disable-pip-version-check -qq install docker==7.2.0

mkdir -p "$work/context/app/web/cache" "$work/context/app/db/cache"
touch "$work/context/Dockerfile" "$work/context/app/web/cache/keep" "$work/context/app/web/cache/large" \
    "$work/context/app/db/cache/large"

cat >"$work/sent.py" <<'PY'
import os
import sys
from importlib.metadata import version

from docker.utils import exclude_paths

context = sys.argv[1]
print("docker", version("docker"))
for patterns in (
    ["**/cache"],
    ["**/cache", "!app/web/cache/keep"],
    ["*/*/cache", "!app/web/cache/keep"],
    ["**/cache/*", "!app/web/cache/keep"],
):
    sent = sorted(path for path in exclude_paths(context, list(patterns)) if os.path.isfile(os.path.join(context, path)))
    print(*patterns, "->", *sent)
PY

cat >"$work/expected" <<'EXPECTED'
docker 7.2.0
**/cache -> Dockerfile
**/cache !app/web/cache/keep -> Dockerfile app/web/cache/keep app/web/cache/large
*/*/cache !app/web/cache/keep -> Dockerfile app/web/cache/keep
**/cache/* !app/web/cache/keep -> Dockerfile app/web/cache/keep
EXPECTED

"$work/venv/bin/python" "$work/sent.py" "$work/context" | tee "$work/seen"
if ! diff -u "$work/expected" "$work/seen"; then
    echo "changed: what an exception takes back is another set of files" >&2
    exit 1
fi
echo "as it was seen before"
