#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_volume_info
short_description: Read the volumes of a remote host
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Returns all volumes of a remote Podman or Docker host, or those of some names or labels, with the containers that
    use them, in the same shape for both engines.
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
      - Names of the volumes to read. Without it, all volumes are read.
      - A volume that does not exist is no error; its name is returned in RV(missing).
    type: list
    elements: str
    aliases:
      - names
      - volume_name
  labels:
    description:
      - Read only volumes that carry all these labels.
      - An empty value stands for any value of that label.
    type: dict
seealso:
  - module: sshfleet.containers.remote_volume
"""

EXAMPLES = r"""
- name: All volumes of the host
  sshfleet.containers.remote_volume_info:
  register: found

- name: Is the volume shop-data there?
  sshfleet.containers.remote_volume_info:
    name: shop-data
  register: data

- name: Volumes that no container uses
  sshfleet.containers.remote_volume_info:
    query: volumes[?!containers].name
  register: unused
"""

RETURN = r"""
volumes:
  description:
    - The volumes found, in the order of O(name), else sorted by name.
    - Each has the shape of RV(sshfleet.containers.remote_volume#module:volume).
    - With O(result_format=engine), each is as the engine's inspect tells it.
  returned: success
  type: list
  elements: dict
volume:
  description:
    - The volume as the engine's inspect tells it, V(none) where there is none.
  returned: with O(result_format=engine), when O(name) has one name
  type: dict
missing:
  description: Those of O(name) that do not exist.
  returned: success
  type: list
  elements: str
exists:
  description: Whether any volume was found.
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
