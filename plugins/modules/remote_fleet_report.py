#!/usr/bin/python
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Documentation only: the work is done on the controller, by the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_fleet_report
short_description: Make an HTML file about the containers of a whole fleet
version_added: 0.1.0
author:
  - The sshfleet.containers contributors (@sshfleet)
description:
  - Reads all hosts of the play at once, as M(sshfleet.containers.remote_fleet_info) does, or takes what that has read,
    and writes one HTML file on the controller.
  - The page shows totals, the hosts by their state, all containers with search, sorting and filters, the versions of
    images and the hosts that run them, what differs between the hosts of a group, disk use, ports, and the hosts that
    could not be read, with what mends that. With O(before), it shows what has appeared, vanished and changed.
  - The file loads nothing from anywhere, and no text of a host can become a part of the page. It can be mailed, printed
    and read on a phone.
extends_documentation_fragment:
  - sshfleet.containers.connection
  - sshfleet.containers.connection.module
  - sshfleet.containers.attributes
  - sshfleet.containers.fleet_reading
attributes:
  bypass_host_loop:
    support: full
    description: Runs once for all hosts of the play (with C(serial), of its batch), as far as they have not failed yet.
  check_mode:
    details: Reads the hosts and makes the page, and writes no file.
  delegation:
    support: none
    description: Reads the hosts of the play, and writes on the controller.
  diff_mode:
    support: N/A
    description: The file is another one each time.
  idempotent:
    support: none
    description: The file tells when it was made.
options:
  path:
    description:
      - The HTML file to write, from the playbook's folder on. Its folder has to be there.
      - A file that is there is replaced as a whole. Only its owner may read the new one (mode C(0600)).
    type: path
    required: true
  title:
    description: The title of the page.
    type: str
    default: Fleet
  snapshot:
    description:
      - Show this instead of reading the hosts, none of which is asked then. It is the result of a
        M(sshfleet.containers.remote_fleet_info) task, or the path of a file that O(save) has written.
      - A list of these is shown as one fleet, whose totals are counted anew. So several controllers, each with a slice
        of the hosts (O(sshfleet.containers.hosts_json#inventory:slice)), come to one page. A host that is in two of
        them is refused, because none tells which is the newer one.
    type: raw
  before:
    description:
      - An earlier snapshot in the same form, or a list of such, to show what has changed since.
      - It should have been read with the same filters; what only one of the two left out seems to be new or gone, and
        the task warns.
    type: raw
  save:
    description:
      - Write what was read into this file, as JSON, for O(before) or O(snapshot) of a later task (mode C(0600)). Of
        several snapshots, it is the merged one.
    type: path
  require_complete:
    description:
      - Fail where any host could not be read completely, also of a snapshot. The file is written all the same, as also
        where no host could be reached.
    type: bool
    default: false
seealso:
  - module: sshfleet.containers.remote_fleet_info
"""

EXAMPLES = r"""
- name: A picture of the fleet
  sshfleet.containers.remote_fleet_report:
    path: fleet.html
    save: fleet.json

- name: What has changed since
  sshfleet.containers.remote_fleet_report:
    path: changes.html
    before: fleet.json
    title: Since this morning
  register: report

- name: Say it in words
  ansible.builtin.debug:
    msg: "{{ report.differences.containers.appeared | map(attribute='name') }}"

- name: Read once, and use it twice
  sshfleet.containers.remote_fleet_info:
    read:
      - containers
      - engine
      - disk
  register: fleet

- name: The page of what was read
  sshfleet.containers.remote_fleet_report:
    path: fleet.html
    snapshot: "{{ fleet }}"

- name: One page of the snapshots that several controllers have taken of their slices
  sshfleet.containers.remote_fleet_report:
    path: all.html
    snapshot: "{{ query('ansible.builtin.fileglob', 'slices/*.json') }}"
    save: all.json
    require_complete: true
"""

RETURN = r"""
path:
  description: The absolute path of the HTML file.
  returned: success
  type: str
size:
  description: Its size in bytes.
  returned: success
  type: int
differences:
  description:
    - What is otherwise than in O(before), V(none) without it - C(hosts), C(containers) and C(images), each with
      C(appeared), C(vanished) and C(changed), and C(not_compared), the hosts that were not read completely in one of
      the two.
  returned: success
  type: dict
complete:
  description: Whether all hosts gave all that was asked for.
  returned: where the snapshot tells it
  type: bool
failed_hosts:
  description: The hosts that did not, with C(host), C(kind), C(message) and C(hint).
  returned: where the snapshot tells it
  type: list
  elements: dict
totals:
  description: See RV(sshfleet.containers.remote_fleet_info#module:totals).
  returned: success
  type: dict
"""
