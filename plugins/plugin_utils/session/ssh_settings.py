# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ssh's arguments and its configuration say of hosts, for whoever writes that down elsewhere."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..dataclass import dataclass
from ..errors import InvalidOption
from ..ssh.address.aliases import aliases
from ..ssh.address.options import Argument, sanitised
from ..ssh.config_lookup import Client, explained

_JUMPS = ("J", "proxyjump")


@dataclass(frozen=True)
class _Alias:
    """An entry of which nothing but a name is known."""

    name: str
    user: str | None = None
    port: int | None = None
    identity_file: str | None = None
    jump_host: str | None = None

    @property
    def hostname(self) -> str:
        return self.name


def jump_host(arguments: str) -> tuple[str | None, tuple[str, ...]]:
    """The jump hosts that ssh arguments name ('' where they switch them off, None where they say nothing), and the
    other arguments that say something.

    :raises InvalidOption: they can't be read.
    """
    try:
        given = sanitised(shlex.split(arguments))
    except ValueError as problem:
        raise InvalidOption("ssh arguments", arguments, f"{problem}.", "Close the quotation.") from None
    jumps = [one for one in given if (one.keyword or one.flag) in _JUMPS]
    others = tuple(shlex.join(one.rendered()) for one in given if one not in jumps)
    if not jumps:
        return None, others
    named = _value(jumps[0])
    return "" if named.lower() == "none" else named, others


def _value(argument: Argument) -> str:
    return argument.keyword_value or argument.value or ""


def hosts_of(config_file: str) -> list[str]:
    """The aliases of an ssh configuration.

    :raises InvalidOption: it can't be read.
    """
    try:
        return aliases(config_file, str(Path("~/.ssh").expanduser()))
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise InvalidOption("ssh_config", config_file, f"it can't be read: {reason}.", "Correct the path.") from problem


def configured(names: Sequence[str], config_file: str) -> dict[str, tuple[dict[str, Any], tuple[str, ...]]]:
    """What ssh's configuration says of aliases, as keys of a hosts.json, and the keywords that none of these expresses.

    :raises SshError: kind ``ssh_client``: there is no ssh, or it refuses the configuration.
    """
    found = explained([_Alias(name) for name in names], Client(config_file=config_file))
    return {name: (dict(values), more) for name, (values, more) in found.items()}
