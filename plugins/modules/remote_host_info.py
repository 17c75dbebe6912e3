#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_host_info
short_description: Read the hosts of a hosts.json
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Reads a C(hosts.json) of the controller, the file that the inventory plugin
    P(sshfleet.containers.hosts_json#inventory) reads, and returns its hosts as data, whether it is the inventory of the
    run or not.
  - A file that breaks a rule is refused with all its problems. No host is asked, and the module also runs on
    C(localhost).
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.attributes
  - sshfleet.containers.query
attributes:
  diff_mode:
    support: N/A
    description: Changes nothing.
  connection:
    support: N/A
    description: No host is connected to. The options of the connection are accepted, and mean nothing.
options:
  path:
    description:
      - The C(hosts.json). A relative path counts from the playbook's directory, and with C(ansible) from the current
        one.
    type: path
    required: true
  name:
    description: Only hosts with one of these names; shell patterns such as C(web*) are understood.
    type: list
    elements: str
    aliases:
      - names
  group:
    description:
      - Only hosts in one of these groups. The default host is in the group C(default_host), too.
    type: list
    elements: str
    aliases:
      - groups
seealso:
  - plugin: sshfleet.containers.hosts_json
    plugin_type: inventory
  - module: sshfleet.containers.remote_host
"""

EXAMPLES = r"""
# ansible localhost -m sshfleet.containers.remote_host_info -a 'path=hosts.json group=web'

- name: A file to read
  sshfleet.containers.remote_host:
    path: read.hosts.json
    name: web1
    hostname: 192.0.2.11
    groups:
      - web
    verify: false

- name: Which hosts does it have?
  sshfleet.containers.remote_host_info:
    path: read.hosts.json
  register: found

- name: The addresses of all web servers
  sshfleet.containers.remote_host_info:
    path: read.hosts.json
    name: web*
    query: hosts[].hostname
  register: addresses
"""

RETURN = r"""
hosts:
  description: The hosts in the order of the file. V(none) stands for what the file does not say.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The host's name.
      returned: always
      type: str
      sample: web1
    hostname:
      description: Its address or alias.
      returned: always
      type: str
      sample: 192.0.2.11
    user:
      description: The user to log in as.
      returned: always
      type: str
    port:
      description: The port of sshd.
      returned: always
      type: int
    identity_file:
      description: The private key's path as it stands in the file.
      returned: always
      type: str
    jump_host:
      description: The jump hosts as they stand in the file; empty where they are switched off.
      returned: always
      type: str
    jump_chain:
      description:
        - All jump hosts on the way, first hop first, as C([user@]host[:port]), after other hosts of the file that
          RV(hosts[].jump_host) names.
      returned: always
      type: list
      elements: str
      sample: ["admin@bastion.example.com"]
    groups:
      description: The host's groups, without C(default_host).
      returned: always
      type: list
      elements: str
      sample: [web]
    description:
      description: Words for people.
      returned: always
      type: str
default_host:
  description: The name of the default host, V(none) for none. It is told whether RV(hosts) has it or not.
  returned: success
  type: str
path:
  description: The absolute path of the file, behind symbolic links.
  returned: success
  type: str
  sample: /srv/fleet/hosts.json
result:
  description: What O(query) picks from the rest, such as a list, a dictionary or a text.
  returned: when O(query) is given
  type: raw
"""
