# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of a run, written for real."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils import run_mark
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.fleet_output.files import OUTPUT, RESULTS
from ansible_collections.sshfleet.containers.plugins.plugin_utils.fleet_output.work.output_dir import OutputDir

SUMMARIES = {"summary.json": "{}\n", "summary.txt": "SUMMARY\n"}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_run(tmp_path: Path) -> None:
    path = tmp_path / "made" / "here"
    output = OutputDir(str(path), overwrite=False)
    for text in ("one", "two\n"):
        output.add("web1", OUTPUT, text)
        output.add("../web2", RESULTS, json.dumps({"said": text}))
    assert [*path.glob("[!.]*")] == []  # nothing is there before it is complete
    assert output.finish(SUMMARIES) == []
    assert {file.name: file.read_text() for file in path.iterdir()} == {
        **SUMMARIES,
        "web1.out": "onetwo\n",
        "%2e.%2fweb2.json": '[\n{"said": "one"},\n{"said": "two\\n"}\n]\n',
    }
    assert {mode(file) for file in path.iterdir()} == {0o600}
    assert mode(path) == 0o700
    assert [*tmp_path.iterdir()] == [tmp_path / "made"]


def test_the_umask_of_a_user_changes_nothing(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        output = OutputDir(str(tmp_path / "out"), overwrite=False)
        output.add("web1", OUTPUT, "x")
        output.finish(SUMMARIES)
    finally:
        os.umask(before)
    assert mode(tmp_path / "out") == 0o700
    assert {mode(file) for file in (tmp_path / "out").iterdir()} == {0o600}


def test_bytes_come_back_as_they_were(tmp_path: Path) -> None:
    output = OutputDir(str(tmp_path), overwrite=False)
    data = bytes(range(256)) + "日本".encode()
    output.add("web1", OUTPUT, data.decode("utf-8", "surrogateescape"))
    output.add("web2", OUTPUT, "half \ud83d")
    output.finish({})
    assert (tmp_path / "web1.out").read_bytes() == data
    assert (tmp_path / "web2.out").read_bytes() == rb"half \ud83d"


def test_an_earlier_run_is_not_overwritten(tmp_path: Path) -> None:
    OutputDir(str(tmp_path), overwrite=False).finish(SUMMARIES)
    with pytest.raises(InvalidOption, match="it has the summary") as refused:
        OutputDir(str(tmp_path), overwrite=False)
    assert "output_overwrite" in refused.value.hint
    output = OutputDir(str(tmp_path), overwrite=True)
    output.add("web1", OUTPUT, "x")
    assert output.finish({"summary.json": "new"}) == []
    assert (tmp_path / "summary.json").read_text() == "new"


@pytest.mark.parametrize("what", ["file", "directory", "link"])
def test_what_is_in_the_way_stays(tmp_path: Path, what: str) -> None:
    there = tmp_path / "web1.out"
    elsewhere = tmp_path / "elsewhere"
    {"file": lambda: there.write_text("old"), "directory": there.mkdir, "link": lambda: there.symlink_to(elsewhere)}[
        what
    ]()
    output = OutputDir(str(tmp_path), overwrite=False)
    output.add("web1", OUTPUT, "new")
    assert output.finish(SUMMARIES) == ["web1.out"]
    assert not elsewhere.exists()
    assert there.is_dir() or there.is_symlink() or there.read_text() == "old"


def test_a_link_is_replaced_and_not_followed_where_that_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "web1.out").symlink_to(tmp_path / "elsewhere")
    output = OutputDir(str(tmp_path / "out"), overwrite=True)
    output.add("web1", OUTPUT, "new")
    assert output.finish({}) == []
    assert (tmp_path / "out" / "web1.out").read_text() == "new"
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_system_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands for FAT and some network file systems, which no test machine has mounted."""

    def refused(*_args: object, **_more: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    (tmp_path / "web2.out").write_text("old")
    output = OutputDir(str(tmp_path), overwrite=False)
    output.add("web1", OUTPUT, "new")
    output.add("web2", OUTPUT, "new")
    assert output.finish({}) == ["web2.out"]
    assert [(tmp_path / name).read_text() for name in ("web1.out", "web2.out")] == ["new", "old"]


def test_what_killed_runs_have_left_is_removed_and_a_living_ones_not(tmp_path: Path) -> None:
    living = OutputDir(str(tmp_path), overwrite=False)
    living.add("web1", OUTPUT, "x")
    left = tmp_path / f".fleet.sshfleet-{run_mark.suffix().split('-')[1]}-fffffff-00000001-abcd"
    left.mkdir()
    (left / "web1.out").write_text("")
    other = OutputDir(str(tmp_path), overwrite=False)
    assert not left.exists()
    other.forget()
    assert living.finish(SUMMARIES) == []
    assert sorted(file.name for file in tmp_path.iterdir()) == ["summary.json", "summary.txt", "web1.out"]


@pytest.mark.parametrize("path", ["/proc/nowhere", "/dev/null"])
def test_a_directory_that_can_not_be_is_refused(path: str) -> None:
    with pytest.raises(InvalidOption, match="can't be written to"):
        OutputDir(path, overwrite=False)
