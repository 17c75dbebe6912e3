#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_volume
short_description: Manage a volume of a remote host
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Creates and removes a volume on a remote Podman or Docker host.
  - The options have the names, types and defaults of C(community.docker.docker_volume).
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.peer_connection
  - sshfleet.containers.attributes
attributes:
  idempotent:
    support: partial
    description: With O(recreate=always), every run recreates the volume.
options:
  volume_name:
    description: Name of the volume.
    type: str
    required: true
    aliases:
      - name
  state:
    description:
      - V(present) creates the volume where it is missing. One that differs is left alone, unless O(recreate) says
        otherwise.
      - V(absent) removes the volume and what is in it. One that containers use, running or not, is not removed; the
        task fails with their names.
    type: str
    choices: [absent, present]
    default: present
  driver:
    description: Driver of the volume.
    type: str
    default: local
  driver_options:
    description:
      - Options for the driver, such as C(type), C(device) and C(o) for V(local), which are those of C(mount). Those
        that are not named may have any value.
      - "For V(local), other words for the same are no difference: another order in C(o), what a mount does anyhow
        (C(rw), C(defaults)), C(size=100m) and C(size=102400k)."
      - Passwords in them (such as C(password=) in C(o)) are masked in results and diffs, but the engine keeps and shows
        them.
    type: dict
    default: {}
  labels:
    description:
      - Labels of the volume. Others that it has are no difference.
      - Volumes that this module creates also get the label C(sshfleet.containers.created), by which
        M(sshfleet.containers.remote_prune) knows them.
    type: dict
  recreate:
    description:
      - When a volume that exists is removed and created anew. B(What is in it is lost then.)
      - With V(never), one that differs is left alone, with a warning; RV(drift) has the options that differ.
      - With V(options-changed), one whose driver, driver options or labels differ is recreated.
      - With V(always), it is recreated in every run.
      - With C(--diff), C(recreated) tells that this happens.
      - A volume that containers use is never recreated; the task fails with their names. If the driver or its options
        differ, a volume of another name is made with them first and removed again, so that what the engine refuses
        costs nothing.
    type: str
    choices: [always, never, options-changed]
    default: never
seealso:
  - module: sshfleet.containers.remote_volume_info
  - module: sshfleet.containers.remote_container
"""

EXAMPLES = r"""
- name: A volume
  sshfleet.containers.remote_volume:
    name: shop-data
    labels:
      project: shop

- name: A volume in memory
  sshfleet.containers.remote_volume:
    name: shop-cache
    driver_options:
      type: tmpfs
      device: tmpfs
      o: noexec

- name: One with other mount options, whatever was in it
  sshfleet.containers.remote_volume:
    name: shop-cache
    driver_options:
      type: tmpfs
      device: tmpfs
      o: noexec,nosuid
    recreate: options-changed

- name: Remove both
  sshfleet.containers.remote_volume:
    name: "{{ item }}"
    state: absent
  loop: [shop-data, shop-cache]
"""

RETURN = r"""
volume:
  description:
    - The volume as it is afterwards (in check mode as it was before), V(none) where there is none.
    - With O(result_format=engine), it is the engine's inspect instead, as C(docker volume inspect) shows it, and left
      out with O(state=absent).
  returned: success
  type: dict
  contains:
    name:
      description: Its name.
      returned: success
      type: str
      sample: shop-data
    driver:
      description: Its driver.
      returned: success
      type: str
      sample: local
    driver_options:
      description: The driver's options, without secrets.
      returned: success
      type: dict
    labels:
      description: Its labels.
      returned: success
      type: dict
    scope:
      description: Where it reaches.
      returned: success
      type: str
      sample: local
    mountpoint:
      description: Where its content lies on the host.
      returned: success
      type: str
    containers:
      description: Names of the containers that use it, running or not.
      returned: success
      type: list
      elements: str
    created_at:
      description: When it was created, in UTC.
      returned: success
      type: str
      sample: "2026-01-31T12:00:00.000000Z"
    created_by_us:
      description: Whether this collection has created it.
      returned: success
      type: bool
drift:
  description:
    - The options in which the volume differs from the task, and was left alone.
    - Left out with O(result_format=engine).
  returned: success
  type: list
  elements: str
  sample: [driver_options]
actions:
  description:
    - What was done (in check mode what would be done), C(create), C(recreate) or C(remove), with the reason.
    - With O(result_format=engine), in check mode only, and each a text.
  returned: success
  type: list
  elements: dict
  sample: [{"action": "create", "reason": "there is no such volume"}]
engine:
  description: The engine that was asked. Left out with O(result_format=engine).
  returned: success
  type: dict
  sample: {"name": "podman", "version": "4.3.1", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
"""
