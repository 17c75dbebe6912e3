# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the script's words are read. It runs on hosts in tests/lab."""

from __future__ import annotations

import base64
import subprocess

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.quadlet import script, told
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.quadlet.told import File, State


def packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_a_look() -> None:
    said = (
        f"uid 0\nfolder /etc/containers/systemd\ngenerator /usr/lib/x\nsystemd yes\nwork /tmp/w/units\n"
        f"now {packed('units')} {packed('')}\nfile web.container 644 17 {packed('[X]')}\nfile empty.yaml 600 18 \n"
        f"then {packed('more')} {packed('wrong')}\nend\n"
    )
    found = told.read_look(said)
    assert found is not None and found.systemd and found.uid == 0 and found.generator == "/usr/lib/x"
    assert found.files == {"web.container": File("644", 17, "[X]"), "empty.yaml": File("600", 18, "")}
    assert (found.now, found.then) == (("units", ""), ("more", "wrong"))


@pytest.mark.parametrize("said", ["", "uid 0\n", "file a 1\nend\n", "file a 644 x YQ==\nend\n", "now ? ?\nend\n"])
def test_half_an_answer_is_none(said: str) -> None:
    assert told.read_look(said) is None


def test_states() -> None:
    said = "LoadState=loaded\nActiveState=active\nSubState=running\nResult=success\nNeedDaemonReload=yes\n"
    said += "ActiveEnterTimestamp=@17\n"
    assert told.read_state(said) == State("loaded", "active", "running", "success", outdated=True, since=17)
    assert told.read_state("LoadState=loaded\nalong b.service\nalong a.service\nend\n") == State(
        "loaded", along=("a.service", "b.service")
    )
    assert told.read_state("SubState=auto-restart\n").keeps_ending and told.read_state("NRestarts=2\n").keeps_ending
    assert not told.read_state("NRestarts=0\nSubState=running\n").keeps_ending
    assert told.read_state("ActiveEnterTimestamp=Mon 2026-11-30\n") == State() and not State().runs


@pytest.mark.parametrize(("file", "foreign"), [
    ("", False), ("/run/systemd/generator/a.service", False), ("/run/user/1000/systemd/generator/a.service", False),
    ("/run/systemd/generator.late/a.service", False), ("/etc/systemd/system/a.service", True),
    ("/usr/lib/systemd/system/a.service", True), ("/run/systemd/transient/a.service", True),
    ("/home/run/systemd/generator/a.service", True),
])  # fmt: skip
def test_units_that_are_no_quadlets(file: str, foreign: bool) -> None:
    assert told.read_state(f"LoadState=loaded\nFragmentPath={file}\n").foreign == foreign


def test_the_shell_reads_it() -> None:
    argv = script.argv("system", "look", "web.container")
    assert subprocess.run(["sh", "-n", "-c", argv[2]], check=False).returncode == 0
    assert script.to_write("a.yaml", "644", "x\n") == f"a.yaml 644 {packed(chr(120) + chr(10))}\n"
    assert script.to_look({"a": "x"}, ["b"]) == f"put a {packed('x')}\ngone b\n"
