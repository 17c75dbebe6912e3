# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # What is true of every remote_* module, as Ansible's attributes.
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    support: full
    description: Computes the same plan as a run does, and changes nothing.
  diff_mode:
    support: full
    description: Shows before and after of exactly what differs.
  platform:
    platforms: posix
    support: full
    description: The target runs Linux with sshd and a container engine.
  action:
    support: full
    description: Runs on the controller.
  async:
    support: none
    description:
      - Ansible would run such a task by Python on the target, and this collection runs nothing there, so a task with
        C(async) is refused.
      - Hosts are worked on beside each other anyway, C(forks) at a time, and with C(strategy=free) none waits for the
        others. On one host, let a first task begin things (containers without C(wait_for), commands with C(detach)),
        and wait for them in a later one.
  bypass_host_loop:
    support: none
    description: Runs once for each host.
  connection:
    support: full
    description: Uses the settings of the host's SSH connection.
  delegation:
    support: full
    description: Can be used in conjunction with C(delegate_to) and related keywords.
  become:
    support: none
    description: Is usable alongside become keywords.
"""

    # What is true of modules that speak with no host.
    CONTROLLER = r"""
options: {}
attributes:
  platform:
    platforms: posix
    support: full
    description: Works on the controller, whatever the target is.
  action:
    support: full
    description: Runs on the controller.
  async:
    support: none
    description: Takes seconds at most.
  bypass_host_loop:
    support: none
    description: Runs once for each host, so give it one.
  connection:
    support: none
    description: Uses no connection.
  delegation:
    support: none
    description: Always works on the controller.
  become:
    support: none
    description: Works as the user who runs Ansible.
"""
