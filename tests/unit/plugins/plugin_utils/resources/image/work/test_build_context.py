# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A build's context: what stands in the tar, with which modes, and what is refused."""

from __future__ import annotations

import io
import os
import socket
import tarfile
from pathlib import Path

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.work import build_context
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.work.build_context import (
    OUTSIDE,
    Context,
)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    root = tmp_path / "context"
    (root / "src" / "deep").mkdir(parents=True)
    (root / "Dockerfile").write_text("FROM scratch\n")
    (root / "src" / "run").write_text("#!/bin/sh\n")
    (root / "src" / "run").chmod(0o755)
    (root / "src" / "deep" / "a").write_text("a")
    (root / "src" / "link").symlink_to("../nowhere")
    (root / "src" / "loop").symlink_to(".")
    (root / "empty").mkdir()
    (root / "ä").write_bytes(b"x" * 600)
    return root


def members(context: Context) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(fileobj=io.BytesIO(b"".join(context.stream()))) as archive:
        return {member.name: member for member in archive.getmembers()}


def content(context: Context, name: str) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(b"".join(context.stream()))) as archive:
        file = archive.extractfile(name)
        assert file is not None
        return file.read()


def test_everything_as_it_is(directory: Path) -> None:
    found = members(Context(str(directory), None))
    assert sorted(found) == [
        "Dockerfile",
        "empty",
        "src",
        "src/deep",
        "src/deep/a",
        "src/link",
        "src/loop",
        "src/run",
        "ä",
    ]
    assert found["src/run"].mode == 0o755 and found["empty"].isdir() and found["src/link"].linkname == "../nowhere"
    assert {(member.uid, member.gid, member.uname) for member in found.values()} == {(0, 0, "")}
    assert content(Context(str(directory), None), "ä") == b"x" * 600


def test_what_is_ignored_stays_here(directory: Path) -> None:
    (directory / ".dockerignore").write_text("*\n!src/deep\n")
    assert sorted(members(Context(str(directory), None))) == [".dockerignore", "Dockerfile", "src/deep", "src/deep/a"]


def test_a_dockerfiles_own_rules_come_first(directory: Path) -> None:
    (directory / ".dockerignore").write_text("*\n")
    (directory / "Dockerfile.dockerignore").write_text("src\n")
    assert "ä" in members(Context(str(directory), None))


def test_only_a_line_feed_ends_a_rule(directory: Path) -> None:
    (directory / ".dockerignore").write_bytes("\ufeffsrc\r\nä\x0c\nx\rempty\ny\u2028empty\n".encode())
    assert sorted(members(Context(str(directory), None))) == [".dockerignore", "Dockerfile", "empty"]


@pytest.mark.parametrize("name", [".dockerignore", "Dockerfile.dockerignore"])
def test_a_bad_rule_is_told_before_anything_is_sent(directory: Path, name: str) -> None:
    (directory / name).write_text("src\n[b-a].txt\n")
    with pytest.raises(InvalidOption, match=f"{directory / name}, line 2.*b-a.*backwards"):
        Context(str(directory), None)


def test_an_ignored_directory_is_not_even_opened(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    scandir = os.scandir
    monkeypatch.setattr(build_context.os, "scandir", lambda path: opened.append(Path(path).name) or scandir(path))
    (directory / ".dockerignore").write_text("src\n")
    members(Context(str(directory), None))
    assert opened == ["context", "empty"]


@pytest.mark.parametrize("name", ["deploy/App.dockerfile", "Containerfile"])
def test_another_dockerfile(directory: Path, name: str) -> None:
    (directory / name).parent.mkdir(exist_ok=True)
    (directory / "Dockerfile").rename(directory / name)
    (directory / ".dockerignore").write_text("**\n")
    context = Context(str(directory), None if name == "Containerfile" else name)
    assert context.dockerfile == name and content(context, name) == b"FROM scratch\n"
    assert context.text() == "FROM scratch\n"


def test_a_dockerfile_from_elsewhere(directory: Path) -> None:
    (directory.parent / "Other").write_text("FROM other\n")
    context = Context(str(directory), "../Other")
    assert context.dockerfile == OUTSIDE and content(context, OUTSIDE) == b"FROM other\n"


def test_what_is_no_file_is_left_out(directory: Path) -> None:
    os.mkfifo(directory / "pipe")
    before = Path.cwd()
    os.chdir(directory)  # a socket's path is short
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("sock")
            assert not {"pipe", "sock"} & set(members(Context(str(directory), None)))
    finally:
        os.chdir(before)


@pytest.mark.parametrize(("path", "dockerfile"), [("nowhere", None), ("context", "Missing"), ("context", "src")])
def test_refused(directory: Path, path: str, dockerfile: str | None) -> None:
    with pytest.raises(InvalidOption) as caught:
        Context(str(directory.parent / path), dockerfile)
    assert caught.value.option == ("build.path" if path == "nowhere" else "build.dockerfile")


def test_a_file_that_shrinks_meanwhile(directory: Path) -> None:
    with pytest.raises(InvalidOption, match="became shorter"):
        list(build_context._content(directory / "ä", 601))
