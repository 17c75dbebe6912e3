# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task waits for, and whether it has come. Nothing waits here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ....dataclass import dataclass
from ....errors import InvalidOption
from ...shared.moments import timestamp
from ...shared.states import RUNNING_STATES, STOPPED, current_state
from ..options.port_uses import proc_row

SUBOPTIONS: dict[str, dict[str, Any]] = {
    "state": {"type": "str", "choices": ["running", "exited"]},
    "exit_code": {"type": "list", "elements": "int"},
    "port": {"type": "int"},
    "port_on": {"type": "str", "choices": ["container", "host"], "default": "container"},
    "log": {"type": "str"},
    "timeout": {"type": "float", "default": 60},
}
_STATES = RUNNING_STATES | {"present"}
_HIGHEST_PORT = 65535
_START_IS_LATE = 1.0  # seconds; more was not seen on hosts with much to do


@dataclass(frozen=True)
class WaitFor:
    """What the container has to come to, all of it; ``timeout`` is in seconds, 0 for no limit."""

    state: str = "running"
    exit_codes: tuple[int, ...] = ()
    port: int | None = None
    port_on: str = "container"
    log: str | None = None
    healthy: bool = False
    timeout: float = 60


@dataclass(frozen=True)
class Seen:
    """One look: the engine's inspect (None: there is no such container), whether the port is open, the log."""

    inspect: Mapping[str, Any] | None
    port_open: bool = False
    log: str = ""


@dataclass(frozen=True)
class Verdict:
    """``missing`` names what has not come yet; ``failed`` says why it can't come any more."""

    missing: tuple[str, ...] = ()
    failed: str = ""

    @property
    def met(self) -> bool:
        return not self.missing and not self.failed


def parse(option: str, given: Mapping[str, Any] | None, state: str) -> WaitFor | None:
    """Check wait_for against itself and the wanted state.

    :raises InvalidOption: naming the suboption.
    """
    if given is None:
        return None
    if state not in _STATES:
        raise InvalidOption(
            option, dict(given), f"with state={state} nothing can be waited for.", "Leave wait_for out."
        )
    codes = tuple(given.get("exit_code") or ())
    wanted = given.get("state") or ("exited" if codes else "running")
    port, log = given.get("port"), given.get("log")
    if wanted == "running" and codes:
        raise InvalidOption(
            f"{option}.exit_code", list(codes), "a running container has none.", f"Set {option}.state to exited."
        )
    if wanted == "exited" and (port is not None or state == "healthy"):
        raise InvalidOption(f"{option}.state", wanted, "the container is to run as well.", "Ask for one of both.")
    if port is not None and not 0 < port <= _HIGHEST_PORT:
        raise InvalidOption(f"{option}.port", port, "this is no port.", f"Use 1 to {_HIGHEST_PORT}.")
    if log is not None:
        try:
            re.compile(log)
        except re.error as problem:
            raise InvalidOption(f"{option}.log", log, f"this is no regular expression: {problem}.") from problem
    return WaitFor(wanted, codes, port, given.get("port_on") or "container", log, timeout=given.get("timeout", 60))


def judge(wanted: WaitFor, seen: Seen, restarts_before: int) -> Verdict:
    """Whether one look shows what is waited for.

    :param restarts_before: the container's RestartCount when the waiting began.
    """
    if seen.inspect is None:
        return Verdict(failed="it is gone")
    logged = wanted.log is None or re.search(wanted.log, seen.log, re.MULTILINE) is not None
    missing = () if logged else ("a matching line in its log",)
    state = seen.inspect.get("State") or {}
    code = state.get("ExitCode") or 0
    if wanted.state == "exited":
        return _exited(wanted, seen.inspect, code, missing)
    if restarted := _restarted(seen.inspect, restarts_before):
        return Verdict(failed=restarted)
    if current_state(seen.inspect) == STOPPED:
        return Verdict(failed=f"it ended with exit code {code}")
    if wanted.port is not None and not seen.port_open:
        missing = (*missing, f"port {wanted.port} on the {wanted.port_on}")
    health = (state.get("Health") or {}).get("Status") or "none"
    if wanted.healthy and health not in ("healthy", "none"):
        missing = (*missing, f"healthy (it is {health})")
    return Verdict(missing)


def _exited(wanted: WaitFor, inspect: Mapping[str, Any], code: int, missing: tuple[str, ...]) -> Verdict:
    if current_state(inspect) != STOPPED:
        return Verdict(("its end", *missing))
    if wanted.exit_codes and code not in wanted.exit_codes:
        codes = " or ".join(str(one) for one in wanted.exit_codes)
        return Verdict(failed=f"it ended with exit code {code}, not {codes}")
    return Verdict(failed="it ended, and no line of its log matches") if missing else Verdict()


def _restarted(inspect: Mapping[str, Any], before: int) -> str:
    """A container that its restart policy has to start again has ended."""
    state = inspect.get("State") or {}
    if (inspect.get("RestartCount") or 0) <= before and not state.get("Restarting"):
        return ""
    code = f", with exit code {state['ExitCode']}" if state.get("ExitCode") else ""
    return f"it ended{code}; its restart policy starts it over"


def epoch(text: Any) -> str:
    """The engines' time as seconds since the epoch, with a fraction; '' for never."""
    moment = timestamp(text)
    return f"{datetime.fromisoformat(moment).timestamp():.6f}" if moment else ""


def log_since(inspect: Mapping[str, Any]) -> str:
    """From when on a container's log is searched, so that the words of an earlier run don't count: as ``epoch``.

    The engines write the start down a moment after it, when the container may have spoken already.
    """
    state = inspect.get("State") or {}
    if state.get("Running"):
        return epoch(state.get("FinishedAt"))
    started = epoch(state.get("StartedAt"))
    return f"{float(started) - _START_IS_LATE:.6f}" if started else ""


def port_is_open(port: int, port_on: str, inspect: Mapping[str, Any], inside: set[int], outside: set[int]) -> bool:
    """Whether something listens on a port. A published port is open when the container listens behind it, too: the
    engines take the host's port at once.

    :param inside: the ports that are listened on in the container.
    :param outside: those of the host.
    """
    if port_on == "container":
        return port in inside
    ports = (inspect.get("NetworkSettings") or {}).get("Ports") or {}
    behind = {
        int(own.partition("/")[0])
        for own, ends in ports.items()
        for end in ends or []
        if own.endswith("/tcp") and end.get("HostPort") == str(port)
    }
    return bool(behind & inside) if behind else port in outside


def listening_ports(proc_net_tcp: str) -> set[int]:
    """The ports that something listens on, of what /proc/net/tcp and tcp6 say."""
    rows = filter(None, map(proc_row, proc_net_tcp.splitlines()))
    return {port for _address, port, listens in rows if listens}
