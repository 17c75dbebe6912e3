#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_kube_info
short_description: Kubernetes YAML of what a remote Podman host has
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Returns Kubernetes YAML that describes pods, containers and volumes of a remote Podman host, as C(podman kube
    generate) makes it, over the engine's own API. M(sshfleet.containers.remote_kube) can play it.
  - The values of variables with secret-looking names are masked, and RV(masked) names them. Give them as a Secret
    before the YAML is played.
  - Docker has nothing of the kind, and is refused.
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
      - Names of the pods, containers and volumes. Containers that are in no pod become one together.
      - One that does not exist is no error; its name is returned in RV(missing).
    type: list
    elements: str
    required: true
    aliases: [names]
  service:
    description: Whether the YAML has a Service of the published ports, too, for Kubernetes.
    type: bool
    default: false
seealso:
  - module: sshfleet.containers.remote_kube
"""

EXAMPLES = r"""
- name: What a pod would be in Kubernetes
  sshfleet.containers.remote_kube_info:
    name: shop
  register: found

- name: The images of it
  sshfleet.containers.remote_kube_info:
    name: shop
    query: objects[].spec.containers[].image
  register: images
"""

RETURN = r"""
kube:
  description: The YAML, empty where there is nothing of these names.
  returned: success
  type: str
objects:
  description: The same as data, an object for each document.
  returned: success
  type: list
  elements: dict
masked:
  description: The names of the variables whose values are masked.
  returned: success
  type: list
  elements: str
missing:
  description: Those of O(name) that do not exist.
  returned: success
  type: list
  elements: str
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
