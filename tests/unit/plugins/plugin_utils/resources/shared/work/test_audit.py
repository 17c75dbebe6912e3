# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The audit trail as it is written: whole lines from many processes, private files, refusals."""

from __future__ import annotations

import json
import os
import pwd
import socket
import stat
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils import run_mark
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import AuditError, EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared import audit
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.plan import Plan, Resource
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work import audit as trail
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.runner import Runner

ABOUT = audit.About("1-ab", "ops", "control1", 7, "web1", "remote_container", "docker 26.1.5")
STEP = Resource("container", "web").step("start", "state is started")


def hook(write: trail.Write, warned: list[str], *, required: bool = False) -> trail.AuditHook:
    return trail.AuditHook(ABOUT, write, required=required, shown=str, warn=warned.append)


def run(hook: trail.AuditHook, error: BaseException | None = None) -> bool:
    """Whether a step was done."""
    done = False
    with Runner(None, lambda _line: None, hooks=[hook]).doing(STEP):
        done = True
        if error is not None:
            raise error
    return done


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_step_has_two_lines_in_a_private_file(tmp_path: Path) -> None:
    path = tmp_path / "trail"
    assert run(hook(trail.writer(str(path)), []))
    intent, outcome = lines(path)
    assert (intent["event"], outcome["event"], outcome["result"]) == ("intent", "outcome", "done")
    assert intent["id"] == outcome["id"] and outcome["seconds"] >= 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("error", "result", "kind"),
    [(EngineError("no", kind="no_answer"), "failed", "no_answer"), (ValueError("no"), "failed", None),
     (KeyboardInterrupt(), "interrupted", None)],
)  # fmt: skip
def test_the_outcome_tells_how_it_ended(tmp_path: Path, error: BaseException, result: str, kind: str | None) -> None:
    path = tmp_path / "trail"
    with pytest.raises(type(error)):
        run(hook(trail.writer(str(path)), []), error)
    assert [(line.get("result"), line.get("error")) for line in lines(path)] == [(None, None), (result, kind)]


def _many(path: str) -> None:
    write = trail.writer(path)
    for number in range(200):
        write(json.dumps({"pid": os.getpid(), "number": number, "filler": "x" * (number * 40)}))


def test_lines_of_many_processes_stay_whole(tmp_path: Path) -> None:
    path = tmp_path / "trail"
    with ProcessPoolExecutor(8) as pool:
        list(pool.map(_many, [str(path)] * 50))
    assert len(lines(path)) == 50 * 200


def _open_to_others(folder: Path) -> Path:
    (folder / "trail").write_text("")
    (folder / "trail").chmod(0o620)
    return folder / "trail"


def _in_an_open_directory(folder: Path) -> Path:
    (folder / "open").mkdir()
    (folder / "open").chmod(0o777)
    return folder / "open" / "trail"


def _link(folder: Path) -> Path:
    (folder / "trail").symlink_to(folder / "other")
    return folder / "trail"


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "trail", 0o600)
    return folder / "trail"


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (_open_to_others, "Others can write the audit trail"), (_in_an_open_directory, "the directory of the audit"),
        (_link, "can't be written"), (_pipe, "can't be written|no ordinary file"),
        (lambda folder: folder / "missing" / "trail", "No such file"), (lambda folder: folder, "Is a directory"),
    ],
)  # fmt: skip
def test_files_that_will_not_do(tmp_path: Path, made: Any, words: str) -> None:
    path = made(tmp_path)
    warned: list[str] = []
    with pytest.raises(AuditError, match=words):
        run(hook(trail.writer(str(path)), warned, required=True))
    assert not warned
    assert run(hook(trail.writer(str(path)), warned)) and len(warned) == 1
    assert "not written down" in warned[0]
    assert not (tmp_path / "other").exists()


def test_a_file_of_somebody_else_will_not_do(tmp_path: Path) -> None:
    if os.geteuid():
        pytest.skip("only root can give a file away")
    path = tmp_path / "trail"
    path.write_text("")
    path.chmod(0o600)
    os.chown(path, 12345, 0)
    with pytest.raises(AuditError, match="belongs to somebody else"):
        trail.writer(str(path))("{}")


def test_half_a_line_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk can't be had here: a write that takes a part stands for it."""
    path = tmp_path / "trail"
    write = trail.writer(str(path))
    write('{"first": 1}')
    real = os.write
    monkeypatch.setattr(trail.os, "write", lambda descriptor, data: real(descriptor, data[:5]))
    with pytest.raises(AuditError, match="no room"):
        write('{"second": 2}')
    assert path.read_text() == '{"first": 1}\n'


def test_the_systems_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket of the test's own stands for the system's."""
    path = tmp_path / "log"
    monkeypatch.setattr(trail, "SYSLOG_SOCKET", str(path))
    with pytest.raises(AuditError, match="takes no line"):
        trail.writer("syslog")("{}")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log:
        log.bind(str(path))
        trail.writer("syslog")('{"a": 1}')
        assert log.recv(1000).decode() == f'<85>sshfleet[{os.getpid()}]: {{"a": 1}}'


def test_a_plan_alone_is_not_written_down(tmp_path: Path) -> None:
    hook(trail.writer(str(tmp_path / "trail")), []).planned(Plan((STEP,)))
    assert not (tmp_path / "trail").exists()


def test_who_and_which_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pwd, "getpwuid", lambda _uid: SimpleNamespace(pw_name="root"))
    monkeypatch.setenv("LOGNAME", "somebody-else")  # anybody may say so
    monkeypatch.setenv("SUDO_USER", "ops")
    assert trail.user() == "root (sudo by ops)"
    monkeypatch.setenv("SUDO_USER", "root")
    assert trail.user() == "root"
    monkeypatch.delenv("SUDO_USER")
    monkeypatch.setattr(pwd, "getpwuid", lambda uid: {}[uid])
    assert trail.user() == "somebody-else", "of a user ID without a name, nothing else is known"
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    assert trail.user() == str(os.getuid())
    pid, began = trail.run().split("-")
    assert int(pid, 16) == os.getppid() and began == run_mark.began(os.getppid())
