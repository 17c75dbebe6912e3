# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A program that could not be started in its container: how the engines say it, and the exit code that stands for it.

They answer that all is well and send their words as the program's output, Docker in stdout, Podman in stderr (in stdout
where there is a terminal), or they refuse the request (Podman, for an unknown user). Their exit codes differ, too.
Seen on Podman 4.3.1 and 5.4.2 (crun), Docker 20.10.24 and 26.1.5 (runc).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...engine.differences.engine import Engine

NOT_FOUND, NOT_RUN = 127, 126
LONGEST = 4096  # characters that an engine takes for it, and more

_NO_USER = r"unable to find (user|group) "
_REFUSED = re.compile(rf"{_NO_USER}|.*(OCI runtime|OCI permission|crun: |runc: )", re.IGNORECASE)
_BY_DOCKER = re.compile(rf"OCI runtime exec failed|{_NO_USER}")
_BY_PODMAN = re.compile(rf"Error: .*(OCI runtime|OCI permission)|Error: {_NO_USER}")
_NO_PROGRAM = re.compile(r"executable file .*not found|no such file or directory", re.IGNORECASE)
_NO_DIRECTORY = re.compile(r"chdir|working directory|cwd", re.IGNORECASE)
# What Podman adds when it can't pass on input to a program that has ended, or never began.
_ADDED = re.compile(r"(?:^|(?<=\n))Error: (?:read|write) unixpacket @->\S*attach: [^\n]*\n?\Z")


def code_of(message: str) -> int | None:
    """A shell's exit code for what an engine says of a program that did not start; None where it says something else.

    127: there is no such program. 126: it is there and can't be run, or not in that directory, or not as that user.
    """
    if not _REFUSED.match(message):
        return None
    return NOT_FOUND if _NO_PROGRAM.search(message) and not _NO_DIRECTORY.search(message) else NOT_RUN


def never_ran(state: Mapping[str, Any], stdout: str, stderr: str, engine: Engine) -> str | None:
    """The engine's words on why the program did not start; None where it did.

    :param state: the engine's description of the command, after its end.
    """
    if state.get("ExitCode") not in (NOT_RUN, NOT_FOUND, 125, -1):
        return None
    if engine.failed_execs_say_so_in_stdout:
        return stdout.strip() if not state.get("Pid") and _BY_DOCKER.match(stdout) else None
    words = next((said for said in (stderr, stdout) if _BY_PODMAN.match(said)), None)
    return None if words is None else without_added(words).strip().removeprefix("Error: ")


def without_added(said: str) -> str:
    """Output without what Podman itself has put at its end."""
    return _ADDED.sub("", said)
