# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many tasks in one playbook run, on one host or on every engine at once, and their results as data."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine_cases import ENGINES, SOCKETS
from lab_hosts import Lab

# ``{"remote_…": {arguments}, keywords of a task…}``
Task = Mapping[str, Any]
Results = list[dict[str, Any]]


def run_tasks(
    lab: Lab, host: str, tasks: Sequence[Task], tmp_path: Path, *options: str, **play: Any
) -> list[dict[str, Any]]:
    """Run tasks one after the other, whatever becomes of each: their results.

    :param play: keywords of the play.
    """
    output = tmp_path / "results.json"
    output.unlink(missing_ok=True)
    steps = keeping(tasks, str(output))
    done = lab.playbook([{"hosts": host, "gather_facts": False, **play, "tasks": steps}], tmp_path, *options)
    assert output.is_file(), done.stdout + done.stderr
    results: Results = json.loads(output.read_text())
    return results


@dataclass(frozen=True)
class Told:
    """The results of the tasks by host and engine, and all that Ansible said."""

    results: Mapping[tuple[str, str], Results]
    said: str


def through_ansible(
    lab: Lab,
    tmp_path: Path,
    tasks: Callable[[str], Sequence[Task]],
    *options: str,
    engines: Sequence[tuple[str, str]] = tuple(ENGINES),
    **play: Any,
) -> Told:
    """Tasks on several engines in one run of Ansible: a play for each of Podman and Docker, on all their hosts.

    :param tasks: gives those for an engine, which they needn't name. Those with ``ignore_errors`` may fail.
    """
    plays: list[dict[str, Any]] = []
    for engine in (engine for engine in SOCKETS if engine in {its for _host, its in engines}):
        hosts = [host for host, its in engines if its == engine]
        output = f"{tmp_path}/{{{{ inventory_hostname }}}}-{engine}.json"
        steps = keeping([_at(engine, task) for task in tasks(engine)], output)
        plays.append({"hosts": hosts, "gather_facts": False, **play, "tasks": steps})
    files = {key: tmp_path / f"{'-'.join(key)}.json" for key in engines}
    for file in files.values():
        file.unlink(missing_ok=True)
    done = lab.playbook(plays, tmp_path, *options)
    said = done.stdout + done.stderr
    assert all(file.is_file() for file in files.values()), said
    results: dict[tuple[str, str], Results] = {key: json.loads(file.read_text()) for key, file in files.items()}
    for (host, engine), its in results.items():
        for task, result in zip(tasks(engine), its, strict=True):
            assert task.get("ignore_errors") or not result.get("failed"), f"{host}, {engine}: {result}"
    return Told(results, said)


def _at(engine: str, task: Task) -> Task:
    return {key: {"engine": engine, **value} if key.startswith("remote_") else value for key, value in task.items()}


def keeping(tasks: Sequence[Task], output: str) -> list[dict[str, Any]]:
    """Tasks that may fail, with the modules' full names, and one that writes their results into a file here."""
    steps: list[dict[str, Any]] = []
    for index, task in enumerate(tasks):
        named = {f"sshfleet.containers.{key}" if key.startswith("remote_") else key: task[key] for key in task}
        steps.append({"ignore_errors": True, **named, "register": f"r{index}"})
    names = ", ".join(f"r{index}" for index in range(len(steps)))
    keep = {"content": "{{ [" + names + "] | to_json }}", "dest": output}
    return [*steps, {"keep": keep, "become": False, "check_mode": False, "diff": False, "no_log": True}]
