# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many tasks in one playbook run, and their results as data."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lab_hosts import Lab


def run_tasks(
    lab: Lab, host: str, tasks: Sequence[Mapping[str, Any]], tmp_path: Path, *options: str, **play: Any
) -> list[dict[str, Any]]:
    """Run tasks one after the other, whatever becomes of each: their results.

    :param tasks: ``{"remote_…": {arguments}, keywords of a task…}``.
    :param play: keywords of the play.
    """
    steps: list[dict[str, Any]] = []
    for index, task in enumerate(tasks):
        named = {f"sshfleet.containers.{key}" if key.startswith("remote_") else key: task[key] for key in task}
        steps.append({"ignore_errors": True, **named, "register": f"r{index}"})
    output = tmp_path / "results.json"
    output.unlink(missing_ok=True)
    names = ", ".join(f"r{index}" for index in range(len(steps)))
    steps.append(
        {
            "ansible.builtin.copy": {"content": "{{ [" + names + "] | to_json }}", "dest": str(output)},
            "delegate_to": "localhost", "become": False, "check_mode": False, "diff": False,
            "vars": {"ansible_connection": "local"},
        }
    )  # fmt: skip
    done = lab.playbook([{"hosts": host, "gather_facts": False, **play, "tasks": steps}], tmp_path, *options)
    assert output.is_file(), done.stdout + done.stderr
    results: list[dict[str, Any]] = json.loads(output.read_text())
    return results
