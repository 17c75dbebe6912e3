# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a new pod needs of its host, of what its options say. Nothing is read here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...engine.differences.engine import Engine
from ...errors import InvalidOption
from ..container.options.port_uses import Use, clash, protocol_of
from .options import MODES, Options


def networks(options: Options) -> list[str]:
    """The names of the networks that have to be there."""
    return [name for name in options.given.get("networks") or () if name not in MODES]


def taken_ports(options: Options, uses: Iterable[Use], engine: Engine) -> Iterator[tuple[Use, InvalidOption]]:
    """The ports that others have by now: who has it, and what a run fails with."""
    found = list(uses)
    for port, ends in (options.given.get("published_ports") or {}).items():
        for end in ends:
            address, colon, number = end.rpartition(":")
            address = address.strip("[]") if colon else engine.default_host_ip
            for use in found:
                same = (use.protocol, str(use.port)) == (protocol_of(port), number)
                if same and clash(address, use.address):
                    problem = f"{use.by} has this port of the host."
                    remedy = "Publish another port, or stop or remove that container first."
                    yield use, InvalidOption("published_ports", f"{end}:{port}", problem, remedy)
