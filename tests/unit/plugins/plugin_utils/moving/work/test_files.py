# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of a tree: which are read, and how one is replaced."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from moved import OURS

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.moving.tree import File, looked_at
from ansible_collections.sshfleet.containers.plugins.plugin_utils.moving.work.files import Files

TASK = "- docker_container: {name: x}\n"
MOVED = "- sshfleet.containers.remote_container: {name: x}\n"


def one(files: Files) -> File:
    (file,) = looked_at(files.read().texts, OURS).files
    return file


def test_playbooks_and_templates_are_read_and_nothing_else(tmp_path: Path) -> None:
    wanted = ["a.yml", "b.yaml", "roles/x/tasks/main.yml", "roles/x/templates/t.j2", "tests/t.yml"]
    passed_over = ["a.txt", ".git/x.yml", ".venv/x.yml", "roles/x/files/x.yml", "collections/ansible_collections/x.yml"]
    for name in (*wanted, *passed_over):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    os.mkfifo(tmp_path / "pipe.yml")
    assert sorted(Files(str(tmp_path)).read().texts) == sorted(wanted)


def test_no_link_below_the_root_is_followed(tmp_path: Path) -> None:
    outside, inside, link = tmp_path / "outside", tmp_path / "inside", tmp_path / "link"
    outside.mkdir()
    inside.mkdir()
    (outside / "x.yml").write_text(TASK)
    (inside / "real.yml").write_text(TASK)
    (inside / "out.yml").symlink_to(outside / "x.yml")
    (inside / "again.yml").symlink_to("real.yml")
    (inside / "directory").symlink_to(outside)
    (inside / "itself").symlink_to(".")
    link.symlink_to(inside)
    assert list(Files(str(link)).read().texts) == ["real.yml"]


def test_what_cannot_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "latin.yml").write_bytes(b"---\n# caf\xe9\n- docker_container: {name: x}\n")
    (tmp_path / "other.yml").write_bytes(b"- caf\xe9\n")
    (tmp_path / "large.yml").write_text(TASK + "#" * 5_000_000)
    (tmp_path / "good.yml").write_text(TASK)
    read = Files(str(tmp_path)).read()
    assert [(one.path, one.line) for one in read.problems] == [("large.yml", None), ("latin.yml", 2)]
    assert list(read.texts) == ["good.yml"]


def test_a_file_is_replaced_with_its_mode_its_mark_and_its_line_breaks(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_bytes(b"\xef\xbb\xbf" + TASK.replace("\n", "\r\n").encode() + b"# caf\xc3\xa9\r\n")
    path.chmod(0o640)
    before = path.stat().st_ino
    files = Files(str(tmp_path))
    assert files.write(one(files), backup=False) is None
    assert path.read_bytes() == b"\xef\xbb\xbf" + MOVED.replace("\n", "\r\n").encode() + b"# caf\xc3\xa9\r\n"
    assert path.stat().st_mode & 0o7777 == 0o640 and path.stat().st_ino != before
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.yml"]


def test_a_file_keeps_its_owner(tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_text(TASK)
    os.chown(tmp_path / "x.yml", 1, 2)
    files = Files(str(tmp_path))
    files.write(one(files), backup=True, now=lambda: 0.0)
    assert {(entry.stat().st_uid, entry.stat().st_gid) for entry in tmp_path.iterdir()} == {(1, 2)}


def test_a_copy_is_kept_and_never_read(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/x.yml").write_text(TASK)
    files = Files(str(tmp_path))
    copy = files.write(one(files), backup=True, now=lambda: 0.0)
    assert copy == "a/x.yml.1970-01-01@00:00:00~" and (tmp_path / copy).read_text() == TASK
    assert list(Files(str(tmp_path)).read().texts) == ["a/x.yml"]


def test_one_file_is_a_tree_too(tmp_path: Path) -> None:
    path = tmp_path / "x.playbook"
    path.write_text(TASK)
    (tmp_path / "y.yml").write_text(TASK)
    with pytest.raises(InvalidOption, match="there is no such file"):
        Files(str(tmp_path / "none"))
    assert list(Files(str(path)).read().texts) == ["x.playbook"]
    (tmp_path / "z.yml").write_text(TASK)
    files = Files(str(tmp_path / "z.yml"))
    assert files.write(one(files), backup=True, now=lambda: 0.0) == "z.yml.1970-01-01@00:00:00~"
    assert (tmp_path / "z.yml").read_text() == MOVED and (tmp_path / "y.yml").read_text() == TASK


def test_a_file_that_changed_meanwhile_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text(TASK)
    files = Files(str(tmp_path))
    file = one(files)
    path.write_text(TASK * 2)
    with pytest.raises(InvalidOption, match="changed meanwhile"):
        files.write(file, backup=True)
    path.unlink()
    path.symlink_to("/etc/hostname")
    with pytest.raises((InvalidOption, OSError)):
        files.write(file, backup=True)
    assert str(path.readlink()) == "/etc/hostname" and len(list(tmp_path.iterdir())) == 1
