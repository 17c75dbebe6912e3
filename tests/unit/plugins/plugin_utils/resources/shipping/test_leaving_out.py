# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tar archive that passes by without the contents of some entries, whatever the pieces it comes in."""

from __future__ import annotations

import io
import tarfile

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shipping.leaving_out import LeavingOut

LONG = "d/" * 60 + "long"
FILES = {"a.tar": b"a" * 5000, "empty": b"", "blobs/sha256/b": b"b" * 512, LONG: b"c" * 700, "ä": b"d" * 3}


def archive(tar_format: int) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tar_format) as made:
        folder = tarfile.TarInfo("blobs")
        folder.type = tarfile.DIRTYPE
        made.addfile(folder)
        for name, data in FILES.items():
            member = tarfile.TarInfo(name)
            member.size, member.mtime = len(data), 1.5 if tar_format == tarfile.PAX_FORMAT else 1
            made.addfile(member, io.BytesIO(data))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "a.tar"
        made.addfile(link)
        folder.name = "c.tar"
        made.addfile(folder)
    return file.getvalue()


def contents(data: bytes) -> dict[str, bytes | None]:
    with tarfile.open(fileobj=io.BytesIO(data)) as found:
        return {
            member.name: file.read() if member.isreg() and (file := found.extractfile(member)) else None
            for member in found.getmembers()
        }


@pytest.mark.parametrize("tar_format", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize("size", [1, 7, 511, 512, 513, 4096, 10**6])
def test_only_what_is_named_is_emptied(tar_format: int, size: int) -> None:
    data = archive(tar_format)
    leaving = LeavingOut({"a.tar", "blobs/sha256/b", "link", "c.tar/", "not there"})
    passed = b"".join(leaving.through(data[start : start + size] for start in range(0, len(data), size)))
    expected = {**contents(data), "a.tar": b"", "blobs/sha256/b": b""}
    assert contents(passed) == expected and list(contents(passed)) == list(contents(data))
    assert leaving.left_out == 5120 + 512 and leaving.left_out <= len(data) - len(passed)


def test_nothing_named_nothing_looked_at() -> None:
    noise = bytes(range(256)) * 20
    leaving = LeavingOut(())
    assert b"".join(leaving.through([noise])) == noise and leaving.left_out == 0


def test_all_the_same_when_the_names_are_not_there() -> None:
    data = archive(tarfile.PAX_FORMAT)
    assert b"".join(LeavingOut({"x"}).through([data])) == data


@pytest.mark.parametrize("how", ["pax", "base 256"])
def test_an_entry_of_more_than_8_gib(how: str) -> None:
    size = 9 * 2**30
    member = tarfile.TarInfo("big.tar")
    member.size = size
    head = member.tobuf(tarfile.PAX_FORMAT if how == "pax" else tarfile.GNU_FORMAT)
    follower = tarfile.TarInfo("small").tobuf(tarfile.USTAR_FORMAT)
    chunk = bytes(2**20)

    def whole():  # type: ignore[no-untyped-def]
        yield head
        for _number in range(size // len(chunk)):
            yield chunk
        yield follower + bytes(1024)

    leaving = LeavingOut({"big.tar"})
    passed = b"".join(leaving.through(whole()))
    assert contents(passed) == {"big.tar": b"", "small": b""} and leaving.left_out == size
