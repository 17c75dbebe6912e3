#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_secret_info
short_description: Read what is known of the secrets of a remote Podman host
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Returns all secrets of a remote Podman host, or those of some names or labels. What they hold is not asked for.
  - Docker has secrets in a swarm only, and is refused.
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
      - Names of the secrets to read. Without it, all secrets are read.
      - A secret that does not exist is no error; its name is returned in RV(missing).
    type: list
    elements: str
    aliases:
      - names
      - secret_name
  labels:
    description:
      - Read only secrets that carry all these labels.
      - An empty value stands for any value of that label.
    type: dict
  containers:
    description: Whether to tell which containers use each secret. That takes a request for each container of the host.
    type: bool
    default: false
seealso:
  - module: sshfleet.containers.remote_secret
"""

EXAMPLES = r"""
- name: All secrets of the host
  sshfleet.containers.remote_secret_info:
  register: found

- name: Is the secret shop-db-password there?
  sshfleet.containers.remote_secret_info:
    name: shop-db-password
  register: password

- name: Secrets that no container uses
  sshfleet.containers.remote_secret_info:
    containers: true
    query: secrets[?!containers].name
  register: unused
"""

RETURN = r"""
secrets:
  description:
    - The secrets found, in the order of O(name), else sorted by name.
    - Each has the shape of RV(sshfleet.containers.remote_secret#module:secret).
    - With O(containers=true), each also has C(containers), which lists C(name), C(use) and C(running) of the containers
      that use it, as far as Podman tells.
  returned: success
  type: list
  elements: dict
missing:
  description: Those of O(name) that do not exist.
  returned: success
  type: list
  elements: str
exists:
  description: Whether any secret was found.
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
