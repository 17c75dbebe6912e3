# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A look at a socket on the target, over the master that is there: sshd says only "open failed", whatever it is."""

from __future__ import annotations

import contextlib
import re
import select
import shlex
import socket
from dataclasses import dataclass

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh import argv, process
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.target import SshTarget

TIMEOUT = 20.0  # seconds; a connection that can't run this in that time is dead
NO_ANSWER = "no answer came in time"
OPEN_FAILS_WITHIN = 2.0  # seconds in which sshd's "open failed" has come back

# Plain sh, no other tool is sure to be there. A directory that this user can't enter hides what is in it: that is
# denied, not missing. Who listens is read from the kernel, which tells everyone.
SCRIPT = r"""
socket=$1 unit=$2 scope=$3
say() { printf '%s=%s\n' "$1" "$2"; }
say user "$(id -un 2>/dev/null || id -u)"
path=''
rest=${socket%/*}
while [ -n "$rest" ]; do
  rest=${rest#/}
  path="$path/${rest%%/*}"
  case $rest in */*) rest=/${rest#*/} ;; *) rest='' ;; esac
  [ -d "$path" ] || break
  [ -x "$path" ] || { say blocked "$path"; break; }
done
[ -e "$socket" ] && say exists yes
[ -S "$socket" ] && say is_socket yes
[ -r "$socket" ] && [ -w "$socket" ] && say accessible yes
say owner "$(stat -c '%U:%G %a' "$socket" 2>/dev/null)"
real=$(readlink -f "$socket" 2>/dev/null)
if [ -r /proc/net/unix ]; then
  found=no
  while read -r _ _ _ flags _ _ _ bound; do
    [ "$flags" = 00010000 ] || continue
    if [ "$bound" = "$socket" ] || [ "$bound" = "$real" ]; then found=yes; fi
  done < /proc/net/unix
  say listening $found
fi
if [ -n "$unit" ] && command -v systemctl >/dev/null 2>&1; then
  for kind in socket service; do
    say "${kind}_enabled" "$(systemctl $scope is-enabled "$unit.$kind" 2>/dev/null)"
    say "${kind}_active" "$(systemctl $scope is-active "$unit.$kind" 2>/dev/null)"
  done
fi
say end yes
"""

_UNIT = re.compile(r"/(podman|docker)\.sock$")


@dataclass(frozen=True)
class SocketState:
    """What the probe saw. ``problem`` says why looking was not possible; the rest then means nothing.

    ``blocked_at`` is a directory on the way that ``user`` may not enter; whether the socket exists is then unknown.
    ``listening`` is None where the target does not tell. ``unit`` is 'podman', 'docker' or ''; ``*_enabled`` and
    ``*_active`` are systemctl's words, '' where there is no such unit or no systemd. ``owner`` is 'user:group mode'.
    """

    socket: str
    user: str = ""
    exists: bool = False
    is_socket: bool = False
    accessible: bool = False
    blocked_at: str = ""
    owner: str = ""
    listening: bool | None = None
    unit: str = ""
    user_unit: bool = False
    socket_enabled: str = ""
    socket_active: str = ""
    service_enabled: str = ""
    service_active: str = ""
    problem: str = ""

    @property
    def missing(self) -> bool:
        """It is certain that there is no such socket: the only case in which another one may be taken instead."""
        return not self.problem and not self.exists and not self.blocked_at

    @property
    def installed(self) -> bool:
        """Whether systemd knows a socket unit for it."""
        return self.socket_enabled not in ("", "not-found")


def probe(target: SshTarget, control: str, remote_socket: str) -> SocketState:
    """Look at the socket with one command over the master.

    :raises SshError: kind ``ssh_client``, when there is no ssh to start.
    """
    unit, user_unit = unit_of(remote_socket)
    words = ["sh", "-s", "--", remote_socket, unit, "--user" if user_unit else ""]
    command = argv.command(target, control, [" ".join(shlex.quote(word) for word in words)])
    done = process.run(target, command, TIMEOUT, stdin=SCRIPT)
    return read(remote_socket, done)


def unit_of(remote_socket: str) -> tuple[str, bool]:
    """The systemd unit's name behind a well-known socket ('' for others), and whether it is a user's unit."""
    found = _UNIT.search(remote_socket)
    return (found[1] if found else "", remote_socket.startswith("/run/user/"))


def read(remote_socket: str, done: process.Finished) -> SocketState:
    """Read the script's output."""
    said = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
    if said.get("end") != "yes":
        reason = NO_ANSWER if done.returncode is None else done.stderr.strip().replace("\n", " / ")
        return SocketState(remote_socket, problem=reason or f"the command ended with code {done.returncode}")
    unit, user_unit = unit_of(remote_socket)
    return SocketState(
        socket=remote_socket,
        user=said.get("user", ""),
        exists=said.get("exists") == "yes",
        is_socket=said.get("is_socket") == "yes",
        accessible=said.get("accessible") == "yes",
        blocked_at=said.get("blocked", ""),
        owner=said.get("owner", ""),
        listening={"yes": True, "no": False}.get(said.get("listening", "")),
        unit=unit,
        user_unit=user_unit,
        socket_enabled=said.get("socket_enabled", ""),
        socket_active=said.get("socket_active", ""),
        service_enabled=said.get("service_enabled", ""),
        service_active=said.get("service_active", ""),
    )


def lets_through(local: str, within: float = OPEN_FAILS_WITHIN) -> bool:
    """Whether a connection through a forward stays open; the master closes it at once when sshd opens no channel."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.connect(local)
        except OSError:
            return False
        readable, _writable, _failed = select.select([connection], [], [], within)
        if not readable:
            return True
        with contextlib.suppress(OSError):
            return bool(connection.recv(1))
        return False
