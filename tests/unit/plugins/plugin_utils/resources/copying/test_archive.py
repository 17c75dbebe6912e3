# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Archives as streams: what is written can be read, and what others wrote leads nowhere else."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying import archive
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.entries import (
    DIRECTORY,
    FILE,
    LINK,
    OTHER,
    Entry,
)

LONG = "d/" + "ä" * 150


def member(name: str, kind: str, content: bytes = b"", **facts: Any) -> archive.Member:
    entry = Entry(kind, facts.pop("mode", 0o644), (1000, 3_000_000), len(content), **facts)
    return archive.Member(name, entry, 1.5, lambda: [content[:3], content[3:]])


MEMBERS = [
    member("d", DIRECTORY, mode=0o1777),
    member("d/f", FILE, b"x" * 1000, mode=0o4755),
    member("d/empty", FILE),
    member(LONG, FILE, b"y" * 512),
    member("d/l", LINK, target="../" + "t" * 200, mode=0o777),
]


def pieces(data: bytes, size: int = 1000) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


@pytest.mark.parametrize("size", [1, 511, 100_000])
def test_what_is_written_is_read(size: int) -> None:
    found = []
    for one in archive.entries(pieces(b"".join(archive.written(MEMBERS)), size)):
        found.append((one.path, one.entry, b"".join(one.chunks)))
    names = [path for path, _entry, _content in found]
    assert names == ["", "f", "empty", LONG[2:], "l"]
    assert [entry for _path, entry, _content in found] == [one.entry for one in MEMBERS]
    assert found[1][2] == b"x" * 1000 and found[3][2] == b"y" * 512


def test_an_engines_tar_can_read_it() -> None:
    with tarfile.open(fileobj=io.BytesIO(b"".join(archive.written(MEMBERS)))) as tar:
        assert tar.getnames() == [one.name for one in MEMBERS]
        assert (tar.getmember("d/f").gid, tar.getmember("d/f").mtime) == (3_000_000, 1)


def test_a_content_that_is_not_asked_for_is_passed_over() -> None:
    data = b"".join(archive.written(MEMBERS))
    assert [one.path for one in archive.entries(pieces(data))][-1] == "l"


@pytest.mark.parametrize("content", [[b"too", b" long"], [b"short"[:2]], []])
def test_a_file_that_changes_meanwhile(content: list[bytes]) -> None:
    bad = archive.Member("f", Entry(FILE, size=4), 0, lambda: content)
    with pytest.raises(archive.Changed):
        list(archive.written([bad]))


def test_a_large_file_is_never_in_memory() -> None:
    """No piece is larger than the chunks of the content."""
    chunk = b"z" * 65536
    large = archive.Member("f", Entry(FILE, size=65536 * 2000), 0, lambda: (chunk for _number in range(2000)))
    total, largest = 0, 0
    for piece in archive.written([large]):
        total, largest = total + len(piece), max(largest, len(piece))
    assert total > 131_000_000 and largest <= 65536
    read = archive.entries(archive.written([large]))
    assert sum(len(data) for one in read for data in one.chunks) == 65536 * 2000


def tar_of(*infos: tarfile.TarInfo) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for info in infos:
            tar.addfile(info)
    return buffer.getvalue()


def info(name: str, kind: bytes = tarfile.REGTYPE, linkname: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, linkname
    return made


ESCAPES = [
    [info("d", tarfile.DIRTYPE), info("d/../x")],
    [info("d", tarfile.DIRTYPE), info("../x")],
    [info("d", tarfile.DIRTYPE), info("other/x")],
    [info("d", tarfile.DIRTYPE), info("/etc/x")],
    [info("..", tarfile.DIRTYPE)],
    [info("d", tarfile.DIRTYPE), info("d/ä\0b")],
    [info("d", tarfile.DIRTYPE), info("d/h", tarfile.LNKTYPE, "../etc/shadow")],
    [info("d", tarfile.DIRTYPE), info("d/h", tarfile.LNKTYPE, "/etc/shadow")],
    [info("d", tarfile.DIRTYPE), info("d/h", tarfile.LNKTYPE, "d/../../etc/shadow")],
]


@pytest.mark.parametrize("infos", ESCAPES)
def test_names_that_lead_elsewhere_are_refused(infos: list[tarfile.TarInfo]) -> None:
    with pytest.raises(archive.Escapes):
        list(archive.entries(pieces(tar_of(*infos))))


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_SPARSE])
def test_headers_that_would_fill_the_memory(kind: bytes) -> None:
    """What follows is never asked for."""
    huge = info("d", kind)
    huge.size = 1 << 40

    def endless() -> Iterator[bytes]:
        yield huge.tobuf(tarfile.GNU_FORMAT)
        yield b"x" * archive.CHUNK
        raise AssertionError("more was read")

    with pytest.raises(tarfile.TarError):
        list(archive.entries(endless()))


def test_kinds() -> None:
    infos = [
        info("./d/", tarfile.DIRTYPE), info("d/f"), info("d/h", tarfile.LNKTYPE, "d/f"), info("d/p", tarfile.FIFOTYPE),
        info("d/c", tarfile.CHRTYPE),
    ]  # fmt: skip
    found = list(archive.entries(pieces(tar_of(*infos))))
    assert [(one.path, one.entry.kind) for one in found] == [
        ("", DIRECTORY), ("f", FILE), ("h", FILE), ("p", OTHER), ("c", OTHER),
    ]  # fmt: skip
    assert [one.is_link_to for one in found] == [None, None, "f", None, None]


@pytest.mark.parametrize("cut", [100, 1500])
def test_an_archive_that_is_cut_off(cut: int) -> None:
    """Between two entries, only HTTP tells."""
    data = b"".join(archive.written([member("d", DIRECTORY), member("d/f", FILE, b"x" * 1000)]))
    with pytest.raises(tarfile.TarError):
        for one in archive.entries(pieces(data[:cut])):
            list(one.chunks)


def test_the_digest() -> None:
    whole = archive.digest([b"abc"])
    assert whole == archive.digest([b"a", b"", b"bc"])
    assert whole.startswith("ba7816bf")
