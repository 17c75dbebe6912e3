#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_image_info
short_description: Read the images of a remote host
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Reads images of a remote Podman or Docker host, all or some by name.
  - The options have the names and meanings of C(community.docker.docker_image_info); the images have one shape for
    both engines.
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.peer_connection
  - sshfleet.containers.attributes
  - sshfleet.containers.query
attributes:
  check_mode:
    description: Changes nothing in any mode.
  diff_mode:
    support: N/A
    description: Changes nothing.
  idempotent:
    support: full
    description: Changes nothing.
options:
  name:
    description:
      - Names or IDs of images; without a tag, V(latest) is meant. Those that are not there are in RV(missing).
      - Without it, all images of the host, also those without a name.
    type: list
    elements: str
  mask_env:
    description: Mask the values of environment variables whose names look secret, and passwords in URLs.
    type: bool
    default: true
seealso:
  - module: sshfleet.containers.remote_image
"""

EXAMPLES = r"""
- name: Read all images
  sshfleet.containers.remote_image_info:
  register: found

- name: Read two of them
  sshfleet.containers.remote_image_info:
    name:
      - registry.example.com/shop/api:1.4
      - nobody/knows:this

- name: How large is which
  sshfleet.containers.remote_image_info:
    query: "images[].{tags: tags, size: size}"
"""

RETURN = r"""
images:
  description:
    - The images that were found, sorted by name where all were asked for.
    - With O(result_format=engine), each is as the engine's inspect tells it.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The image's ID, with C(sha256:).
      type: str
      returned: always
    tags:
      description: Its names, sorted, without C(docker.io/library/).
      type: list
      elements: str
      returned: always
    digests:
      description: The names with digests under which registries know it.
      type: list
      elements: str
      returned: always
    created_at:
      description: When it was made, in UTC.
      type: str
      returned: always
    size:
      description: Its size in bytes.
      type: int
      returned: always
    os:
      description: The operating system it is for.
      type: str
      returned: always
    architecture:
      description: The architecture it is for, such as V(amd64).
      type: str
      returned: always
    variant:
      description: The architecture's variant, such as V(v8); mostly empty.
      type: str
      returned: always
    layers:
      description: The digests of its layers, from the lowest up.
      type: list
      elements: str
      returned: always
    command:
      description: Its default command.
      type: list
      elements: str
      returned: always
    entrypoint:
      description: Its entrypoint.
      type: list
      elements: str
      returned: always
    env:
      description: Its environment. Values of names that look secret, and passwords in URLs, are masked.
      type: dict
      returned: always
    labels:
      description: Its labels.
      type: dict
      returned: always
    user:
      description: The user its containers run as; empty for root.
      type: str
      returned: always
    working_dir:
      description: The directory its containers start in.
      type: str
      returned: always
    exposed_ports:
      description: The ports that it says its containers serve.
      type: list
      elements: str
      returned: always
    volumes:
      description: The paths that get a volume of their own in every container.
      type: list
      elements: str
      returned: always
    healthcheck:
      description: The command of its health check; empty where it has none.
      type: list
      elements: str
      returned: always
missing:
  description: The names in O(name) that no image has.
  returned: success
  type: list
  elements: str
exists:
  description: Whether any image was found.
  returned: success
  type: bool
result:
  description: What O(query) picks.
  returned: O(query) is given
  type: raw
engine:
  description: The engine that was asked. Left out with O(result_format=engine).
  returned: success
  type: dict
  sample: {"name": "podman", "version": "4.3.1", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
"""
