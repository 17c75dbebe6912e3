# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a project has made and no longer names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ..shared.kept_names import name_of_service
from ..shared.labels import PROJECT_LABEL
from .application import Application


def belongs(labels: Mapping[str, Any] | None, application: Application) -> bool:
    """Whether something with these labels is the application's own, and goes where it is not named any more."""
    own = application.labels or {PROJECT_LABEL: application.name}
    found = labels or {}
    return all(found.get(key) == value for key, value in own.items()) and application.drops(found)


def containers(listed: Iterable[Mapping[str, Any]], application: Application, named: Collection[str]) -> list[str]:
    """The names of such containers, of an engine's list; what a recreation has put aside goes by its service."""
    found = (
        name_of_service(str(next(iter(one.get("Names") or [""]))).lstrip("/"))
        for one in listed
        if belongs(one.get("Labels"), application)
    )
    return sorted({name for name in found if name and name not in named})
