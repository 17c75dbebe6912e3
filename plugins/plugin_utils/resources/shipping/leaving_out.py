# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Leaves the contents of some entries out of a tar archive, while it passes by in pieces.

An entry that is left out stays, with no content: Docker wants the names of all layers, and looks into none that it
has; Podman wants the entries too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

BLOCK = 512
_NAME, _SIZE, _SUM, _TYPE = slice(0, 100), slice(124, 136), slice(148, 156), 156
_FILE, _PAX = b"0\0", b"x"
# No header is longer; what says so is no tar archive.
LONGEST_PAX = 1024 * 1024


class LeavingOut:
    """``names`` are the entries to empty; ``left_out`` counts the bytes that were not passed on."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = frozenset(names)
        self._head = bytearray()
        self._wanted = BLOCK
        self._pax = b""
        self._copy = 0
        self._drop = 0
        self.left_out = 0

    def through(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The archive without those contents."""
        for chunk in chunks:
            if self._names:
                yield from self._feed(chunk)
            else:
                yield chunk

    def _feed(self, data: bytes) -> Iterator[bytes]:
        position = 0
        while position < len(data):
            if self._copy:
                part = data[position : position + self._copy]
                self._copy -= len(part)
                position += len(part)
                yield part
            elif self._drop:
                length = min(self._drop, len(data) - position)
                self._drop -= length
                self.left_out += length
                position += length
            else:
                part = data[position : position + self._wanted - len(self._head)]
                self._head += part
                position += len(part)
                if len(self._head) == self._wanted:
                    yield from self._header()

    def _header(self) -> Iterator[bytes]:
        """A whole header is there: of an entry, or of what is said about the next one."""
        head = bytes(self._head)
        if head[_TYPE : _TYPE + 1] == _PAX:
            size = _padded(_number(head[_SIZE]))
            if self._wanted == BLOCK and 0 < size <= LONGEST_PAX:
                self._wanted += size
                return
            self._pax = head
            self._next()
            return
        self._next()
        pax, self._pax = self._pax, b""
        size = _padded(_pax_size(pax) or _number(head[_SIZE]))
        if head[_TYPE] in _FILE and _name(head) in self._names:
            self._drop = size
            yield _emptied(head)
            return
        self._copy = size
        yield pax + head

    def _next(self) -> None:
        self._head.clear()
        self._wanted = BLOCK


def _name(head: bytes) -> str:
    return head[_NAME].partition(b"\0")[0].decode(errors="replace").removeprefix("./")


def _padded(size: int) -> int:
    return size + -size % BLOCK


def _number(field: bytes) -> int:
    """A number as tar has it: octal digits, or of base 256 where they do not suffice."""
    if field[0] & 0x80:
        return int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
    digits = field.strip(b" \0")
    return int(digits, 8) if digits else 0


def _pax_size(pax: bytes) -> int:
    """The next entry's size, where it is too large for its own header; 0 where that has it."""
    for record in pax[BLOCK:].split(b"\n"):
        key, _equals, value = record.partition(b"=")
        if key.endswith(b" size") and value.isdigit():
            return int(value)
    return 0


def _emptied(head: bytes) -> bytes:
    """The header of an entry without content."""
    changed = bytearray(head)
    changed[_SIZE] = b"00000000000\0"
    changed[_SUM] = b" " * 8
    changed[_SUM] = b"%06o\0 " % sum(changed)
    return bytes(changed)
