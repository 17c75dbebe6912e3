#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_compose_info
short_description: Resolve compose files
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Reads compose files of the controller as the Compose Specification says, with variables, C(.env), C(env_file),
    C(extends), C(include), profiles, override files, C(!reset) and C(!override), and returns the resolved model as
    data; it is what C(docker compose config --format json) 2.40 prints.
  - No host is asked, and neither Docker nor Podman is needed. The module also runs on C(localhost).
  - All that is wrong with the files is told at once, each with file, line, key and what to write instead. What compose
    silently takes for something else than is meant is refused; the guide "Compose files" of this collection lists these
    cases, and the few other differences.
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.attributes
  - sshfleet.containers.query
requirements:
  - jsonschema (Python package, on the controller)
attributes:
  diff_mode:
    support: N/A
    description: Changes nothing.
  connection:
    support: none
    description: No host is connected to. The options of the connection are accepted, and not used.
options:
  path:
    description:
      - Compose files on the controller. Each one is laid over those before it.
      - A directory stands for the C(compose.yaml), C(compose.yml), C(docker-compose.yml) or C(docker-compose.yaml) in
        it, or else in the nearest directory above it, and for the override file beside that
        (C(compose.override.yml) and the like).
      - A relative path counts from the playbook's directory.
      - One of O(path) and O(content) is needed.
    type: list
    elements: path
    aliases:
      - files
  content:
    description: The text of a compose file.
    type: str
  project_directory:
    description:
      - The directory that relative paths in the files count from, and in which C(.env) is.
      - Without it, it is the directory of the first file; with O(content), that of the playbook.
    type: path
  project_name:
    description:
      - The project's name. Without it, it is the value of the variable C(COMPOSE_PROJECT_NAME), else C(name) of the
        last file that has one, else the name of the project's directory.
    type: str
  profiles:
    description:
      - The profiles that are on; V(*) stands for all. A service without profiles always is.
      - Without it, they are those in the variable C(COMPOSE_PROFILES), separated by commas.
    type: list
    elements: str
  services:
    description:
      - Keep only these services and those they depend on. A service that is named is on, whatever its profiles; those
        it depends on need theirs.
    type: list
    elements: str
  env:
    description:
      - Variables for C(${...}) in the files. They win over all files of variables, as those of a shell do with
        C(docker compose).
      - C(PWD) is the project's directory if it is not given here.
    type: dict
  inherit_env:
    description:
      - Whether the variables of Ansible's own process on the controller count, too; O(env) wins over them.
      - They are left out by default, so that files mean the same whoever runs the playbook.
    type: bool
    default: false
  env_files:
    description:
      - Files of variables for C(${...}); a later one wins over an earlier one. Relative paths count from the
        playbook's directory.
      - Without it, C(.env) in the project's directory is read if it is there.
    type: list
    elements: path
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
result:
  description: What O(query) picks from the rest, such as a list, a dictionary or a text.
  returned: when O(query) is given
  type: raw
"""
