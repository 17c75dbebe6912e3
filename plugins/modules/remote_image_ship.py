#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_image_ship
short_description: Ship an image from a host, or from the controller, to many hosts without a registry
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Brings an image that one remote host has, or that is in an archive on the controller, to many remote hosts.
  - The task runs once for all hosts. The source is read once, and each piece goes to all targets that need it at the
    same time, through the SSH connections to them. Nothing is written on the controller, and an image of any size
    takes the same memory there. The slowest target decides the pace.
  - Podman and Docker can be mixed in any way. The image keeps its ID, and that is looked at in the end.
  - A target that has the image is left alone; one that has it under another name only gets the name. Of the others,
    those that have some of the layers get the rest only. (Podman can use every layer that it has; Docker the lowest
    ones. A host with Docker before 25 as the source does not tell the layers apart, and then all of them are sent.)
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.attributes
attributes:
  bypass_host_loop:
    support: full
    description: Runs once for all hosts of the play.
  check_mode:
    details: Where the image to ship is not there (yet), the task is skipped with a warning.
  delegation:
    support: none
    description: Names its hosts itself.
  diff_mode:
    details: The image's ID on each target before and after.
  idempotent:
    support: full
    description: Targets that have the image are left alone.
options:
  name:
    description: Name of the image, or its ID.
    type: str
    required: true
  tag:
    description: The tag, where O(name) has none.
    type: str
    default: latest
  source:
    description:
      - The host of the inventory that has the image.
      - Exactly one of O(source) and O(path) is needed.
    type: str
  source_engine:
    description: The engine on O(source). Without it, that host's own settings hold; O(engine) is for the targets.
    type: str
    choices:
      - auto
      - podman
      - docker
  source_socket:
    description: Path of the engine's socket on O(source), as O(engine_socket) for the targets.
    type: str
  path:
    description: An archive on the controller with the image, as C(docker save) or C(podman save) write it.
    type: path
  targets:
    description:
      - The hosts of the inventory that are to have the image. Each is reached with its own settings.
      - Without it, all hosts of the play (of its batch, with C(serial)) but O(source).
    type: list
    elements: str
seealso:
  - module: sshfleet.containers.remote_image
"""

EXAMPLES = r"""
- name: Bring an image from one host to the others of the play
  sshfleet.containers.remote_image_ship:
    name: registry.example.com/shop/api:1.4
    source: bookworm1
    targets:
      - trixie1

- name: Build it once, on one host
  sshfleet.containers.remote_image:
    name: shop/web:2
    source: build
    build:
      path: "{{ playbook_dir }}/web"
    archive_path: "{{ playbook_dir }}/web.tar"
  run_once: true

- name: Ship the archive to all hosts of the play
  sshfleet.containers.remote_image_ship:
    name: shop/web:2
    path: "{{ playbook_dir }}/web.tar"
"""

RETURN = r"""
image:
  description: The image that was shipped.
  returned: success
  type: dict
  contains:
    name:
      description: Its name.
      type: str
      returned: always
    id:
      description: Its ID, with C(sha256:), the same on all hosts.
      type: str
      returned: always
    size:
      description: Its size in bytes, or that of the archive.
      type: int
      returned: always
targets:
  description:
    - What became of each target, under its name. When some have failed, the task fails, and the others have the image
      nevertheless.
  returned: always, once the source is known
  type: dict
  sample:
    web1:
      changed: true
      failed: false
      action: ship
      id: sha256:4bef665d0ff2d50aa2405deeb49eb5253df1e613285ce8199df1d2cd931808bd
      sent: 51380224
      skipped: 1022361600
      seconds: 0.512
      engine: {"name": "podman", "version": "4.3.1", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
    web2:
      changed: false
      failed: true
      msg: Nothing listens on port 22 of web2.
      error: {"kind": "unreachable", "message": "...", "hint": "..."}
"""
