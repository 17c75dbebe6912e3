#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_tunnel
short_description: Show, open or close the SSH connection that the remote_* modules share
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - All C(remote_*) modules reach a host's engine through one SSH connection of the collection's own, which stays open
    for later tasks and runs and ends by itself when it is idle.
  - This module shows that connection, opens it ahead of time, or closes it on purpose.
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.attributes
options:
  state:
    description:
      - V(status) shows the connection and opens or closes nothing.
      - V(present) opens it when it is not open, and makes sure that an engine answers behind it.
      - V(absent) closes it, and those to its jump hosts that no other connection needs. Requests that other processes
        have under way over it are cut.
    type: str
    choices:
      - status
      - present
      - absent
    default: status
"""

EXAMPLES = r"""
- name: Is there a connection to this host?
  sshfleet.containers.remote_tunnel:
  register: shown

- name: Connect to all hosts before the work begins
  sshfleet.containers.remote_tunnel:
    state: present

- name: Leave nothing open
  sshfleet.containers.remote_tunnel:
    state: absent
"""

RETURN = r"""
tunnel:
  description: The connection as it is after the task, in check mode as it would be.
  returned: success
  type: dict
  contains:
    open:
      description: Whether the connection is open.
      returned: success
      type: bool
    host:
      description: The name or address that ssh connects to.
      returned: RV(tunnel.open)
      type: str
    port:
      description: The port, null for ssh's own choice.
      returned: RV(tunnel.open)
      type: int
    user:
      description: The user on the target.
      returned: RV(tunnel.open)
      type: str
    pid:
      description: The process ID of the ssh master on the controller.
      returned: RV(tunnel.open)
      type: int
    idle:
      description: Seconds after the last use until it ends by itself.
      returned: RV(tunnel.open)
      type: int
    started:
      description: When it was opened, in UTC.
      returned: RV(tunnel.open)
      type: str
    control:
      description: The path of its control socket on the controller.
      returned: RV(tunnel.open)
      type: str
    sockets:
      description: The target's sockets that are forwarded.
      returned: RV(tunnel.open)
      type: list
      elements: str
      sample: ["/run/podman/podman.sock"]
"""
