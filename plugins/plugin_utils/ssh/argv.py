# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command lines, decided purely: nothing here looks at the machine."""

from __future__ import annotations

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh import options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.target import SshTarget

# Placed first, because the first -o wins. Without ClearAllForwardings a LocalForward of the user's config opens a TCP
# port. VERBOSE, because newer clients say "closed by remote host" only there.
MUST_HOLD = (
    "BatchMode=yes",
    "ClearAllForwardings=yes",
    "RemoteCommand=none",
    "PermitLocalCommand=no",
    "Tunnel=no",
    "StreamLocalBindMask=0177",
    "StreamLocalBindUnlink=yes",
    "ControlMaster=yes",
)
DEFAULTS = ("ServerAliveInterval=15", "ServerAliveCountMax=3")
ACCEPT_NEW = "StrictHostKeyChecking=accept-new"


def master(
    target: SshTarget, control: str, idle: int, *, accept_new: bool = False, log_level: str = "VERBOSE"
) -> list[str]:
    """The master's command line.

    :param control: the control socket's path.
    :param idle: seconds after the last request at which the master ends.
    :param accept_new: write unknown host keys down (a changed one is refused all the same).
    """
    must = (*MUST_HOLD, f"ControlPath={quoted(control)}", f"ControlPersist={idle}", f"LogLevel={log_level}")
    keys = (ACCEPT_NEW,) if accept_new else ()
    return [
        target.ssh_executable,
        *("-f", "-N", "-T"),
        *_options(*must),
        *_address(target),
        *_options(*keys, *DEFAULTS),
        "--",
        target.host,
    ]


def effective(target: SshTarget) -> list[str]:
    """Prints, as ``keyword value`` lines, what ssh would do for this target with all its configuration."""
    return [target.ssh_executable, "-G", *_address(target), "--", target.host]


def command(target: SshTarget, control: str, words: list[str]) -> list[str]:
    """Runs a command over the master and over nothing else: without a master, the direct way is ``false``."""
    fixed = ("BatchMode=yes", "ControlMaster=no", f"ControlPath={quoted(control)}", "ProxyCommand=false")
    return [target.ssh_executable, "-F", "none", "-a", "-x", "-T", *_options(*fixed), "--", target.host, *words]


def _address(target: SshTarget) -> list[str]:
    """In Ansible's order, because the first one wins: ssh_args; port, user and key; the other arguments; then what
    holds where nobody says otherwise.
    """
    own = []
    if target.port is not None:
        own.append(f"Port={target.port}")
    if target.user is not None:
        own.append(f"User={quoted(target.user, percent=False)}")
    if target.private_key_file is not None:
        own.append(f"IdentityFile={quoted(target.private_key_file)}")
    early = [word for argument in target.early_arguments for word in argument.rendered()]
    given = [word for argument in target.late_arguments for word in argument.rendered()]
    late = [f"ConnectTimeout={target.connect_timeout}"]
    if target.host_key_checking is False:
        late.append("StrictHostKeyChecking=no")
    return [*early, *_options(*own), *given, *_options(*late)]


def asks_for_host_keys(target: SshTarget) -> bool:
    """Whether neither Ansible's settings nor its ssh arguments say what to do with unknown host keys."""
    return target.host_key_checking is None and not options.sets(target.arguments, "StrictHostKeyChecking")


def quoted(value: str, *, percent: bool = True) -> str:
    """A value as ssh's option parser gives it back unchanged; ``percent`` where ssh expands %-tokens in it."""
    value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value.replace("%", "%%") if percent else value}"'


def _options(*pairs: str) -> list[str]:
    return [word for pair in pairs for word in ("-o", pair)]
