# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command lines, decided purely: nothing here looks at the machine."""

from __future__ import annotations

from collections.abc import Sequence

from . import options
from .target import SshTarget

# Placed first, because the first -o wins. Without ClearAllForwardings a LocalForward of the user's config opens a TCP
# port. VERBOSE, because newer clients say "closed by remote host" only there.
MUST_HOLD = (
    "ClearAllForwardings=yes",
    "RemoteCommand=none",
    "PermitLocalCommand=no",
    "Tunnel=no",
    "StreamLocalBindMask=0177",
    "StreamLocalBindUnlink=yes",
    "ControlMaster=yes",
)
NO_QUESTIONS = ("BatchMode=yes",)
# UpdateHostKeys puts a new file in the place of known_hosts after a login: at 25 logins at once, 9 of 25 additions were
# lost or failed with words on stderr.
DEFAULTS = ("ServerAliveInterval=15", "ServerAliveCountMax=3", "UpdateHostKeys=no")
# As Ansible has it: a smart card is the only way in.
ONLY_CARD = ("KbdInteractiveAuthentication=no", "PreferredAuthentications=publickey", "PasswordAuthentication=no")
ACCEPT_NEW = "StrictHostKeyChecking=accept-new"


def master(
    target: SshTarget,
    control: str,
    idle: int,
    *,
    accept_new: bool = False,
    log_level: str = "VERBOSE",
    questions: Sequence[str] = NO_QUESTIONS,
    key_file: str | None = None,
) -> list[str]:
    """The master's command line.

    :param control: the control socket's path.
    :param idle: seconds after the last request at which the master ends.
    :param accept_new: write unknown host keys down (a changed one is refused all the same).
    :param questions: the options that say what ssh may ask: nothing, but where a password is typed.
    :param key_file: the key that holds instead of the target's file, and no other key of the agent.
    """
    must = (*questions, *MUST_HOLD, f"ControlPath={quoted(control)}", f"ControlPersist={idle}", f"LogLevel={log_level}")
    keys = (ACCEPT_NEW,) if accept_new else ()
    return [
        target.ssh_executable,
        *("-f", "-N", "-T"),
        *_options(*must),
        *_address(target, key_file),
        *_options(*keys, *DEFAULTS),
        "--",
        target.host,
    ]


def effective(target: SshTarget) -> list[str]:
    """Prints, as ``keyword value`` lines, what ssh would do for this target with all its configuration."""
    return [target.ssh_executable, "-G", *_address(target), "--", target.host]


def relay(target: SshTarget, host: str, port: int) -> list[str]:
    """A login to a jump host that asks for a channel from there to ``host``: it says why there is none."""
    fixed = (
        "BatchMode=yes",
        "ClearAllForwardings=yes",
        "PermitLocalCommand=no",
        "ControlMaster=no",
        "ControlPath=none",
    )
    words = [target.ssh_executable, *_options(*fixed), *_address(target)]
    return [*words, "-W", f"[{host}]:{port}", "--", target.host]


def explaining(words: Sequence[str]) -> list[str]:
    """Prints the same of a whole command line."""
    return [words[0], "-G", *words[1:]]


def command(target: SshTarget, control: str, words: list[str]) -> list[str]:
    """Runs a command over the master and over nothing else: without a master, the direct way is ``false``."""
    fixed = ("BatchMode=yes", "ControlMaster=no", f"ControlPath={quoted(control)}", "ProxyCommand=false")
    return [target.ssh_executable, "-F", "none", "-a", "-x", "-T", *_options(*fixed), "--", target.host, *words]


def _address(target: SshTarget, key_file: str | None = None) -> list[str]:
    """In Ansible's order, because the first one wins: smart card; ssh_args; what has a setting of its own; the other
    arguments.
    """
    own = []
    if target.host_key_checking is False:
        own.append("StrictHostKeyChecking=no")
    if target.port is not None:
        own.append(f"Port={target.port}")
    if target.user is not None:
        own.append(f"User={quoted(target.user, percent=False)}")
    if key_file is not None:
        own += ["IdentitiesOnly=yes", f"IdentityFile={quoted(key_file)}"]
    elif target.private_key_file is not None:
        own.append(f"IdentityFile={quoted(target.private_key_file)}")
    own.append(f"ConnectTimeout={target.connect_timeout}")
    early = [word for argument in target.early_arguments for word in argument.rendered()]
    given = [word for argument in target.late_arguments for word in argument.rendered()]
    return [*_options(*_card(target)), *early, *_options(*own), *given]


def _card(target: SshTarget) -> tuple[str, ...]:
    if target.pkcs11_provider is None:
        return ()
    return (*ONLY_CARD, f"PKCS11Provider={quoted(target.pkcs11_provider, percent=False)}")


def asks_for_host_keys(target: SshTarget) -> bool:
    """Whether neither Ansible's settings nor its ssh arguments say what to do with unknown host keys."""
    return target.host_key_checking is None and not options.sets(target.arguments, "StrictHostKeyChecking")


def quoted(value: str, *, percent: bool = True) -> str:
    """A value as ssh's option parser gives it back unchanged; ``percent`` where ssh expands %-tokens in it."""
    value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value.replace("%", "%%") if percent else value}"'


def _options(*pairs: str) -> list[str]:
    return [word for pair in pairs for word in ("-o", pair)]
