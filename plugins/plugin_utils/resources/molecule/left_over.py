# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What scenarios have left on a host: those of which everything is older than somebody says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..shared.labels import PROJECT_LABEL
from ..shared.moments import Moment, seconds
from .plan import removing
from .scenario import DIRECTORY_LABEL, OWNER_LABEL, SCENARIO_LABEL

Listed = Iterable[Mapping[str, Any]]


def projects(containers: Listed, networks: Listed, volumes: Listed, until: Moment, now: float) -> list[dict[str, Any]]:
    """
    :param containers: and networks and volumes, as results of our modules have them.
    :param until: what was created later makes a scenario count as living.
    :param now: seconds since the epoch.
    :return: for each scenario the options of ``remote_containers`` that remove it (``project``), and who left it
        (``label``).
    """
    found: dict[str, list[Mapping[str, Any]]] = {}
    names: dict[str, list[str]] = {}
    for is_container, one in (
        *((True, one) for one in containers), *((False, one) for one in (*networks, *volumes)),
    ):  # fmt: skip
        labels = one.get("labels") or {}
        project = labels.get(PROJECT_LABEL)
        if project and SCENARIO_LABEL in labels:
            found.setdefault(project, []).append(one)
            names.setdefault(project, []).extend([one["name"]] if is_container else [])
    return [
        {"project": removing(name, names[name]), "label": _label(name, ones[0]["labels"])}
        for name, ones in sorted(found.items())
        if all((seconds(one.get("created_at")) or now) < until.at(now) for one in ones)
    ]


def _label(project: str, labels: Mapping[str, str]) -> str:
    scenario, owner = labels.get(SCENARIO_LABEL), labels.get(OWNER_LABEL, "?")
    return f"{project}, scenario {scenario} of {owner} in {labels.get(DIRECTORY_LABEL, '?')}"
