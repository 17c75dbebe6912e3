# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ssh's command lines. All functions are pure: they take a target and return a list of arguments."""

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
    """The command line of a master.

    :param control: the path of its control socket.
    :param idle: seconds after the last request at which it ends.
    :param accept_new: whether unknown host keys are written down; a changed key is refused in any case.
    :param questions: the options that say what ssh may ask. By default it may ask nothing; a login by password changes
        that.
    :param key_file: a key file to use in place of the target's, and without the agent's other keys.
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
    """The command line that prints, as ``keyword value`` lines, what ssh would do for this target with all its
    configuration.
    """
    return [target.ssh_executable, "-G", *_address(target), "--", target.host]


def relay(target: SshTarget, host: str, port: int) -> list[str]:
    """The command line of a login to a jump host that asks for a channel from there to ``host``; its stderr says why
    there is none.
    """
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
    """The command line that prints, as :func:`effective`'s does, what ssh would do with the given command line."""
    return [words[0], "-G", *words[1:]]


def command(target: SshTarget, control: str, words: list[str]) -> list[str]:
    """The command line that runs a command over a master; without one it fails, as its ProxyCommand is ``false``."""
    fixed = ("BatchMode=yes", "ControlMaster=no", f"ControlPath={quoted(control)}", "ProxyCommand=false")
    return [target.ssh_executable, "-F", "none", "-a", "-x", "-T", *_options(*fixed), "--", target.host, *words]


def terminal(target: SshTarget, line: str) -> list[str]:
    """The command line with which a person runs a shell's command line on the host, with a terminal."""
    fixed = ("ClearAllForwardings=yes", "RemoteCommand=none", "PermitLocalCommand=no")
    return [target.ssh_executable, "-t", *_options(*fixed), *_address(target), "--", target.host, line]


def _address(target: SshTarget, key_file: str | None = None) -> list[str]:
    """The options that say where to connect, and as whom. They are in Ansible's order, because ssh takes the first
    value: the smart card, ssh_args, what has a setting of its own, the other arguments.
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
    """Quote a value so that ssh's option parser returns it unchanged.

    :param percent: whether ssh expands %-tokens in this option, so that a percent sign has to be doubled.
    """
    value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value.replace("%", "%%") if percent else value}"'


def _options(*pairs: str) -> list[str]:
    return [word for pair in pairs for word in ("-o", pair)]
