# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Quadlets without secrets: the values of secret-looking variables, labels and arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..shared.secrets import MASK, Masker, looks_secret
from .unit_text import Word, words

# A line of YAML, in what a .kube names.
_YAML = re.compile(r"""\s*(?:- )?["']?([\w.-]+)["']?:\s+(\S.*)""")


def learn(text: str, masker: Masker) -> None:
    """Remember the secrets of a file, also as they are written there."""
    for line in text.split("\n"):
        for found in _secrets(line):
            written = line[found.value_at : found.end]
            value = found.text.partition("=")[2]
            masker.learn_values({written, value, value.replace("$$", "$").replace("%%", "%")})


def masked(text: str, masker: Masker) -> str:
    """A file's text for people."""
    if not masker.enabled:
        return text
    return masker.strictly("\n".join(map(_masked, text.split("\n"))))


def masked_pair(before: str, after: str, masker: Masker) -> tuple[str, str]:
    """Both sides of a difference; lines that look alike once masked, and are not, say which is which."""
    old, new = masked(before, masker).split("\n"), masked(after, masker).split("\n")
    said, wanted = before.split("\n"), after.split("\n")
    if len(old) == len(said) and len(new) == len(wanted):
        mine = {shown: line for shown, line in zip(new, wanted, strict=True) if MASK in shown}
        for number, (shown, line) in enumerate(zip(old, said, strict=True)):
            if MASK in shown and mine.get(shown, line) != line:
                old[number] = f"{shown} (old)"
    return "\n".join(old), "\n".join(new)


def _masked(line: str) -> str:
    pieces, position = [], 0
    for found in _secrets(line):
        pieces += [line[position : found.value_at], MASK]
        position = found.end
    return "".join([*pieces, line[position:]])


def _secrets(line: str) -> Iterator[Word]:
    """The words behind the key of a line that give a secret-looking name a value."""
    if (entry := _YAML.fullmatch(line)) and looks_secret(entry[1]):
        yield Word(f"{entry[1]}={entry[2]}", entry.start(2), entry.end(2))
        return
    start = line.find("=") + 1
    if not start:
        return
    for found in words(line, start):
        name, _equals, value = found.text.partition("=")
        if value and name.startswith("--") and "=" in value:  # --env=NAME=VALUE
            inner, _equals, rest = value.partition("=")
            at = line.find("=", found.value_at, found.end) + 1
            if rest and at and looks_secret(inner):
                yield Word(f"{inner}={rest}", at, found.end)
                continue
        if value and looks_secret(name):
            yield found
