# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the scripts behind the Makefile share: folders, printing, running. Standard library only, before any venv is."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
CACHE = CHECKOUT / ".cache"
VENV = CHECKOUT / ".venv"
VENV_SECOND = CHECKOUT / ".venv-3.13"
VENV_PEERS = CHECKOUT / ".venv-peers"
VENV_FUZZ = CHECKOUT / ".venv-fuzz"


class StepError(Exception):
    """A step that cannot be done; the message is for the person who typed ``make``."""


def exit_code(work: Callable[[], object]) -> int:
    """Do what a script is for; its exit code. Why that can't be done is said."""
    try:
        work()
    except StepError as error:
        say(f"ERROR: {error}")
        return 1
    return 0


def say(text: str = "") -> None:
    print(text, flush=True)


def headline(text: str) -> None:
    bold, plain = ("\033[1m", "\033[0m") if sys.stdout.isatty() else ("", "")
    say(f"\n{bold}==> {text}{plain}")


def environment(extra: Mapping[str, str] | None = None, venv: Path = VENV) -> dict[str, str]:
    """The environment for tools of ``venv``, which come first on PATH, as after ``. .venv/bin/activate``.

    Python keeps its bytecode, as it does for users: without it, each of some thousand runs of Ansible compiles anew.
    """
    path = os.pathsep.join([str(venv / "bin"), os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**own, "PATH": path, "VIRTUAL_ENV": str(venv), **(extra or {})}


def run(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = CHECKOUT,
    show: bool = True,
    stdin: bytes | None = None,
    check: bool = True,
    log: Path | None = None,
) -> int:
    """Print the command (when ``show``), run it, and return its exit code; StepError when it fails and ``check``.

    :param log: append all that it prints, and the command, to this file instead.
    """
    words = [str(word) for word in argv]
    with log.open("a") if log else nullcontext() as output:
        if show:
            print(f"$ {shlex.join(words)}", file=output, flush=True)
        errors = subprocess.STDOUT if output else None
        done = subprocess.run(words, env=env, cwd=cwd, input=stdin, check=False, stdout=output, stderr=errors)
    if check and done.returncode:
        raise StepError(f"This command failed with exit code {done.returncode}: {shlex.join(words)}")
    return done.returncode


def answer(argv: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> str:
    """The standard output of a command without its last newline, or '' when it fails or is not there."""
    try:
        done = subprocess.run([str(word) for word in argv], env=env, check=False, capture_output=True, text=True)
    except OSError:
        return ""
    return done.stdout.rstrip("\n") if done.returncode == 0 else ""


def relative(path: Path) -> str:
    """The path as one types it in the checkout."""
    return str(path.relative_to(CHECKOUT)) if path.is_relative_to(CHECKOUT) else str(path)


def is_root() -> bool:
    return os.geteuid() == 0
