# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks at what containers use, do and have changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError
from ...shared.secrets import Masker
from ..result import usage
from ..result.result import learn

BETWEEN = 1.0  # seconds between the two looks that a percentage takes, for all containers together
# Requests at once: Docker 20.10 answers each at its next tick, a second later.
LOOKS_AT_ONCE = 16

Inspect = Mapping[str, Any]


def observe(
    client: Client,
    containers: Sequence[Inspect],
    options: Mapping[str, Any],
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, dict[str, Any]]:
    """What ``options["looks"]`` asks for, by container ID; None where a container would have to run and does not.

    :param containers: the engine's inspects.
    """
    looks = options["looks"]
    found: dict[str, dict[str, Any]] = {one["Id"]: {} for one in containers}
    if "changes" in looks:
        for one in containers:
            changes = _unless_gone(lambda one=one: client.containers.changes(one["Id"]))  # type: ignore[misc]
            found[one["Id"]]["changes"] = usage.changes_result(changes or [])
    if "top" in looks:
        for one in containers:
            found[one["Id"]]["top"] = _top(client, one, options["mask_env"])
    if "stats" in looks:
        for identity, stats in _stats(client, containers, sleep).items():
            found[identity]["stats"] = stats
    return found


def _top(client: Client, one: Inspect, mask: bool) -> list[dict[str, Any]] | None:
    columns = client.engine.ps_columns
    top = _unless_gone(lambda: client.containers.top(one["Id"], columns)) if _runs(one) else None
    if top is None:
        return None
    masker = Masker(mask)
    learn(masker, one)
    return usage.top_result(top, masker)


def _stats(
    client: Client, containers: Sequence[Inspect], sleep: Callable[[float], None]
) -> dict[str, dict[str, Any] | None]:
    running = [one["Id"] for one in containers if _runs(one)]

    def one_look(identity: str) -> Any:
        return _unless_gone(lambda: client.containers.stats(identity))

    def look() -> dict[str, Any]:
        with ThreadPoolExecutor(LOOKS_AT_ONCE) as pool:
            return dict(zip(running, pool.map(one_look, running), strict=True))

    first = look()
    if running:
        sleep(BETWEEN)
    second = look()
    return {
        one["Id"]: usage.stats_result(before, after)
        if (before := first.get(one["Id"])) and (after := second.get(one["Id"]))
        else None
        for one in containers
    }


def _runs(one: Inspect) -> bool:
    return bool((one.get("State") or {}).get("Running"))


def _unless_gone(look: Callable[[], Any]) -> Any:
    """None where the container has ended, or gone, since it was inspected."""
    try:
        return look()
    except EngineError as error:
        if error.status in (404, 409) or error.kind == "container_missing":
            return None
        raise
