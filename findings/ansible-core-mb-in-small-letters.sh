#!/usr/bin/env bash
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# ansible-core 2.19.14: an option of type bytes takes 512m and 512MB and even 1megabyte, but not 512mb
#
# Expected:
#   Docker, Podman and compose files write sizes in small letters: the Compose specification names b, k or kb, m or
#   mb, g or gb, and `docker run --memory 512mb` works. With one letter Ansible takes either case, too (512m, 512M).
# Happens:
#   As soon as the unit has two letters its case counts: 512MB and 10 MB are sizes, 512mb, 1gb, 1kb are errors
#   ("expect MB or M"), as are KiB, MiB and GiB. The word megabyte, in small letters, is fine. What bytes_to_human()
#   writes for less than 1024 ("1023.00 Bytes") is refused by its counterpart human_to_bytes().
# Why it matters:
#   Values move from compose files to module options: community.docker parses memory and shm_size with this
#   function, so that mem_limit: 512mb of a compose file is refused there, with a message that does not say that
#   only the case is wrong.
# To live with it:
#   Write one letter (512m, 2g), which everyone reads alike; in a module of one's own, parse sizes with one's own
#   table.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" --disable-pip-version-check -qq install ansible-core==2.19.14

cat >"$work/try.py" <<'PYTHON'
from ansible import release
from ansible.module_utils.common.text.formatters import bytes_to_human, human_to_bytes

print("ansible-core", release.__version__)
for text in ("512m", "512M", "512MB", "1megabyte", "512mb", "1gb", "1GiB", bytes_to_human(1023)):
    try:
        print(f"{text} -> {human_to_bytes(text)}")
    except ValueError as problem:
        print(f"{text} -> refused: {problem}")
PYTHON

cat >"$work/expected" <<'EXPECTED'
ansible-core 2.19.14
512m -> 536870912
512M -> 536870912
512MB -> 536870912
1megabyte -> 1048576
512mb -> refused: human_to_bytes() failed to convert 512mb. Value is not a valid string (expect MB or M)
1gb -> refused: human_to_bytes() failed to convert 1gb. Value is not a valid string (expect GB or G)
1GiB -> refused: human_to_bytes() failed to convert 1GiB. Value is not a valid string (expect GB or G)
1023.00 Bytes -> refused: human_to_bytes() failed to convert 1023.00 Bytes. Value is not a valid string (expect B or byte)
EXPECTED

"$work/venv/bin/python" "$work/try.py" | tee "$work/seen"
if ! diff -u "$work/expected" "$work/seen"; then
    echo "changed: sizes are read in another way" >&2
    exit 1
fi
echo "as it was seen before"
