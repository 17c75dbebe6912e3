#!/usr/bin/env bash
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# jmespath 1.1.0: comparing a text with a number is a Python TypeError, not null
#
# Expected:
#   JMESPath's specification (Filter expressions, ordering operators): <, <=, > and >= are for numbers; with any
#   other type the result is null, so that the filter leaves the element out.
# Happens:
#   The Python implementation compares the two values as they are. A text beside a number ends the whole query with
#   a TypeError of Python's own, which is no JMESPathError; two texts are compared letter by letter, so that "9090"
#   is more than "10000".
# Why it matters:
#   What engines tell about ports is text: HostPort in NetworkSettings.Ports is "8080". A filter such as [?HostPort
#   > `1024`] over the result of an info module ends the task with "'>' not supported between instances of 'str' and
#   'int'", and with quotes around the number it silently finds the wrong ports.
# To live with it:
#   Convert first: [?to_number(HostPort) > `1024`]. A caller catches TypeError beside JMESPathError.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" --disable-pip-version-check -qq install jmespath==1.1.0

cat >"$work/try.py" <<'PYTHON'
import jmespath

print("jmespath", jmespath.__version__)
bindings = [{"HostPort": "9090"}, {"HostPort": "10000"}, {"HostPort": "80"}]
for condition in ("HostPort > `1024`", "HostPort > '1024'", "to_number(HostPort) > `1024`"):
    query = f"[?{condition}].HostPort"
    try:
        answer = jmespath.search(query, bindings)
    except Exception as problem:
        kind = "a JMESPathError" if isinstance(problem, jmespath.exceptions.JMESPathError) else "no JMESPathError"
        answer = f"{type(problem).__name__} ({kind}): {problem}"
    print(query, "->", answer)
PYTHON

cat >"$work/expected" <<'EXPECTED'
jmespath 1.1.0
[?HostPort > `1024`].HostPort -> TypeError (no JMESPathError): '>' not supported between instances of 'str' and 'int'
[?HostPort > '1024'].HostPort -> ['9090', '80']
[?to_number(HostPort) > `1024`].HostPort -> ['9090', '10000']
EXPECTED

"$work/venv/bin/python" "$work/try.py" | tee "$work/seen"
if ! diff -u "$work/expected" "$work/seen"; then
    echo "changed: a text beside a number is compared in another way" >&2
    exit 1
fi
echo "as it was seen before"
