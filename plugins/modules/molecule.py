#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: molecule
short_description: Plan the containers of a Molecule scenario
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - What the playbooks C(sshfleet.containers.molecule_create), C(sshfleet.containers.molecule_destroy) and
    C(sshfleet.containers.molecule_sweep) ask between their other tasks. There is no need to call it otherwise.
  - Reads the variables that Molecule sets in its environment, C(SSHFLEET_MOLECULE_HOST),
    C(SSHFLEET_MOLECULE_INVENTORY), C(SSHFLEET_MOLECULE_OWNER) and C(SSHFLEET_MOLECULE_RUN), and the scenario's
    C(molecule.yml). Writes into Molecule's ephemeral directory. Speaks with no host.
extends_documentation_fragment:
  - sshfleet.containers.attributes.controller
attributes:
  check_mode:
    support: partial
    description: Writes RV(plan), and nothing else.
  diff_mode:
    support: none
    description: Shows no files.
  idempotent:
    support: full
    description: The same scenario has the same names in each run.
options:
  step:
    description:
      - V(create) checks all platforms, and says what is to be made on which host.
      - V(created) tells Molecule and Ansible how the instances are reached.
      - V(destroy) says where something of the scenario may be, also of earlier runs.
      - V(destroyed) removes what V(created) has written.
      - V(sweep) says which scenarios have left something, of which everything is older than O(older_than).
    type: str
    required: true
    choices: [create, created, destroy, destroyed, sweep]
  made:
    description: For V(created), the engine of each of the RV(places), as results of the other modules have it.
    type: dict
    default: {}
  containers:
    description: For V(sweep), containers as M(sshfleet.containers.remote_container_info) returns them.
    type: list
    elements: dict
    default: []
  networks:
    description: For V(sweep), networks as M(sshfleet.containers.remote_network_info) returns them.
    type: list
    elements: dict
    default: []
  volumes:
    description: For V(sweep), volumes as M(sshfleet.containers.remote_volume_info) returns them.
    type: list
    elements: dict
    default: []
  older_than:
    description: For V(sweep), how long ago, such as V(90m), V(2h) or V(1d), or a time.
    type: str
    default: 1d
seealso:
  - ref: ansible_collections.sshfleet.containers.docsite.molecule
    description: Molecule on remote hosts, for anyone's role.
"""

EXAMPLES = r"""
- name: Check the platforms, in a playbook that Molecule runs
  sshfleet.containers.molecule:
    step: create
  register: planned

- name: Which scenarios have left something
  sshfleet.containers.molecule:
    step: sweep
    older_than: 2h
    containers: "{{ found.containers }}"
"""

RETURN = r"""
plan:
  description:
    - A file that only its owner can read, with the options of M(sshfleet.containers.remote_containers) for each of the
      RV(places), by its name and the engine's.
  returned: with O(step=create) and O(step=destroy)
  type: str
places:
  description: The engines of hosts on which something is to be done.
  returned: with O(step=create) and O(step=destroy)
  type: list
  elements: dict
  contains:
    name:
      description: What it is called in the output.
      returned: success
      type: str
      sample: web1
    host:
      description: The host's name in its inventory.
      returned: success
      type: str
    engine:
      description: The engine, empty for the one that the host's own settings lead to.
      returned: success
      type: str
    inventory:
      description: The sources that have the host's entry.
      returned: success
      type: list
      elements: str
scenarios:
  description: The scenarios that have left something.
  returned: with O(step=sweep)
  type: list
  elements: dict
  contains:
    label:
      description: Which one it is, and whose.
      returned: success
      type: str
    project:
      description: The options of M(sshfleet.containers.remote_containers) that remove it.
      returned: success
      type: dict
"""
