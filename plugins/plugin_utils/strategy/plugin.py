# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The strategy fleet: linear, with fewer processes.

Ansible's own strategy decides what runs when, and handles every result. This one only hands the tasks that may share a
process (``sharing.py``) to fewer processes than hosts, never more hosts at a time than there are forks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import cache
from typing import Any

from ansible import context
from ansible.errors import AnsibleError
from ansible.plugins.loader import connection_loader, get_plugin_loader_namespace
from ansible.plugins.strategy.linear import StrategyModule as Linear
from ansible.release import __version__ as core_version
from ansible.template import Templar
from ansible.utils.display import Display

from ..action.catalogue import MODULES
from ..processors import processors
from .batch import Batch, HostTask, load_for_all
from .sharing import Keywords, hosts_of_one, is_tried, may_share

CONTAINER = "sshfleet.containers.container"

display = Display()


class FleetStrategy(Linear):
    """Ansible's linear strategy, with processes that hosts share."""

    def __init__(self, tqm: Any) -> None:
        super().__init__(tqm)
        self._shares = is_tried(core_version)
        if not self._shares:
            display.warning(
                f"The strategy sshfleet.containers.fleet was not tried with ansible-core {core_version}: all tasks run "
                "as with linear."
            )
        else:
            load_for_all()
        self._gathered: list[HostTask] = []  # for the next batch
        self._batches: deque[list[HostTask]] = deque()  # that wait for room
        self._running: set[tuple[str, str]] = set()  # host and task of what runs in batches
        self._limit = len(self._workers)  # hosts at a time
        self._waiting = False  # all hosts are queued

    def _queue_task(self, host: Any, task: Any, task_vars: dict[str, Any], play_context: Any) -> None:
        keywords = Keywords(task.resolved_action, task.async_val, task.timeout, task.run_once)
        if not (self._shares and may_share(keywords, MODULES)):
            if CONTAINER in (task_vars.get("ansible_connection"), task.connection):
                _load_connection()
            super()._queue_task(host, task, task_vars, play_context)
            return
        self._limit = self._throttled(task, task_vars)
        known = {"host": host, "task": task, "task_vars": task_vars, "play_context": play_context}
        self._queued_task_cache[(host.name, task._uuid)] = known
        self._pending_results += 1
        self._gathered.append(known)
        if len(self._gathered) >= min(self._limit, self._hosts_of_one()):
            self._close_batch()

    def _process_pending_results(self, iterator: Any, one_pass: bool = False, max_passes: int | None = None) -> Any:
        if self._waiting:  # and the debugger may have queued one again
            self._close_batch()
        self._start_batches()
        results = super()._process_pending_results(iterator, one_pass=one_pass, max_passes=max_passes)
        self._running.difference_update((result.host.name, result.task._uuid) for result in results)
        return results

    def _wait_on_pending_results(self, iterator: Any) -> Any:
        self._waiting = True
        try:
            return super()._wait_on_pending_results(iterator)
        finally:
            self._waiting = False

    def _throttled(self, task: Any, task_vars: dict[str, Any]) -> int:
        """How many hosts at a time."""
        forks = len(self._workers)
        if not task.throttle:
            return forks
        try:
            throttle = int(Templar(loader=self._loader, variables=task_vars).template(task.throttle))
        except Exception as error:
            raise AnsibleError("Failed to convert the throttle value to an integer.", obj=task.throttle) from error
        return min(forks, throttle) if throttle > 0 else forks

    def _hosts_of_one(self) -> int:
        return hosts_of_one(len(self._workers), processors(), len(self._hosts_cache))

    def _close_batch(self) -> None:
        if self._gathered:
            self._batches.append(self._gathered)
            self._gathered = []

    def _start_batches(self) -> None:
        """Start what waits, as far as there is room for it."""
        free = self._free_slots()
        while self._batches and len(self._running) + len(self._batches[0]) <= self._limit:
            slot = next(free, None)
            if slot is None:  # a process that has told all its results is about to end
                return
            batch = self._batches.popleft()
            self._running.update((one["host"].name, one["task"]._uuid) for one in batch)
            for one in batch:
                self._tqm.send_callback("v2_runner_on_start", one["host"], one["task"])
            self._workers[slot] = worker = Batch([{**one, **self._for_all(slot)} for one in batch])
            worker.start()

    def _free_slots(self) -> Iterator[int]:
        for slot, worker in enumerate(self._workers):
            if worker is None or not worker.is_alive():
                if worker:
                    worker.close()
                yield slot

    def _for_all(self, slot: int) -> dict[str, Any]:
        return {
            "final_q": self._final_q,
            "loader": self._loader,
            "variable_manager": self._variable_manager,
            "shared_loader_obj": get_plugin_loader_namespace(),
            "worker_id": slot,
            "cliargs": context.CLIARGS,
        }


@cache
def _load_connection() -> None:
    """Load the connection plugin for containers here: else every worker loads it for itself, at 0.15 s of CPU time."""
    connection_loader.get(CONTAINER, class_only=True)
