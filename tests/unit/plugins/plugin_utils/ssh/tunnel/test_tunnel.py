# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Opening, reusing, replacing; with a fake ssh whose master answers on the control socket."""

from __future__ import annotations

import dataclasses
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login.process import Finished
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.master import state
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.tunnel import tunnel

TARGET = SshTarget("h", host_key_checking=True)


class FakeSsh:
    """Starts fake masters; ``failures`` are stderr texts of the tries that fail first."""

    def __init__(self, master: Callable[..., Any], runtime: Path) -> None:
        self._master = master
        self.runtime = runtime
        self.argvs: list[list[str]] = []
        self.masters: list[Any] = []
        self.failures: list[str] = []
        self.slept: list[float] = []
        self.clock = 1000.0
        self.strict = "ask"

    def run(self, _target: Any, argv: list[str], _timeout: float, **kwargs: Any) -> Finished:
        self.argvs.append(argv)
        if "-G" in argv:
            return Finished(0, f"user u\nstricthostkeychecking {self.strict}\n", "")
        kwargs["on_start"](1)
        if self.failures:
            return Finished(255, "", self.failures.pop(0))
        found = re.search(r'ControlPath="([^"]+)"', " ".join(argv))
        assert found
        self.masters.append(self._master(found[1], pid=100 + len(self.masters)))
        return Finished(0, "", "")

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock += seconds

    def open(self, target: SshTarget = TARGET, **settings: Any) -> tunnel.Tunnel:
        tools = tunnel.Tools(lambda: self.clock, self.sleep, lambda: 0.5, lambda message: None, self.run)
        return tunnel.open_tunnel(target, tunnel.TunnelSettings(**settings), runtime_dir=self.runtime, tools=tools)


@pytest.fixture
def ssh(master: Callable[..., Any], short: Path) -> FakeSsh:
    return FakeSsh(master, short)


def test_started_once_and_reused(ssh: FakeSsh) -> None:
    first, second = ssh.open(), ssh.open()
    assert (first.opened, second.opened) == (True, False)
    assert first.pid == second.pid == 100
    assert len(ssh.argvs) == 1


def test_another_target_another_master(ssh: FakeSsh) -> None:
    assert ssh.open().pid != ssh.open(SshTarget("h2", host_key_checking=True)).pid


def test_a_dead_master_is_replaced_and_its_files_go(ssh: FakeSsh) -> None:
    first = ssh.open()
    local = first.forward("/r")
    first.remember("k", 1)
    ssh.masters[0].die()
    second = ssh.open()
    assert (second.pid, second.memory) == (101, {})
    assert not Path(first.control).exists()
    assert not Path(local).exists()


def test_max_age(ssh: FakeSsh) -> None:
    first = ssh.open(max_age=60)
    ssh.clock += 59
    assert ssh.open(max_age=60).pid == first.pid
    ssh.clock += 1
    second = ssh.open(max_age=60)
    assert second.pid != first.pid
    assert Path(first.control).exists(), "what runs over the old one is not cut"
    assert 0x10000005 not in [kind for kind, _body in ssh.masters[0].requests]


def test_the_default_age_is_four_hours(ssh: FakeSsh) -> None:
    assert tunnel.TunnelSettings() == tunnel.TunnelSettings(idle=600, max_age=4 * 3600, retries=3)


def test_tries_and_pauses(ssh: FakeSsh) -> None:
    ssh.failures = ["ssh: connect to host h port 22: Connection refused"] * 2
    assert ssh.open().opened
    assert ssh.slept == pytest.approx([0.1, 0.2])


def test_after_a_drop_ssh_tells_more(ssh: FakeSsh) -> None:
    ssh.failures = ["kex_exchange_identification: Connection closed by remote host"]
    ssh.open()
    assert ["LogLevel=VERBOSE" in argv for argv in ssh.argvs] == [True, False]
    assert "LogLevel=DEBUG1" in ssh.argvs[1]


def test_a_denied_login_is_not_tried_again_and_leaves_nothing_but_the_lock(ssh: FakeSsh) -> None:
    ssh.failures = ["u@h: Permission denied (publickey)."]
    with pytest.raises(SshError) as caught:
        ssh.open()
    assert caught.value.kind == "authentication"
    assert ssh.slept == []
    assert [path.suffix for path in ssh.runtime.iterdir()] == [".lock"]


def test_a_failure_without_a_reason_after_success(ssh: FakeSsh) -> None:
    """ssh said 0 but there is no master: an error, not a tunnel."""
    ssh._master = lambda control, pid: None
    with pytest.raises(SshError):
        ssh.open()


@pytest.mark.parametrize(("strict", "accepted"), [("ask", True), ("true", False), ("accept-new", False)])
def test_the_users_configuration_decides_on_host_keys(ssh: FakeSsh, strict: str, accepted: bool) -> None:
    ssh.strict = strict
    ssh.failures = ["Host key verification failed."]
    target = dataclasses.replace(TARGET, host_key_checking=None)
    if accepted:
        assert ssh.open(target).opened
        assert "StrictHostKeyChecking=accept-new" in ssh.argvs[-1]
        assert (len(ssh.argvs), ssh.slept) == (3, [])
    else:
        with pytest.raises(SshError) as caught:
            ssh.open(target)
        assert caught.value.kind == "host_key"


def test_a_known_host_costs_no_look_at_the_configuration(ssh: FakeSsh) -> None:
    ssh.open(dataclasses.replace(TARGET, host_key_checking=None))
    (only,) = ssh.argvs
    assert "StrictHostKeyChecking=accept-new" not in only


def test_a_first_contact_is_made_alone_and_leaves_no_lock(ssh: FakeSsh, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two users' first logins to one host would each write its key down."""
    held: list[set[str]] = []
    run = ssh.run

    def look(target: Any, argv: list[str], timeout: float, **kwargs: Any) -> Finished:
        if "StrictHostKeyChecking=accept-new" in argv:
            held.append({path.name for path in ssh.runtime.glob("*.lock")})
        return run(target, argv, timeout, **kwargs)

    monkeypatch.setattr(ssh, "run", look)
    for user in ("a", "b"):
        ssh.failures = ["Host key verification failed."]
        target = SshTarget("h", user=user)
        ssh.open(target)
        held[-1].remove(f"{target.identity()}.lock")
    own = {f"{SshTarget('h', user=user).identity()}.lock" for user in ("a", "b")}
    assert held[0] - own == held[1] - own
    assert len(held[0] - own) == 1
    assert {path.name for path in ssh.runtime.glob("*.lock")} == own


def test_a_password_is_typed_once_and_the_configuration_looked_at_first(ssh: FakeSsh) -> None:
    target = SshTarget("h", password="hunter2")
    assert ssh.open(target).opened
    assert ["-G" in argv for argv in ssh.argvs] == [True, False]
    assert "BatchMode=no" in ssh.argvs[-1]
    assert "StrictHostKeyChecking=accept-new" in ssh.argvs[-1]
    assert "hunter2" not in str(ssh.argvs)


def test_a_wrong_password_is_not_tried_again(ssh: FakeSsh) -> None:
    ssh.failures = ["u@h: Permission denied (publickey,password)."]
    with pytest.raises(SshError) as caught:
        ssh.open(SshTarget("h", password="hunter2"))
    assert (caught.value.kind, ssh.slept) == ("authentication", [])
    assert len([argv for argv in ssh.argvs if "-G" not in argv]) == 1
    assert "hunter2" not in str(caught.value)
    assert not any("hunter2" in path.read_text() for path in ssh.runtime.iterdir())


def test_a_key_text_is_a_file_only_while_ssh_starts(ssh: FakeSsh, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    run = ssh.run

    def look(target: Any, argv: list[str], timeout: float, **kwargs: Any) -> Finished:
        seen.append([path.read_text() for path in ssh.runtime.glob("keys/*")])
        return run(target, argv, timeout, **kwargs)

    monkeypatch.setattr(ssh, "run", look)
    ssh.open(dataclasses.replace(TARGET, private_key="text"))
    ssh.failures = ["u@h: Permission denied (publickey)."]
    with pytest.raises(SshError):
        ssh.open(dataclasses.replace(TARGET, private_key="other"))
    assert seen == [["text"], ["other"]]
    assert list(ssh.runtime.glob("keys/*")) == []


def test_any_open_removes_the_key_of_a_killed_run(ssh: FakeSsh) -> None:
    ssh.open()
    (ssh.runtime / "keys").mkdir(mode=0o700)
    left = ssh.runtime / "keys" / "0123456789abcdef-abcdef"
    left.touch()
    assert not ssh.open().opened
    assert not left.exists()


def test_a_changed_host_key_is_not_tried_again(ssh: FakeSsh) -> None:
    ssh.failures = ["@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed."]
    with pytest.raises(SshError):
        ssh.open(dataclasses.replace(TARGET, host_key_checking=None))
    assert len(ssh.argvs) == 1


def test_forward_is_opened_once(ssh: FakeSsh) -> None:
    local = ssh.open().forward("/r")
    assert ssh.open().forward("/r") == local
    assert ssh.open().forward("/other") != local
    assert [kind for kind, _words in ssh.masters[0].requests].count(0x10000006) == 2


def test_forward_is_closed_to_others_whatever_the_configuration_says(ssh: FakeSsh) -> None:
    assert stat.S_IMODE(Path(ssh.open().forward("/r")).stat().st_mode) == 0o600


def test_a_deleted_forward_gets_a_new_name(ssh: FakeSsh) -> None:
    """That of none before: the master goes on holding each of them."""
    names: list[str] = []
    for remote in ("/r", "/other", "/r", "/r", "/other", "/r"):
        names.append(ssh.open().forward(remote))
        Path(names[-1]).unlink()
    assert len(set(names)) == len(names) and len(ssh.masters) == 1


def test_a_forward_that_is_gone_at_once_takes_a_new_connection(ssh: FakeSsh, monkeypatch: pytest.MonkeyPatch) -> None:
    """A master that ends takes its sockets along."""
    real, gone = os.chmod, list[str]()

    def chmod(path: str, mode: int) -> None:
        if not gone:
            gone.append(path)
            Path(path).unlink()
        real(path, mode)

    opened = ssh.open()
    monkeypatch.setattr(os, "chmod", chmod)
    assert Path(opened.forward("/r")).exists() and len(ssh.masters) == 2


def test_a_refused_forward(ssh: FakeSsh) -> None:
    opened = ssh.open()
    ssh.masters[0].answers[0x10000006] = (0x80000003, b"\0\0\0\1\0\0\0\3bad")
    with pytest.raises(SshError, match="bad"):
        opened.forward("/r")


def test_memory(ssh: FakeSsh) -> None:
    one, two = ssh.open(), ssh.open()
    one.remember("a", {"x": 1})
    two.remember("b", 2)
    assert ssh.open().memory == {"a": {"x": 1}, "b": 2}
    assert ssh.open().recall("a") == {"x": 1}
    assert ssh.open().recall("c") is None


def test_a_retired_tunnel_does_not_write_over_the_new_ones_record(ssh: FakeSsh) -> None:
    old = ssh.open(max_age=60)
    ssh.clock += 60
    ssh.open(max_age=60)
    old.remember("a", 1)
    old.forward("/r")
    record = state.load(state.Paths(str(ssh.runtime), TARGET.identity()))
    assert record is not None
    assert (record.pid, record.memory, record.forwards) == (101, {}, {})


def test_a_starting_record_is_taken_over(ssh: FakeSsh) -> None:
    first = ssh.open()
    paths = state.Paths(str(ssh.runtime), TARGET.identity())
    record = state.load(paths)
    assert record is not None
    state.save(paths, dataclasses.replace(record, status=state.STARTING, pid=1))
    assert ssh.open().control == first.control
    assert len(ssh.argvs) == 1
