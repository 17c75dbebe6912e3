# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where commands run, and when the engine's archives see what they see."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.inside.place import (
    Place,
    place,
    reading_all,
    writing,
)

OPTIONS = {"container": "app", "remote_user": None, "working_dir": None, "env": None}


def test_a_request_names_only_what_is_asked_for() -> None:
    assert place(OPTIONS).request(["id"], stdin=False) == {
        "Cmd": ["id"], "Env": [], "Tty": False, "AttachStdin": False, "AttachStdout": True, "AttachStderr": True,
    }  # fmt: skip
    more = {**OPTIONS, "remote_user": "web", "working_dir": "/srv", "env": {"A": "1"}}
    asked = place(more).request(["id"], stdin=True)
    assert (asked["User"], asked["WorkingDir"], asked["Env"], asked["AttachStdin"]) == ("web", "/srv", ["A=1"], True)


@pytest.mark.parametrize(
    ("option", "value", "named"),
    [
        ("container", "a/b", "container"),
        ("working_dir", "srv", "working_dir"),
        ("env", ["A=1"], "env"),
        ("env", {"A": 1}, "env.A"),
        ("env", {"A=B": "1"}, "env"),
    ],
)
def test_what_can_not_be_used_is_named(option: str, value: Any, named: str) -> None:
    with pytest.raises(InvalidOption) as caught:
        place({**OPTIONS, option: value})
    assert caught.value.option == named


def test_a_secret_is_not_shown() -> None:
    with pytest.raises(InvalidOption) as caught:
        place({**OPTIONS, "env": {"DB_PASSWORD": 8472619}})
    assert "8472619" not in str(caught.value)


PLAIN: dict[str, Any] = {"Config": {"User": ""}, "HostConfig": {}, "Mounts": []}
AS_WEB = {"Config": {"User": "web"}}
HIDDEN: tuple[tuple[dict[str, Any], str], ...] = (
    ({"HostConfig": {"ReadonlyRootfs": True}}, "/srv/a"),
    ({}, "/dev/shm/a"),
    ({}, "a"),
    (AS_WEB, "/srv/a"),
)
HIDDEN_FROM_DOCKER: tuple[dict[str, Any], ...] = (
    {"HostConfig": {"Tmpfs": {"/tmp": ""}}},
    {"Mounts": [{"Type": "tmpfs", "Destination": "/run"}]},
    {"HostConfig": {"Privileged": True}},
    {"HostConfig": {"CapAdd": ["CAP_SYS_ADMIN"]}},
)


def test_archives_see_what_root_sees_on_disks() -> None:
    inspect = {**PLAIN, "Mounts": [{"Type": "volume", "Destination": "/srv"}], "HostConfig": {"CapAdd": ["NET_ADMIN"]}}
    for user in (None, "root", "0"):
        assert Place("app", user).archive_reaches(inspect, "/srv/a", reaches_tmpfs=False)
    assert Place("app", "root").archive_reaches({**PLAIN, **AS_WEB}, "/srv/a", reaches_tmpfs=False)
    assert not Place("app", "web").archive_reaches(inspect, "/srv/a", reaches_tmpfs=True)


@pytest.mark.parametrize(("inspect", "path"), HIDDEN)
def test_archives_of_no_engine_see(inspect: dict[str, Any], path: str) -> None:
    for reaches in (True, False):
        assert not Place("app").archive_reaches({**PLAIN, **inspect}, path, reaches_tmpfs=reaches)


@pytest.mark.parametrize("inspect", HIDDEN_FROM_DOCKER)
def test_archives_of_some_engines_see(inspect: dict[str, Any]) -> None:
    for reaches in (True, False):
        assert Place("app").archive_reaches({**PLAIN, **inspect}, "/a", reaches_tmpfs=reaches) == reaches


def test_all_input_is_read_whatever_becomes_of_the_command(tmp_path: Path) -> None:
    """With ten times what a pipe holds: whoever does not read it gets an error here."""
    data = b"x" * 655_360
    for argv, code in (
        (["sh", "-c", reading_all("exec_nothing_of_this_name")], 127),
        (writing(f"{tmp_path}/no/file"), 1),
    ):
        with subprocess.Popen(argv, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdin is not None
            process.stdin.write(data)
            process.stdin.close()
            assert process.wait(60) == code
    with subprocess.Popen(writing(f"{tmp_path}/file"), stdin=subprocess.PIPE) as process:
        process.communicate(data)
    assert (tmp_path / "file").read_bytes() == data
