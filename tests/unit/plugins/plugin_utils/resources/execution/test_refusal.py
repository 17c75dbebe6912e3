# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Programs that could not be started, in the words of Podman 4.3.1 and 5.4.2 and of Docker 20.10.24 and 26.1.5."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution import refusal

DOCKER = "OCI runtime exec failed: exec failed: unable to start container process: "
NO_USER = "unable to find user nosuch: no matching entries in passwd file"
ATTACH = "Error: read unixpacket @->/proc/self/fd/13/attach: read: connection reset by peer\n"
ATTEMPTED = "OCI runtime attempted to invoke a command that was not found"

CODES = [
    (f'{DOCKER}exec: "nope": executable file not found in $PATH: unknown', 127),
    (f'{DOCKER}exec: "/etc": permission denied: unknown', 126),
    (f'{DOCKER}exec: "/etc": is a directory: unknown: permission denied', 126),
    (f'{DOCKER}chdir to cwd ("/nodir") set in config.json failed: no such file or directory: unknown', 126),
    (f"crun: executable file `nope` not found in $PATH: No such file or directory: {ATTEMPTED}", 127),
    ("crun: open executable: Operation not permitted: OCI permission denied", 126),
    ("crun: the path `/etc` is not a regular file: Operation not permitted: OCI permission denied", 126),
    (f"crun: chdir `/nodir`: No such file or directory: {ATTEMPTED}", 126),
    (f"crun: chdir to `/nodir`: No such file or directory: {ATTEMPTED}", 126),
    (NO_USER, 126),
    ("Container 4f1c is not running", None),
    ("no such file or directory", None),
    ("", None),
]


@pytest.mark.parametrize(("message", "code"), CODES)
def test_the_code(message: str, code: int | None) -> None:
    assert refusal.code_of(message) == code


ENDED = [
    ("docker", 126, 0, CODES[0][0] + "\r\n", "", CODES[0][0]),
    ("docker", 126, 0, NO_USER + "\r\n", "", NO_USER),
    ("docker", 127, 4711, "OCI runtime exec failed\n", "", None),  # a program that says so
    ("docker", 126, 0, "something else\n", "", None),
    ("docker", 0, 0, CODES[0][0], "", None),
    ("podman", 127, 0, "", f"Error: {CODES[4][0]}\n{ATTACH}", CODES[4][0]),
    ("podman", 126, 0, f"Error: {CODES[5][0]}\n", "", CODES[5][0]),  # on a terminal
    ("podman", 127, 0, "", "sh: nope: not found\n", None),
    ("podman", 0, 0, "", f"Error: {CODES[4][0]}\n", None),
]


@pytest.mark.parametrize(("engine", "code", "pid", "stdout", "stderr", "words"), ENDED)
def test_a_program_that_never_ran(
    engine: str, code: int, pid: int, stdout: str, stderr: str, words: str | None
) -> None:
    state = {"Running": False, "ExitCode": code, "Pid": pid}
    assert refusal.never_ran(state, stdout, stderr, Engine(engine)) == words


ADDED = [
    (ATTACH, ""),
    (f"mine\n{ATTACH}", "mine\n"),
    (f"mine\n{ATTACH}more\n", f"mine\n{ATTACH}more\n"),
    ("Error: write unixpacket @->/proc/self/fd/15/attach: write: broken pipe", ""),
    (f"not at a line's beginning {ATTACH}", f"not at a line's beginning {ATTACH}"),
    ("Error: mine\n", "Error: mine\n"),
]


@pytest.mark.parametrize(("said", "kept"), ADDED)
def test_what_podman_adds_is_taken_away(said: str, kept: str) -> None:
    assert refusal.without_added(said) == kept
