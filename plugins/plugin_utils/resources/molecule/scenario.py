# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Molecule scenario as a host sees it: what its containers, networks and volumes are called and marked with."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property

from ...dataclass import dataclass
from ...errors import InvalidOption
from ..shared.parsers import NAME_PATTERN

_LABEL = "sshfleet.molecule."
SCENARIO_LABEL, OWNER_LABEL, DIRECTORY_LABEL, PLATFORM_LABEL = (
    f"{_LABEL}{word}" for word in ("scenario", "owner", "directory", "platform")
)
_MARK_LENGTH = 10  # hex digits


@dataclass(frozen=True)
class Scenario:
    """One scenario of one user in one checkout. Two that differ in anything never meet on a host.

    :param owner: who runs it, ``user@controller``.
    :param controller: what tells this controller from others beside its name.
    :param directory: the project's, on the controller.
    :param ephemeral: where Molecule keeps what it knows of the scenario.
    :param run: what tells runs apart that are alike in all this.
    """

    name: str
    owner: str
    controller: str
    directory: str
    ephemeral: str
    run: str = ""

    @cached_property
    def project(self) -> str:
        """The name of its project, with which all its names on a host begin; the same in each run."""
        parts = [self.name, self.owner, self.controller, self.directory, self.ephemeral, self.run]
        return f"molecule-{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:_MARK_LENGTH]}"

    @property
    def labels(self) -> dict[str, str]:
        """What all that it makes is marked with."""
        return {SCENARIO_LABEL: self.name, OWNER_LABEL: self.owner, DIRECTORY_LABEL: self.directory}

    def own(self, option: str, name: str) -> str:
        """Its own name for something that a platform calls so.

        :raises InvalidOption: no engine takes such a name.
        """
        if not NAME_PATTERN.fullmatch(name):
            problem, remedy = "no engine takes this name.", "Use letters, digits, '.', '_' and '-'."
            raise InvalidOption(option, name, problem, remedy)
        return f"{self.project}-{name}"
