#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_auto_update
short_description: Update the containers of a remote Podman host that follow an image
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - "Pulls newer images, and restarts the systemd units of the containers that have a policy for that: the label
    C(io.containers.autoupdate), or C(AutoUpdate=) of a quadlet. V(registry) asks the image's registry, V(local) looks
    at what the image's name stands for on the host."
  - A unit that does not start with the new image is put back to the old one (O(rollback)).
  - "First it is looked what there is to update; the task is changed where there is something, and check mode tells
    just that. All containers of the engine that have a policy and run are meant."
  - The task fails (V(update_failed)) where a container could not be looked at or updated, or was put back; the message
    names it, its unit and why. The others are updated all the same.
  - "This is Podman's own command, which no API has: it is run on the host over the same SSH connection, as the user
    whom the engine belongs to: as root for root's Podman (C(become) with sudo will do), else as the user of
    O(engine_socket). It needs no Python there."
  - "Logins of M(sshfleet.containers.remote_login) stay on the controller, and don't count: the command takes those of
    the host (C(podman login) there), of O(authfile), or of the container's label
    C(io.containers.autoupdate.authfile)."
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.attributes
options:
  rollback:
    description:
      - Whether a unit that does not start with the new image is started with the old one again.
      - "A unit has started when its container has, if it does not say otherwise: C(Notify=healthy) or C(Notify=true) of
        a quadlet let systemd wait until the container is ready, so that one that ends a moment later counts as failed."
    type: bool
    default: true
  authfile:
    description:
      - Absolute path of a file of the host with the logins at registries. A container's own label goes before it.
      - Podman before 4.7 takes no notice of it; it is refused there.
    type: str
  validate_certs:
    description:
      - Whether registries are asked over TLS with a certificate that the host trusts. By default, its
        C(registries.conf) decides.
      - Podman before 4.7 does not have it; it is refused there.
    type: bool
    aliases: [tls_verify]
  timeout:
    description: For how many seconds the command is waited for, once to look and once to update.
    type: float
    default: 900
seealso:
  - module: sshfleet.containers.remote_quadlet
  - ref: Quadlets <ansible_collections.sshfleet.containers.docsite.quadlets>
    description: Containers that run in units, and follow an image.
"""

EXAMPLES = r"""
- name: A container that follows its image
  sshfleet.containers.remote_quadlet:
    name: shop
    container:
      image: registry.example.com/shop/api:1.4
      restart_policy: always
      stop_timeout: 1
    sections:
      Container:
        AutoUpdate: local

- name: Update whatever there is a newer image for
  sshfleet.containers.remote_auto_update:

- name: The same, and leave what does not start as it is
  sshfleet.containers.remote_auto_update:
    rollback: false

- name: Only tell what would be updated
  sshfleet.containers.remote_auto_update:
  check_mode: true
  register: updates

- name: Remove it
  sshfleet.containers.remote_quadlet:
    name: shop.container
    state: absent
"""

RETURN = r"""
containers:
  description: The containers that have a policy, by name, as they were when the task began.
  returned: success, and where some could not be updated
  type: list
  elements: dict
  contains:
    name:
      description: The container's name.
      returned: success
      type: str
      sample: shop
    id:
      description: Its ID before the update; an update makes a new container.
      returned: success
      type: str
    image:
      description: The image that it follows.
      returned: success
      type: str
      sample: registry.example.com/shop/api:1.4
    policy:
      description: V(registry) or V(local).
      returned: success
      type: str
      sample: registry
    unit:
      description: The unit that runs it, V(none) where none does.
      returned: success
      type: str
      sample: shop.service
    status:
      description:
        - V(updated), or V(pending) in check mode; V(current) where there is nothing newer.
        - V(rolled_back) where the unit did not start with the new image, and runs with the old one again; V(failed)
          where that could not be done either, or there was an error before; RV(containers[].reason) says why.
        - V(not_running) of a container that does not run, and is never updated.
      returned: success
      type: str
      sample: updated
    reason:
      description: Why it failed or was put back, in Podman's words or those of the unit's log; else empty.
      returned: success
      type: str
actions:
  description: What was done (in check mode what would be done), with the reason, the containers and their units.
  returned: success
  type: list
  elements: dict
  sample: [{"action": "update", "reason": "there are newer images", "containers": ["shop"], "units": ["shop.service"]}]
engine:
  description: The engine that was asked.
  returned: success
  type: dict
  sample: {"name": "podman", "version": "5.4.2", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
"""
