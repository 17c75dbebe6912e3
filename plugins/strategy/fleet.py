# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Strategy plugin fleet: wires plugin_utils.strategy to Ansible's loader."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet
short_description: As linear, with one process for several hosts
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Runs a play as P(ansible.builtin.linear#strategy) does - task by task, on up to C(forks) hosts at a time, with the
    same results, callbacks, C(serial), C(throttle), handlers and ways to fail.
  - Ansible starts a process for each host and task. The modules of this collection only talk to sockets, and need none
    of their own. Under this strategy, up to 32 hosts share one, in which each has a thread. All other tasks run in
    Ansible's own processes as ever, and so do tasks of this collection with C(async), C(timeout) or C(run_once).
  - On two processors and 1,000 hosts, an unchanged M(sshfleet.containers.remote_container) takes less than half of the
    time that it takes under C(linear). It gains where many hosts run at once, so set C(forks) to 50 or more.
  - Plays whose hosts are containers (P(sshfleet.containers.container#connection)) gain as well, because that plugin is
    loaded once, and not by each worker.
notes:
  - ansible-core says for every strategy that is not its own that such are deprecated and have no guarantees. This one
    was tried with ansible-core 2.19 to 2.21. With any other version it warns, and runs all tasks as C(linear).
  - Lookups and filters in the arguments of a task run in the thread of its host. One that sets signal handlers, takes
    the main thread's event loop, or changes the directory or the environment of its process can't be used there; a task
    with C(timeout) has a process of its own.
  - The debugger's C(redo) of a task with C(run_once) does not bring the other hosts back, as Ansible does it for
    C(linear) by its name.
  - A process that dies takes the tasks of its hosts along. Ansible then ends the run, as it does under C(linear).
seealso:
  - plugin: ansible.builtin.linear
    plugin_type: strategy
"""

EXAMPLES = r"""
- name: Keep a container running on a thousand hosts
  hosts: web
  gather_facts: false
  strategy: sshfleet.containers.fleet
  tasks:
    - name: Run the application
      sshfleet.containers.remote_container:
        name: app
        image: localhost/app:1
        state: started
"""

from ansible_collections.sshfleet.containers.plugins.plugin_utils.strategy.plugin import FleetStrategy  # noqa: E402


class StrategyModule(FleetStrategy):
    """The class that Ansible looks for."""
