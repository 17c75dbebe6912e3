# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run over a tree: check mode, diff, what fails it, and thousands of files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from moved import OURS

from ansible_collections.sshfleet.containers.plugins.plugin_utils.moving.work import run as moving

TASKS = (
    "- docker_container: {name: x} # mine\n- podman_play: {name: y}\n"
    "- podman_container: {name: x, network: '{{ x }}'}\n"
)


def run(path: Path, **options: Any) -> dict[str, Any]:
    check_mode = options.pop("check_mode", False)
    params = {"path": str(path), "write": False, "backup": False, "fail_on": ["unreadable"], **options}
    shown: list[str] = []
    result = moving.run(moving.wanted(params, check_mode=check_mode), OURS, shown.extend)
    assert shown == result["report"]
    return result


def test_nothing_is_written_without_being_asked(tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_text(TASKS)
    for options in ({}, {"write": True, "check_mode": True}):
        result = run(tmp_path, **options)
        assert (tmp_path / "x.yml").read_text() == TASKS
        assert result["counts"] == {"word": 1, "option": 0, "hand": 0, "template": 1, "impossible": 1, "files": 1}
        assert result["changed"] == bool(options) and not result.get("failed")
        assert bool(result["diff"]) == bool(options) and result["files"][0]["changes"]


def test_what_is_written_is_the_diff_of_check_mode(tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_text(TASKS)
    told = run(tmp_path, write=True, check_mode=True)["diff"]
    done = run(tmp_path, write=True, backup=True)
    assert done["diff"] == told and done["changed"] and len(done["backups"]) == 1
    assert told[0]["prepared"].splitlines()[3:5] == [
        "-- docker_container: {name: x} # mine", "+- sshfleet.containers.remote_container: {name: x} # mine",
    ]  # fmt: skip
    again = run(tmp_path, write=True)
    assert not again["changed"] and again["diff"] == [] and again["counts"]["word"] == 0


@pytest.mark.parametrize(
    ("fail_on", "words"),
    [
        ([], ""),
        (["unreadable"], "bad.yml:2: "),
        (["hand"], ""),
        (["hand", "impossible"], "1 tasks"),
        (["template"], "1 "),
    ],
)
def test_what_fails_it(tmp_path: Path, fail_on: list[str], words: str) -> None:
    (tmp_path / "x.yml").write_text(TASKS)
    (tmp_path / "bad.yml").write_text("- docker_container: {\n")
    result = run(tmp_path, write=True, fail_on=fail_on)
    assert bool(result.get("failed")) == bool(words) and words in result.get("msg", "")
    assert result["changed"] and "sshfleet" in (tmp_path / "x.yml").read_text()


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_text('- name: "a\\e[2Jb"\n  docker_container: {name: x}\n')
    assert run(tmp_path)["report"][0] == "x.yml:1: a\\x1b[2Jb: docker_container → remote_container: one word"


def test_the_work_grows_with_the_files(tmp_path: Path) -> None:
    """Each file is read once and parsed once, whatever the others are, and a name is searched in its own role only."""
    for number in range(300):
        folder = tmp_path / f"roles/r{number}/tasks"
        folder.mkdir(parents=True)
        task = f"- docker_container: {{name: x{number}}}\n  register: r\n- debug: msg={{{{ r.container.Id }}}}\n"
        (folder / "main.yml").write_text(task)
    result = run(tmp_path, write=True)
    assert result["counts"]["option"] == 300
    assert all(len(file["tasks"][0]["reads"]) == 1 for file in result["files"])
