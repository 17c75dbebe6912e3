#!/usr/bin/env bash
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# dockerfile-parse 2.0.1: FROM app:${TAG:-latest} has the base image app::-latest}
#
# Expected:
#   Dockerfile reference, "Environment replacement": ${variable:-word} is word if the variable is not set,
#   ${variable:+word} is word if it is. The package replaces variables, unless it is told not to
#   (env_replace=False).
# Happens:
#   Only $NAME and ${NAME} are known. Of ${TAG:-latest} the name is replaced (by nothing) and the rest stays, up to
#   and with the brace. baseimage, labels and envs give such texts back without an error or a warning.
# Why it matters:
#   ARG TAG and FROM image:${TAG:-latest} is a usual way to make a base image exchangeable. Tools that ask for the
#   base image to pull or scan it beforehand get a name that no registry can have; with a set variable they get
#   "app:3:-latest}".
# To live with it:
#   Look for '${' followed by ':' in the raw value (env_replace=False) and resolve these oneself.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" --disable-pip-version-check -qq install dockerfile-parse==2.0.1

cat >"$work/try.py" <<'PYTHON'
from importlib.metadata import version
from io import BytesIO

from dockerfile_parse import DockerfileParser

print("dockerfile-parse", version("dockerfile-parse"))
texts = "ARG TAG\nFROM app:${TAG:-latest}\n", "ARG TAG=3\nFROM app:${TAG:-latest}\n", "ARG TAG=3\nFROM app:${TAG}\n"
for text in texts:
    parser = DockerfileParser(fileobj=BytesIO(text.encode()))
    print(" / ".join(text.splitlines()), "->", parser.baseimage)
parser = DockerfileParser(fileobj=BytesIO(b"FROM app\nENV MODE=${MODE:-fast}\nLABEL mode=$MODE\n"))
print("ENV MODE=${MODE:-fast} ->", dict(parser.envs), dict(parser.labels))
PYTHON

cat >"$work/expected" <<'EXPECTED'
dockerfile-parse 2.0.1
ARG TAG / FROM app:${TAG:-latest} -> app::-latest}
ARG TAG=3 / FROM app:${TAG:-latest} -> app:3:-latest}
ARG TAG=3 / FROM app:${TAG} -> app:3
ENV MODE=${MODE:-fast} -> {'MODE': ':-fast}'} {'mode': ':-fast}'}
EXPECTED

"$work/venv/bin/python" "$work/try.py" | tee "$work/seen"
if ! diff -u "$work/expected" "$work/seen"; then
    echo "changed: defaults of variables are read in another way" >&2
    exit 1
fi
echo "as it was seen before"
