# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mount options mean (``addr=nas,rw,noexec``), so that the same meaning in other words is no difference.

Where a meaning is not known for sure, the words count: a space belongs to the option beside it, as it does for the
kernel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# One option; a comma belongs to a value where it is written twice, or between quotation marks. Each match takes all it
# looks at, so that long texts cost no more than their length.
PART = re.compile(r"""(?P<key>[^,=]*)=(?P<value>(?:"[^"]*"|'[^']*'|,,|[^,])*)|[^,]+""")
# What a mount does anyhow. Only the last word on a matter counts, so these may also take something back.
_NOTHING = frozenset({"defaults", "rw", "exec", "suid", "dev", "async"})
# Words on one matter that don't show it by a "no" before them.
_MATTERS = {
    "rw": "ro", "sync": "async", "soft": "hard", "softerr": "hard", "udp": "tcp", "rdma": "tcp", "relatime": "atime",
    "strictatime": "atime",
}  # fmt: skip
_SIZES = frozenset({"size", "nr_blocks", "nr_inodes"})
_SIZE = re.compile(r"(\d+)([kmg]?)")
_UNIT = {"": 0, "k": 10, "m": 20, "g": 30}


def parts(text: str) -> Iterator[tuple[str, str | None]]:
    """The options one by one: (key, value), of one without a value (flag, None). Empty ones are left out."""
    for part in PART.finditer(text):
        yield (part[0], None) if part["key"] is None else (part["key"], part["value"])


def meaning(text: str) -> dict[str, tuple[str, ...]]:
    """{matter: what is said of it}; equal for texts that make the same mount."""
    found: dict[str, tuple[str, ...]] = {}
    for key, value in parts(text):
        if value is None:
            bare = key.removeprefix("no")
            found[_MATTERS.get(bare, bare)] = (key,)
        elif key.endswith("+"):  # overlay's layers add up
            found[key] = (*found.get(key, ()), value)
        else:
            found[f"{key}="] = (_value(key, value),)
    return {matter: said for matter, said in found.items() if not _NOTHING.issuperset(said)}


def _value(key: str, value: str) -> str:
    if key == "mode":
        return value.lstrip("0") or "0"
    size = _SIZE.fullmatch(value.lower()) if key in _SIZES else None
    return str(int(size[1]) << _UNIT[size[2]]) if size else value
