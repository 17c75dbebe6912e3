# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong on the controller: HOME, limits, clock, disk; through Ansible, where its own needs count too."""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from checkout import CHECKOUT
from engine_cases import ENGINES, IMAGE, MAKE_IMAGE
from everywhere import everywhere
from lab_hosts import Lab, parse_results
from whole_stack import Engine, target_of

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.settings import ConnectionSettings

HOST = "bookworm1"
INFO = ("remote_engine_info",)
DAY = 86400
NAME = "fault-disk"


def ansible(lab: Lab, before: str, env: Mapping[str, str], *task: str) -> dict[str, Any]:
    """A task, by default remote_engine_info, run by a shell in a mount namespace of its own, after these commands."""
    argv = [str(Path(sys.executable).parent / "ansible"), "-i", lab.inventory, HOST, "-m", *(task or INFO)]
    script = f"{before}; exec {shlex.join(argv)}"
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script], cwd=CHECKOUT, env=lab.environment(env), capture_output=True, text=True,
        check=False, stdin=subprocess.DEVNULL, timeout=120,
    )  # fmt: skip
    return dict(parse_results(done.stdout, done.stderr)[HOST])


@pytest.fixture
def home() -> Iterator[Path]:
    """A home whose path is short."""
    with tempfile.TemporaryDirectory(prefix="home", dir="/tmp") as folder:
        yield Path(folder)


@pytest.mark.fault("HOME is read-only", on="bookworm1")
def test_a_home_that_is_read_only(cold_lab: Lab, home: Path, tmp_path: Path) -> None:
    """As in a container for controllers. Ansible's own files are elsewhere, as it needs that, too."""
    env = {"HOME": str(home), "ANSIBLE_HOME": str(tmp_path / "ansible"), "ANSIBLE_LOCAL_TEMP": str(tmp_path / "tmp")}
    closed = f"mount -t tmpfs -o ro tmpfs {home}"
    done = ansible(cold_lab, closed, env)
    assert done["_status"] == "SUCCESS", done
    nowhere = f"{closed}; unset XDG_RUNTIME_DIR"
    try:
        done = ansible(cold_lab, nowhere, env)
        assert done["_status"] == "SUCCESS", done
        told = ansible(cold_lab, nowhere, env, "remote_tunnel")
        assert told["tunnel"]["open"] and list(home.iterdir()) == [], told
    finally:
        ansible(cold_lab, nowhere, env, "remote_tunnel", "-a", "state=absent")


@pytest.mark.fault("Few files may be open", on="bookworm1")
def test_few_open_files(cold_lab: Lab) -> None:
    done = ansible(cold_lab, "ulimit -n 64", {})
    assert done["_status"] == "SUCCESS", done


JUMPS = """
import os, time
now = time.time
time.time = lambda: now() + float(os.environ["JUMP"])
"""


@pytest.mark.fault("The clock jumps by a day", on="bookworm1")
def test_a_clock_that_jumps(cold_lab: Lab, tmp_path: Path) -> None:
    """Between two runs, a day forth and two back; ssh's own clock is another."""
    (tmp_path / "sitecustomize.py").write_text(JUMPS)
    for jump in (0, DAY, -DAY, 0):
        done = ansible(cold_lab, "true", {"PYTHONPATH": str(tmp_path), "JUMP": str(jump)})
        assert done["_status"] == "SUCCESS", (jump, done)


@pytest.mark.fault("The controller's disk is full")
def test_a_disk_that_is_full(cold_lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is copied out of a container does not fit, and the one that was there stays."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(cold_lab.runtime))
    for host in sorted({host for host, _engine in ENGINES}):
        cold_lab.ssh(host, "sh", "-s", input=MAKE_IMAGE)

    def examine(host: str, engine: str) -> None:
        (small := tmp_path / f"{host}-{engine}").mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small], check=True)
        place = Engine(target_of(cold_lab, host), ConnectionSettings(engine=engine, tunnel_idle=60))
        try:
            (small / "f").write_text("old")
            sleeps = {"name": NAME, "image": IMAGE, "command": ["sleep", "600"], "stop_timeout": 0}
            place.run("container", sleeps)
            given = {
                "container": NAME,
                "direction": "out_of",
                "container_path": "/bin/busybox",
                "path": str(small / "f"),
            }
            with pytest.raises(InvalidOption) as caught:
                place.run("container_copy", given)
            assert caught.value.details("", "")["kind"] == "invalid_option"
            assert "No space left on device" in str(caught.value) and str(small) in str(caught.value)
            assert [(path.name, path.read_text()) for path in small.iterdir()] == [("f", "old")]
        finally:
            place.run("container", {"name": NAME, "state": "absent"})
            subprocess.run(["umount", small], check=True)

    everywhere(examine)
