# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Over a jump host's master: the command line, what its words become, and whose fault an error is said to be."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption, SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address import argv
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login.diagnosis import Outcome, classify
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login.process import Finished
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.tunnel import relay, tunnel

HOP = SshTarget("gate", 23, "j", name="jump host j@gate:23")
TARGET = SshTarget("h", user="root", ssh_args=("-o", "A=b"), via=HOP, name="web1")


def test_the_proxy_command_comes_before_all_other_arguments() -> None:
    words = argv.master(relay.proxied(TARGET, "/r/a b%c.ctl", "/r/x.log"), "/r/y.ctl", 1)
    proxy = next(word for word in words if word.startswith("ProxyCommand="))
    assert words.index(proxy) < words.index("A=b")
    assert proxy == (
        "ProxyCommand=ssh -F none -o BatchMode=yes -o ControlMaster=no -S '/r/a b%%%%c.ctl' "
        "-o ProxyCommand=false -E /r/x.log -W '[%h]:%p' -- gate"
    )


ENDED = "kex_exchange_identification: Connection closed by remote host\r\nConnection closed by UNKNOWN port 65535\r\n"
BROKEN = "banner exchange: Connection to UNKNOWN port 65535: Broken pipe\r\n"
REFUSED = "Stdio forwarding request failed: Session open refused by peer\r\n"
# ssh's stderr, the relaying ssh's, what the look from the hop says -> kind, cause, a part of the words
OVER_HOP: dict[str, tuple[str, str, str, str, str, str]] = {
    "it hung up": (ENDED, "", "", "unreachable", "dropped", "Connection closed by h"),
    "it hung up early": (BROKEN, "", "", "unreachable", "dropped", "Connection to h: Broken pipe"),
    "it hung up later": ("Connection closed by UNKNOWN port 65535", "", "", "unreachable", "reset", "by h"),
    "refused": (ENDED, REFUSED, "open failed: connect failed: Connection refused", "unreachable", "refused", "refused"),
    "no route": (ENDED, REFUSED, "open failed: connect failed: No route to host", "unreachable", "network", "No route"),
    "slow": (ENDED, REFUSED, "open failed: connect failed: Connection timed out", "unreachable", "timeout", "timed"),
    "no name": (ENDED, REFUSED, "open failed: connect failed: Name or service not known", "name", "name", "not known"),
    "closed to us": (
        BROKEN,
        REFUSED,
        "open failed: administratively prohibited: open failed",
        "jump_prohibited",
        "",
        "",
    ),
    "no reason": (ENDED, REFUSED, "", "unreachable", "proxy", "refused by peer"),
    "no master": (ENDED, ENDED, "", "unreachable", "proxy", "UNKNOWN"),
    "a key": ("root@h: Permission denied (publickey).", "", "", "authentication", "denied", "Permission denied"),
}


@pytest.mark.parametrize(("stderr", "said", "reason", "kind", "cause", "words"), OVER_HOP.values(), ids=OVER_HOP)
def test_a_failure_behind_a_hop_has_its_own_cause(
    tmp_path: Path, stderr: str, said: str, reason: str, kind: str, cause: str, words: str
) -> None:
    log = tmp_path / "log"

    def run(*_args: Any, **_options: Any) -> Finished:
        log.write_text(said)
        return Finished(255, "", stderr)

    over = relay._over_hop(tunnel.Tools(run=run), str(log), lambda: f"jump host: {reason}" if reason else "")
    outcome = Outcome(255, over.run(TARGET, ["ssh"], 1).stderr)
    assert classify(outcome).kind == kind
    assert cause in ("", classify(outcome).cause)
    assert words in outcome.stderr
    assert not log.exists()


# what the user's own ProxyCommand says with -v -> cause
DROP = "debug1: kex_exchange_identification: banner line 0: Exceeded MaxStartups\r\n"
OWN: dict[str, tuple[str, str]] = {
    "it says why": ("debug1: x\r\noh no\n" + ENDED, "proxy"),
    "it says nothing": ("OpenSSH_9.2p1 Debian, OpenSSL 3\r\ndebug1: x\r\n" + ENDED, "proxy"),
    "sshd says why": (DROP + ENDED, "dropped"),
    "an ssh that is refused": ("ssh: connect to host g port 22: Connection refused\r\n" + ENDED, "refused"),
    "an ssh whose hop is refused": ("channel 0: open failed: connect failed: Connection refused\n" + ENDED, "refused"),
}


@pytest.mark.parametrize(("verbose", "cause"), OWN.values(), ids=OWN)
def test_a_failed_proxy_command_may_speak(verbose: str, cause: str) -> None:
    seen: list[list[str]] = []

    def run(_target: Any, words: list[str], *_args: Any, **_options: Any) -> Finished:
        seen.append(words)
        return Finished(255, "", verbose if "-v" in words else ENDED)

    tools = relay._explaining(tunnel.Tools(run=run))
    for _try in range(2):
        assert classify(Outcome(255, tools.run(TARGET, ["ssh", "-f", "--", "h"], 1).stderr)).cause == cause
    assert seen == [["ssh", "-f", "--", "h"], ["ssh", "-f", "-v", "--", "h"], ["ssh", "-f", "-v", "--", "h"]]


def test_a_black_hole_behind_a_proxy_command_is_asked_once() -> None:
    stderr = "Connection timed out during banner exchange\r\nConnection to UNKNOWN port 65535 timed out\r\n"
    asked = []
    tools = relay._explaining(
        tunnel.Tools(run=lambda *args, **_options: asked.append(args) or Finished(255, "", stderr))
    )
    assert classify(Outcome(255, tools.run(TARGET, ["ssh", "--", "h"], 1).stderr)).cause == "timeout"
    assert len(asked) == 1


def test_an_error_of_a_hop_is_said_of_the_way() -> None:
    chain = SshTarget("h", via=SshTarget("b", name="jump host b", via=SshTarget("a", name="jump host a")), name="web1")
    problem = SshError("authentication", "jump host a does not let us in", "Try it.")
    error = relay.on_the_way(problem, chain)
    assert (error.kind, error.message, error.hint, error.unreachable) == (
        "authentication",
        "jump host a on the way to web1 (h) does not let us in",
        "Try it. A jump host's own key is named in ~/.ssh/config, or in the variable sshfleet_jump_keys.",
        True,
    )
    assert relay.on_the_way(SshError("name", "jump host a", "Try it."), chain).hint == "Try it."
    assert relay.on_the_way(problem, dataclasses.replace(chain, jump_keys=(("a", "/k"),))).hint == "Try it."


class FakeSsh:
    """Starts fake masters, remembers what was started, and answers ``ssh -G``."""

    def __init__(self, master: Callable[..., Any]) -> None:
        self._master = master
        self.argvs: list[list[str]] = []
        self.masters: dict[str, Any] = {}
        self.stderr: dict[str, str] = {}
        self.proxyjump: dict[str, str] = {}

    def run(self, _target: Any, argv: list[str], _timeout: float, **kwargs: Any) -> Finished:
        host = argv[-1]
        if "-G" in argv:
            jump = self.proxyjump.get(host, "none")
            return Finished(*((255, "", jump) if jump.startswith("jumphost loop") else (0, f"proxyjump {jump}\n", "")))
        self.argvs.append(argv)
        kwargs["on_start"](0)
        if host in self.stderr:
            return Finished(255, "", self.stderr[host])
        found = re.search(r'ControlPath="([^"]+)"', " ".join(argv))
        assert found
        self.masters[host] = self._master(found[1], pid=100 + len(self.masters))
        return Finished(0, "", "")

    def started(self) -> list[str]:
        return [words[-1] for words in self.argvs]


@pytest.fixture
def ssh(master: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> FakeSsh:
    monkeypatch.setattr(relay, "with_room", lambda on_start: on_start)
    monkeypatch.setattr(relay.ssh_config, "may_jump", lambda _arguments: True)
    return FakeSsh(master)


def opened(ssh: FakeSsh, runtime: Path, host: str = "h", *args: str) -> tunnel.Tunnel:
    target = SshTarget(host, host_key_checking=True, ssh_args=args, name=host)
    tools = tunnel.Tools(run=ssh.run, sleep=lambda _seconds: None)
    return tunnel.open_tunnel(target, runtime_dir=runtime, tools=tools)


def test_each_hop_is_started_once_and_first(ssh: FakeSsh, short: Path) -> None:
    for host in ("h", "i"):
        opened(ssh, short, host, "-J", "a,b")
    assert ssh.started() == ["a", "b", "h", "i"]
    over = [" ".join(words) for words in ssh.argvs]
    assert "ProxyCommand" not in over[0]
    assert f"-S {ssh.masters['a'].control}" in over[1]
    assert f"-S {ssh.masters['b'].control}" in over[2]
    assert [info.name for info in tunnel.list_tunnels(short)].count("jump host a") == 1


def test_the_configurations_jump_host(ssh: FakeSsh, short: Path) -> None:
    ssh.proxyjump = {"h": "a", "a": "b"}
    opened(ssh, short)
    opened(ssh, short)
    assert ssh.started() == ["b", "a", "h"]


def test_a_circle_that_ssh_itself_finds(ssh: FakeSsh, short: Path) -> None:
    ssh.proxyjump = {"h": "jumphost loop via gate"}
    with pytest.raises(InvalidOption, match="gate is to be reached through itself"):
        opened(ssh, short)


def test_a_hop_that_fails(ssh: FakeSsh, short: Path) -> None:
    ssh.stderr["a"] = "a: Permission denied (publickey)."
    with pytest.raises(SshError) as caught:
        opened(ssh, short, "h", "-J", "a,b")
    assert (caught.value.kind, caught.value.unreachable) == ("authentication", True)
    assert caught.value.message.startswith("jump host a on the way to h does not let us log in")
    assert {path.suffix for path in short.iterdir()} == {".lock"}


def test_a_dead_hop_is_started_anew(ssh: FakeSsh, short: Path) -> None:
    opened(ssh, short, "h", "-J", "a")
    ssh.masters["a"].die()
    opened(ssh, short, "i", "-J", "a")
    assert ssh.started() == ["a", "h", "a", "i"]


def test_closing_ends_the_hops_that_nobody_needs(ssh: FakeSsh, short: Path) -> None:
    one, two = opened(ssh, short, "h", "-J", "a,b"), opened(ssh, short, "i", "-J", "a")
    one.close()
    assert {info.name for info in tunnel.list_tunnels(short)} == {"i", "jump host a"}
    two.close()
    assert tunnel.list_tunnels(short) == []
