#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_container_info
short_description: Read the containers of a remote host
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Returns all containers of a remote Podman or Docker host, running or not, or those of some names or labels, in the
    same shape for both engines.
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.peer_connection
  - sshfleet.containers.attributes
  - sshfleet.containers.query
attributes:
  diff_mode:
    support: N/A
    description: Changes nothing.
options:
  name:
    description:
      - Names or IDs of the containers to read. Without it, all containers are read.
      - A container that does not exist is no error; its name is returned in RV(missing).
    type: list
    elements: str
    aliases:
      - names
  labels:
    description:
      - Read only containers that carry all these labels.
      - An empty value stands for any value of that label.
    type: dict
  mask_env:
    description:
      - Mask the values of environment variables and labels whose names look secret, such as C(DB_PASSWORD), wherever
        they turn up, and passwords in URLs and command lines.
      - Set it to V(false) to get the values; they are then in the task's result and wherever that is logged.
    type: bool
    default: true
  stats:
    description:
      - Return in C(stats) of each container what it uses; V(none) where it does not run.
      - Two looks are taken, a second apart for all containers together.
    type: bool
    default: false
  top:
    description:
      - Return in C(top) of each container its processes; V(none) where it does not run.
      - Secret-looking values of the container's environment are masked in their command lines.
    type: bool
    default: false
  changes:
    description: Return in C(changes) of each container the paths at which it differs from its image.
    type: bool
    default: false
seealso:
  - module: sshfleet.containers.remote_events
  - module: sshfleet.containers.remote_container
  - module: sshfleet.containers.remote_engine_info
"""

EXAMPLES = r"""
- name: All containers of the host
  sshfleet.containers.remote_container_info:
  register: found

- name: Names of those that run
  ansible.builtin.debug:
    msg: "{{ found.containers | selectattr('running') | map(attribute='name') }}"

- name: The same, picked by the module
  sshfleet.containers.remote_container_info:
    query: containers[?running].name
  register: running

- name: What the container app uses and does
  sshfleet.containers.remote_container_info:
    name: app
    stats: true
    top: true
    changes: true

- name: Is the container app there?
  sshfleet.containers.remote_container_info:
    name: app
  register: app

- name: All containers of the shop's front end
  sshfleet.containers.remote_container_info:
    labels:
      project: shop
      tier: front
"""

RETURN = r"""
containers:
  description:
    - The containers found, in the order of O(name), else sorted by name.
    - Each has the shape of RV(sshfleet.containers.remote_container#module:container), and what O(stats), O(top) and
      O(changes) ask for.
    - With O(result_format=engine), each is as the engine's inspect tells it.
    - C(stats) holds C(read_at), C(cpu_percent) (of one CPU, over a second), C(cpu_seconds), C(memory_used) (bytes,
      without the cache of files not in use), C(memory_limit) and C(memory_percent) (V(none) where there is no limit),
      C(network_received), C(network_sent), C(block_read) and C(block_written) (bytes since the container's start), and
      C(pids).
    - C(top) is a list of C(pid), C(ppid), C(user), C(cpu_percent), C(elapsed) (seconds) and C(command). With Docker,
      processes and users are the host's, with Podman those in the container.
    - C(changes) is a list of C(path) and C(kind) (V(added), V(modified), V(removed)).
  returned: success
  type: list
  elements: dict
container:
  description:
    - The container as the engine's inspect tells it, V(none) where there is none.
  returned: with O(result_format=engine), when O(name) has one name
  type: dict
missing:
  description: Those of O(name) that do not exist.
  returned: success
  type: list
  elements: str
exists:
  description: Whether any container was found.
  returned: success
  type: bool
result:
  description: What O(query) picks from the rest, such as a list, a dictionary or a text.
  returned: when O(query) is given
  type: raw
engine:
  description: The engine that was asked. Left out with O(result_format=engine).
  returned: success
  type: dict
  sample: {"name": "podman", "version": "4.3.1", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
"""
