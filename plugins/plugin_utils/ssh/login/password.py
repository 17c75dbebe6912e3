# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logging in with a password that sshpass types: once, at one prompt, and at no other."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from ..address.effective import Effective, Local
from ..address.target import SshTarget
from . import identities
from .process import Finished, Typed

# Ansible's own defaults: what the prompt that gets the password, or a smart card's PIN, contains.
PASSWORD_PROMPT = "assword"  # noqa: S105 - a prompt, not a password
PIN_PROMPT = "Enter PIN for"
# Seconds on top of the connect timeout: a prompt that nobody answers must not hold a task for as long as sshd waits.
LOGIN_TIME = 60.0

# Our ssh has a terminal for once, sshpass's; whoever connects in front of it must not ask there.
_WITHOUT_TERMINAL = "import os, sys; os.setsid(); os.execvp(sys.argv[1], sys.argv[1:])"
_BEFORE_PASSWORDS = ("gssapi-with-mic", "hostbased")
_PASSWORDS = ("keyboard-interactive", "password")

# sshpass's own exit codes, as ssh would have said it.
_EXIT_CODES = {
    1: "sshpass: invalid arguments",
    2: "sshpass: conflicting arguments",
    3: "sshpass: runtime error",
    4: "sshpass: ssh was not understood",
    5: "sshpass: the password was not accepted",
    6: "Host key verification failed.",
    7: "WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!",
}
NO_LOGIN = "sshpass: no login in time"


def typed(target: SshTarget) -> Typed | None:
    """What sshpass types for this target, None where there is no password."""
    if target.password is None:
        return None
    default = PIN_PROMPT if target.pkcs11_provider else PASSWORD_PROMPT
    return Typed(target.password, target.password_prompt or default)


def options(target: SshTarget, said: Effective, *, accept_new: bool) -> tuple[str, ...]:
    """The options that replace BatchMode, so that ssh asks for the password once and for nothing else.

    :param said: what ``ssh -G`` says of this target.
    :param accept_new: whether unknown host keys are written down instead of being asked about.
    """
    found = ["BatchMode=no", "NumberOfPasswordPrompts=1", "UpdateHostKeys=no"]
    if not accept_new and said.get("stricthostkeychecking") in ("", "ask"):
        found.append("StrictHostKeyChecking=yes")
    if proxy := _proxy(target, said):
        found.append(f"ProxyCommand={proxy}")
    if target.pkcs11_provider is None and _would_ask(target, said):
        found.append(f"PreferredAuthentications={_keys_last(target, said)}")
    return tuple(found)


def _proxy(target: SshTarget, said: Effective) -> str:
    """The ProxyCommand or ProxyJump of the user's configuration, run without our terminal; '' where there is none."""
    command, jumps = said.get("proxycommand"), said.get("proxyjump")
    if command.lower() not in ("", "none"):
        words = ["${SHELL:-/bin/sh}", "-c", shlex.quote(f"exec {command}")]
    elif jumps.lower() not in ("", "none"):
        *before, last = jumps.split(",")
        config = [argument.value or "" for argument in target.arguments if argument.flag == "F"][:1]
        given = [target.ssh_executable, *(["-F", *config] if config else []), "-o", "BatchMode=yes"]
        chain = ["-J", ",".join(before)] if before else []
        words = [shlex.quote(word) for word in (*given, *chain, "-W", "[%h]:%p", "--", _as_destination(last))]
    else:
        return ""
    return " ".join([shlex.quote(sys.executable), "-c", shlex.quote(_WITHOUT_TERMINAL), *words])


def _as_destination(jump: str) -> str:
    return jump if jump.startswith("ssh://") else f"ssh://{jump}"


def _would_ask(target: SshTarget, said: Effective) -> bool:
    """Whether ssh would ask for a key's passphrase. Nobody would answer, and the login would hang there."""
    held = identities.agent_keys(target.agent_socket) or []
    keys = [identities.read_key(Path(path)) for path in said.identity_paths(Local.here()) if path]
    return any(key and key.private and key.encrypted and key.public not in held for key in keys)


def _keys_last(target: SshTarget, said: Effective) -> str:
    """The ways to log in without key files; the agent's keys, which need no passphrase, come after them."""
    default = ",".join((*_BEFORE_PASSWORDS, "publickey", *_PASSWORDS))
    methods = (said.get("preferredauthentications") or default).split(",")
    others = [method for method in methods if method != "publickey"]
    with_agent = len(others) < len(methods) and identities.agent_keys(target.agent_socket)
    return ",".join([*others, "publickey"] if with_agent else others)


def explained(done: Finished) -> Finished:
    """How ssh under sshpass ended. An exit code of sshpass's own, or None for a time that was up, is put into words on
    stderr.
    """
    meaning = NO_LOGIN if done.returncode is None else _EXIT_CODES.get(done.returncode)
    if meaning is None:
        return done
    return Finished(255, done.stdout, f"{done.stderr.rstrip()}\n{meaning}\n".lstrip("\n"))
