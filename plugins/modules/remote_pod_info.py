#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_pod_info
short_description: Read the pods of a remote Podman host
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Returns all pods of a remote Podman host, or those of some names or labels, with the containers in them.
  - Docker has no pods, and is refused.
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.attributes
  - sshfleet.containers.query
attributes:
  diff_mode:
    support: N/A
    description: Changes nothing.
options:
  name:
    description:
      - Names of the pods to read. Without it, all pods are read.
      - A pod that does not exist is no error; its name is returned in RV(missing).
    type: list
    elements: str
    aliases:
      - names
      - pod_name
  labels:
    description:
      - Read only pods that carry all these labels.
      - An empty value stands for any value of that label.
    type: dict
seealso:
  - module: sshfleet.containers.remote_pod
"""

EXAMPLES = r"""
- name: All pods of the host
  sshfleet.containers.remote_pod_info:
  register: found

- name: Is the pod shop there?
  sshfleet.containers.remote_pod_info:
    name: shop
  register: shop

- name: Pods in which nothing runs but their own container
  sshfleet.containers.remote_pod_info:
    query: pods[?!containers].name
  register: empty
"""

RETURN = r"""
pods:
  description:
    - The pods found, in the order of O(name), else sorted by name.
    - Each has the shape of RV(sshfleet.containers.remote_pod#module:pod).
  returned: success
  type: list
  elements: dict
missing:
  description: Those of O(name) that do not exist.
  returned: success
  type: list
  elements: str
exists:
  description: Whether any pod was found.
  returned: success
  type: bool
result:
  description: What O(query) picks from the rest, such as a list, a dictionary or a text.
  returned: when O(query) is given
  type: raw
engine:
  description: The engine that was asked.
  returned: success
  type: dict
  sample: {"name": "podman", "version": "4.3.1", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
"""
