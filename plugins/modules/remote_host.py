#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_host
short_description: Add, change or remove a host of a hosts.json
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Changes one host in a C(hosts.json) of the controller, the file that the inventory plugin
    P(sshfleet.containers.hosts_json#inventory) reads. Only what differs is written anew; all other hosts, the order of
    keys and the layout stay as they are.
  - A host that is added, or whose address, port, user, key or jump host becomes another one, is first connected to over
    SSH as the new entry says. Where that fails, nothing is written. What else Ansible knows for a host of this name and
    in these groups, such as C(group_vars), counts as it will later.
  - The file is held to the rules of the inventory plugin before and after, so one that this would refuse is never
    written, and one that is wrong already is refused and left as it is.
  - The new file takes the place of the old one as a whole, whatever happens meanwhile, and tasks that write at the same
    time wait for each other. Only its owner may read it (mode C(0600)). A symbolic link is followed, and stays.
  - Needs no host and also runs on C(localhost). The running play keeps the inventory that it has; a task
    C(meta=refresh_inventory) makes it read the file anew.
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.attributes
attributes:
  check_mode:
    details: No connection is tried, and a warning says so where a run would try one.
  diff_mode:
    description: Shows the file before and after.
  connection:
    support: partial
    description:
      - The task's own host is not connected to, whatever it is. Of the options of the connection, O(tunnel_retries)
        matters for O(verify).
options:
  path:
    description:
      - The C(hosts.json). A relative path counts from the playbook's directory, and with C(ansible) from the current
        one.
      - It is made where it is missing; its directory has to be there.
    type: path
    required: true
  name:
    description: The name of the host in the file, which is its name in the inventory.
    type: str
    required: true
  state:
    description:
      - V(present) adds the host or changes it. What the task does not name stays as it is.
      - V(absent) removes it. Where it was the default host, there is none afterwards. A host that others have as their
        jump host is not removed. Other options than O(path), O(name) and O(backup) mean nothing then.
    type: str
    choices:
      - present
      - absent
    default: present
  hostname:
    description:
      - A DNS name, an alias of C(ssh_config) or an IP address. A host that is added needs it.
    type: str
  user:
    description: The user to log in as. An empty text clears it, so that it is the user who runs Ansible.
    type: str
  port:
    description: The port of sshd, a number. An empty text clears it, so that SSH's own configuration decides.
    type: str
  identity_file:
    description:
      - The private key's path, as it stands in the file. There, C(~) is the home directory of whoever reads it, and a
        relative path starts from the file's directory. An empty text clears it.
    type: str
  jump_host:
    description:
      - One or more C([user@]host[:port]) or names of other hosts of the file, separated by commas, first hop first. An
        empty text clears it, so that SSH's own configuration decides.
      - V(none) switches off a jump host that SSH's configuration has; in the file that is C("").
    type: str
  groups:
    description: The groups of the host, all of them. An empty list clears them.
    type: list
    elements: str
  description:
    description: Words for people. An empty text clears them.
    type: str
  default:
    description:
      - Whether this is the file's default host, the one host of the group C(default_host). V(false) clears that where
        it is, and changes nothing where it is not.
    type: bool
  verify:
    description:
      - Whether a host has to be reachable before it is written. An SSH connection is made as the new entry says, and
        closed again; one that is open already to just this place will do. No engine is asked.
      - A failure is told with the kind, message and hint that any module has for it, but the task FAILED in any case,
        since it is not its own host that is UNREACHABLE.
    type: bool
    default: true
  backup:
    description: Keep the file as it was before the last change, under its name with C(.bak) at the end.
    type: bool
    default: true
seealso:
  - plugin: sshfleet.containers.hosts_json
    plugin_type: inventory
  - module: sshfleet.containers.remote_host_info
"""

EXAMPLES = r"""
# ansible localhost -m sshfleet.containers.remote_host -a 'path=hosts.json name=web3 hostname=192.0.2.13 groups=web'

- name: Note this host in another file, once it can be reached as that says
  sshfleet.containers.remote_host:
    path: noted.hosts.json
    name: "{{ inventory_hostname }}"
    hostname: "{{ ansible_host }}"
    user: "{{ ansible_user }}"
    identity_file: "{{ ansible_ssh_private_key_file | default('') }}"
    groups:
      - noted

- name: Add a host that is not there yet
  sshfleet.containers.remote_host:
    path: noted.hosts.json
    name: web3
    hostname: 192.0.2.13
    port: 2222
    groups:
      - web
    description: comes on Monday
    verify: false

- name: Make it the default host, without its own port and description
  sshfleet.containers.remote_host:
    path: noted.hosts.json
    name: web3
    port: ""
    description: ""
    default: true
    verify: false

- name: Remove it
  sshfleet.containers.remote_host:
    path: noted.hosts.json
    name: web3
    state: absent
"""

RETURN = r"""
host:
  description: The host after the task, V(none) where it is not in the file. V(none) in it stands for what is not said.
  returned: success
  type: dict
  contains:
    name:
      description: The host's name.
      returned: always
      type: str
      sample: web3
    hostname:
      description: Its address or alias.
      returned: always
      type: str
      sample: 192.0.2.13
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
    groups:
      description: The host's groups.
      returned: always
      type: list
      elements: str
      sample: [web]
    description:
      description: Words for people.
      returned: always
      type: str
default_host:
  description: The name of the default host after the task, V(none) for none.
  returned: success
  type: str
path:
  description: The absolute path of the file that was changed, behind symbolic links.
  returned: success
  type: str
  sample: /srv/fleet/hosts.json
backup_file:
  description: Where the file is as it was before, V(none) where it was not kept.
  returned: success
  type: str
  sample: /srv/fleet/hosts.json.bak
actions:
  description:
    - What was done, or in check mode would be - C(action) (V(add), V(change) or V(remove)), C(reason) and C(host).
  returned: success
  type: list
  elements: dict
  sample: [{"action": "change", "reason": "port differs", "host": "web3"}]
"""
