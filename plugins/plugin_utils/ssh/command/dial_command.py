# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides purely which command on the target connects its stdin and stdout to an engine's socket."""

from __future__ import annotations

import re
from urllib.parse import quote

from ...errors import SshError
from ..address.target import SshTarget
from . import probe

# For plain sh; in front of the probe's own script, which takes the same arguments. Of the many nc, OpenBSD's is known
# by the flag with which it passes the end of its input on.
TOOLS = r"""
for tool in docker podman socat python3 ncat; do
  command -v $tool >/dev/null 2>&1 && printf 'tool_%s=yes\n' $tool
done
case $(nc -h 2>&1 </dev/null) in *-N*-U*) printf 'tool_nc=yes\n' ;; esac
"""
SCRIPT = TOOLS + probe.SCRIPT

PYTHON = """
import os, socket, sys, threading
engine = socket.socket(socket.AF_UNIX)
engine.connect(sys.argv[1])
def send():
    while True:
        data = os.read(0, 65536)
        if not data:
            break
        engine.sendall(data)
    engine.shutdown(socket.SHUT_WR)
sender = threading.Thread(target=send)
sender.daemon = True
sender.start()
while True:
    data = engine.recv(65536)
    if not data:
        break
    while data:
        data = data[os.write(1, data):]
os._exit(0)
"""

# When the engine ends first, socat waits for the end of its input, and sudo's pipes hide that its output is closed.
SOCAT = '{ socat -t 86400 "STDIN!!STDOUT,shut-close" "$1" <&3 & } 3<&0 | cat'


def tools_seen(output: str) -> list[str]:
    """The tools that the script found."""
    return re.findall(r"^tool_(\w+)=yes$", output, re.MULTILINE)


def dial_argv(socket: str, tools: list[str]) -> list[str] | None:
    """The command that connects to the socket, None when none of the tools can.

    docker's client dials any engine's socket; podman's first asks who answers, and refuses Docker.
    """
    known = {
        "docker": ["docker", "-H", f"unix://{socket}", "system", "dial-stdio"],
        "podman": ["podman", "--url", f"unix://{quote(socket)}", "system", "dial-stdio"],
        "python3": ["python3", "-c", PYTHON, socket],
        "nc": ["nc", "-N", "-U", socket],
        "ncat": ["ncat", "-U", socket],
        "socat": ["sh", "-c", SOCAT, "sh", f"UNIX-CONNECT:{_escaped(socket)}"],
    }
    if probe.unit_of(socket)[0] != "podman":
        # Who serves it is known only where the name says so.
        known["podman"] = known.pop("podman")
    if probe.unit_of(socket)[0] == "docker":
        del known["podman"]
    return next((words for tool, words in known.items() if tool in tools), None)


def _escaped(socket: str) -> str:
    """A path written so that socat's address parser gives it back unchanged."""
    return re.sub(r"""([\\,!:"'\[\](){}])""", r"\\\1", socket)


def nothing_to_dial_with(target: SshTarget, socket: str) -> SshError:
    """The error for a host that has no tool that connects to the socket, which may be there."""
    return SshError(
        "socket_unknown",
        f"The socket {socket} on {target.display} can't be dialed: none of docker, podman, socat, python3 and "
        "OpenBSD's nc is found there.",
        "Install one of them on that host (socat is the smallest), or use transport=forward with a user who may open "
        "the socket.",
    )


def probe_argv(socket: str) -> list[str]:
    """The command that runs ``SCRIPT``, which it gets on stdin."""
    unit, user_unit = probe.unit_of(socket)
    return ["sh", "-s", "--", socket, unit, "--user" if user_unit else ""]
