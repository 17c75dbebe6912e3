# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which container a user means by a name."""

from __future__ import annotations

from typing import Any

# The engines find containers by the beginning of their ID too; nobody who names a container "ab" means that.
_SHORTEST_ID = 12


def named_container(client: Any, name: str) -> dict[str, Any] | None:
    """The container of this name or ID; None when the engine's answer is one whose ID only begins so.

    :param client: an EngineClient.
    :return: the engine's inspect.
    """
    inspect: dict[str, Any] | None = client.inspect_container(name)
    if inspect is None or str(inspect["Name"]).lstrip("/") == name:
        return inspect
    return inspect if len(name) >= _SHORTEST_ID and inspect["Id"].startswith(name) else None
