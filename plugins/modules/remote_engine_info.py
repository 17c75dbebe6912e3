#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_engine_info
short_description: Tell which container engine a remote host runs
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Pings the Podman or Docker engine of a remote host through its SSH-forwarded socket, and returns its version, the
    facts of its host, and what it holds.
  - The quickest check that a host's containers can be managed at all.
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.attributes
attributes:
  diff_mode:
    support: N/A
    description: Changes nothing.
options:
  disk_usage:
    description:
      - Also measure the disk space of images, containers and volumes, which can take seconds on a large host.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Which engine does each host run?
  sshfleet.containers.remote_engine_info:
  register: found

- name: Show it
  ansible.builtin.debug:
    msg: "{{ found.engine.name }} {{ found.engine.version }} on {{ found.engine.socket }}"

- name: Docker, with the space its images take
  sshfleet.containers.remote_engine_info:
    engine: docker
    disk_usage: true
"""

RETURN = r"""
engine:
  description: The engine and its host, in one shape for Podman and Docker.
  returned: success
  type: dict
  contains:
@@ENGINE@@
"""
