# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file on a real file system: links, modes, backups, locks."""

from __future__ import annotations

import errno
import fcntl
import itertools
import os
from pathlib import Path

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.hosts_file.work.file import OwnFile


def test_a_link_stays_and_leads_to_the_new_file(tmp_path: Path) -> None:
    real, link = tmp_path / "real" / "fleet.json", tmp_path / "hosts.json"
    real.parent.mkdir()
    real.write_text("old")
    real.chmod(0o644)
    link.symlink_to("real/fleet.json")
    file = OwnFile(str(link))
    assert file.read() == b"old"
    assert file.write(b"old", b"new", keep=True) == str(real.with_name("fleet.json.bak"))
    assert link.is_symlink() and link.read_text() == "new" and file.backup.read_text() == "old"
    assert [one.stat().st_mode & 0o777 for one in (real, file.backup)] == [0o600, 0o600]
    assert sorted(real.parent.iterdir()) == [real, file.backup] and sorted(tmp_path.iterdir()) == [link, real.parent]


def test_a_new_file_has_no_backup(tmp_path: Path) -> None:
    file = OwnFile(str(tmp_path / "hosts.json"))
    assert file.read() is None
    assert file.write(None, b"new", keep=True) is None
    assert file.write(b"new", b"newer", keep=False) is None
    assert [path.name for path in tmp_path.iterdir()] == ["hosts.json"] and file.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_the_file_stays_its_owners(tmp_path: Path) -> None:
    file = OwnFile(str(tmp_path / "hosts.json"))
    file.write(None, b"old", keep=True)
    os.chown(file.path, 1234, 2345)
    file.write(b"old", b"new", keep=True)
    assert {(one.stat().st_uid, one.stat().st_gid) for one in tmp_path.iterdir()} == {(1234, 2345)}


@pytest.mark.pairs("both")
def test_places_where_no_file_can_be(tmp_path: Path) -> None:
    (tmp_path / "round").symlink_to("round")
    os.mkfifo(tmp_path / "pipe")
    for path, words in (
        (tmp_path, "is no file"),
        (tmp_path / "a" / "b", "no directory"),
        (tmp_path / "round", "links"),
    ):
        with pytest.raises(InvalidOption, match=words) as caught:
            OwnFile(str(path)).read()
        assert caught.value.option == "path" and caught.value.hint


def test_who_waits_too_long_says_so_and_leaves_no_file(tmp_path: Path) -> None:
    file = OwnFile(str(tmp_path / "hosts.json"))
    with (
        file.alone(),
        pytest.raises(InvalidOption, match="another process has held"),
        file.alone(itertools.count(0, 40.0).__next__),
    ):
        raise AssertionError("two have the lock")
    with file.alone():
        assert list(tmp_path.iterdir()) == []


def test_where_directories_have_no_locks_a_file_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands for NFS, which refuses a lock of what can't be opened for writing."""
    lock = fcntl.flock

    def as_nfs(descriptor: int, operation: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").is_dir():
            raise OSError(errno.EBADF, "Bad file descriptor")
        lock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", as_nfs)
    file = OwnFile(str(tmp_path / "hosts.json"))
    for _time in range(2):  # the file of the lock is still there
        with file.alone(), pytest.raises(InvalidOption), file.alone(itertools.count(0, 40.0).__next__):
            raise AssertionError("two have the lock")
    assert [path.name for path in tmp_path.iterdir()] == [".hosts.json.lock"]
