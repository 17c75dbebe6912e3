# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One process for the same task on several hosts, where Ansible has one for each.

A worker of Ansible's owns its process: it may change the host, the task and the loader that it got. Here each host's
worker gets its own copies of those, and runs in a thread. All that Ansible keeps in the air meanwhile (templates, the
task, warnings) is in context variables, of which each thread has its own.
"""

from __future__ import annotations

import copy
import functools
import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from ansible._internal._task import TaskContext
from ansible.executor.process.worker import WorkerProcess
from ansible.plugins.loader import Jinja2Loader, PluginLoader, filter_loader, test_loader

# What of a plugin loader searches, loads and fills tables. Its other methods call these.
LOADING = (
    (PluginLoader, "find_plugin_with_context"),
    (PluginLoader, "get_with_context"),
    (PluginLoader, "all"),
    (Jinja2Loader, "get_with_context"),
    (Jinja2Loader, "all"),
)
# Seconds until a signal that ends the run is seen at the latest.
PATIENCE = 0.2
# The signals that end a run.
ENDING = (signal.SIGINT, signal.SIGTERM)
# The arguments of Ansible's worker for one host.
HostTask = Mapping[str, Any]


class Batch(WorkerProcess):
    """A worker of Ansible's for several hosts.

    :param tasks: at least one, all with the same ``worker_id``.
    """

    def __init__(self, tasks: Sequence[HostTask]) -> None:
        super().__init__(**tasks[0])
        self._tasks = tasks
        self._noted: list[int] = []

    def start(self) -> None:
        """Start it. A signal that comes meanwhile waits until this process knows its child, and the child what to do
        about it. A mask would not do: Ansible's thread for results would get the signal instead.
        """
        before = {number: signal.signal(number, self._note) for number in ENDING}
        try:
            super().start()
        finally:
            for number, handler in before.items():
                signal.signal(number, signal.SIG_DFL if handler is None else handler)
        self._tasks = ()  # in the parent, which keeps the object until its slot is used again
        for noted in self._noted:
            signal.raise_signal(noted)

    def _note(self, number: int, _frame: object) -> None:
        self._noted.append(number)

    def _run(self) -> None:
        for number in self._noted:
            self._term(number, None)
        if len(self._tasks) == 1:  # what works for all hosts by itself may fork, which it can't beside another thread
            super()._run()
            return
        _let_threads_load_plugins()
        threads = [threading.Thread(target=self._run_one, args=(task,)) for task in self._tasks]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():  # what waits for ever would miss a signal that comes just before
                thread.join(PATIENCE)

    def _run_one(self, given: HostTask) -> None:
        try:
            own = {**given, "host": _own_host(given["host"]), "task": _own_task(given["task"])}
            own["loader"] = copy.copy(given["loader"])
            worker = WorkerProcess(**own)  # never started: it is here already
            worker.worker_queue = self.worker_queue  # where answers to questions come
            with _context(own):
                worker._run()
        except BaseException:
            self._hard_exit(traceback.format_exc())


def load_for_all() -> None:
    """Load what the threads of every process need, in the process that they all come from."""
    for loader in (filter_loader, test_loader):
        for _plugin in loader.all():
            pass


def _let_threads_load_plugins() -> None:
    """Have Ansible's plugin loaders work for one thread at a time, in this process only: they fill their tables while
    they search, and another thread would take a table that is half filled for the whole.
    """
    lock = threading.RLock()
    for owner, name in LOADING:
        setattr(owner, name, _locked(getattr(owner, name), lock))


def _locked(method: Callable[..., Any], lock: AbstractContextManager[Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def locked(*args: Any, **kwargs: Any) -> Any:
        with lock:
            found = method(*args, **kwargs)
            return iter(list(found)) if isinstance(found, Iterator) else found

    return locked


def _own_host(host: Any) -> Any:
    """The worker empties its host when it is done, while others may still ask for that host's variables."""
    own = object.__new__(type(host))
    own.__dict__.update(host.__dict__)
    return own


def _own_task(task: Any) -> Any:
    """The worker writes into its task what the templates have become. As the strategy copies a task for a result."""
    own = task.copy(exclude_parent=True, exclude_tasks=True)
    own._parent = task._parent
    return own


def _context(own: HostTask) -> AbstractContextManager[Any]:
    if hasattr(TaskContext, "create"):  # since ansible-core 2.21
        return TaskContext.create(task=own["task"], task_vars=own["task_vars"], host_name=own["host"].name)
    # pylint reads 2.21's class, which is not made so.
    # pylint: disable-next=missing-kwoa
    return TaskContext(own["task"])
