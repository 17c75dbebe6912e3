# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turns what ssh said of a connection that failed into an error with its cause and the command that mends it.

Errors about a socket on a host that was reached are made in ``command/socket_diagnosis.py``.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable

from ...dataclass import dataclass
from ...errors import SshError
from ..address.target import SshTarget
from . import identities, messages


@dataclass(frozen=True)
class Outcome:
    """How connecting ended: ssh's exit code (None: it had to be stopped), its stderr, tries and seconds it took."""

    returncode: int | None
    stderr: str
    tries: int = 1
    seconds: float = 0.0


@dataclass(frozen=True)
class Finding:
    """What went wrong: ``kind`` is the class of the error, and ``cause`` decides whether it is tried again."""

    kind: str
    cause: str


# The first match wins: with a jump host, ssh's last line is always "Connection closed by UNKNOWN port".
CONNECTION: tuple[tuple[str, str, str], ...] = (
    (r"REMOTE HOST IDENTIFICATION HAS CHANGED", "host_key", "changed"),
    (r"REVOKED HOST KEY DETECTED", "host_key", "revoked"),
    (r"Host key verification failed|host key is known for .* strict checking", "host_key", "unknown"),
    (r"sshpass: (the password was not accepted|no login in time)", "authentication", "denied"),
    (r"sshpass: ", "ssh_client", "option"),
    (r"Bad (owner or )?(configuration|permissions|port|forwarding)", "ssh_client", "option"),
    (r"command-line.? line \d+|(unknown|illegal) option --|: terminating, \d+ bad", "ssh_client", "option"),
    (r"No user exists for uid", "ssh_client", "account"),
    (r"Can't open user config file|keyword \S+ extra arguments", "ssh_client", "option"),
    (r"Could not resolve hostname|hostname contains invalid characters", "name", "name"),
    (r"open failed: administratively prohibited", "jump_prohibited", "jump_prohibited"),
    (r"open failed: connect failed: (Name or service|Temporary failure in name|No address|nodename)", "name", "name"),
    (r"open failed: connect failed: Connection refused", "unreachable", "refused"),
    (r"open failed: connect failed: .*timed out", "unreachable", "timeout"),
    (r"open failed: ", "unreachable", "network"),
    (r"connect to \S+ .*: Connection refused", "unreachable", "refused"),
    (r"connect to \S+ .*: Connection reset", "unreachable", "reset"),
    (r"connect to \S+ .*timed out", "unreachable", "timeout"),
    (r"connect to \S+ ", "unreachable", "network"),
    (r"Permission denied \(|Permission denied, please", "authentication", "denied"),
    (r"Too many authentication failures|[Nn]o more authentication methods", "authentication", "denied"),
    (r"Authentication failed|no mutual signature", "authentication", "denied"),
    (r"Unable to negotiate|no matching .* found", "unreachable", "negotiation"),
    (r"Not allowed at this time", "penalised", "penalised"),
    (r"timed out|Timeout", "unreachable", "timeout"),
    (r" UNKNOWN port |Stdio forwarding request failed", "unreachable", "proxy"),
    (r"(kex|ssh)_exchange_identification|banner exchange: .*(Broken pipe|reset)", "unreachable", "dropped"),
    (r"Connection reset|Broken pipe|Connection closed", "unreachable", "reset"),
    (r"ControlSocket|ControlPath|unix_listener|muxserver_listen|mux_", "ssh_client", "control"),
)
_COMPILED = tuple((re.compile(pattern), Finding(kind, cause)) for pattern, kind, cause in CONNECTION)


def classify(outcome: Outcome) -> Finding:
    """The class and cause of a connection that failed; ``unreachable``, ``other`` where ssh's words are unknown."""
    if outcome.returncode is None:
        return Finding("unreachable", "timeout")
    said = "\n".join(messages.lines(outcome.stderr))
    for pattern, finding in _COMPILED:
        if pattern.search(said):
            return finding
    return Finding("unreachable", "other")


def connection_error(target: SshTarget, outcome: Outcome) -> SshError:
    """The error for a connection that failed: what could not be done, ssh's words for it, and what mends it."""
    finding = classify(outcome)
    tries = f" after {outcome.tries} tries" if outcome.tries > 1 else ""
    said = messages.quotation(outcome.stderr)
    reason = said or "ssh gave no reason"
    full_stop = "" if reason.endswith((".", "!", "…")) else "."
    message = f"{_HEADLINES[finding.kind].format(target=target.display)}{tries}: {reason}{full_stop}"
    hint = _HINTS.get((finding.kind, finding.cause)) or _HINTS[(finding.kind, "")]
    return SshError(finding.kind, message, hint(target, outcome))


_HEADLINES = {
    "unreachable": "{target} can't be reached",
    "name": "The address of {target} can't be resolved",
    "authentication": "{target} does not let us log in",
    "host_key": "The host key of {target} is not accepted",
    "penalised": "{target} turns this controller away for a while",
    "jump_prohibited": "The jump host before {target} lets no connection through to it",
    "ssh_client": "ssh on this controller did not start a connection to {target}",
}


def _changed_key(target: SshTarget, outcome: Outcome) -> str:
    entry = f"[{target.host}]:{target.port}" if target.port not in (None, 22) else target.host
    asked = re.search(r"[Hh]ost key for (\S+) has changed", outcome.stderr)
    name = shlex.quote(asked[1] if asked else entry)
    offending = re.search(r"Offending .*key in (\S+?):\d+", outcome.stderr)
    file = f" -f {shlex.quote(offending[1])}" if offending else ""
    port = f" -p {target.port}" if target.port not in (None, 22) else ""
    scan = f"ssh-keyscan{port} {shlex.quote(target.host)} 2>/dev/null | ssh-keygen -lf -"
    return (
        "Somebody may be listening in, or the host was set up anew. Compare what is known "
        f"(ssh-keygen{file} -l -F {name}) with what answers ({scan}). If you know that the host has a new key, forget "
        f"the old one: ssh-keygen{file} -R {name}"
    )


def _authentication(target: SshTarget, outcome: Outcome) -> str:
    return identities.explain(target, outcome.stderr)[1]


def _dropped(_target: SshTarget, _outcome: Outcome) -> str:
    return (
        "sshd closed the connection before it said a word: raise MaxStartups there, lower forks here, or look whether "
        "a firewall or fail2ban is in the way."
    )


_HINTS: dict[tuple[str, str], Callable[[SshTarget, Outcome], str]] = {
    ("unreachable", ""): lambda target, _: f"Try: {target.login}",
    ("unreachable", "refused"): lambda target, _: (
        f"Nothing listens on port {target.port or 22} there: is sshd running, is the port (ansible_port) right?"
    ),
    ("unreachable", "timeout"): lambda target, _: (
        "No answer came: is the host running, is the address right, does a firewall drop the port? Ansible's timeout "
        f"is {target.connect_timeout} s."
    ),
    ("unreachable", "dropped"): _dropped,
    ("unreachable", "proxy"): lambda target, _: (
        "The way leads through a ProxyCommand or a jump host, and that one failed. Run the ProxyCommand by hand, or "
        "log in to the jump host first."
    ),
    ("unreachable", "negotiation"): lambda target, _: (
        f"Client and server share no algorithm; set one for this host in ~/.ssh/config. Try: {target.login}"
    ),
    ("name", ""): lambda target, _: f"Correct ansible_host ({target.host}), or make the name known to this controller.",
    ("authentication", ""): _authentication,
    ("host_key", ""): lambda target, _: (
        f"Compare the key and write it down: ssh-keyscan -p {target.port or 22} {target.host}; or let unknown keys be "
        "accepted by leaving host_key_checking unset."
    ),
    ("host_key", "changed"): _changed_key,
    ("host_key", "revoked"): lambda target, _: (
        f"This key is marked @revoked in a known_hosts file: it must not be trusted. Give {target.host} a new host key."
    ),
    ("jump_prohibited", ""): lambda target, _: (
        f"Look on {target.via.display if target.via else 'the jump host'} for AllowTcpForwarding, PermitOpen or "
        "DisableForwarding in sshd_config, and for restrict, no-port-forwarding or permitopen in authorized_keys."
    ),
    ("penalised", ""): lambda target, _: (
        "Its sshd (9.8 or newer) has PerSourcePenalties for this controller's address after failed logins, or "
        "MaxStartups is exceeded. Wait a minute, or set PerSourcePenaltyExemptList or MaxStartups there."
    ),
    ("ssh_client", "control"): lambda target, _: (
        "ssh could not make its control socket: is there room and permission in the directory for tunnels "
        "($XDG_RUNTIME_DIR/sshfleet or ~/.ansible/sshfleet)?"
    ),
    ("ssh_client", "account"): lambda target, _: (
        "ssh wants an account for the user who runs it. In a container, give it one "
        f"(echo 'fleet:x:{os.getuid()}:0::/tmp:/bin/sh' >> /etc/passwd, as root), or use transport=paramiko, which "
        "needs none."
    ),
    ("ssh_client", ""): lambda target, _: (
        f"Correct the ssh arguments of this host (ansible_ssh_*_args) or your ssh configuration. Try: {target.login}"
    ),
}


def missing_client(target: SshTarget, reason: str) -> SshError:
    """The error for an ssh that can't be started.

    :param reason: the system's words, without a full stop.
    """
    return SshError(
        "ssh_client",
        f"The ssh client {target.ssh_executable!r} can't be started: {reason}.",
        "Install the OpenSSH client on this controller, or correct ansible_ssh_executable.",
    )


def lost(target: SshTarget) -> SshError:
    """The error for a connection that was there and is gone."""
    return SshError(
        "unreachable",
        f"The connection to {target.display} was lost.",
        "The next task connects anew. If it happens again, look at the network and at sshd's log there.",
    )
