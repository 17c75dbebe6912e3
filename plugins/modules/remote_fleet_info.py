#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_fleet_info
short_description: Read the containers of a whole fleet in one run
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Reads all hosts of the play at once, from one process, and returns one result for all of them.
  - Ansible's own loop takes some 10 milliseconds for each host and task; this takes about a tenth of that. Each host is
    reached with its own settings, through the same connections as with all other modules.
  - A host that can't be read is told in RV(failed_hosts), and the others are there all the same; RV(complete) says
    whether all hosts gave all that was asked for. A host that hangs costs only its own time-out.
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.attributes
  - sshfleet.containers.fleet_reading
  - sshfleet.containers.query
attributes:
  bypass_host_loop:
    support: full
    description: Runs once for all hosts of the play (with C(serial), of its batch), as far as they have not failed yet.
  delegation:
    support: none
    description: Reads the hosts of the play.
  diff_mode:
    support: N/A
    description: Changes nothing.
options:
  read:
    description:
      - What is read of each host. V(reach) alone tells whether its engine answers, and how long that took.
      - V(engine) are the engine's facts, V(disk) is what it stores; V(images), V(volumes) and V(networks) are those of
        the host; V(stats) is what containers use, for which each is inspected, and two looks are taken a second apart.
    type: list
    elements: str
    choices:
      - reach
      - engine
      - containers
      - stats
      - images
      - volumes
      - networks
      - disk
    default:
      - containers
  inspect:
    description:
      - Inspect each container, and return all that M(sshfleet.containers.remote_container_info) tells of it.
      - Without it, containers are read with one request for each host, which tells what RV(hosts) lists.
    type: bool
    default: false
  require_complete:
    description:
      - Fail where any host did not give all that was asked for. The result is returned all the same.
      - Without it, the task fails only where no host could be reached, and else warns.
    type: bool
    default: false
seealso:
  - module: sshfleet.containers.remote_container_info
  - module: sshfleet.containers.remote_engine_info
"""

EXAMPLES = r"""
- name: What runs where
  sshfleet.containers.remote_fleet_info:
  register: fleet

- name: Totals, and who could not be read
  ansible.builtin.debug:
    msg: "{{ fleet.totals.containers }} {{ fleet.failed_hosts | map(attribute='host') }}"

- name: All unhealthy containers of the fleet, by host
  sshfleet.containers.remote_fleet_info:
    health:
      - unhealthy
    query: hosts[].{host:host, unhealthy:engines[].containers[].name}[?unhealthy]
  register: unhealthy

- name: Which hosts answer, within ten seconds for all of them
  sshfleet.containers.remote_fleet_info:
    read:
      - reach
    timeout_all: 10
    keep: false
  register: reached

- name: Which versions of the shop's images run on how many hosts
  sshfleet.containers.remote_fleet_info:
    image:
      - "*/shop*"
    require_complete: true
    query: totals.images[].{image:image, versions:versions[].[id, length(hosts)]}
  register: versions
"""

RETURN = r"""
hosts:
  description:
    - One entry for each host of the play, in the order of the inventory, with C(host), C(groups), C(reached) (whether
      the host let us in), C(complete), C(seconds) (from the first step to the last answer), C(engines), and, where it
      is not complete, C(error) (C(kind), C(message), C(hint)).
    - Each of C(engines) has C(engine) (name, version, api_version, socket) and what O(read) asks for.
    - Each of its C(containers) has C(id), C(name), C(image), C(image_id), C(command), C(labels), C(status),
      C(running), C(health) (V(none) without a health check, or where the engine does not list it), C(said) (the state
      in the engine's words), C(created_at), C(ports) and C(networks); with V(stats), C(stats).
    - Each of its C(images) has C(id), C(tags), C(created_at), C(size), C(labels) and C(containers), the number of the
      host's containers that are made of it.
    - C(volumes) and C(networks) are as M(sshfleet.containers.remote_volume_info) and
      M(sshfleet.containers.remote_network_info) return them, C(facts) and C(disk) as
      M(sshfleet.containers.remote_engine_info) does.
  returned: always
  type: list
  elements: dict
failed_hosts:
  description: The hosts that did not give all that was asked for, with C(host), C(kind), C(message) and C(hint).
  returned: always
  type: list
  elements: dict
complete:
  description: Whether all hosts gave all that was asked for.
  returned: always
  type: bool
asked:
  description: The options that decide what is in the result, so that two results can be compared.
  returned: always
  type: dict
totals:
  description:
    - What the hosts come to, as far as they were read. C(hosts) has the numbers C(all), C(reached) and C(failed).
    - C(containers) has the numbers C(all), of each state, C(healthy) and C(unhealthy).
    - C(images) are the images of containers, by the name that these use, with their C(versions) (C(id), C(hosts) and
      C(containers)), the most used first.
    - C(ports) are the ports of hosts that running containers have published.
  returned: always
  type: dict
  sample:
    hosts: {"all": 3, "reached": 3, "failed": 0}
result:
  description: What O(query) picks from the rest, such as a list, a dictionary or a text.
  returned: when O(query) is given
  type: raw
"""
