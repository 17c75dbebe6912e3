# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of a play runs in processes that several hosts share, and how many hosts share one. Pure."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

COLLECTION = "sshfleet.containers."
# Hosts of one process: each has a few files open (its socket, pipes of Ansible's), and a user may have 1,024.
AT_MOST = 32
# The versions of ansible-core (first two numbers) whose workers this was tried with, the first and the last.
TRIED = ((2, 19), (2, 21))


@dataclass(frozen=True)
class Keywords:
    """The keywords of a task that decide about it, as the playbook has them: any of them may be a template."""

    action: str | None  # the full name of the action, None where it is not known before the task runs
    asynchronous: object
    timeout: object
    run_once: object


def may_share(task: Keywords, modules: Container[str]) -> bool:
    """Whether a task may share a process with the same task on other hosts.

    Only modules that do nothing but talk to sockets may. A time-out of Ansible's is a signal, which a process gets
    once; a task that runs once has nobody to share with.

    :param modules: their names without the collection's.
    """
    action = task.action or ""
    ours = action.startswith(COLLECTION) and action.removeprefix(COLLECTION) in modules
    return ours and not (task.asynchronous or task.timeout or task.run_once)


def hosts_of_one(forks: int, processors: int, hosts: int) -> int:
    """How many hosts share one process: all processors have work, and there are two processes for each where that many
    hosts run at once, so that one can begin while another waits for its last host.
    """
    return max(1, min(AT_MOST, -(-forks // (2 * processors)), -(-hosts // processors)))


def is_tried(version: str) -> bool:
    """Whether this version of ansible-core is one whose workers are known: 2.21.5, 2.20.0rc1."""
    numbers: Sequence[str] = version.split(".")
    if len(numbers) < len(TRIED[0]) or not (numbers[0].isdigit() and numbers[1].isdigit()):
        return False
    return TRIED[0] <= (int(numbers[0]), int(numbers[1])) <= TRIED[1]
