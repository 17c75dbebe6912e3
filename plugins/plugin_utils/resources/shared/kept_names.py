# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names under which a container is kept while it is recreated."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ...dataclass import dataclass
from .states import PAUSED, RUNNING, STOPPED

OLD, NEW = ".sshfleet-old-", ".sshfleet-new-"
ID_LENGTH = 12
KEPT_NAME = re.compile(
    rf"(?P<name>.+)(?P<part>{re.escape(OLD)}|{re.escape(NEW)})(?P<short_id>[0-9a-f]{{{ID_LENGTH}}})\.(?P<was>{RUNNING}|{PAUSED}|{STOPPED})"
    r"\.(?P<policy>no|always|on-failure|unless-stopped)\.(?P<retries>[0-9]+)"
)


@dataclass(frozen=True)
class Mark:
    """What the name of a container that was put aside says: whose it was, what ran, and its restart policy."""

    name: str
    short_id: str
    was: str
    policy: str = "no"
    retries: int = 0
    part: str = OLD

    def __str__(self) -> str:
        return f"{self.name}{self.part}{self.short_id}.{self.was}.{self.policy}.{self.retries}"

    @property
    def of_the_failed(self) -> Mark:
        """The name of a new container that has failed, while the old one is brought back."""
        return replace(self, part=NEW)

    @property
    def restart_policy(self) -> dict[str, Any]:
        return {"Name": self.policy, "MaximumRetryCount": self.retries}


def name_of_service(name: str) -> str:
    """The name under which a container serves, also where it is put aside."""
    match = KEPT_NAME.fullmatch(name)
    return match["name"] if match else name
