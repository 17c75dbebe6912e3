# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts a master over a jump host's own master, and finds out why that failed: ssh hides what a ProxyCommand says."""

from __future__ import annotations

import contextlib
import dataclasses
import re
import resource
import shlex
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from ...errors import InvalidOption, SshError
from ..address import argv, jumps, ssh_config
from ..address.effective import Effective
from ..address.target import SshTarget
from ..login import retry
from ..login.diagnosis import Outcome, classify
from ..login.process import Finished
from ..master import mux
from . import master
from .master import Tools, TunnelSettings

LOOK_TIME = 10.0  # seconds for ssh -G, and on top of the connect timeout for a look from the jump host

KEYS_HINT = "A jump host's own key is named in ~/.ssh/config, or in the variable sshfleet_jump_keys."
_REFUSED = "Session open refused by peer"
_LOOP = re.compile(r"jumphost loop via (\S+)")
_UNKNOWN = re.compile(r"(?<= )UNKNOWN port \d+")  # ssh's word for a peer behind a ProxyCommand
_HUNG_UP = re.compile(r"^(kex_exchange|ssh_exchange|banner exchange|.*UNKNOWN port).*$\n?", re.MULTILINE)
_SAID_BY_SSH = re.compile(r"^(debug\d|kex_exchange|ssh_exchange|banner exchange|OpenSSH_|.*UNKNOWN port|\s*$)")


def routed(target: SshTarget, tools: Tools) -> SshTarget:
    """The target with its jump hosts, those of ssh's configuration too.

    :raises InvalidOption: the chain can't be used.
    :raises SshError: kind ``ssh_client``, when there is no ssh to start.
    """
    if not ssh_config.may_jump(target.arguments):
        return jumps.routed(target, lambda _hop: "")
    return jumps.routed(target, lambda hop: _configured(hop, tools))


def _configured(target: SshTarget, tools: Tools) -> str:
    """The ProxyJump of ssh's configuration, '' where there is none. A configuration that ssh can't read fails when the
    master starts.
    """
    done = tools.run(target, argv.effective(target), LOOK_TIME)
    if loop := _LOOP.search(done.stderr):
        problem = f"your ssh configuration leads round in a circle: {loop[1]} is to be reached through itself."
        raise InvalidOption(
            jumps.OPTION, loop[1], problem, f"Add 'ProxyJump none' for {loop[1]}, before the lines that are for all."
        )
    return Effective.parse(done.stdout).get("proxyjump")


def start(
    target: SshTarget,
    control: str,
    settings: TunnelSettings,
    tools: Tools,
    on_start: Callable[[int], None],
    open_hop: Callable[[SshTarget], str],
    *,
    is_hop: bool = False,
) -> Outcome:
    """Do as ``master.start`` for a routed target: its jump hosts are opened first, and a failure says why.

    :param open_hop: opens a jump host, or finds it open, and returns its control socket.
    :param is_hop: whether the target is a jump host itself; then the caller says on which way its error happened.
    :raises SshError: a jump host can't be reached; the kind is that of its own failure.
    """
    if target.via is None:
        return master.start(target, control, settings, _explaining(tools), on_start)
    settings = dataclasses.replace(settings, drop_budget=retry.BUDGET_BEHIND_HOPS)
    while True:
        try:
            hop, hop_control = _open_way(target, open_hop)
        except SshError as problem:
            raise problem if is_hop else on_the_way(problem, target) from problem
        log = f"{control.removesuffix('.ctl')}.log"
        over = proxied(target, hop_control, log)
        why = cache(lambda over=over, hop=hop: _why(over, hop, tools))
        try:
            outcome = master.start(over, control, settings, _over_hop(tools, log, why), on_start)
        finally:
            Path(log).unlink(missing_ok=True)
        if outcome.returncode == 0 or _lives(hop, hop_control, tools, asked=classify(outcome).cause == "timeout"):
            return outcome
        tools.log(f"the connection to {hop.display} was lost; once more from the start")


def _lives(hop: SshTarget, control: str, tools: Tools, *, asked: bool) -> bool:
    """Whether a jump host's master runs and, if ``asked``, still reaches its host. One that does not is ended.

    It is asked for a channel to a port where nobody listens, because any answer will do.
    """
    if mux.master_pid(control) is None:
        return False
    if not asked:
        return True
    words = [*_client(hop, control), "-W", "[127.0.0.1]:9", "--", hop.host]
    if tools.run(hop, words, hop.connect_timeout).returncode is not None:
        return True
    with contextlib.suppress(mux.MuxError), mux.MuxClient(control) as client:
        client.terminate()
    return False


def _client(hop: SshTarget, control: str) -> list[str]:
    """The beginning of a command line for an ssh that uses this master and no other way."""
    words = [hop.ssh_executable, "-F", "none", "-o", "BatchMode=yes", "-o", "ControlMaster=no"]
    return [*words, "-S", _literal(control), "-o", "ProxyCommand=false"]


def _open_way(target: SshTarget, open_hop: Callable[[SshTarget], str]) -> tuple[SshTarget, str]:
    """Open all jump hosts, the first one first.

    :returns: the last one, as it is reached, and its control socket.
    """
    reached, control = target, ""
    for hop in jumps.way(target):
        reached = proxied(hop, control) if control else hop
        control = open_hop(hop)
    return reached, control


def on_the_way(problem: SshError, target: SshTarget) -> SshError:
    """The error of a jump host, in words that name the target behind it."""
    names = sorted((hop.display for hop in jumps.way(target)), key=len, reverse=True)
    name = next((name for name in names if name in problem.message), "")
    message = problem.message.replace(name, f"{name} on the way to {target.display}", 1) if name else problem.message
    no_key = problem.kind == "authentication" and not target.jump_keys
    return SshError(problem.kind, message, f"{problem.hint} {KEYS_HINT}" if no_key else problem.hint)


def is_prohibited(outcome: Outcome) -> bool:
    """Whether the jump host lets nothing through, or did not at the login that its master has."""
    return classify(outcome).kind == "jump_prohibited" or _REFUSED in outcome.stderr


def proxied(target: SshTarget, hop_control: str, log: str = "/dev/null") -> SshTarget:
    """The target as it is reached over a jump host's master and in no other way, because ssh takes the first value.

    :param log: the file into which the relaying ssh writes what goes wrong.
    """
    via = target.via or target
    words = [*_client(via, hop_control), "-E", log]
    line = f"{_literal(shlex.join(words))} -W '[%h]:%p' -- {_literal(shlex.quote(via.host))}"
    return dataclasses.replace(target, ssh_args=("-o", f"ProxyCommand={line}", *target.ssh_args))


def _literal(text: str) -> str:
    return text.replace("%", "%%")


def _over_hop(tools: Tools, log: str, why: Callable[[], str]) -> Tools:
    """Tools whose ssh says on stderr what happened at the jump host; where nothing did, the target hung up."""

    def run(target: SshTarget, words: list[str], timeout: float, **options: Any) -> Finished:
        done = tools.run(target, words, timeout, **options)
        if done.returncode == 0:
            return done
        if said := _taken(log):
            reason = why() if _REFUSED in said else ""
            return dataclasses.replace(done, stderr=f"{reason or said}\n{_HUNG_UP.sub('', done.stderr)}")
        return dataclasses.replace(done, stderr=_UNKNOWN.sub(target.host, done.stderr))

    return dataclasses.replace(tools, run=run)


def _taken(log: str) -> str:
    """What the relaying ssh has written; the file is removed. '' where there is none."""
    with contextlib.suppress(OSError):
        said = Path(log).read_text(errors="replace")
        Path(log).unlink()
        return said.strip()
    return ""


def _why(over: SshTarget, hop: SshTarget, tools: Tools) -> str:
    """What the jump host's sshd says when it is asked for the target without a master, since a master does not tell. ''
    for nothing.
    """
    there = Effective.parse(tools.run(over, argv.effective(over), LOOK_TIME).stdout)
    words = argv.relay(hop, there.hostname or over.host, there.port)
    said = tools.run(hop, words, hop.connect_timeout + LOOK_TIME).stderr
    found = re.search(r"open failed: .*", said)
    return f"{hop.name}: {found[0].strip()}" if found else ""


def _explaining(tools: Tools) -> Tools:
    """Tools whose ssh lets a ProxyCommand of the user's speak once one has failed: with ``-v`` ssh keeps its stderr."""
    failed = False

    def run(target: SshTarget, words: list[str], timeout: float, **options: Any) -> Finished:
        nonlocal failed
        if "-G" in words:
            return tools.run(target, words, timeout, **options)
        done = tools.run(target, _verbose(words) if failed else words, timeout, **options)
        if not failed and done.returncode and _UNKNOWN.search(done.stderr) and "timed out" not in done.stderr:
            failed = True
            done = tools.run(target, _verbose(words), timeout, **options)
        return dataclasses.replace(done, stderr=_without_proxy(done.stderr, target.host))

    return dataclasses.replace(tools, run=run)


def _verbose(words: list[str]) -> list[str]:
    end = words.index("--")
    return [*words[:end], "-v", *words[end:]]


def _without_proxy(stderr: str, host: str) -> str:
    """ssh's stderr, in words about the host where it was sshd that hung up: it said why before its banner, and the
    ProxyCommand wrote nothing.
    """
    silent = all(_SAID_BY_SSH.match(line) for line in stderr.splitlines())
    return _UNKNOWN.sub(host, stderr) if silent and "banner line 0" in stderr else stderr


def with_room(on_start: Callable[[int], None]) -> Callable[[int], None]:
    """Let a jump host's master open as many files as it may. It needs three for each target, so the usual 1,024 end at
    340 targets.
    """

    def note(pid: int) -> None:
        on_start(pid)
        if hasattr(resource, "prlimit"):  # Linux
            with contextlib.suppress(OSError, ValueError):
                hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)[1]
                resource.prlimit(pid, resource.RLIMIT_NOFILE, (hard, hard))

    return note
