# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The events of a run of Ansible, for a comparison with those of another run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checkout import CHECKOUT

CALLBACKS = CHECKOUT / "tests" / "support" / "callback_plugins"
# What differs between any two runs.
MOMENTS = frozenset({"start", "end", "delta", "duration", "_ansible_no_log"})
Event = list[Any]


def recording(file: Path) -> dict[str, str]:
    """The environment in which a run is recorded in this file."""
    file.unlink(missing_ok=True)
    return {
        "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACKS),
        "ANSIBLE_CALLBACKS_ENABLED": "recorded",
        "RECORDED": str(file),
    }


def tasks_of(file: Path) -> list[tuple[Event, list[Event]]]:
    """What a run did: each event of a play or a task, in order, with the events of its hosts until the next one.

    The events of one host stay in their order; the order of hosts is that of their names.
    """
    found: list[tuple[Event, list[Event]]] = [(["begin"], [])]
    for line in file.read_text().splitlines():
        event: Event = without_moments(json.loads(line))
        if event[0].startswith(("v2_runner", "v2_on_file_diff")):
            found[-1][1].append(event)
        else:
            found.append((event, []))
    return [(event, sorted(its, key=host_of)) for event, its in found]


def host_of(event: Event) -> str:
    about: Any = event[1]
    return str(about["host"] if isinstance(about, Mapping) else about)


def without_moments(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_moments(one) for key, one in value.items() if key not in MOMENTS}
    return [without_moments(one) for one in value] if isinstance(value, list) else value
