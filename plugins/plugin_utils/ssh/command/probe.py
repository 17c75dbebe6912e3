# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks at a socket on the target by one command over the master: sshd says only "open failed", whatever is wrong."""

from __future__ import annotations

import contextlib
import re
import select
import shlex
import socket

from ...dataclass import dataclass
from ..address import argv
from ..address.target import SshTarget
from ..login import messages, process

TIMEOUT = 20.0  # seconds; a connection that can't run this in that time is dead
NO_ANSWER = "no answer came in time"
OPEN_FAILS_WITHIN = 2.0  # seconds in which sshd's "open failed" has come back

NO_SESSION = "sshd opens no session for the command that looks (MaxSessions)"
OTHER_COMMAND = "another command runs in place of the one that looks (ForceCommand, or command= in authorized_keys)"

# Plain sh, no other tool is sure to be there. A directory that this user can't enter hides what is in it: that is
# denied, not missing. Who listens is read from the kernel, which tells everyone. The witness is a socket that whoever
# listens on it leaves open: what passes there and not to the engine is the engine's doing, not sshd's. sshd -T says
# what holds for this user; only root may ask.
SCRIPT = r"""
socket=$1 unit=$2 scope=$3
say() { printf '%s=%s\n' "$1" "$2"; }
say user "$(id -un 2>/dev/null || id -u)"
path='' seen=$socket
rest=${socket%/*}
while [ -n "$rest" ]; do
  rest=${rest#/}
  path="$path/${rest%%/*}"
  case $rest in */*) rest=/${rest#*/} ;; *) rest='' ;; esac
  [ -d "$path" ] || break
  [ -x "$path" ] || { say blocked "$path"; seen=$path; break; }
done
if [ -e "$socket" ] || [ -L "$socket" ]; then say exists yes; fi
if [ ! -e "$socket" ] && [ -L "$socket" ]; then say what "a link to $(readlink "$socket"), where nothing is"
elif [ -d "$socket" ]; then say what 'a directory'
elif [ -f "$socket" ]; then say what 'a file'
fi
[ -S "$socket" ] && say is_socket yes
[ -r "$socket" ] && [ -w "$socket" ] && say accessible yes
say owner "$(stat -c '%U:%G %a' "$seen" 2>/dev/null)"
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
for witness in /run/dbus/system_bus_socket /run/systemd/userdb/io.systemd.DynamicUser /run/systemd/private; do
  if [ -S "$witness" ] && [ -r "$witness" ] && [ -w "$witness" ]; then say witness "$witness"; break; fi
done
rest=${SSH_CONNECTION#* }
rest=${rest#* }
sshd=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v sshd 2>/dev/null)
[ -n "$sshd" ] &&
  "$sshd" -T -C "user=$(id -un),host=,addr=${SSH_CONNECTION%% *},laddr=${rest% *},lport=${rest#* }" 2>/dev/null |
  while read -r key value; do
    case $key in
      allowstreamlocalforwarding|allowtcpforwarding|disableforwarding|permitopen) say "sshd_$key" "$value" ;;
      AllowStreamLocalForwarding|AllowTcpForwarding|DisableForwarding|PermitOpen) say "sshd_$key" "$value" ;;
    esac
  done
say end yes
"""

# The script's own words, and ssh's about the direct way, which is closed: there is only the one over the master.
_NOT_WHY = re.compile(r"^\w+=|^kex_exchange_identification:|by UNKNOWN port")
_UNIT = re.compile(r"/(podman|docker)\.sock$")


@dataclass(frozen=True)
class SocketState:
    """What the probe saw. ``problem`` says why looking was not possible; the rest then means nothing.

    ``blocked_at`` is a directory on the way that ``user`` may not enter; whether the socket exists is then unknown.
    ``listening`` is None where the target does not tell. ``unit`` is 'podman', 'docker' or ''; ``*_enabled`` and
    ``*_active`` are systemctl's words, '' where there is no such unit or no systemd. ``owner`` is 'user:group mode',
    of ``blocked_at`` where that is given.
    ``what`` says in words what is there in place of a socket. ``witness`` is another socket that this user may open.
    ``sshd`` holds sshd's options about forwarding as (lower-case name, value), none where nobody tells.
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
    what: str = ""
    witness: str = ""
    sshd: tuple[tuple[str, str], ...] = ()

    @property
    def missing(self) -> bool:
        """Whether it is certain that there is no such socket; only then may another one be taken instead."""
        return not self.problem and not self.exists and not self.blocked_at

    @property
    def serves(self) -> bool:
        """Whether nothing that was seen keeps a connection from the engine. If something does, it has to be found by
        connecting.
        """
        return self.is_socket and self.accessible and self.listening is not False

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
    """The state that the script's output tells."""
    said = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
    if said.get("end") != "yes":
        return SocketState(remote_socket, problem=_problem(done))
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
        what=said.get("what", ""),
        witness=said.get("witness", ""),
        sshd=tuple(
            (key.removeprefix("sshd_").lower(), value) for key, value in said.items() if key.startswith("sshd_")
        ),
    )


def _problem(done: process.Finished) -> str:
    """Why looking was not possible, in one line."""
    if done.returncode is None:
        return NO_ANSWER
    if "Session open refused by peer" in done.stderr:
        return NO_SESSION
    lines = (line.strip() for line in (done.stderr + done.stdout).splitlines())
    said = messages.quotation("\n".join(line for line in lines if not _NOT_WHY.search(line)))
    return said or (f"the command ended with code {done.returncode}" if done.returncode else OTHER_COMMAND)


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
