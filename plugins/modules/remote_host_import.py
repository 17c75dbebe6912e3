#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_host_import
short_description: Take hosts of an inventory or of an SSH configuration over into a hosts.json
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Writes hosts that stand somewhere else into a C(hosts.json) of the controller, the file that the inventory plugin
    P(sshfleet.containers.hosts_json#inventory) reads. Whatever the file has already stays as it is unless O(overwrite)
    says otherwise, and so do its layout and the order of its keys.
  - What a C(hosts.json) can't say is left out and named, for each host, in a warning and in RV(hosts[].unsaid). A host
    that can't be in such a file at all is not taken over, and RV(hosts[].reason) says why.
  - Secrets such as C(ansible_password) are never written; their names are among what is left out.
  - No host is connected to. To try them all, run the playbook C(sshfleet.containers.ping) with the new file.
  - The file is written once, as a whole, as by M(sshfleet.containers.remote_host).
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    description: Shows the file before and after.
  connection:
    support: partial
    description:
      - No host is connected to, and the options of the connection have no meaning here.
options:
  path:
    description:
      - The C(hosts.json). A relative path counts from the playbook's directory, and with C(ansible) from the current
        one.
      - It is made where it is missing; its directory has to be there.
    type: path
    required: true
  source:
    description:
      - Where the hosts stand.
      - V(inventory) is the inventory of this run, whatever files and plugins it comes from. Address, user, port, key,
        jump hosts (C(ProxyJump) in the ssh arguments), groups and C(sshfleet_description) are taken over. Variables
        that are not about the connection belong into C(group_vars) and C(host_vars), which go on as they are.
      - V(ssh_config) are the aliases of O(ssh_config), words of C(Host) lines that are no patterns, as C(ssh -G) says
        that it would reach them. An alias with settings that its address alone would not get keeps the alias as its
        C(hostname), so that SSH goes on to read them.
    type: str
    choices:
      - inventory
      - ssh_config
    required: true
  ssh_config:
    description: The SSH configuration that O(source=ssh_config) reads, with what it includes.
    type: path
    default: ~/.ssh/config
  name:
    description: The names, or shell patterns of names, of the hosts to take over. All without this option.
    type: list
    elements: str
    aliases:
      - names
  groups:
    description: Groups that all hosts get, beside those that they have.
    type: list
    elements: str
  overwrite:
    description:
      - Whether a host that the file has already becomes as it is elsewhere. Its keys that nothing is said about
        elsewhere stay.
      - With V(false), it stays as it is, and RV(hosts[].action) is V(kept) where it is otherwise.
    type: bool
    default: false
  backup:
    description: Keep the file as it was before the last change, under its name with C(.bak) at the end.
    type: bool
    default: true
seealso:
  - plugin: sshfleet.containers.hosts_json
    plugin_type: inventory
  - module: sshfleet.containers.remote_host
"""

EXAMPLES = r"""
# ansible localhost -i inventory.ini -m sshfleet.containers.remote_host_import -a 'path=hosts.json source=inventory'

- name: Take the hosts of this inventory over
  sshfleet.containers.remote_host_import:
    path: imported.hosts.json
    source: inventory
  run_once: true
  register: taken

- name: Which have something that the file can't say?
  ansible.builtin.debug:
    msg: "{{ taken.hosts | selectattr('unsaid') }}"

- name: Take over what changed there since
  sshfleet.containers.remote_host_import:
    path: imported.hosts.json
    source: inventory
    name: "*1"
    overwrite: true
  run_once: true
"""

RETURN = r"""
hosts:
  description: What becomes of each host that was found, in their order.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The host's name.
      returned: always
      type: str
      sample: web3
    action:
      description:
        - V(add) or V(change) for what is written, V(unchanged) where the file says the same, V(kept) where it says
          something else and O(overwrite) is off, V(refused) for a host that no C(hosts.json) can have.
      returned: always
      type: str
      sample: add
    reason:
      description: Why.
      returned: always
      type: str
      sample: the file has no such host
    unsaid:
      description: What stands elsewhere and no C(hosts.json) can say - variables, ssh arguments or keywords of SSH.
      returned: always
      type: list
      elements: str
      sample: [ansible_become]
path:
  description: The absolute path of the file, behind symbolic links.
  returned: success
  type: str
  sample: /srv/fleet/hosts.json
backup_file:
  description: Where the file is as it was before, V(none) where it was not kept.
  returned: success
  type: str
  sample: /srv/fleet/hosts.json.bak
actions:
  description: What was done, or in check mode would be - C(action) (V(import)), C(reason) and C(hosts), their names.
  returned: success
  type: list
  elements: dict
  sample: [{"action": "import", "reason": "1 to add", "hosts": ["web3"]}]
"""
