#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_compose_info
short_description: Resolve compose files, and read what of them runs on a host
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Reads compose files of the controller as the Compose Specification says, with variables, C(.env), C(env_file),
    C(extends), C(include), profiles, override files, C(!reset) and C(!override), and returns the resolved model as
    data; it is what C(docker compose config --format json) 2.40 prints.
  - No host is asked, and neither Docker nor Podman is needed, unless O(running) is true. The module also runs on
    C(localhost).
  - All that is wrong with the files is told at once, each with file, line, key and what to write instead. What compose
    silently takes for something else than is meant is refused; the guide "Compose files" of this collection lists these
    cases, and the few other differences.
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.attributes
  - sshfleet.containers.query
  - sshfleet.containers.compose_files
attributes:
  diff_mode:
    support: N/A
    description: Changes nothing.
  connection:
    support: partial
    description: A host is connected to only with O(running). The options of the connection are accepted without it.
options:
  unused:
    description: Keep networks, volumes, secrets and configs that no service uses.
    type: bool
    default: false
  escape_dollars:
    description:
      - Double each C($) in RV(config), as C(docker compose config) does, so that it is a compose file again. Without
        it, values are as a container gets them.
    type: bool
    default: false
  mask_env:
    description:
      - Mask the values of variables, labels and arguments whose names look secret, and those values wherever else they
        turn up in RV(config). The contents of secrets are never returned.
    type: bool
    default: true
  running:
    description:
      - Also read from the host which containers of the project it has; those that docker compose has made, too.
      - Whether they are as the files want them is told by M(sshfleet.containers.remote_compose) in check mode.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: What does this project consist of?
  sshfleet.containers.remote_compose_info:
    path: compose.yml
  register: shop

- name: The images of production, with an override file
  sshfleet.containers.remote_compose_info:
    path:
      - compose.yml
      - compose.production.yml
    profiles:
      - production
    env:
      TAG: "1.4"
    query: config.services.*.image
  register: images

- name: Which services of the project don't run on the host?
  sshfleet.containers.remote_compose_info:
    path: compose.yml
    running: true
    query: services_not_running
  register: down

- name: A project that is written in the playbook
  sshfleet.containers.remote_compose_info:
    project_name: shop
    content: |
      services:
        web:
          image: shop/web:2
          ports: ["8080:80"]
  register: written
"""

RETURN = r"""
config:
  description:
    - The resolved model, in the shape that C(docker compose config --format json) prints.
    - Its keys are C(name), C(services), and what there is of C(networks), C(volumes), C(secrets), C(configs) and keys
      that begin with C(x-).
  returned: success
  type: dict
  sample:
    name: shop
    networks: {"default": {"name": "shop_default", "ipam": {}}}
    services:
      web:
        command: null
        entrypoint: null
        image: shop/web:2
        networks: {"default": null}
        ports: [{"mode": "ingress", "target": 80, "published": "8080", "protocol": "tcp"}]
project_name:
  description: The project's name.
  returned: success
  type: str
  sample: shop
project_directory:
  description: The directory on the controller that relative paths count from.
  returned: success
  type: str
  sample: /srv/playbooks
files:
  description: The compose files, in the order in which they are laid over each other; none with O(content).
  returned: success
  type: list
  elements: str
profiles:
  description: All profiles that services of the files have, whether they are on or not.
  returned: success
  type: list
  elements: str
disabled_services:
  description: The services that are off.
  returned: success
  type: list
  elements: str
containers:
  description: The containers of the project that the host has, by service, those that don't run among them.
  returned: when O(running) is true
  type: list
  elements: dict
  contains:
    service:
      description: The service's name, empty where the container does not tell it.
      returned: always
      type: str
      sample: web
    container:
      description: The container, as in the result of M(sshfleet.containers.remote_container_info).
      returned: always
      type: dict
services_not_running:
  description: The services that are on, and of which no container runs.
  returned: when O(running) is true
  type: list
  elements: str
  sample: [worker]
engine:
  description: The engine that was asked.
  returned: when O(running) is true
  type: dict
  sample: {"name": "podman", "version": "4.3.1", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
result:
  description: What O(query) picks from the rest, such as a list, a dictionary or a text.
  returned: when O(query) is given
  type: raw
"""
